{%- set key = ['registration_month', 'district_code', 'brand_code', 'segment_code', 'powertrain_code', 'holder_type'] -%}
{{ config(unique_key=key) }}

with registrations as {{ streamed_cte() }} (
    select
        registration_month,
        district_code,
        brand_code,
        segment_code,
        powertrain_code,
        holder_type,
        units,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('market', 'registrations')) }}
)
{{ latest_by_key('registrations', key) }}
