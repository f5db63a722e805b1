{%- set key = ['person_hash', 'dealer_id'] -%}
{{ config(materialized='table') }}

with snapshots as (
    {{ latest_snapshots(source('dealer', 'staff'), 'dealer__staff', source('lake', 'deliveries')) }}
)

, staff as (
    select
        {{ pseudonym('person_id') }} as person_hash,
        dealer_id,
        brand_code,
        role,
        employed_from,
        employed_to,
        {{ lineage_columns() }}
    from snapshots
)
{{ latest_by_key('staff', key) }}
