-- Over the brands with resolved cases both before and after they went live.
with windows as (
    select
        *,
        {{ days_later(months_later('go_live_on', 6), -1) }} as last_day
    from {{ ref('int_service__measure_windows') }}
    where
        timed_before > 0
        and timed_after > 0
)

, sums as (
    select
        cast(coalesce(sum(timed_before), 0) as bigint) as timed_before,
        cast(coalesce(sum(timed_after), 0) as bigint) as timed_after,
        sum(duration_us_before) as duration_us_before,
        sum(duration_us_after) as duration_us_after,
        least(max(last_day), {{ berlin_date(as_of()) }}) as measured_as_of,
        count(*) as brand_count
    from windows
)

select
    'CASE_HANDLING_REDUCTION' as claim_code,
    {{ exact_rate(
        'duration_us_before * timed_after - duration_us_after * timed_before', 'duration_us_before * timed_after'
    ) }} as measured_value,
    timed_before + timed_after as sample_count,
    case when brand_count > 0 then measured_as_of end as measured_as_of
from sums
