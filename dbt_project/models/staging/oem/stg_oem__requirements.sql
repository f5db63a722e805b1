{%- set key = ['requirement_id'] -%}
{{ config(unique_key=key) }}

with requirements as {{ streamed_cte() }} (
    select
        requirement_id,
        brand_code,
        title,
        category,
        effort_days,
        cost_eur,
        trim(applies_to) as applies_to,
        valid_from,
        valid_to,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('oem', 'requirements')) }}
)
{{ latest_by_key('requirements', key) }}
