{%- set key = ['investment_id'] -%}
{{ config(unique_key=key) }}

with showroom_investments as {{ streamed_cte() }} (
    select
        investment_id,
        dealer_id,
        brand_code,
        total_cost_eur,
        upfront_rate,
        refinance_months,
        annual_interest_rate,
        day_count,
        start_date,
        surplus_policy,
        shortfall_policy,
        end_policy,
        max_extension_months,
        terminated_on,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('oem', 'showroom_investments')) }}
)
{{ latest_by_key('showroom_investments', key) }}
