with totals as (
    select * from {{ ref('stg_kba__fz10') }}
    where model_series = 'INSGESAMT' and not is_deleted
)

, whole_market as (
    select registration_month, units as market_units
    from totals
    where brand_name = 'INSGESAMT'
)

, brands as (
    select registration_month, brand_name, units, bev_units
    from totals
    where brand_name <> 'INSGESAMT'
)

select
    brands.brand_name,
    brands.registration_month,
    brands.units,
    brands.bev_units,
    whole_market.market_units,
    {{ exact_rate('brands.units', 'whole_market.market_units') }} as market_share,
    {{ exact_rate('brands.bev_units', 'brands.units') }} as bev_share,
    year_earlier.units as prior_year_units,
    {{ exact_rate('brands.units - year_earlier.units', 'year_earlier.units') }} as growth_rate
from brands
left join whole_market
    on brands.registration_month = whole_market.registration_month
left join brands as year_earlier
    on
        brands.brand_name = year_earlier.brand_name
        and brands.registration_month = {{ months_later('year_earlier.registration_month', 12) }}
