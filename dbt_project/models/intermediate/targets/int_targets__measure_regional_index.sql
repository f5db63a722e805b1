{#- an index of 1.1 or more is a strong market; below 0.7 and above 1.3 it is clipped -#}
{%- set floor, strong, cap = 7, 11, 13 -%}
{%- set tenths = 10 -%}
{%- set least_units = 30 -%}
{#- more vehicles than this in half a year are no vehicles: so the products below fit a bigint -#}
{%- set most_units = 2 * 10 ** 9 -%}

with dealers as (
    select dealer_id, brand_code from {{ ref('stg_oem__dealers') }}
)

, strong_market_programs as (
    select distinct
        brand_code,
        {{ quarter_of('period_start') }} as quarter_start,
        segment_code,
        powertrain_code
    from {{ ref('int_incentives__list_periods') }}
    where requires_strong_market
)

, cells as (
    select
        targets.dealer_id,
        targets.brand_code,
        targets.quarter_start,
        targets.segment_code,
        targets.powertrain_code
    from {{ ref('int_targets__select_in_force') }} as targets
    inner join dealers
        on targets.dealer_id = dealers.dealer_id and targets.brand_code = dealers.brand_code
    union
    select
        dealers.dealer_id,
        dealers.brand_code,
        programs.quarter_start,
        programs.segment_code,
        programs.powertrain_code
    from strong_market_programs as programs
    inner join dealers on programs.brand_code = dealers.brand_code
)

, quarters as (
    select distinct quarter_start from cells
)

, windows as (
    select
        quarter_start,
        {{ each_month(months_later('quarter_start', -6), months_later('quarter_start', -1)) }} as month,
        true as is_now
    from quarters
    union all
    select
        quarter_start,
        {{ each_month(months_later('quarter_start', -18), months_later('quarter_start', -13)) }} as month,
        false as is_now
    from quarters
)

-- All brands and all kinds of holders.
, market as (
    select
        registration_month,
        district_code,
        segment_code,
        powertrain_code,
        sum(units) as units
    from {{ ref('stg_market__registrations') }}
    where not is_deleted
    group by registration_month, district_code, segment_code, powertrain_code
)

, district_markets as (
    select
        windows.quarter_start,
        market.district_code,
        market.segment_code,
        market.powertrain_code,
        sum(case when windows.is_now then market.units else 0 end) as units,
        sum(case when windows.is_now then 0 else market.units end) as prior_units
    from windows
    inner join market on windows.month = market.registration_month
    group by windows.quarter_start, market.district_code, market.segment_code, market.powertrain_code
)

, network_markets as (
    select
        quarter_start,
        segment_code,
        powertrain_code,
        sum(units) as units,
        sum(prior_units) as prior_units
    from district_markets
    group by quarter_start, segment_code, powertrain_code
)

-- A district counts once, however often it is listed.
, territories as (
    select distinct
        territories.dealer_id,
        territories.brand_code,
        quarters.quarter_start,
        territories.district_code
    from {{ ref('stg_oem__territories') }} as territories
    inner join quarters
        on
            territories.valid_from < quarters.quarter_start
            and (territories.valid_to is null or territories.valid_to >= {{ days_later('quarters.quarter_start', -1) }})
)

, territory_markets as (
    select
        cells.dealer_id,
        cells.brand_code,
        cells.quarter_start,
        cells.segment_code,
        cells.powertrain_code,
        sum(markets.units) as units,
        sum(markets.prior_units) as prior_units
    from cells
    inner join territories
        on
            cells.dealer_id = territories.dealer_id
            and cells.brand_code = territories.brand_code
            and cells.quarter_start = territories.quarter_start
    inner join district_markets as markets
        on
            cells.quarter_start = markets.quarter_start
            and territories.district_code = markets.district_code
            and cells.segment_code = markets.segment_code
            and cells.powertrain_code = markets.powertrain_code
    group by cells.dealer_id, cells.brand_code, cells.quarter_start, cells.segment_code, cells.powertrain_code
)

, compared as (
    select
        cells.*,
        cast(least(coalesce(territory.units, 0), {{ most_units }}) as bigint) as territory_units,
        cast(least(coalesce(territory.prior_units, 0), {{ most_units }}) as bigint) as territory_prior_units,
        cast(least(coalesce(network.units, 0), {{ most_units }}) as bigint) as network_units,
        cast(least(coalesce(network.prior_units, 0), {{ most_units }}) as bigint) as network_prior_units
    from cells
    left join territory_markets as territory
        on
            cells.dealer_id = territory.dealer_id
            and cells.brand_code = territory.brand_code
            and cells.quarter_start = territory.quarter_start
            and cells.segment_code = territory.segment_code
            and cells.powertrain_code = territory.powertrain_code
    left join network_markets as network
        on
            cells.quarter_start = network.quarter_start
            and cells.segment_code = network.segment_code
            and cells.powertrain_code = network.powertrain_code
)

-- Growth of the territory / growth of the network, in whole numbers. Where the whole network has
-- nothing left there is no growth to compare with.
, quotients as (
    select
        *,
        territory_prior_units >= {{ least_units }}
        and network_prior_units >= {{ least_units }}
        and network_units > 0 as is_comparable,
        territory_units * network_prior_units as dividend,
        network_units * territory_prior_units as divisor
    from compared
)

, clipped as (
    select
        dealer_id,
        brand_code,
        quarter_start,
        segment_code,
        powertrain_code,
        cast(
            case
                when not is_comparable then 1
                when {{ whole('dividend') }} * {{ tenths }} <= {{ whole('divisor') }} * {{ floor }} then {{ floor }}
                when {{ whole('dividend') }} * {{ tenths }} >= {{ whole('divisor') }} * {{ cap }} then {{ cap }}
                else dividend
            end as bigint
        ) as index_numerator,
        cast(
            case
                when not is_comparable then 1
                when {{ whole('dividend') }} * {{ tenths }} <= {{ whole('divisor') }} * {{ floor }} then {{ tenths }}
                when {{ whole('dividend') }} * {{ tenths }} >= {{ whole('divisor') }} * {{ cap }} then {{ tenths }}
                else divisor
            end as bigint
        ) as index_denominator
    from quotients
)

select
    *,
    {{ exact_rate('index_numerator', 'index_denominator') }} as regional_index,
    {{ whole('index_numerator') }} * {{ tenths }} >= {{ whole('index_denominator') }} * {{ strong }} as is_strong_market
from clipped
