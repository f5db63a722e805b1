with trainings as (
    select * from {{ ref('int_capability__assign_trainings') }}
)

, spans as (
    select
        brand_code,
        min(completed_month) as first_month,
        {{ month_of(today()) }} as last_month
    from trainings
    group by brand_code
    having min(completed_month) <= {{ month_of(today()) }}
)

, months as (
    select brand_code, {{ each_month('first_month', 'last_month') }} as month from spans
)

, events as (
    select
        brand_code,
        completed_month as month,
        count(*) as event_count,
        count(case when passed then 1 end) as passed_count
    from trainings
    group by brand_code, completed_month
)

-- A person counts once a year, from the first course passed in it.
, firsts as (
    select
        brand_code,
        person_hash,
        min(completed_month) as month
    from trainings
    where passed
    group by brand_code, person_hash, extract(year from completed_month)
)

, persons as (
    select brand_code, month, count(*) as person_count
    from firsts
    group by brand_code, month
)

, staff as (
    select
        brand_code,
        month,
        sum(active_staff) as active_staff,
        sum(certified_staff) as certified_staff
    from {{ ref('int_capability__count_staff') }}
    group by brand_code, month
)

, claims as (
    select max(value) as persons_a_year
    from {{ ref('benchmark_claims') }}
    where claim_code = 'STAFF_TRAINED'
)

, figures as (
    select
        months.brand_code,
        months.month,
        cast(extract(month from months.month) as bigint) as month_number,
        coalesce(events.event_count, 0) as event_count,
        coalesce(events.passed_count, 0) as passed_count,
        coalesce(persons.person_count, 0) as person_count,
        cast(coalesce(staff.active_staff, 0) as bigint) as active_staff,
        cast(coalesce(staff.certified_staff, 0) as bigint) as certified_staff
    from months
    left join events
        on months.brand_code = events.brand_code and months.month = events.month
    left join persons
        on months.brand_code = persons.brand_code and months.month = persons.month
    left join staff
        on months.brand_code = staff.brand_code and months.month = staff.month
)

, cumulated as (
    select
        *,
        sum(person_count) over year_to_date as persons_ytd,
        sum(passed_count) over year_to_date as passed_ytd,
        sum(event_count) over year_to_date as events_ytd
    from figures
    window year_to_date as (
        partition by brand_code, extract(year from month) order by month
        rows between unbounded preceding and current row
    )
)

select
    cumulated.brand_code,
    cumulated.month,
    cast(cumulated.persons_ytd as bigint) as persons_trained_ytd,
    cast(cumulated.passed_ytd as bigint) as seats_ytd,
    cast({{ scaled_quotient(
        millionths('claims.persons_a_year') ~ ' * cumulated.month_number', '12000000', 0
    ) }} as bigint) as plan_ytd,
    cumulated.active_staff,
    cumulated.certified_staff,
    {{ exact_rate('cumulated.certified_staff', 'cumulated.active_staff') }} as certificate_coverage,
    cumulated.event_count as training_events,
    cumulated.passed_count as passed_events,
    {{ exact_rate('cumulated.passed_count', 'cumulated.event_count') }} as pass_rate,
    {{ exact_rate('cumulated.passed_ytd', 'cumulated.events_ytd') }} as pass_rate_ytd
from cumulated
cross join claims
