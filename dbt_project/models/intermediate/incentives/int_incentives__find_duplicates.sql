with months as (
    select * from {{ ref('int_incentives__list_claim_months') }}
)

-- Which events claim units in any version of a programme: one kind of them, unless its measure changed.
, claim_types as (
    select distinct program_id, claim_type from months
)

, mixed_programs as (
    select program_id from claim_types group by program_id having count(*) > 1
)

, claims as {{ streamed_cte() }} (
    select
        event_id,
        vin,
        brand_code,
        event_type,
        event_date,
        event_month
    from {{ ref('stg_dealer__vehicle_events') }}
    where
        event_type in (select claim_type from months)
        and not is_deleted
)

-- VINs claimed more than once by events of a kind, nearly none, by their hash; two that share one are
-- merely ranked, too.
, repeated as {{ materialized_cte() }} (
    select {{ key_hash(['vin', 'event_type']) }} as key_hash
    from claims
    group by 1
    having count(*) > 1
)

-- Who is ranked for a programme: VINs that are claimed again; any VIN where two kinds of events claim.
, contested as (
    select months.program_id, claims.vin
    from claims
    {{ semi_join() }} repeated on {{ key_hash(['claims.vin', 'claims.event_type']) }} = repeated.key_hash
    inner join months
        on
            claims.brand_code = months.brand_code
            and claims.event_month = months.month
            and claims.event_type = months.claim_type
    union
    select months.program_id, claims.vin
    from claims
    inner join months
        on
            claims.brand_code = months.brand_code
            and claims.event_month = months.month
            and claims.event_type = months.claim_type
    inner join mixed_programs
        on months.program_id = mixed_programs.program_id
)

-- All claims of these VINs in the network take part: those of other brands, of unknown dealers and
-- outside the programme's periods, too.
, rivals as (
    select
        contested.program_id,
        claims.event_id,
        claims.vin,
        claims.event_type,
        claims.event_date,
        claims.event_month
    from contested
    inner join claims on contested.vin = claims.vin
    inner join claim_types
        on
            contested.program_id = claim_types.program_id
            and claims.event_type = claim_types.claim_type
)

-- Within a period what counts there; outside of all periods there are no days of grace to keep.
, judged as (
    select
        rivals.program_id,
        rivals.event_id,
        rivals.vin,
        rivals.event_date,
        max(
            case
                when months.program_id is null then case when ends.ended_by = 'CANCELLATION' then 1 else 0 end
                when months.claim_type <> rivals.event_type then 1
                when {{ claim_is_removed('rivals.event_date', 'ends', 'months') }} then 1
                else 0
            end
        ) as is_out
    from rivals
    left join months
        on
            rivals.program_id = months.program_id
            and rivals.event_month = months.month
    left join {{ ref('int_incentives__end_claims') }} as ends
        on rivals.event_id = ends.event_id
    group by rivals.program_id, rivals.event_id, rivals.vin, rivals.event_date
)

, ranked as (
    select
        program_id,
        event_id,
        row_number() over (partition by program_id, vin order by event_date, event_id) as claim_rank
    from judged
    where is_out = 0
)

select
    program_id,
    event_id,
    claim_rank
from ranked
where claim_rank > 1
