select
    investment_id,
    dealer_id,
    brand_code,
    start_date,
    refinance_months,
    total_cost_eur,
    upfront_eur,
    refinanced_eur,
    outstanding_eur,
    paid_rate,
    arrears_eur,
    projected_end_month,
    expected_balloon_eur
from {{ source('computed', 'refinancing_status') }}
