{%- set key = ['rule_id'] -%}
{{ config(unique_key=key) }}

with routing_rules as {{ streamed_cte() }} (
    select
        rule_id,
        brand_code,
        case_type,
        product_category,
        postal_prefix,
        responsible_dealer_id,
        priority,
        valid_from,
        valid_to,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('oem', 'routing_rules')) }}
)
{{ latest_by_key('routing_rules', key) }}
