-- Over the network a person counts once, and a seat, however many brands it counts for.
with trainings as (
    select distinct
        event_id,
        person_hash,
        completed_month,
        passed
    from {{ ref('int_capability__assign_trainings') }}
)

, span as (
    select min(completed_month) as first_month, {{ month_of(today()) }} as last_month
    from trainings
    having min(completed_month) <= {{ month_of(today()) }}
)

, months as (
    select {{ each_month('first_month', 'last_month') }} as month from span
)

, seats as (
    select completed_month as month, count(*) as seat_count
    from trainings
    where passed
    group by completed_month
)

-- From the first course that the person passed in the year.
, firsts as (
    select person_hash, min(completed_month) as month
    from trainings
    where passed
    group by person_hash, extract(year from completed_month)
)

, persons as (
    select month, count(*) as person_count
    from firsts
    group by month
)

, claims as (
    select max(value) as persons_a_year
    from {{ ref('benchmark_claims') }}
    where claim_code = 'STAFF_TRAINED'
)

, cumulated as (
    select
        months.month,
        cast(extract(month from months.month) as bigint) as month_number,
        sum(coalesce(persons.person_count, 0)) over year_to_date as persons_ytd,
        sum(coalesce(seats.seat_count, 0)) over year_to_date as seats_ytd
    from months
    left join persons
        on months.month = persons.month
    left join seats
        on months.month = seats.month
    window year_to_date as (
        partition by extract(year from months.month) order by months.month
        rows between unbounded preceding and current row
    )
)

select
    cumulated.month,
    cast(cumulated.persons_ytd as bigint) as persons_trained_ytd,
    cast(cumulated.seats_ytd as bigint) as seats_ytd,
    cast({{ scaled_quotient(
        millionths('claims.persons_a_year') ~ ' * cumulated.month_number', '12000000', 0
    ) }} as bigint) as plan_ytd
from cumulated
cross join claims
