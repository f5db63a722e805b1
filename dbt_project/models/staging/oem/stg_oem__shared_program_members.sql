{%- set key = ['program_id', 'dealer_id', 'brand_code'] -%}
{{ config(unique_key=key) }}

with shared_program_members as {{ streamed_cte() }} (
    select
        program_id,
        dealer_id,
        brand_code,
        joined_on,
        left_on,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('oem', 'shared_program_members')) }}
)
{{ latest_by_key('shared_program_members', key) }}
