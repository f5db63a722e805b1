{%- set key = ['local_campaign_id', 'element_code'] -%}
{{ config(unique_key=key) }}

with campaign_changes as {{ streamed_cte() }} (
    select
        local_campaign_id,
        element_code,
        is_changed,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('dealer', 'campaign_changes')) }}
)
{{ latest_by_key('campaign_changes', key) }}
