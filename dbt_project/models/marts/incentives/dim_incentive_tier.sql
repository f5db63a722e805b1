select
    program_id,
    version as program_version,
    tier_no,
    threshold,
    rate
from {{ ref('stg_oem__incentive_tiers') }}
where not is_deleted
