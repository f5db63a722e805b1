{%- set key = ['program_id', 'version', 'tier_no'] -%}
{{ config(unique_key=key) }}

with incentive_tiers as {{ streamed_cte() }} (
    select
        program_id,
        version,
        tier_no,
        threshold,
        rate,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('oem', 'incentive_tiers')) }}
)
{{ latest_by_key('incentive_tiers', key) }}
