with versions as (
    select distinct program_id, program_version
    from {{ ref('int_incentives__list_periods') }}
)

select
    tiers.program_id,
    tiers.version as program_version,
    tiers.tier_no,
    tiers.threshold,
    tiers.rate
from {{ ref('int_incentives__freeze_tiers') }} as tiers
inner join versions
    on
        tiers.program_id = versions.program_id
        and tiers.version = versions.program_version
where not tiers.is_deleted
