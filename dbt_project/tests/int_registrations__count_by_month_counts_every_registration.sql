-- Month by month the counted registrations of all dealers are those of the fact.
{{ config(meta={'dagster': {'ref': {'name': 'int_registrations__count_by_month'}}}) }}

with counted as (
    select registration_month, sum(counted_registrations) as counted_registrations
    from {{ ref('int_registrations__count_by_month') }}
    group by registration_month
)

, registered as (
    select registration_month, count(*) as registrations
    from {{ ref('fct_registration') }}
    where is_counted
    group by registration_month
)

select
    registration_month,
    counted.counted_registrations,
    registered.registrations
from counted
full outer join registered using (registration_month)
where counted.counted_registrations is distinct from registered.registrations
