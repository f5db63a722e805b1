{%- set key = ['criterion_code'] -%}
{{ config(unique_key=key) }}

with it_criteria as {{ streamed_cte() }} (
    select
        criterion_code,
        name,
        is_mandatory,
        valid_from,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('oem', 'it_criteria')) }}
)
{{ latest_by_key('it_criteria', key) }}
