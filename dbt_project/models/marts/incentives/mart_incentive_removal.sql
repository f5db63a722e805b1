-- Of several events that take a unit away, the earliest stands for them.
with removed as (
    select * from {{ ref('int_incentives__qualify_units') }}
    where unit_status = 'REMOVED'
)

, taken_away as (
    select
        removed.*,
        ends.ended_by_event_id,
        ends.ended_by,
        ends.ended_on,
        row_number() over (
            partition by removed.program_id, removed.event_id
            order by ends.ended_on, ends.ended_by_event_id
        ) as ending
    from removed
    inner join {{ ref('int_incentives__list_periods') }} as periods
        on
            removed.program_id = periods.program_id
            and removed.period_start = periods.period_start
    inner join {{ ref('int_incentives__end_claims') }} as ends
        on removed.event_id = ends.event_id
    where {{ claim_is_removed('removed.event_date', 'ends', 'periods') }}
)

select
    taken_away.dealer_id,
    taken_away.brand_code,
    taken_away.program_id,
    taken_away.program_version,
    taken_away.period_start,
    taken_away.event_id,
    taken_away.vin,
    taken_away.event_date,
    taken_away.ended_by_event_id,
    taken_away.ended_by,
    taken_away.ended_on,
    events._batch_id as batch_id,
    events._source_file as source_file,
    events._source_row as source_row
from taken_away
left join {{ ref('fct_vehicle_event') }} as events
    on taken_away.ended_by_event_id = events.event_id
where taken_away.ending = 1
