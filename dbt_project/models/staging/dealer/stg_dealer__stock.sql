{%- set key = ['dealer_id', 'snapshot_date', 'vin'] -%}
{{ config(unique_key=key) }}

with stock as {{ streamed_cte() }} (
    select
        dealer_id,
        snapshot_date,
        vin,
        brand_code,
        model_code,
        stock_status,
        in_stock_since,
        {{ month_of('snapshot_date') }} as snapshot_month,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('dealer', 'stock')) }}
)
{{ latest_by_key('stock', key) }}
