{%- set touched = months_to_build([
    reads(ref('int_market__compare_territories'), 'registration_month'),
    reads(ref('int_registrations__count_by_month'), 'registration_month',
          ['dealer_id', 'brand_code', 'segment_code', 'counted_registrations']),
    reads(ref('dim_dealer'), none, ['dealer_id', 'brand_code']),
]) -%}

with territories as (
    select * from {{ ref('int_market__compare_territories') }}
    where {{ in_months('registration_month', touched) }}
)

, counted as (
    select
        registrations.dealer_id,
        registrations.brand_code,
        registrations.segment_code,
        registrations.registration_month,
        sum(registrations.counted_registrations) as counted_registrations
    from {{ ref('int_registrations__count_by_month') }} as registrations
    inner join {{ ref('dim_dealer') }} as dealers
        on
            registrations.dealer_id = dealers.dealer_id
            and registrations.brand_code = dealers.brand_code
    where
        registrations.segment_code is not null
        and {{ in_months('registrations.registration_month', touched) }}
    group by
        registrations.dealer_id,
        registrations.brand_code,
        registrations.segment_code,
        registrations.registration_month
)

, units as (
    select
        dealer_id,
        brand_code,
        segment_code,
        registration_month,
        coalesce(territories.brand_units, 0) as brand_units,
        coalesce(territories.market_units, 0) as market_units,
        territories.network_brand_units,
        territories.network_market_units,
        coalesce(counted.counted_registrations, 0) as counted_registrations
    from territories
    full outer join counted using (dealer_id, brand_code, segment_code, registration_month)
)

-- Expected = network share x market units of the territory. Effectiveness is taken from the unrounded
-- expectation: counted / (network brand x market / network market), as one quotient of whole numbers.
select
    dealer_id,
    brand_code,
    segment_code,
    registration_month,
    brand_units,
    market_units,
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
where market_units > 0 or counted_registrations > 0
