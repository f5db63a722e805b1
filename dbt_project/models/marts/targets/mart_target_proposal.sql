select
    dealer_id,
    brand_code,
    quarter_start,
    segment_code,
    powertrain_code,
    base_units,
    min_purchase_units,
    max_units,
    regional_index,
    raw_units,
    proposed_units,
    is_feasible,
    is_strong_market
from {{ ref('stg_computed__target_proposals') }}
