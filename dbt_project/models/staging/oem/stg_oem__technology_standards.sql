{%- set key = ['standard_code', 'version'] -%}
{{ config(unique_key=key) }}

with technology_standards as {{ streamed_cte() }} (
    select
        standard_code,
        version,
        brand_code,
        published_on,
        mandatory_from,
        withdrawn_on,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('oem', 'technology_standards')) }}
)
{{ latest_by_key('technology_standards', key) }}
