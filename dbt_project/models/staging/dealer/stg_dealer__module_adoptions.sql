{%- set key = ['dealer_id', 'brand_code', 'module_code'] -%}
{{ config(unique_key=key) }}

with module_adoptions as {{ streamed_cte() }} (
    select
        dealer_id,
        brand_code,
        module_code,
        decided_on,
        live_on,
        abandoned_on,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('dealer', 'module_adoptions')) }}
)
{{ latest_by_key('module_adoptions', key) }}
