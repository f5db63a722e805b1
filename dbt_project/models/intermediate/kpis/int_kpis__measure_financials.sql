{%- set touched = months_to_build([
    reads(ref('fct_dealer_financials'), 'fiscal_month', [
        'dealer_id', 'brand_code', 'operating_result_eur', 'new_vehicle_revenue_eur', 'used_vehicle_revenue_eur',
        'service_revenue_eur', 'service_gross_profit_eur', 'fixed_expenses_eur',
    ]),
]) -%}
{%- set revenue = cents('new_vehicle_revenue_eur') ~ ' + ' ~ cents('used_vehicle_revenue_eur')
    ~ ' + ' ~ cents('service_revenue_eur') -%}

with financials as (
    select * from {{ ref('fct_dealer_financials') }}
    where {{ in_months('fiscal_month', touched) }}
)

select
    dealer_id,
    brand_code,
    fiscal_month as score_month,
    {{ kpi_figures('RETURN_ON_SALES', cents('operating_result_eur'), per=revenue, sample='1') }}
from financials
union all
select
    dealer_id,
    brand_code,
    fiscal_month as score_month,
    {{ kpi_figures('SERVICE_ABSORPTION', cents('service_gross_profit_eur'), per=cents('fixed_expenses_eur'), sample='1') }}
from financials
