select
    contract_id,
    quarter_start,
    dealer_id,
    brand_code,
    score_mean,
    benchmark_score,
    is_breach,
    breaches_in_row,
    level,
    due_on,
    status,
    opened_on,
    closed_on,
    level_2_on,
    level_3_on
from {{ source('computed', 'escalations') }}
