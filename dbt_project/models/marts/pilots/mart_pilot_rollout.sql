{#- who is to go live, or did, on a day to come has not yet -#}
with rollouts as (
    select
        rollouts.pilot_id,
        rollouts.dealer_id,
        pilots.brand_code,
        rollouts.planned_on,
        rollouts.live_on
    from {{ ref('stg_oem__pilot_rollouts') }} as rollouts
    inner join {{ ref('stg_oem__pilots') }} as pilots
        on rollouts.pilot_id = pilots.pilot_id
    where
        not rollouts.is_deleted
        and not pilots.is_deleted
)

, known_rollouts as (
    select
        rollouts.*,
        dealers.opened_on,
        dealers.closed_on
    from rollouts
    inner join {{ ref('dim_dealer') }} as dealers
        on rollouts.dealer_id = dealers.dealer_id and rollouts.brand_code = dealers.brand_code
)

, spans as (
    select
        pilot_id,
        brand_code,
        {{ month_of('least(min(planned_on), coalesce(min(live_on), min(planned_on)))') }} as first_month,
        {{ month_of(today()) }} as last_month
    from known_rollouts
    group by pilot_id, brand_code
)

, pilot_months as (
    select pilot_id, brand_code, {{ each_month('first_month', 'last_month') }} as month
    from spans
    where first_month <= last_month
)

, months as (
    select
        pilot_id,
        brand_code,
        month,
        last_day(month) as month_end,
        least(last_day(month), {{ today() }}) as known_until
    from pilot_months
)

, counted as (
    select
        months.pilot_id,
        months.brand_code,
        months.month,
        months.month_end,
        count(*) filter (where rollouts.planned_on <= months.month_end) as planned_dealers,
        count(*) filter (where rollouts.live_on <= months.known_until) as live_dealers,
        count(*) filter (
            where
                rollouts.live_on <= months.known_until
                and {{ holds_on('months.month_end', 'rollouts.opened_on', 'rollouts.closed_on') }}
        ) as open_live_dealers,
        count(*) filter (
            where
                rollouts.planned_on <= months.known_until
                and (rollouts.live_on is null or rollouts.live_on > months.known_until)
        ) as late_dealers
    from months
    inner join known_rollouts as rollouts
        on months.pilot_id = rollouts.pilot_id
    group by months.pilot_id, months.brand_code, months.month, months.month_end
)

, networks as (
    select
        counted.brand_code,
        counted.month,
        count(*) as dealer_count
    from (select distinct brand_code, month, month_end from counted) as counted
    inner join {{ ref('dim_dealer') }} as dealers
        on
            counted.brand_code = dealers.brand_code
            and {{ holds_on('counted.month_end', 'dealers.opened_on', 'dealers.closed_on') }}
    group by counted.brand_code, counted.month
)

select
    counted.pilot_id,
    counted.month,
    counted.brand_code,
    counted.planned_dealers,
    counted.live_dealers,
    counted.late_dealers,
    coalesce(networks.dealer_count, 0) as network_dealers,
    {{ exact_rate('counted.open_live_dealers', 'networks.dealer_count') }} as live_rate
from counted
left join networks
    on counted.brand_code = networks.brand_code and counted.month = networks.month
