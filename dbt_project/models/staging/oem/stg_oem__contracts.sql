{%- set key = ['contract_id'] -%}
{{ config(unique_key=key) }}

with contracts as {{ streamed_cte() }} (
    select
        contract_id,
        dealer_id,
        brand_code,
        valid_from,
        valid_to,
        auto_adopt_standards,
        objection_days,
        benchmark_quantile,
        breach_quarters,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('oem', 'contracts')) }}
)
{{ latest_by_key('contracts', key) }}
