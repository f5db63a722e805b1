{{ config(materialized='table') }}

-- The territory is the one that holds on the day its newest list was delivered.
with territory_day as (
    select max({{ berlin_date('_delivered_at') }}) as as_of_date
    from {{ ref('stg_oem__territories') }}
)

, districts as (
    select distinct
        territories.dealer_id,
        territories.brand_code,
        territories.district_code
    from {{ ref('stg_oem__territories') }} as territories
    cross join territory_day
    where
        territory_day.as_of_date >= territories.valid_from
        and (territories.valid_to is null or territory_day.as_of_date <= territories.valid_to)
)

, territory_sizes as (
    select
        districts.dealer_id,
        districts.brand_code,
        count(*) as territory_district_count,
        cast(sum(dim_district.population) as bigint) as territory_population
    from districts
    left join {{ ref('dim_district') }} as dim_district
        on districts.district_code = dim_district.district_code
    group by districts.dealer_id, districts.brand_code
)

select
    dealers.dealer_id,
    dealers.brand_code,
    dealers.dealer_name,
    dealers.group_id,
    dealers.contract_model,
    dealers.peer_group,
    dealers.is_top_partner,
    dealers.postal_code,
    dealers.district_code,
    dealers.opened_on,
    dealers.closed_on,
    coalesce(territory_sizes.territory_district_count, 0) as territory_district_count,
    territory_sizes.territory_population
from {{ ref('stg_oem__dealers') }} as dealers
left join territory_sizes
    on
        dealers.dealer_id = territory_sizes.dealer_id
        and dealers.brand_code = territory_sizes.brand_code
