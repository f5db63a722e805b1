{%- set key = ['dealer_id', 'brand_code', 'fiscal_month'] -%}
{{ config(unique_key=key) }}

with financials as {{ streamed_cte() }} (
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
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('dealer', 'financials')) }}
)
{{ latest_by_key('financials', key) }}
