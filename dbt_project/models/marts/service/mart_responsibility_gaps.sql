with responsibilities as (
    select
        brand_code,
        process_code,
        role,
        party,
        valid_from,
        coalesce(valid_to, {{ open_end() }}) as valid_to
    from {{ ref('stg_oem__responsibilities') }}
    where
        not is_deleted
        and valid_from <= coalesce(valid_to, {{ open_end() }})
)

, processes as (
    select brand_code, process_code, min(valid_from) as first_day, max(valid_to) as last_day
    from responsibilities
    group by brand_code, process_code
)

, accountable as (
    select * from responsibilities where role = 'ACCOUNTABLE'
)

-- Who is accountable changes where somebody begins to be or has ceased to.
, starts as (
    select brand_code, process_code, first_day as period_from from processes
    union
    select brand_code, process_code, valid_from from accountable
    union
    select accountable.brand_code, accountable.process_code, {{ days_later('accountable.valid_to', 1) }}
    from accountable
    inner join processes
        on
            accountable.brand_code = processes.brand_code
            and accountable.process_code = processes.process_code
            and accountable.valid_to < processes.last_day
)

, counted as (
    select
        starts.brand_code,
        starts.process_code,
        starts.period_from,
        count(distinct accountable.party) as accountable_count
    from starts
    left join accountable
        on
            starts.brand_code = accountable.brand_code
            and starts.process_code = accountable.process_code
            and starts.period_from >= accountable.valid_from
            and starts.period_from <= accountable.valid_to
    group by starts.brand_code, starts.process_code, starts.period_from
)

, compared as (
    select
        *,
        lag(accountable_count) over (partition by brand_code, process_code order by period_from) as count_before
    from counted
)

-- A range goes on while as many are accountable, whoever they are.
, ranges as (
    select
        compared.brand_code,
        compared.process_code,
        compared.accountable_count,
        compared.period_from as gap_from,
        {{ days_later('lead(compared.period_from) over (partition by compared.brand_code, compared.process_code order by compared.period_from)', -1) }}
            as gap_to,
        nullif(processes.last_day, {{ open_end() }}) as last_day
    from compared
    inner join processes
        on
            compared.brand_code = processes.brand_code
            and compared.process_code = processes.process_code
    where compared.count_before is null or compared.count_before <> compared.accountable_count
)

select
    brand_code,
    process_code,
    gap_from,
    coalesce(gap_to, last_day) as gap_to,
    accountable_count
from ranges
where accountable_count <> 1
