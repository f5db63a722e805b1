-- Of each KPI and of the score as many dealers as have a figure in the quarter.
{{ config(meta={'dagster': {'ref': {'name': 'mart_performance_benchmark'}}}) }}

with shown as (
    select brand_code, quarter_start, kpi_code, sum(dealer_count) as dealers
    from {{ ref('mart_performance_benchmark') }}
    group by brand_code, quarter_start, kpi_code
)

, scored as (
    select brand_code, {{ quarter_of('score_month') }} as quarter_start, kpi_code, count(distinct dealer_id) as dealers
    from {{ ref('mart_partner_scorecard_kpi') }}
    where status = 'SCORED'
    group by brand_code, {{ quarter_of('score_month') }}, kpi_code
    union all
    select brand_code, {{ quarter_of('score_month') }}, 'SCORE', count(distinct dealer_id)
    from {{ ref('mart_partner_scorecard') }}
    where score is not null
    group by brand_code, {{ quarter_of('score_month') }}
)

select brand_code, quarter_start, kpi_code, shown.dealers, scored.dealers as scored_dealers
from shown
full outer join scored using (brand_code, quarter_start, kpi_code)
where shown.dealers is distinct from scored.dealers
