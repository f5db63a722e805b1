select
    adoptions.dealer_id,
    adoptions.brand_code,
    adoptions.module_code,
    adoptions.decided_on,
    adoptions.live_on,
    adoptions.abandoned_on,
    adoptions.months_to_live,
    adoptions.is_within_six_months,
    adoptions.status
from {{ ref('int_governance__judge_adoptions') }} as adoptions
{{ semi_join() }} {{ ref('dim_dealer') }} as dealers
    on adoptions.dealer_id = dealers.dealer_id and adoptions.brand_code = dealers.brand_code
