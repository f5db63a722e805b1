{%- set key = ['dealer_id', 'brand_code', 'kpi_code', 'target_month'] -%}
{{ config(unique_key=key) }}

with kpi_targets as {{ streamed_cte() }} (
    select
        dealer_id,
        brand_code,
        kpi_code,
        target_month,
        target_value,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('oem', 'kpi_targets')) }}
)
{{ latest_by_key('kpi_targets', key) }}
