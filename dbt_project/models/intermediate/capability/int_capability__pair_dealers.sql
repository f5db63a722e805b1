{%- set digits = attainment_digits() -%}

with sums as (
    select
        dealer_id,
        dimension,
        month,
        sum(passed_rows) as passed_rows,
        sum(checked_rows) as checked_rows
    from {{ ref('int_capability__count_rows') }}
    group by dealer_id, dimension, month
)

, rates as (
    select
        dealer_id,
        dimension,
        month,
        {{ scaled_quotient('passed_rows', 'checked_rows', digits) }} as rate
    from sums
)

, firsts as (
    select
        course_code,
        quality_dimension,
        dealer_id,
        min(completed_month) as completed_month
    from {{ ref('int_capability__list_completions') }}
    group by course_code, quality_dimension, dealer_id
)

-- Three whole months after the course have to be over.
, trained as (
    select * from firsts where {{ months_later('completed_month', 3) }} < {{ month_of(today()) }}
)

, offsets as (
    select months_later, months_later > 0 as is_after
    from (values (-3), (-2), (-1), (1), (2), (3)) as months(months_later)
)

, windows as (
    select
        trained.course_code,
        trained.dealer_id,
        trained.quality_dimension,
        trained.completed_month,
        {{ months_later('trained.completed_month', 'offsets.months_later') }} as month,
        offsets.is_after
    from trained
    cross join offsets
)

, own_rates as (
    select windows.*, rates.rate
    from windows
    inner join rates
        on
            windows.dealer_id = rates.dealer_id
            and windows.quality_dimension = rates.dimension
            and windows.month = rates.month
)

, own_sides as (
    select
        course_code,
        dealer_id,
        sum(case when is_after then 0 else rate end) as before_sum,
        count(case when is_after then null else 1 end) as before_months,
        sum(case when is_after then rate else 0 end) as after_sum,
        count(case when is_after then 1 end) as after_months
    from own_rates
    group by course_code, dealer_id
)

, own_means as (
    select
        course_code,
        dealer_id,
        {{ scaled_quotient('before_sum', 'before_months', 0) }} as before_mean,
        {{ scaled_quotient('after_sum', 'after_months', 0) }} as after_mean
    from own_sides
    where
        before_months > 0
        and after_months > 0
)

, peers as (
    select distinct
        dealers.dealer_id,
        others.dealer_id as peer_dealer_id
    from {{ ref('dim_dealer') }} as dealers
    inner join {{ ref('dim_dealer') }} as others
        on
            dealers.brand_code = others.brand_code
            and dealers.peer_group = others.peer_group
    where dealers.dealer_id <> others.dealer_id
)

-- Seasons and releases of systems are the same for both: the other dealer counts in the very months in
-- which the trained one delivered, no more.
, pair_sides as (
    select
        own_rates.course_code,
        own_rates.dealer_id,
        own_rates.completed_month,
        peers.peer_dealer_id,
        sum(case when own_rates.is_after then 0 else rates.rate end) as before_sum,
        count(case when own_rates.is_after then null else 1 end) as before_months,
        sum(case when own_rates.is_after then rates.rate else 0 end) as after_sum,
        count(case when own_rates.is_after then 1 end) as after_months
    from own_rates
    inner join peers
        on own_rates.dealer_id = peers.dealer_id
    inner join rates
        on
            peers.peer_dealer_id = rates.dealer_id
            and own_rates.quality_dimension = rates.dimension
            and own_rates.month = rates.month
    left join firsts as peer_firsts
        on
            own_rates.course_code = peer_firsts.course_code
            and peers.peer_dealer_id = peer_firsts.dealer_id
    where
        peer_firsts.completed_month is null
        or peer_firsts.completed_month > {{ months_later('own_rates.completed_month', 3) }}
    group by
        own_rates.course_code,
        own_rates.dealer_id,
        own_rates.completed_month,
        peers.peer_dealer_id
)

select
    pair_sides.course_code,
    pair_sides.dealer_id,
    pair_sides.peer_dealer_id as untrained_dealer_id,
    pair_sides.completed_month,
    own_means.before_mean,
    own_means.after_mean,
    {{ scaled_quotient('pair_sides.before_sum', 'pair_sides.before_months', 0) }} as untrained_before_mean,
    {{ scaled_quotient('pair_sides.after_sum', 'pair_sides.after_months', 0) }} as untrained_after_mean
from pair_sides
inner join own_means
    on
        pair_sides.course_code = own_means.course_code
        and pair_sides.dealer_id = own_means.dealer_id
where
    pair_sides.before_months > 0
    and pair_sides.after_months > 0
