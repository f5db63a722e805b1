select
    program_id,
    program_version,
    tier_no,
    threshold,
    rate,
    settled_in_month
from {{ source('ledger', 'incentive_tiers') }}
