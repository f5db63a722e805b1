select
    dealer_id,
    brand_code,
    segment_code,
    powertrain_code,
    day,
    units_to_next_tier,
    program_id
from {{ source('computed', 'tier_distances') }}
