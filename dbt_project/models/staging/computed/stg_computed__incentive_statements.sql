select
    dealer_id,
    brand_code,
    program_id,
    period_start,
    program_version,
    measure_value,
    tier_no,
    qualifying_units,
    entitlement_eur,
    entitlement_now_eur
from {{ source('computed', 'incentive_statements') }}
