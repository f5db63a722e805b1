select
    pilot_id,
    uplift,
    ci_low,
    ci_high
from {{ source('computed', 'pilot_effects') }}
