select
    budget_code,
    district_code,
    brand_code,
    market_units,
    budget_eur
from {{ source('computed', 'budget_allocations') }}
