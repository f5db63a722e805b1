with counted as (
    select
        brand_code,
        count(*) filter (where not is_after) as cases_before,
        count(*) filter (where is_after) as cases_after
    from {{ ref('int_service__list_window_cases') }}
    group by brand_code
)

, ranked as (
    select
        *,
        row_number() over (partition by brand_code, is_after order by duration_us) as duration_rank,
        count(*) over (partition by brand_code, is_after) as timed_count
    from {{ ref('int_service__list_window_durations') }}
)

, measured as (
    select
        brand_code,
        is_after,
        count(*) as timed_count,
        sum({{ whole('duration_us') }}) as duration_us,
        sum({{ whole('duration_us') }} * ({{ quantile_weight('duration_rank', 'timed_count', 5) }})) as ten_medians_us
    from ranked
    group by brand_code, is_after
)

select
    go_lives.brand_code,
    go_lives.go_live_on,
    coalesce(counted.cases_before, 0) as cases_before,
    coalesce(counted.cases_after, 0) as cases_after,
    coalesce(earlier.timed_count, 0) as timed_before,
    coalesce(later.timed_count, 0) as timed_after,
    earlier.duration_us as duration_us_before,
    later.duration_us as duration_us_after,
    earlier.ten_medians_us as ten_medians_us_before,
    later.ten_medians_us as ten_medians_us_after
from {{ ref('stg_oem__routing_go_lives') }} as go_lives
left join counted
    on go_lives.brand_code = counted.brand_code
left join measured as earlier
    on
        go_lives.brand_code = earlier.brand_code
        and not earlier.is_after
left join measured as later
    on
        go_lives.brand_code = later.brand_code
        and later.is_after
where not go_lives.is_deleted
