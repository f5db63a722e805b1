{%- set key = ['brand_code'] -%}
{{ config(unique_key=key) }}

with routing_go_lives as {{ streamed_cte() }} (
    select
        brand_code,
        go_live_on,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('oem', 'routing_go_lives')) }}
)
{{ latest_by_key('routing_go_lives', key) }}
