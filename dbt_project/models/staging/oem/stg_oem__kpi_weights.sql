{%- set key = ['brand_code', 'kpi_code', 'version'] -%}
{{ config(unique_key=key) }}

with kpi_weights as {{ streamed_cte() }} (
    select
        brand_code,
        kpi_code,
        version,
        valid_from,
        valid_to,
        weight,
        floor_rate,
        cap_rate,
        min_sample,
        missing_policy,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('oem', 'kpi_weights')) }}
)
{{ latest_by_key('kpi_weights', key) }}
