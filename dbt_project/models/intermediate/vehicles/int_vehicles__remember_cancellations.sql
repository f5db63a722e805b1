{{ config(unique_key=['event_id', 'dealer_id', 'vin']) }}

select
    event_id,
    dealer_id,
    vin,
    _loaded_at
from {{ ref('stg_dealer__vehicle_events') }}
where
    event_type = 'CANCELLATION'
    and not is_deleted
    {%- if is_incremental_run() %}
    and _loaded_at > ({{ newest_load(this) }})
    {%- endif %}
