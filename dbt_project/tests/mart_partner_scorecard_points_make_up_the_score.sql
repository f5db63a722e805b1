-- What a dealer reckons from the points shown is the score shown, as near as rounded points can tell.
{{ config(meta={'dagster': {'ref': {'name': 'mart_partner_scorecard'}}}) }}

with kpis as (
    select
        dealer_id,
        brand_code,
        score_month,
        count(*) as kpi_count,
        sum(points) as points,
        sum(weight) as weight
    from {{ ref('mart_partner_scorecard_kpi') }}
    where points is not null
    group by dealer_id, brand_code, score_month
)

select
    scores.dealer_id,
    scores.brand_code,
    scores.score_month,
    scores.score,
    kpis.points,
    kpis.weight
from {{ ref('mart_partner_scorecard') }} as scores
inner join kpis
    on
        scores.dealer_id = kpis.dealer_id
        and scores.brand_code = kpis.brand_code
        and scores.score_month = kpis.score_month
where abs(100 * kpis.points - scores.score * kpis.weight) > 0.00005 * (kpis.kpi_count + 1)
