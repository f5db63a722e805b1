{%- set key = ['dealer_id', 'brand_code', 'quarter_start', 'segment_code', 'powertrain_code', 'version'] -%}
{{ config(unique_key=key) }}

with sales_targets as {{ streamed_cte() }} (
    select
        dealer_id,
        brand_code,
        quarter_start,
        segment_code,
        powertrain_code,
        version,
        base_units,
        min_purchase_units,
        max_units,
        announced_on,
        consented_on,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('oem', 'sales_targets')) }}
)
{{ latest_by_key('sales_targets', key) }}
