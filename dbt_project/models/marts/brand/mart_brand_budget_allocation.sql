select
    budget_code,
    district_code,
    brand_code,
    market_units,
    budget_eur
from {{ ref('stg_computed__budget_allocations') }}
