with counts as (
    select
        month,
        count(*) as dealers,
        count(case when met_criteria = mandatory_criteria then 1 end) as ready_dealers
    from {{ ref('int_capability__measure_it') }}
    group by month
)

, claims as (
    select max(value) as claimed_rate
    from {{ ref('benchmark_claims') }}
    where claim_code = 'IT_NOT_READY'
)

select
    counts.month,
    counts.dealers,
    counts.ready_dealers,
    {{ exact_rate('counts.dealers - counts.ready_dealers', 'counts.dealers') }} as not_ready_rate,
    claims.claimed_rate
from counts
cross join claims
