{%- set touched = touched_months([months_of_changed_rows(ref('stg_dealer__vehicle_events'), 'event_month', ['event_id'])]) -%}

select
    event_id,
    dealer_id,
    brand_code,
    vin,
    event_type,
    event_date,
    event_month,
    model_code,
    holder_type,
    customer_postal_code,
    list_price_eur,
    net_price_eur,
    promised_on,
    source_system,
    {{ fact_lineage_columns(ref('stg_dealer__vehicle_events')) }}
from {{ ref('stg_dealer__vehicle_events') }}
where
    not is_deleted
    and {{ in_months('event_month', touched) }}
