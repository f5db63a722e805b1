select
    course_code,
    effect,
    ci_low,
    ci_high
from {{ source('computed', 'academy_effects') }}
