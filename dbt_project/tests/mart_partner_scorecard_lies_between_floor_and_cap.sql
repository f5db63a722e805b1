-- A score is a weighted mean of what may count: of each scored KPI from floor to cap, of a missing one 0.
{{ config(meta={'dagster': {'ref': {'name': 'mart_partner_scorecard'}}}) }}

with bounds as (
    select
        dealer_id,
        brand_code,
        score_month,
        100 * min(case when status = 'SCORED' then least(floor_rate, cap_rate) else 0 end) as lowest_score,
        100 * max(case when status = 'SCORED' then cap_rate else 0 end) as highest_score
    from {{ ref('mart_partner_scorecard_kpi') }}
    where status = 'SCORED' or missing_policy = 'ZERO'
    group by dealer_id, brand_code, score_month
)

select
    scores.dealer_id,
    scores.brand_code,
    scores.score_month,
    scores.score,
    bounds.lowest_score,
    bounds.highest_score
from {{ ref('mart_partner_scorecard') }} as scores
left join bounds
    on
        scores.dealer_id = bounds.dealer_id
        and scores.brand_code = bounds.brand_code
        and scores.score_month = bounds.score_month
where
    scores.score < bounds.lowest_score
    or scores.score > bounds.highest_score
    or (scores.score is null) <> (bounds.dealer_id is null)
