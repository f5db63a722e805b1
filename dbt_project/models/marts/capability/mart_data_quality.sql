with counts as (
    select counts.*
    from {{ ref('int_capability__count_rows') }} as counts
    {{ semi_join() }} {{ ref('dim_dealer') }} as dealers
        on counts.dealer_id = dealers.dealer_id
)

-- The last course of each month, and until when it is the last one.
, ranked as (
    select
        dealer_id,
        quality_dimension,
        completed_month,
        completed_on,
        course_code,
        row_number() over (
            partition by dealer_id, quality_dimension, completed_month order by completed_on desc, course_code desc
        ) as recency
    from {{ ref('int_capability__list_completions') }}
)

, courses as (
    select
        dealer_id,
        quality_dimension,
        completed_month,
        completed_on,
        course_code,
        lead(completed_month) over (partition by dealer_id, quality_dimension order by completed_month) as next_month
    from ranked
    where recency = 1
)

, months_before as (
    select months_later from (values (1), (2), (3)) as months(months_later)
)

, shifted as (
    select
        counts.dealer_id,
        counts.feed,
        counts.rule_code,
        counts.dimension,
        {{ months_later('counts.month', 'months_before.months_later') }} as completed_month,
        counts.checked_rows,
        counts.passed_rows
    from counts
    cross join months_before
)

, baselines as (
    select
        shifted.dealer_id,
        shifted.feed,
        shifted.rule_code,
        shifted.completed_month,
        sum(shifted.checked_rows) as checked_rows,
        sum(shifted.passed_rows) as passed_rows
    from shifted
    {{ semi_join() }} courses
        on
            shifted.dealer_id = courses.dealer_id
            and shifted.dimension = courses.quality_dimension
            and shifted.completed_month = courses.completed_month
    group by shifted.dealer_id, shifted.feed, shifted.rule_code, shifted.completed_month
)

, rated as (
    select
        counts.*,
        {{ exact_rate('counts.passed_rows', 'counts.checked_rows') }} as pass_rate,
        courses.course_code as last_course_code,
        courses.completed_on as last_course_on,
        {{ exact_rate('baselines.passed_rows', 'baselines.checked_rows') }} as baseline_rate
    from counts
    left join courses
        on
            counts.dealer_id = courses.dealer_id
            and counts.dimension = courses.quality_dimension
            and counts.month >= courses.completed_month
            and (courses.next_month is null or counts.month < courses.next_month)
    left join baselines
        on
            counts.dealer_id = baselines.dealer_id
            and counts.feed = baselines.feed
            and counts.rule_code = baselines.rule_code
            and courses.completed_month = baselines.completed_month
)

select
    dealer_id,
    feed,
    rule_code,
    month,
    dimension,
    severity,
    checked_rows,
    passed_rows,
    pass_rate,
    target_rate,
    passed_rows * {{ whole(1000000) }} < checked_rows * {{ millionths('target_rate') }} as is_below_target,
    course_topic,
    last_course_code,
    last_course_on,
    baseline_rate,
    cast(pass_rate - baseline_rate as decimal(18, 6)) as change_since_course
from rated
