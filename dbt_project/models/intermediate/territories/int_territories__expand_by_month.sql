select distinct
    territories.dealer_id,
    territories.brand_code,
    months.month,
    territories.district_code
from {{ ref('stg_oem__territories') }} as territories
inner join {{ ref('int_calendar__list_months') }} as months
    on
        last_day(months.month) >= territories.valid_from
        and (territories.valid_to is null or last_day(months.month) <= territories.valid_to)
inner join {{ ref('stg_oem__dealers') }} as dealers
    on
        territories.dealer_id = dealers.dealer_id
        and territories.brand_code = dealers.brand_code
