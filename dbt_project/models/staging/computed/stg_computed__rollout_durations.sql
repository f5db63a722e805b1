select
    system_code,
    is_trained,
    rollouts,
    completed,
    median_days,
    reduction_rate,
    ci_low,
    ci_high
from {{ source('computed', 'rollout_durations') }}
