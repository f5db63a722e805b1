select
    local_campaign_id,
    dealer_id,
    brand_code,
    campaign_id,
    submitted_on,
    approved_on,
    starts_on,
    ends_on,
    changed_weight,
    total_weight,
    individualisation_rate,
    has_locked_change,
    is_within_limit,
    status
from {{ ref('int_brand__judge_local_campaigns') }}
