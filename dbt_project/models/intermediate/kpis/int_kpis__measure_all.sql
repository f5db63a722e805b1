{{ config(materialized='view') }}

{#- Every family of KPIs; a new one is a line here. -#}
{%- set measures = [
    'int_kpis__measure_surveys',
    'int_kpis__measure_market',
    'int_kpis__measure_revenue',
    'int_kpis__measure_registrations',
    'int_kpis__measure_leads',
    'int_kpis__measure_financials',
    'int_kpis__measure_stock',
    'int_kpis__measure_invoices',
    'int_kpis__measure_deliveries',
    'int_kpis__measure_cases',
    'int_kpis__measure_training',
    'int_kpis__measure_it',
] -%}

{%- for measure in measures %}
select
    dealer_id,
    brand_code,
    score_month,
    kpi_code,
    actual_numerator,
    actual_denominator,
    sample_numerator,
    sample_denominator
from {{ ref(measure) }}
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
