{%- set key = ['dealer_id', 'brand_code', 'case_type'] -%}

-- Each case adds one in the month it was opened, if by now, and takes it away in the month it was resolved.
with months_of_cases as (
    select
        {{ key | join(', ') }},
        opened_month,
        case when {{ is_resolved('resolved_at') }} then greatest(opened_month, resolved_month) end as closed_month,
        count(*) filter (where opened_at <= {{ as_of() }}) as case_count
    from {{ ref('fct_case') }}
    group by 1, 2, 3, 4, 5
)

, changes as (
    select {{ key | join(', ') }}, opened_month as month, case_count as change from months_of_cases
    union all
    select {{ key | join(', ') }}, closed_month, -case_count from months_of_cases where closed_month is not null
)

, net_changes as (
    select {{ key | join(', ') }}, month, sum(change) as change
    from changes
    group by {{ key | join(', ') }}, month
)

, backlogs as (
    select
        {{ key | join(', ') }},
        month,
        sum(change) over (partition by {{ key | join(', ') }} order by month) as backlog_count
    from net_changes
)

, measured as (
    select
        cycle_times.*,
        backlogs.backlog_count
    from {{ ref('int_service__measure_cycle_times') }} as cycle_times
    inner join backlogs
        on
            {{ same_key('cycle_times', 'backlogs', key) }}
            and cycle_times.opened_month = backlogs.month
)

select
    measured.brand_code,
    measured.dealer_id,
    measured.case_type,
    measured.opened_month,
    measured.opened_count,
    measured.resolved_count,
    measured.opened_count - measured.resolved_count as open_count,
    measured.timed_count,
    {{ exact_rate('measured.duration_us', '3600000000 * measured.timed_count') }} as mean_hours,
    {{ exact_rate('measured.ten_medians_us', '36000000000') }} as median_hours,
    {{ exact_rate('measured.ten_p90s_us', '36000000000') }} as p90_hours,
    {{ exact_rate('measured.reopened_count', 'measured.opened_count') }} as reopened_rate,
    cast(measured.backlog_count as bigint) as backlog_count
from measured
{{ semi_join() }} {{ ref('dim_dealer') }} as dealers
    on
        measured.dealer_id = dealers.dealer_id
        and measured.brand_code = dealers.brand_code
