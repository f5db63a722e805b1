-- From the first month that any fact or training speaks of to today's.
with beginnings as (
    select min(month) as first_month from {{ ref('int_calendar__list_months') }}
    union all
    select {{ month_of('min(completed_on)') }} from {{ ref('stg_oem__training_events') }} where not is_deleted
)

, span as (
    select min(first_month) as first_month, {{ month_of(today()) }} as last_month from beginnings
)

, months as (
    select {{ each_month('first_month', 'last_month') }} as month
    from span
    where first_month <= last_month
)

select month, last_day(month) as month_end from months
