{%- set key = ['postal_code', 'district_code'] -%}
{{ config(materialized='table') }}

with snapshots as (
    {{ latest_snapshots(source('oem', 'postal_areas'), 'oem__postal_areas', source('lake', 'deliveries')) }}
)

, postal_areas as (
    select
        postal_code,
        district_code,
        district_name,
        state_code,
        nuts3_code,
        population,
        {{ lineage_columns() }}
    from snapshots
)
{{ latest_by_key('postal_areas', key) }}
