{#- a payment further off than this is no date any more -#}
{%- set longest_days = 100000 -%}

with programs as (
    select * from {{ ref('int_incentives__judge_programs') }}
)

-- The grain is the same for all versions that are not refused; the lowest says it.
, spans as (
    select
        program_id,
        min_by(period_grain, program_version) as period_grain,
        -- "since ever" is no reason to list periods in which nothing can have happened
        greatest(min(valid_from), date '1990-01-01') as first_day
    from programs
    where refusal_reason is null
    group by program_id
)

, months as (
    select
        program_id,
        period_grain,
        {{ each_month(month_of('first_day'), berlin_month(as_of())) }} as month
    from spans
    where first_day <= {{ berlin_date(as_of()) }}
)

, periods as (
    select
        program_id,
        month as period_start,
        case period_grain
            when 'MONTH' then month
            when 'QUARTER' then {{ months_later('month', 2) }}
            else {{ months_later('month', 11) }}
        end as last_month
    from months
    where
        period_grain = 'MONTH'
        or (period_grain = 'QUARTER' and month = {{ quarter_of('month') }})
        or (period_grain = 'YEAR' and extract(month from month) = 1)
)

-- Once settled a period keeps its version, whatever is delivered later.
, candidates as (
    select
        programs.*,
        periods.period_start,
        periods.last_month,
        last_day(periods.last_month) as period_end,
        row_number() over (
            partition by programs.program_id, periods.period_start
            order by programs.program_version desc
        ) as recency
    from periods
    inner join programs
        on periods.program_id = programs.program_id
    left join {{ ref('stg_ledger__incentive_periods') }} as settled
        on
            periods.program_id = settled.program_id
            and periods.period_start = settled.period_start
    where
        programs.program_version = settled.program_version
        or (
            settled.program_version is null
            and programs.refusal_reason is null
            and programs.valid_from <= periods.period_start
            and (programs.valid_to is null or programs.valid_to >= periods.period_start)
            and (
                programs.announced_on <= periods.period_start
                or programs.consented_on <= last_day(periods.last_month)
            )
        )
)

select
    candidates.program_id,
    candidates.program_version,
    candidates.brand_code,
    candidates.period_start,
    candidates.period_end,
    closes.period_month is not null as is_closed,
    closes.period_month as closed_month,
    closes.closed_on,
    {{ days_later('closes.closed_on', 'least(candidates.payment_days, ' ~ longest_days ~ ')') }} as payment_due_on,
    candidates.period_grain,
    candidates.measure,
    candidates.measure_kpi_code,
    candidates.payout_basis,
    candidates.tier_mode,
    candidates.segment_code,
    candidates.powertrain_code,
    candidates.requires_strong_market,
    candidates.gate_kpi_code,
    candidates.gate_min_value,
    candidates.cap_eur,
    candidates.hold_days,
    candidates.grace_days,
    candidates.payment_days,
    candidates.credits_refinancing
from candidates
left join {{ ref('int_closes__list_closes') }} as closes
    on candidates.last_month = closes.period_month
where candidates.recency = 1
