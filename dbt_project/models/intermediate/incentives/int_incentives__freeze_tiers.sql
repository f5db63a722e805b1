-- As with the versions themselves: what is settled has the tiers that were known then.
select
    program_id,
    program_version as version,
    tier_no,
    threshold,
    rate,
    false as is_deleted
from {{ ref('stg_ledger__incentive_tiers') }}
union all
select
    delivered.program_id,
    delivered.version,
    delivered.tier_no,
    delivered.threshold,
    delivered.rate,
    delivered.is_deleted
from {{ ref('stg_oem__incentive_tiers') }} as delivered
{{ anti_join() }} {{ ref('stg_ledger__incentive_terms') }} as settled
    on
        delivered.program_id = settled.program_id
        and delivered.version = settled.program_version
