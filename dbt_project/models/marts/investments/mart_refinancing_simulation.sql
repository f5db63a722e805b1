select
    investment_id,
    pace_factor,
    projected_end_month,
    balloon_eur
from {{ ref('stg_computed__refinancing_simulations') }}
