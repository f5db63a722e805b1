select
    investment_id,
    period_no,
    dealer_id,
    brand_code,
    due_date,
    opening_eur,
    scheduled_eur,
    interest_eur,
    principal_eur,
    closing_eur
from {{ ref('stg_computed__refinancing_plans') }}
