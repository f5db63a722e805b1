-- The mean of the quarter is that of the monthly scores that the partner scorecard shows.
{{ config(meta={'dagster': {'ref': {'name': 'int_governance__list_quarter_scores'}}}) }}

with shown as (
    select
        dealer_id,
        brand_code,
        {{ quarter_of('score_month') }} as quarter_start,
        sum({{ millionths('score') }}) as score_millionths,
        count(score) as month_count
    from {{ ref('mart_partner_scorecard') }}
    group by dealer_id, brand_code, {{ quarter_of('score_month') }}
)

, means as (
    select *, {{ exact_rate('score_millionths', '1000000 * month_count') }} as score_mean from shown
)

select
    scores.contract_id,
    scores.quarter_start,
    scores.score_mean,
    means.score_mean as shown_mean
from {{ ref('int_governance__list_quarter_scores') }} as scores
left join means
    on
        scores.dealer_id = means.dealer_id
        and scores.brand_code = means.brand_code
        and scores.quarter_start = means.quarter_start
where scores.score_mean is distinct from means.score_mean
