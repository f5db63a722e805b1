{%- set key = ['event_id'] -%}
{{ config(unique_key=key) }}

with escalation_events as {{ streamed_cte() }} (
    select
        event_id,
        contract_id,
        event_type,
        event_on,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('oem', 'escalation_events')) }}
)
{{ latest_by_key('escalation_events', key) }}
