{%- set key = ['case_id'] -%}
{{ config(unique_key=key) }}

with cases as {{ streamed_cte() }} (
    select
        case_id,
        dealer_id,
        brand_code,
        vin,
        case_type,
        product_category,
        customer_postal_code,
        opened_at,
        first_assigned_at,
        resolved_at,
        reassign_count,
        reopened_count,
        claimed_amount_eur,
        approved_amount_eur,
        {{ berlin_month('opened_at') }} as opened_month,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('dealer', 'cases')) }}
)
{{ latest_by_key('cases', key) }}
