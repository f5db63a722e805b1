select
    dealer_id,
    brand_code,
    day,
    units_to_next_tier,
    program_id
from {{ source('computed', 'tier_distances') }}
