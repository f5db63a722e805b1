select
    dealer_id,
    brand_code,
    program_id,
    period_start,
    measure_value,
    next_threshold,
    units_to_next_tier,
    payout_now_eur,
    payout_at_next_tier_eur,
    next_unit_value_eur,
    mean_list_price_eur,
    is_cliff
from {{ ref('stg_computed__incentive_outlooks') }}
