{%- set key = ['event_id'] -%}
{{ config(unique_key=key) }}

with contract_events as {{ streamed_cte() }} (
    select
        event_id,
        contract_id,
        event_type,
        standard_code,
        trim(version) as version,
        event_on,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('oem', 'contract_events')) }}
)
{{ latest_by_key('contract_events', key) }}
