with market as (
    select
        registration_month,
        district_code,
        segment_code,
        brand_code,
        sum(units) as units
    from {{ ref('fct_market_registration') }}
    group by registration_month, district_code, segment_code, brand_code
)

, territories as (
    select * from {{ ref('int_territories__expand_by_month') }}
)

, territory_market as (
    select
        territories.dealer_id,
        territories.brand_code,
        market.segment_code,
        market.registration_month,
        sum(market.units) as market_units
    from territories
    inner join
        (
            select registration_month, district_code, segment_code, sum(units) as units
            from market
            group by registration_month, district_code, segment_code
        ) as market
        on
            territories.month = market.registration_month
            and territories.district_code = market.district_code
    group by
        territories.dealer_id, territories.brand_code, market.segment_code, market.registration_month
    having sum(market.units) > 0
)

, territory_brand as (
    select
        territories.dealer_id,
        territories.brand_code,
        market.segment_code,
        market.registration_month,
        sum(market.units) as brand_units
    from territories
    inner join market
        on
            territories.month = market.registration_month
            and territories.district_code = market.district_code
            and territories.brand_code = market.brand_code
    group by
        territories.dealer_id, territories.brand_code, market.segment_code, market.registration_month
)

, network_market as (
    select registration_month, segment_code, sum(units) as market_units
    from market
    group by registration_month, segment_code
)

, network_brand as (
    select registration_month, segment_code, brand_code, sum(units) as brand_units
    from market
    group by registration_month, segment_code, brand_code
)

, counted as (
    select
        registrations.dealer_id,
        registrations.brand_code,
        registrations.segment_code,
        registrations.registration_month,
        count(*) as counted_registrations
    from {{ ref('fct_registration') }} as registrations
    inner join {{ ref('dim_dealer') }} as dealers
        on
            registrations.dealer_id = dealers.dealer_id
            and registrations.brand_code = dealers.brand_code
    where registrations.is_counted and registrations.segment_code is not null
    group by
        registrations.dealer_id,
        registrations.brand_code,
        registrations.segment_code,
        registrations.registration_month
)

, grain as (
    select dealer_id, brand_code, segment_code, registration_month from territory_market
    union
    select dealer_id, brand_code, segment_code, registration_month from counted
)

, units as (
    select
        grain.dealer_id,
        grain.brand_code,
        grain.segment_code,
        grain.registration_month,
        coalesce(territory_brand.brand_units, 0) as brand_units,
        coalesce(territory_market.market_units, 0) as market_units,
        -- a brand that nobody registered has a share of 0, a segment that nobody did has none
        case when network_market.market_units > 0 then coalesce(network_brand.brand_units, 0) end
            as network_brand_units,
        network_market.market_units as network_market_units,
        coalesce(counted.counted_registrations, 0) as counted_registrations
    from grain
    left join territory_market using (dealer_id, brand_code, segment_code, registration_month)
    left join territory_brand using (dealer_id, brand_code, segment_code, registration_month)
    left join counted using (dealer_id, brand_code, segment_code, registration_month)
    left join network_market using (segment_code, registration_month)
    left join network_brand using (brand_code, segment_code, registration_month)
)

-- Expected = network share x market units of the territory. Effectiveness is taken from the unrounded
-- expectation: counted / (network brand x market / network market), as one quotient of whole numbers.
select
    dealer_id,
    brand_code,
    segment_code,
    registration_month,
    cast(brand_units as bigint) as brand_units,
    cast(market_units as bigint) as market_units,
    {{ exact_rate('brand_units', 'market_units') }} as penetration,
    {{ exact_rate('network_brand_units', 'network_market_units') }} as network_penetration,
    coalesce(
        {{ exact_rate(whole('network_brand_units') ~ ' * market_units', 'network_market_units') }}, 0
    ) as expected_units,
    cast(counted_registrations as bigint) as counted_registrations,
    {{ exact_rate(
        whole('counted_registrations') ~ ' * network_market_units',
        whole('network_brand_units') ~ ' * market_units'
    ) }} as sales_effectiveness
from units
