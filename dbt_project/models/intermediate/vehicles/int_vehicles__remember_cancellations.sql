{%- set key = ['event_id', 'dealer_id', 'vin'] -%}
{{ config(
    materialized='table' if target.type == 'spark' else 'incremental',
    incremental_strategy='append' if target.type == 'spark' else 'delete+insert',
    unique_key=key,
) }}

select
    event_id,
    dealer_id,
    vin,
    _loaded_at
from {{ ref('stg_dealer__vehicle_events') }}
where
    event_type = 'CANCELLATION'
    and not is_deleted
    {%- if is_incremental() %}
    and _loaded_at > ({{ newest_load(this) }})
    {%- endif %}
