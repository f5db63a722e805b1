{%- set key = ['pilot_id', 'dealer_id'] -%}
{{ config(unique_key=key) }}

with pilot_rollouts as {{ streamed_cte() }} (
    select
        pilot_id,
        dealer_id,
        planned_on,
        live_on,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('oem', 'pilot_rollouts')) }}
)
{{ latest_by_key('pilot_rollouts', key) }}
