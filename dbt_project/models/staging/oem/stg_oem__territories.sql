{%- set key = ['dealer_id', 'brand_code', 'district_code', 'valid_from'] -%}
{{ config(materialized='table') }}

with snapshots as (
    {{ latest_snapshots(source('oem', 'territories'), 'oem__territories', source('lake', 'deliveries')) }}
)

, territories as (
    select
        dealer_id,
        brand_code,
        district_code,
        valid_from,
        valid_to,
        {{ lineage_columns() }}
    from snapshots
)
{{ latest_by_key('territories', key) }}
