{#- going live, or giving up, counts from the day on; a day to come is only planned -#}
with adoptions as (
    select
        dealer_id,
        brand_code,
        module_code,
        decided_on,
        live_on,
        abandoned_on,
        coalesce(live_on <= {{ today() }}, false) as is_live,
        coalesce(abandoned_on <= {{ today() }}, false) as is_abandoned,
        12 * (cast(extract(year from live_on) as bigint) - cast(extract(year from decided_on) as bigint))
        + cast(extract(month from live_on) as bigint) - cast(extract(month from decided_on) as bigint)
            as month_ends
    from {{ ref('stg_dealer__module_adoptions') }}
    where not is_deleted
)

-- What was given up later went live all the same; what was given up first, or that day, never did.
, judged as (
    select
        *,
        is_live and (not is_abandoned or live_on < abandoned_on) as went_live
    from adoptions
)

-- As many months as month ends lie between, and one more where the day itself is past.
select
    dealer_id,
    brand_code,
    module_code,
    decided_on,
    live_on,
    abandoned_on,
    case
        when went_live then greatest(
            month_ends
            + case when live_on > {{ months_later('decided_on', 'cast(month_ends as int)') }} then 1 else 0 end,
            0
        )
    end as months_to_live,
    case
        when went_live then live_on <= {{ months_later('decided_on', 6) }}
        when is_abandoned or {{ today() }} > {{ months_later('decided_on', 6) }} then false
    end as is_within_six_months,
    case
        when is_abandoned then 'ABANDONED'
        when is_live then 'LIVE'
        else 'RUNNING'
    end as status
from judged
