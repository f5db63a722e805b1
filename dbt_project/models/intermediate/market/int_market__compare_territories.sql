{%- set touched = months_to_build([
    reads(ref('fct_market_registration'), 'registration_month',
          ['district_code', 'brand_code', 'segment_code', 'units']),
    reads(ref('int_territories__expand_by_month'), 'month'),
    reads(ref('dim_dealer'), none, ['dealer_id', 'brand_code']),
]) -%}

with market as {{ materialized_cte() }} (
    select
        registration_month,
        district_code,
        segment_code,
        brand_code,
        sum(units) as units
    from {{ ref('fct_market_registration') }}
    where {{ in_months('registration_month', touched) }}
    group by registration_month, district_code, segment_code, brand_code
)

, territories as (
    select * from {{ ref('int_territories__expand_by_month') }}
    where {{ in_months('month', touched) }}
)

, district_market as (
    select registration_month, district_code, segment_code, sum(units) as units
    from market
    group by registration_month, district_code, segment_code
)

, network_market as (
    select registration_month, segment_code, sum(units) as units
    from market
    group by registration_month, segment_code
)

, network_brand as (
    select registration_month, segment_code, brand_code, sum(units) as units
    from market
    group by registration_month, segment_code, brand_code
)

, territory_market as (
    select
        territories.dealer_id,
        territories.brand_code,
        district_market.segment_code,
        district_market.registration_month,
        sum(own_brand.units) as brand_units,
        sum(district_market.units) as market_units
    from territories
    inner join district_market
        on
            territories.month = district_market.registration_month
            and territories.district_code = district_market.district_code
    left join market as own_brand
        on
            district_market.registration_month = own_brand.registration_month
            and district_market.district_code = own_brand.district_code
            and district_market.segment_code = own_brand.segment_code
            and territories.brand_code = own_brand.brand_code
    group by
        territories.dealer_id,
        territories.brand_code,
        district_market.segment_code,
        district_market.registration_month
)

-- Every dealer is set against every segment of the market, also where the territory has none of it:
-- the network's share is needed there, too.
select
    dealers.dealer_id,
    dealers.brand_code,
    network_market.segment_code,
    network_market.registration_month,
    cast(coalesce(territory_market.brand_units, 0) as bigint) as brand_units,
    cast(coalesce(territory_market.market_units, 0) as bigint) as market_units,
    cast(coalesce(network_brand.units, 0) as bigint) as network_brand_units,
    cast(network_market.units as bigint) as network_market_units
from network_market
cross join {{ ref('dim_dealer') }} as dealers
left join network_brand
    on
        network_market.registration_month = network_brand.registration_month
        and network_market.segment_code = network_brand.segment_code
        and dealers.brand_code = network_brand.brand_code
left join territory_market
    on
        network_market.registration_month = territory_market.registration_month
        and network_market.segment_code = territory_market.segment_code
        and dealers.dealer_id = territory_market.dealer_id
        and dealers.brand_code = territory_market.brand_code
