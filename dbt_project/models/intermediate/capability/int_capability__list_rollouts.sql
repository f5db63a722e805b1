-- An introduction cannot end before it began: one that says so tells nothing of how long it took.
with known_rollouts as (
    select rollouts.*
    from {{ ref('stg_oem__system_rollouts') }} as rollouts
    {{ semi_join() }} {{ ref('dim_dealer') }} as dealers
        on
            rollouts.dealer_id = dealers.dealer_id
            and rollouts.brand_code = dealers.brand_code
    where not rollouts.is_deleted
)

, rollouts as (
    select
        rollout_id,
        dealer_id,
        brand_code,
        system_code,
        started_on,
        case when live_on <= {{ today() }} then live_on end as live_on,
        case when abandoned_on <= {{ today() }} then abandoned_on end as abandoned_on
    from known_rollouts
    where started_on <= {{ today() }}
)

, ends as (
    select
        *,
        live_on is not null as is_live,
        coalesce(live_on, abandoned_on, {{ today() }}) as ended_on
    from rollouts
)

, first_trainings as (
    select dealer_id, min(completed_on) as trained_on
    from {{ ref('stg_oem__training_events') }}
    where
        passed
        and not is_deleted
    group by dealer_id
)

select
    ends.rollout_id,
    ends.dealer_id,
    ends.brand_code,
    ends.system_code,
    ends.started_on,
    ends.ended_on,
    ends.is_live,
    {{ days_between('ends.started_on', 'ends.ended_on') }} as duration_days,
    coalesce(first_trainings.trained_on <= ends.started_on, false) as is_trained
from ends
left join first_trainings
    on ends.dealer_id = first_trainings.dealer_id
where ends.ended_on >= ends.started_on
