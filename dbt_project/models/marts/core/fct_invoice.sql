{%- set events = ref('stg_dealer__vehicle_events') -%}
{#- a cancellation that came, moved or went touches the invoices of its dealer and VIN -#}
{%- set touched = touched_months([
    months_of_changed_rows(events, 'event_month', ['event_id'], 'invoice_month', "event_type = 'INVOICE'"),
    months_of_changed_cancellations(events, ref('int_vehicles__remember_cancellations'), 'invoice_month'),
]) -%}

with invoices as (
    select * from {{ events }}
    where
        event_type = 'INVOICE'
        and not is_deleted
        and {{ in_months('event_month', touched) }}
)

, cancellations as (
    select
        dealer_id,
        vin,
        max(event_date) as last_cancelled_on
    from {{ events }}
    where event_type = 'CANCELLATION' and not is_deleted
    group by dealer_id, vin
)

select
    invoices.event_id,
    invoices.dealer_id,
    invoices.brand_code,
    invoices.vin,
    invoices.model_code,
    invoices.event_date as invoice_date,
    invoices.event_month as invoice_month,
    invoices.holder_type,
    invoices.customer_postal_code,
    invoices.list_price_eur,
    invoices.net_price_eur,
    invoices.net_price_eur is not null as has_net_price,
    coalesce(cancellations.last_cancelled_on >= invoices.event_date, false) as is_cancelled,
    {{ fact_lineage_columns(events, 'invoices') }}
from invoices
left join cancellations
    on
        invoices.dealer_id = cancellations.dealer_id
        and invoices.vin = cancellations.vin
