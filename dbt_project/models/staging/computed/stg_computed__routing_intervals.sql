select
    brand_code,
    ci_low,
    ci_high
from {{ source('computed', 'routing_intervals') }}
