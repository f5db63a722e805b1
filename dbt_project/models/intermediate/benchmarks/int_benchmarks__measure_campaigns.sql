-- Whatever has become of them: what was approved against the claim is to be seen.
with approved as (
    select
        count(individualisation_rate) as sample_count,
        max(individualisation_rate) as largest_rate
    from {{ ref('int_brand__judge_local_campaigns') }}
    where approved_on <= {{ today() }}
)

select
    'CAMPAIGN_INDIVIDUALISATION' as claim_code,
    largest_rate as measured_value,
    sample_count,
    case when sample_count > 0 then {{ today() }} end as measured_as_of
from approved
