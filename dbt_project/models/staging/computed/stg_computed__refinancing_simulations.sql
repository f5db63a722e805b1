select
    investment_id,
    pace_factor,
    projected_end_month,
    balloon_eur
from {{ source('computed', 'refinancing_simulations') }}
