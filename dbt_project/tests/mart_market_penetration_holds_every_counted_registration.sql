-- The counted registrations of known dealers and known models are all in the mart.
with counted as (
    select count(*) as registrations
    from {{ ref('fct_registration') }} as registrations
    inner join {{ ref('dim_dealer') }} as dealers
        on registrations.dealer_id = dealers.dealer_id and registrations.brand_code = dealers.brand_code
    where registrations.is_counted and registrations.segment_code is not null
)

, shown as (
    select coalesce(sum(counted_registrations), 0) as registrations
    from {{ ref('mart_market_penetration') }}
)

select counted.registrations as counted_registrations, shown.registrations as shown_registrations
from counted
cross join shown
where counted.registrations <> shown.registrations
