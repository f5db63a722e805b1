-- The three months that end with the newest in which dealers delivered anything.
with span as (
    select
        {{ months_later('max(month)', -2) }} as first_month,
        max(month) as last_month
    from {{ ref('int_capability__count_rows') }}
)

, sums as (
    select
        counts.dealer_id,
        counts.feed,
        counts.rule_code,
        counts.dimension,
        counts.target_rate,
        sum(counts.checked_rows) as checked_rows,
        sum(counts.passed_rows) as passed_rows
    from {{ ref('int_capability__count_rows') }} as counts
    inner join span
        on counts.month between span.first_month and span.last_month
    group by counts.dealer_id, counts.feed, counts.rule_code, counts.dimension, counts.target_rate
)

, weaknesses as (
    select
        dealer_id,
        dimension,
        count(*) as rule_count,
        cast(sum(checked_rows - passed_rows) as bigint) as affected_rows
    from sums
    where passed_rows * {{ whole(1000000) }} < checked_rows * {{ millionths('target_rate') }}
    group by dealer_id, dimension
)

, courses as (
    select course_code, course_name, topic, quality_dimension
    from {{ ref('stg_oem__courses') }}
    where
        not is_deleted
        and quality_dimension is not null
)

-- Over all brands of the dealer a person has one row.
, staff as (
    select staff.dealer_id, staff.person_hash
    from {{ ref('stg_dealer__staff') }} as staff
    {{ semi_join() }} {{ ref('dim_dealer') }} as known
        on
            staff.dealer_id = known.dealer_id
            and staff.brand_code = known.brand_code
    where {{ holds_on(today(), 'staff.employed_from', 'staff.employed_to') }}
)

, certified as (
    select distinct person_hash, course_code
    from {{ ref('int_capability__list_certificates') }}
    where {{ holds_on(today(), 'valid_from', 'valid_to') }}
)

, staff_counts as (
    select
        staff.dealer_id,
        courses.course_code,
        count(*) as active_staff,
        count(*) - count(certified.person_hash) as untrained_staff
    from staff
    cross join courses
    left join certified
        on
            staff.person_hash = certified.person_hash
            and courses.course_code = certified.course_code
    group by staff.dealer_id, courses.course_code
)

, dealers as (
    select distinct dealer_id
    from {{ ref('dim_dealer') }}
    where {{ holds_on(today(), 'opened_on', 'closed_on') }}
)

, needs as (
    select
        dealers.dealer_id,
        courses.course_code,
        courses.course_name,
        courses.topic,
        courses.quality_dimension,
        coalesce(weaknesses.rule_count, 0) as rules_below_target,
        coalesce(weaknesses.affected_rows, 0) as affected_rows,
        coalesce(staff_counts.active_staff, 0) as active_staff,
        coalesce(staff_counts.untrained_staff, 0) as untrained_staff
    from dealers
    cross join courses
    left join weaknesses
        on
            dealers.dealer_id = weaknesses.dealer_id
            and courses.quality_dimension = weaknesses.dimension
    left join staff_counts
        on
            dealers.dealer_id = staff_counts.dealer_id
            and courses.course_code = staff_counts.course_code
)

select
    needs.dealer_id,
    needs.course_code,
    needs.course_name,
    needs.topic,
    needs.quality_dimension,
    span.first_month,
    span.last_month,
    needs.rules_below_target,
    needs.affected_rows,
    needs.active_staff,
    needs.untrained_staff,
    cast(row_number() over (
        partition by needs.dealer_id
        order by needs.affected_rows desc, needs.rules_below_target desc, needs.untrained_staff desc, needs.course_code
    ) as bigint) as priority
from needs
cross join span
where
    needs.rules_below_target > 0
    or needs.untrained_staff > 0
