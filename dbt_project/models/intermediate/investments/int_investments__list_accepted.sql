select
    investment_id,
    dealer_id,
    brand_code,
    total_cost_eur,
    upfront_rate,
    refinance_months,
    annual_interest_rate,
    day_count,
    start_date,
    surplus_policy,
    shortfall_policy,
    end_policy,
    max_extension_months,
    terminated_on
from {{ ref('int_investments__judge_investments') }}
where refusal_reason is null
