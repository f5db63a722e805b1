{%- set key = ['event_id'] -%}
{{ config(unique_key=key) }}

with vehicle_events as {{ streamed_cte() }} (
    select
        event_id,
        dealer_id,
        brand_code,
        vin,
        event_type,
        event_date,
        model_code,
        holder_type,
        customer_postal_code,
        list_price_eur,
        net_price_eur,
        promised_on,
        source_system,
        {{ month_of('event_date') }} as event_month,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('dealer', 'vehicle_events')) }}
)
{{ latest_by_key('vehicle_events', key) }}
