{%- set touched = touched_months([months_of_changed_rows(ref('stg_dealer__financials'), 'fiscal_month', ['dealer_id', 'brand_code', 'fiscal_month'])]) -%}

select
    dealer_id,
    brand_code,
    fiscal_month,
    new_vehicle_revenue_eur,
    new_vehicle_gross_profit_eur,
    used_vehicle_revenue_eur,
    used_vehicle_gross_profit_eur,
    service_revenue_eur,
    service_gross_profit_eur,
    fixed_expenses_eur,
    operating_result_eur,
    equity_eur,
    total_assets_eur,
    liquid_funds_eur,
    {{ fact_lineage_columns(ref('stg_dealer__financials')) }}
from {{ ref('stg_dealer__financials') }}
where
    not is_deleted
    and {{ in_months('fiscal_month', touched) }}
