{%- set key = ['registration_month', 'brand_name', 'model_series'] -%}
{{ config(unique_key=key) }}

with fz10 as {{ streamed_cte() }} (
    select
        registration_month,
        brand_name,
        model_series,
        units,
        diesel as diesel_units,
        hybrid as hybrid_units,
        phev as phev_units,
        bev as bev_units,
        awd as awd_units,
        cabrio as cabrio_units,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('kba', 'fz10')) }}
)
{{ latest_by_key('fz10', key) }}
