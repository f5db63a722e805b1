-- What is reckoned over all systems together stands in mart_benchmark_comparison.
select
    system_code,
    is_trained,
    rollouts,
    completed,
    median_days,
    reduction_rate,
    ci_low,
    ci_high
from {{ ref('stg_computed__rollout_durations') }}
where system_code is not null
