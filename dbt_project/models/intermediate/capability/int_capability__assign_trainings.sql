-- What happens at dealers and brands without a contract is in no figure.
with known_events as (
    select events.*
    from {{ ref('stg_oem__training_events') }} as events
    {{ semi_join() }} {{ ref('dim_dealer') }} as dealers
        on events.dealer_id = dealers.dealer_id
    where not events.is_deleted
)

, events as (
    select
        event_id,
        person_hash,
        dealer_id,
        completed_on,
        {{ month_of('completed_on') }} as completed_month,
        passed
    from known_events
)

, known_staff as (
    select staff.*
    from {{ ref('stg_dealer__staff') }} as staff
    {{ semi_join() }} {{ ref('dim_dealer') }} as dealers
        on
            staff.dealer_id = dealers.dealer_id
            and staff.brand_code = dealers.brand_code
)

, staffed as (
    select events.*, staff.brand_code
    from events
    inner join known_staff as staff
        on
            events.person_hash = staff.person_hash
            and events.dealer_id = staff.dealer_id
)

-- Nothing says what the person does there: the training counts for all brands of the dealer.
, unstaffed as (
    select events.*, dealers.brand_code
    from events
    {{ anti_join() }} known_staff as staff
        on
            events.person_hash = staff.person_hash
            and events.dealer_id = staff.dealer_id
    inner join {{ ref('dim_dealer') }} as dealers
        on events.dealer_id = dealers.dealer_id
)

select * from staffed
union all
select * from unstaffed
