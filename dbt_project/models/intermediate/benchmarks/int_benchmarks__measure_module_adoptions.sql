with live as (
    select adoptions.months_to_live, adoptions.live_on
    from {{ ref('int_governance__judge_adoptions') }} as adoptions
    {{ semi_join() }} {{ ref('dim_dealer') }} as dealers
        on adoptions.dealer_id = dealers.dealer_id and adoptions.brand_code = dealers.brand_code
    where adoptions.months_to_live is not null
)

, figures as (
    select
        count(*) as sample_count,
        max(live_on) as measured_as_of,
        {{ doubled_median('months_to_live') }} as doubled_months
    from live
)

select
    'BUSINESS_MODEL_ADAPTATION_TIME' as claim_code,
    {{ exact_rate('doubled_months', '2') }} as measured_value,
    sample_count,
    measured_as_of
from figures
