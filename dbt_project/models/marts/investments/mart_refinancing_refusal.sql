select
    investment_id,
    dealer_id,
    brand_code,
    total_cost_eur,
    refusal_reason as reason
from {{ ref('int_investments__judge_investments') }}
where refusal_reason is not null
