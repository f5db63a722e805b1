{%- set key = ['brand_code', 'case_type'] -%}
{{ config(unique_key=key) }}

with service_levels as {{ streamed_cte() }} (
    select
        brand_code,
        case_type,
        target_hours,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('oem', 'service_levels')) }}
)
{{ latest_by_key('service_levels', key) }}
