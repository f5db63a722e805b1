select distinct
    territories.dealer_id,
    territories.brand_code,
    months.month,
    territories.district_code
from {{ ref('stg_oem__territories') }} as territories
inner join {{ ref('dim_month') }} as months
    on
        months.month_end >= territories.valid_from
        and (territories.valid_to is null or months.month_end <= territories.valid_to)
inner join {{ ref('stg_oem__dealers') }} as dealers
    on
        territories.dealer_id = dealers.dealer_id
        and territories.brand_code = dealers.brand_code
