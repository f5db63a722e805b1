{%- set key = ['dealer_id', 'brand_code'] -%}
{{ config(materialized='table') }}

with snapshots as (
    {{ latest_snapshots(source('oem', 'dealers'), 'oem__dealers', source('lake', 'deliveries')) }}
)

, dealers as (
    select
        dealer_id,
        brand_code,
        dealer_name,
        group_id,
        contract_model,
        postal_code,
        district_code,
        peer_group,
        is_top_partner,
        opened_on,
        closed_on,
        {{ lineage_columns() }}
    from snapshots
)
{{ latest_by_key('dealers', key) }}
