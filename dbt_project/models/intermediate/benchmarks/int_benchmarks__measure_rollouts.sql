-- Over all systems together, which is not the mean of the systems.
with figures as (
    select
        max(case when is_trained then reduction_rate end) as reduction_rate,
        cast(coalesce(sum(completed), 0) as bigint) as sample_count,
        count(*) as group_count
    from {{ ref('stg_computed__rollout_durations') }}
    where system_code is null
)

select
    'SYSTEM_INTRODUCTION_REDUCTION' as claim_code,
    reduction_rate as measured_value,
    sample_count,
    case when group_count > 0 then {{ today() }} end as measured_as_of
from figures
