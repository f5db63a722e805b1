{%- set key = ['rollout_id'] -%}
{{ config(unique_key=key) }}

with system_rollouts as {{ streamed_cte() }} (
    select
        rollout_id,
        dealer_id,
        brand_code,
        system_code,
        started_on,
        live_on,
        abandoned_on,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('oem', 'system_rollouts')) }}
)
{{ latest_by_key('system_rollouts', key) }}
