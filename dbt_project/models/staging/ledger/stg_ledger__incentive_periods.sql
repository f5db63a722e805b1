select
    program_id,
    period_start,
    program_version,
    settled_in_month
from {{ source('ledger', 'incentive_periods') }}
