-- The weights by which a dealer is scored in a month, of KPIs scored and missing, make up 100.
{{ config(meta={'dagster': {'ref': {'name': 'mart_partner_scorecard_kpi'}}}) }}

select
    dealer_id,
    brand_code,
    score_month,
    min(weights_version) as weights_version,
    sum(weight) as weight_sum
from {{ ref('mart_partner_scorecard_kpi') }}
group by dealer_id, brand_code, score_month
having sum(weight) <> 100
