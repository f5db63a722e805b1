with pulses as (
    select
        pulses.brand_code,
        pulses.wave_month,
        count(*) as answer_count,
        count(case when pulses.requirements_increased then 1 end) as increased_count
    from {{ ref('stg_dealer__pulse_surveys') }} as pulses
    {{ semi_join() }} {{ ref('dim_dealer') }} as dealers
        on pulses.dealer_id = dealers.dealer_id and pulses.brand_code = dealers.brand_code
    where not pulses.is_deleted
    group by pulses.brand_code, pulses.wave_month
)

, requirements as (
    select
        requirement_id,
        brand_code,
        applies_to,
        upper(applies_to) = 'ALL' as is_for_all,
        coalesce(effort_days, 0) as effort_days,
        coalesce(cost_eur, 0) as cost_eur,
        valid_from,
        valid_to
    from {{ ref('stg_oem__requirements') }}
    where not is_deleted
)

, beginnings as (
    select brand_code, {{ month_of('min(valid_from)') }} as first_month
    from requirements
    group by brand_code
    union all
    select brand_code, min(wave_month)
    from pulses
    group by brand_code
)

-- From the first requirement or the first wave on: in months before any requirement there are none.
, spans as (
    select
        brand_code,
        min(first_month) as first_month,
        {{ month_of(today()) }} as last_month
    from beginnings
    group by brand_code
    having min(first_month) <= {{ month_of(today()) }}
)

, brand_months as (
    select brand_code, {{ each_month('first_month', 'last_month') }} as month from spans
)

, months as (
    select brand_code, month, last_day(month) as month_end from brand_months
)

, open_dealers as (
    select
        months.brand_code,
        months.month,
        dealers.peer_group,
        count(*) as dealer_count
    from months
    inner join {{ ref('dim_dealer') }} as dealers
        on
            months.brand_code = dealers.brand_code
            and {{ holds_on('months.month_end', 'dealers.opened_on', 'dealers.closed_on') }}
    group by months.brand_code, months.month, dealers.peer_group
)

, dealer_counts as (
    select brand_code, month, sum(dealer_count) as dealer_count
    from open_dealers
    group by brand_code, month
)

, active as (
    select
        months.brand_code,
        months.month,
        requirements.requirement_id,
        requirements.effort_days,
        requirements.cost_eur,
        case
            when requirements.is_for_all then dealer_counts.dealer_count else open_dealers.dealer_count
        end as concerned_count
    from months
    inner join requirements
        on
            months.brand_code = requirements.brand_code
            and {{ holds_on('months.month_end', 'requirements.valid_from', 'requirements.valid_to') }}
    left join dealer_counts
        on months.brand_code = dealer_counts.brand_code and months.month = dealer_counts.month
    left join open_dealers
        on
            months.brand_code = open_dealers.brand_code
            and months.month = open_dealers.month
            and requirements.applies_to = open_dealers.peer_group
)

, sums as (
    select
        brand_code,
        month,
        count(*) as active_requirements,
        sum(effort_days) as effort_days,
        sum(cost_eur) as cost_eur,
        sum({{ cents('cost_eur') }} * coalesce(concerned_count, 0)) as network_cost
    from active
    group by brand_code, month
)

, pressure as (
    select
        months.brand_code,
        months.month,
        coalesce(sums.active_requirements, 0) as active_requirements,
        cast(coalesce(sums.effort_days, 0) as decimal(18, 2)) as effort_days,
        cast(coalesce(sums.cost_eur, 0) as decimal(18, 2)) as cost_eur,
        coalesce(sums.network_cost, 0) as network_cost,
        cast(coalesce(dealer_counts.dealer_count, 0) as bigint) as dealer_count
    from months
    left join sums
        on months.brand_code = sums.brand_code and months.month = sums.month
    left join dealer_counts
        on months.brand_code = dealer_counts.brand_code and months.month = dealer_counts.month
)

select
    shown.brand_code,
    shown.month,
    shown.active_requirements,
    shown.effort_days,
    shown.cost_eur,
    shown.dealer_count,
    {{ euros(scaled_quotient('shown.network_cost', 'shown.dealer_count', 0)) }} as cost_per_dealer_eur,
    {{ exact_rate('shown.active_requirements - earlier.active_requirements', 'earlier.active_requirements') }}
        as change_24m_rate,
    coalesce(pulses.answer_count, 0) as pulse_answers,
    coalesce(pulses.increased_count, 0) as pulse_increased,
    {{ exact_rate('pulses.increased_count', 'pulses.answer_count') }} as pulse_rate,
    {{ wilson_end(-1, 'pulses.increased_count', 'pulses.answer_count') }} as pulse_ci_low,
    {{ wilson_end(1, 'pulses.increased_count', 'pulses.answer_count') }} as pulse_ci_high
from pressure as shown
left join pressure as earlier
    on shown.brand_code = earlier.brand_code and earlier.month = {{ months_later('shown.month', -24) }}
left join pulses
    on shown.brand_code = pulses.brand_code and shown.month = pulses.wave_month
