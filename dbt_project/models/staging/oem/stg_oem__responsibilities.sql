{%- set key = ['process_code', 'role', 'party', 'brand_code', 'valid_from'] -%}
{{ config(unique_key=key) }}

with responsibilities as {{ streamed_cte() }} (
    select
        process_code,
        role,
        party,
        brand_code,
        valid_from,
        valid_to,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('oem', 'responsibilities')) }}
)
{{ latest_by_key('responsibilities', key) }}
