{%- set key = ['pilot_id', 'dealer_id'] -%}
{{ config(unique_key=key) }}

with pilot_members as {{ streamed_cte() }} (
    select
        pilot_id,
        dealer_id,
        arm,
        joined_on,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('oem', 'pilot_members')) }}
)
{{ latest_by_key('pilot_members', key) }}
