-- The newest month that is over.
with newest as (
    select max(month) as month
    from {{ ref('int_capability__measure_it') }}
    where month < {{ month_of(today()) }}
)

, figures as (
    select
        max(newest.month) as month,
        count(readiness.dealer_id) as sample_count,
        count(case when readiness.met_criteria < readiness.mandatory_criteria then 1 end) as not_ready_count
    from newest
    left join {{ ref('int_capability__measure_it') }} as readiness
        on newest.month = readiness.month
)

select
    'IT_NOT_READY' as claim_code,
    {{ exact_rate('not_ready_count', 'sample_count') }} as measured_value,
    sample_count,
    last_day(month) as measured_as_of
from figures
