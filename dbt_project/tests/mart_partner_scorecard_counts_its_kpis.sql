-- A scorecard has its KPI rows, and no KPI row is without its scorecard.
{{ config(meta={'dagster': {'ref': {'name': 'mart_partner_scorecard'}}}) }}

with kpis as (
    select
        dealer_id,
        brand_code,
        score_month,
        count(*) as kpi_count,
        count(missing_reason) as missing_count
    from {{ ref('mart_partner_scorecard_kpi') }}
    group by dealer_id, brand_code, score_month
)

select
    dealer_id,
    brand_code,
    score_month,
    scores.kpi_count,
    kpis.kpi_count as kpi_rows,
    scores.missing_count,
    kpis.missing_count as missing_rows
from {{ ref('mart_partner_scorecard') }} as scores
full outer join kpis using (dealer_id, brand_code, score_month)
where
    scores.kpi_count is distinct from kpis.kpi_count
    or scores.missing_count is distinct from kpis.missing_count
