{%- set key = ['campaign_id', 'element_code'] -%}
{{ config(unique_key=key) }}

with campaign_elements as {{ streamed_cte() }} (
    select
        campaign_id,
        element_code,
        weight,
        is_locked,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('oem', 'campaign_elements')) }}
)
{{ latest_by_key('campaign_elements', key) }}
