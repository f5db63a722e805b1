-- A VIN with a registration that was not withdrawn has its row, and no other VIN has one.
{{ config(meta={'dagster': {'ref': {'name': 'fct_registration'}}}) }}

with registered as (
    select distinct vin from {{ ref('stg_dealer__vehicle_events') }}
    where event_type = 'REGISTRATION' and not is_deleted
)

select coalesce(registered.vin, held.vin) as vin
from registered
full outer join {{ ref('fct_registration') }} as held on registered.vin = held.vin
where registered.vin is null or held.vin is null
