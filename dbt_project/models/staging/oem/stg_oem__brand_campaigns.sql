{%- set key = ['campaign_id'] -%}
{{ config(unique_key=key) }}

with brand_campaigns as {{ streamed_cte() }} (
    select
        campaign_id,
        brand_code,
        starts_on,
        ends_on,
        budget_eur,
        is_premium,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('oem', 'brand_campaigns')) }}
)
{{ latest_by_key('brand_campaigns', key) }}
