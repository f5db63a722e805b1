with windows as (
    select
        brand_code,
        go_live_on,
        {{ months_later('go_live_on', -6) }} as before_from,
        {{ months_later('go_live_on', 6) }} as after_until
    from {{ ref('stg_oem__routing_go_lives') }}
    where not is_deleted
)

, cases as (
    select
        windows.*,
        {{ berlin_date('cases.opened_at') }} as opened_on,
        case
            when {{ is_resolved('cases.resolved_at') }} and cases.resolved_at >= cases.opened_at
                then {{ microseconds_between('cases.opened_at', 'cases.resolved_at') }}
        end as duration_us
    from {{ ref('fct_case') }} as cases
    inner join windows
        on
            cases.brand_code = windows.brand_code
            and cases.opened_month >= {{ month_of('windows.before_from') }}
            and cases.opened_month < windows.after_until
)

select
    brand_code,
    opened_on >= go_live_on as is_after,
    duration_us
from cases
where
    opened_on >= before_from
    and opened_on < after_until
