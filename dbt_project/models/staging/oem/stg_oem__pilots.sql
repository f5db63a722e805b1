{%- set key = ['pilot_id'] -%}
{{ config(unique_key=key) }}

with pilots as {{ streamed_cte() }} (
    select
        pilot_id,
        pilot_name,
        brand_code,
        kpi_code,
        starts_on,
        ends_on,
        success_uplift_rate,
        min_dealers,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('oem', 'pilots')) }}
)
{{ latest_by_key('pilots', key) }}
