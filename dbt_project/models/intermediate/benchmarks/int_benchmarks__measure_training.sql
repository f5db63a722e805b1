{%- set is_in_year = 'completed_on >= ' ~ months_later(month_of(today()), -12) ~ ' and completed_on < ' ~ month_of(today()) -%}

-- Persons, not seats, of the twelve months that are over; over all brands and dealers a person counts once.
with known_events as (
    select events.*
    from {{ ref('stg_oem__training_events') }} as events
    {{ semi_join() }} {{ ref('dim_dealer') }} as dealers
        on events.dealer_id = dealers.dealer_id
    where not events.is_deleted
)

, figures as (
    select
        count(*) as known_count,
        count(case when {{ is_in_year }} and passed then 1 end) as sample_count,
        count(distinct case when {{ is_in_year }} and passed then person_hash end) as person_count
    from known_events
)

-- Without any training event nothing is known of trainings, which is not the same as none.
select
    'STAFF_TRAINED' as claim_code,
    case when known_count > 0 then {{ exact_rate('person_count', '1') }} end as measured_value,
    sample_count,
    case when known_count > 0 then {{ days_later(month_of(today()), -1) }} end as measured_as_of
from figures
