{%- set events = ref('stg_dealer__vehicle_events') -%}
{%- set models = ref('dim_vehicle_model') -%}
{%- set touched = touched_months([
    months_of_changed_registrations(events, ref('int_vehicles__remember_cancellations')),
    months_of_changed_models(models),
]) -%}

with registrations as (
    select * from {{ events }}
    where
        event_type = 'REGISTRATION'
        and not is_deleted
        {%- if touched is not none %}
        and vin in (
            select vin from {{ events }}
            where event_type = 'REGISTRATION' and not is_deleted and {{ in_months('event_month', touched) }}
        )
        {%- endif %}
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

, judged as (
    select
        registrations.*,
        coalesce(cancellations.last_cancelled_on >= registrations.event_date, false) as is_cancelled,
        coalesce(registrations.holder_type in ('DEALER', 'OEM'), false) as is_self_registration
    from registrations
    left join cancellations
        on
            registrations.dealer_id = cancellations.dealer_id
            and registrations.vin = cancellations.vin
)

-- Cancelled ones are left out before the first of a VIN in the whole network is taken; where all are
-- cancelled, the earliest stands for it.
, first_of_vin as (
    {{ first_per_key('judged', ['vin'], ['is_cancelled', 'event_date', 'event_id']) }}
)

select
    first_of_vin.vin,
    first_of_vin.dealer_id,
    first_of_vin.brand_code,
    first_of_vin.model_code,
    models.segment_code,
    models.powertrain_code,
    first_of_vin.event_date as registration_date,
    first_of_vin.event_month as registration_month,
    first_of_vin.event_id,
    first_of_vin.holder_type,
    first_of_vin.customer_postal_code,
    not (first_of_vin.is_self_registration or first_of_vin.is_cancelled) as is_counted,
    case
        when first_of_vin.is_self_registration then 'SELF_REGISTRATION'
        when first_of_vin.is_cancelled then 'CANCELLED'
    end as not_counted_reason,
    {{ vin_check_digit_is_valid('first_of_vin.vin') }} as is_vin_check_digit_valid,
    {{ fact_lineage_columns(events, 'first_of_vin') }}
from first_of_vin
left join {{ models }} as models
    on first_of_vin.model_code = models.model_code
where {{ in_months('first_of_vin.event_month', touched) }}
