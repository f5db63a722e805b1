select
    program_id,
    version as program_version,
    tier_no,
    threshold,
    rate
from {{ ref('int_incentives__freeze_tiers') }}
where not is_deleted
