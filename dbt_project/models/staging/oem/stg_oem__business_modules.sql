{%- set key = ['module_code'] -%}
{{ config(unique_key=key) }}

with business_modules as {{ streamed_cte() }} (
    select
        module_code,
        brand_code,
        module_name,
        available_from,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('oem', 'business_modules')) }}
)
{{ latest_by_key('business_modules', key) }}
