{%- set key = ['lead_id'] -%}
{{ config(unique_key=key) }}

with leads as {{ streamed_cte() }} (
    select
        lead_id,
        dealer_id,
        brand_code,
        campaign_id,
        channel,
        model_code,
        created_at,
        first_response_at,
        sold_vin,
        lost_at,
        {{ berlin_month('created_at') }} as created_month,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('dealer', 'leads')) }}
)
{{ latest_by_key('leads', key) }}
