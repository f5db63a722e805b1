-- Registrations and invoices claim units; a later event of the same dealer may take them back.
select
    claims.event_id,
    claims.vin,
    claims.brand_code,
    claims.event_type,
    claims.event_date,
    claims.event_month,
    ends.event_id as ended_by_event_id,
    ends.event_type as ended_by,
    ends.event_date as ended_on
from {{ ref('stg_dealer__vehicle_events') }} as claims
inner join {{ ref('stg_dealer__vehicle_events') }} as ends
    on
        claims.dealer_id = ends.dealer_id
        and claims.vin = ends.vin
        and claims.event_date <= ends.event_date
where
    claims.event_type in (select claim_type from {{ ref('int_incentives__list_claim_months') }})
    and ends.event_type in ('CANCELLATION', 'DEREGISTRATION')
    and not claims.is_deleted
    and not ends.is_deleted
