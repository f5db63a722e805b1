select
    windows.brand_code,
    windows.go_live_on,
    windows.cases_before,
    windows.cases_after,
    windows.timed_before as resolved_before,
    windows.timed_after as resolved_after,
    {{ exact_rate('windows.duration_us_before', '3600000000 * windows.timed_before') }} as mean_hours_before,
    {{ exact_rate('windows.duration_us_after', '3600000000 * windows.timed_after') }} as mean_hours_after,
    {{ exact_rate(
        'windows.duration_us_before * windows.timed_after - windows.duration_us_after * windows.timed_before',
        'windows.duration_us_before * windows.timed_after'
    ) }} as mean_reduction_rate,
    {{ exact_rate('windows.ten_medians_us_before', '36000000000') }} as median_hours_before,
    {{ exact_rate('windows.ten_medians_us_after', '36000000000') }} as median_hours_after,
    {{ exact_rate(
        'windows.ten_medians_us_before - windows.ten_medians_us_after', 'windows.ten_medians_us_before'
    ) }} as median_reduction_rate,
    intervals.ci_low,
    intervals.ci_high
from {{ ref('int_service__measure_windows') }} as windows
left join {{ ref('stg_computed__routing_intervals') }} as intervals
    on windows.brand_code = intervals.brand_code
