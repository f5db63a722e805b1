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

, occasions as (
    select distinct quality_dimension, completed_month from trained
)

, windows as (
    select
        occasions.quality_dimension,
        occasions.completed_month,
        {{ months_later('occasions.completed_month', 'offsets.months_later') }} as month,
        offsets.is_after
    from occasions
    cross join offsets
)

, sides as (
    select
        windows.quality_dimension,
        windows.completed_month,
        rates.dealer_id,
        sum(case when windows.is_after then 0 else rates.rate end) as before_sum,
        count(case when windows.is_after then null else 1 end) as before_months,
        sum(case when windows.is_after then rates.rate else 0 end) as after_sum,
        count(case when windows.is_after then 1 end) as after_months
    from windows
    inner join rates
        on
            windows.quality_dimension = rates.dimension
            and windows.month = rates.month
    group by windows.quality_dimension, windows.completed_month, rates.dealer_id
)

, means as (
    select
        quality_dimension,
        completed_month,
        dealer_id,
        {{ scaled_quotient('before_sum', 'before_months', 0) }} as before_mean,
        {{ scaled_quotient('after_sum', 'after_months', 0) }} as after_mean
    from sides
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

select
    trained.course_code,
    trained.dealer_id,
    peers.peer_dealer_id as untrained_dealer_id,
    trained.completed_month,
    own.before_mean,
    own.after_mean,
    others.before_mean as untrained_before_mean,
    others.after_mean as untrained_after_mean
from trained
inner join means as own
    on
        trained.quality_dimension = own.quality_dimension
        and trained.completed_month = own.completed_month
        and trained.dealer_id = own.dealer_id
inner join peers
    on trained.dealer_id = peers.dealer_id
inner join means as others
    on
        trained.quality_dimension = others.quality_dimension
        and trained.completed_month = others.completed_month
        and peers.peer_dealer_id = others.dealer_id
left join firsts as peer_firsts
    on
        trained.course_code = peer_firsts.course_code
        and peers.peer_dealer_id = peer_firsts.dealer_id
where
    peer_firsts.completed_month is null
    or peer_firsts.completed_month > {{ months_later('trained.completed_month', 3) }}
