with months as (
    select * from {{ ref('int_incentives__list_claim_months') }}
)

, removed as (
    select distinct
        months.program_id,
        ends.event_id
    from {{ ref('int_incentives__end_claims') }} as ends
    inner join months
        on
            ends.brand_code = months.brand_code
            and ends.event_month = months.month
            and ends.event_type = months.claim_type
    where {{ claim_is_removed('ends.event_date', 'ends', 'months') }}
)

-- What fits a programme: its brand, segment and powertrain, and a dealer of that brand.
, units as (
    select
        months.program_id,
        months.program_version,
        months.period_start,
        claims.*,
        models.list_price_eur as model_list_price_eur
    from {{ ref('stg_dealer__vehicle_events') }} as claims
    inner join months
        on
            claims.brand_code = months.brand_code
            and claims.event_month = months.month
            and claims.event_type = months.claim_type
    inner join {{ ref('stg_oem__dealers') }} as dealers
        on
            claims.dealer_id = dealers.dealer_id
            and claims.brand_code = dealers.brand_code
    left join {{ ref('stg_oem__vehicle_models') }} as models
        on claims.model_code = models.model_code
    where
        not claims.is_deleted
        and (months.segment_code is null or months.segment_code = models.segment_code)
        and (months.powertrain_code is null or months.powertrain_code = models.powertrain_code)
)

-- For claims that say no net price: the first invoice of the VIN in the network that says one.
, priced_invoices as {{ streamed_cte() }} (
    select
        vin,
        event_date,
        event_id,
        net_price_eur
    from {{ ref('stg_dealer__vehicle_events') }}
    where
        event_type = 'INVOICE'
        and not is_deleted
        and net_price_eur is not null
)

, first_invoices as (
    {{ first_per_key('priced_invoices', ['vin'], ['event_date', 'event_id']) }}
)

select
    units.program_id,
    units.program_version,
    units.period_start,
    units.dealer_id,
    units.brand_code,
    units.event_id,
    units.vin,
    units.event_date,
    {{ price_that_counts('coalesce(units.list_price_eur, units.model_list_price_eur)') }} as list_price_eur,
    {{ price_that_counts('coalesce(units.net_price_eur, first_invoices.net_price_eur)') }} as net_price_eur,
    case
        when removed.event_id is not null then 'REMOVED'
        when duplicates.event_id is not null then 'DUPLICATE_VIN'
        when units.holder_type in ('DEALER', 'OEM') then 'SELF_REGISTRATION'
        else 'COUNTS'
    end as unit_status,
    units._batch_id as batch_id,
    units._source_file as source_file,
    units._source_row as source_row
from units
left join removed
    on
        units.program_id = removed.program_id
        and units.event_id = removed.event_id
left join {{ ref('int_incentives__find_duplicates') }} as duplicates
    on
        units.program_id = duplicates.program_id
        and units.event_id = duplicates.event_id
left join first_invoices
    on units.vin = first_invoices.vin
