{%- set touched = months_to_build([
    reads(ref('fct_lead'), 'created_month', ['dealer_id', 'brand_code', 'is_sold', 'is_answered_in_24h']),
]) -%}

with leads as (
    select
        dealer_id,
        brand_code,
        created_month as score_month,
        count(*) as lead_count,
        count(*) filter (where is_sold) as sold_count,
        count(*) filter (where is_answered_in_24h) as answered_in_24h_count
    from {{ ref('fct_lead') }}
    where {{ in_months('created_month', touched) }}
    group by dealer_id, brand_code, created_month
)

select
    dealer_id,
    brand_code,
    score_month,
    {{ kpi_figures('CLOSING_RATE', 'sold_count', per='lead_count', sample='lead_count') }}
from leads
union all
select
    dealer_id,
    brand_code,
    score_month,
    {{ kpi_figures('LEAD_RESPONSE_24H', 'answered_in_24h_count', per='lead_count', sample='lead_count') }}
from leads
