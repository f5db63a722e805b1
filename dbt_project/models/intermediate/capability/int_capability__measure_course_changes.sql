with sums as (
    select
        course_code,
        dealer_id,
        completed_month,
        before_mean,
        after_mean,
        count(*) as untrained_dealers,
        sum(untrained_before_mean) as untrained_before_sum,
        sum(untrained_after_mean) as untrained_after_sum
    from {{ ref('int_capability__pair_dealers') }}
    group by course_code, dealer_id, completed_month, before_mean, after_mean
)

, means as (
    select
        *,
        {{ scaled_quotient('untrained_before_sum', 'untrained_dealers', 0) }} as untrained_before_mean,
        {{ scaled_quotient('untrained_after_sum', 'untrained_dealers', 0) }} as untrained_after_mean
    from sums
)

, mended as (
    select
        course_code,
        dealer_id,
        completed_month,
        untrained_dealers,
        {{ mended('before_mean') }} as before_mean,
        {{ mended('after_mean') }} as after_mean,
        {{ mended('untrained_before_mean') }} as untrained_before_mean,
        {{ mended('untrained_after_mean') }} as untrained_after_mean,
        {{ mended('((after_mean - before_mean) - (untrained_after_mean - untrained_before_mean))') }} as net_change
    from means
)

select
    course_code,
    dealer_id,
    completed_month,
    {{ as_shown('before_mean', 15) }} as before_rate,
    {{ as_shown('after_mean', 15) }} as after_rate,
    untrained_dealers,
    {{ as_shown('untrained_before_mean', 15) }} as untrained_before_rate,
    {{ as_shown('untrained_after_mean', 15) }} as untrained_after_rate,
    {{ as_shown('net_change', 15) }} as net_change
from mended
