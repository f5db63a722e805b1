with events as (
    select
        event_id,
        person_hash,
        dealer_id,
        completed_on,
        {{ month_of('completed_on') }} as completed_month,
        passed
    from {{ ref('stg_oem__training_events') }}
    where not is_deleted
)

, staffed as (
    select events.*, staff.brand_code
    from events
    inner join {{ ref('stg_dealer__staff') }} as staff
        on
            events.person_hash = staff.person_hash
            and events.dealer_id = staff.dealer_id
)

-- Nothing says what the person does there: the training counts for all brands of the dealer.
, unstaffed as (
    select events.*, dealers.brand_code
    from events
    {{ anti_join() }} {{ ref('stg_dealer__staff') }} as staff
        on
            events.person_hash = staff.person_hash
            and events.dealer_id = staff.dealer_id
    inner join {{ ref('dim_dealer') }} as dealers
        on events.dealer_id = dealers.dealer_id
)

select * from staffed
union all
select * from unstaffed
