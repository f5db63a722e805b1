{%- set key = ['model_code'] -%}
{{ config(materialized='table') }}

with snapshots as (
    {{ latest_snapshots(source('oem', 'vehicle_models'), 'oem__vehicle_models', source('lake', 'deliveries')) }}
)

, vehicle_models as (
    select
        model_code,
        brand_code,
        model_name,
        segment_code,
        powertrain_code,
        list_price_eur,
        max_discount_rate,
        {{ lineage_columns() }}
    from snapshots
)
{{ latest_by_key('vehicle_models', key) }}
