with weeks as (
    select * from {{ ref('int_governance__list_partner_weeks') }}
    where has_sales
)

, partners as (
    select distinct dealer_id, brand_code from weeks
)

-- The week itself, and the one that it is compared with.
, spans as (
    select dealer_id, brand_code, week_start, week_start as counted_week, false as is_before from weeks
    union all
    select dealer_id, brand_code, week_start, before_week_start, true from weeks
)

, beginning as (
    select least(min(before_week_start), min(quarter_start)) as first_day from weeks
)

, cancellations as (
    select dealer_id, vin, max(event_date) as last_cancelled_on
    from {{ ref('fct_vehicle_event') }}
    where
        event_type = 'CANCELLATION'
        and dealer_id in (select dealer_id from partners)
        and event_date >= (select first_day from beginning)
    group by dealer_id, vin
)

, orders as (
    select
        orders.dealer_id,
        orders.brand_code,
        {{ week_of('orders.event_date') }} as counted_week,
        count(*) as order_count
    from {{ ref('fct_vehicle_event') }} as orders
    inner join partners
        on orders.dealer_id = partners.dealer_id and orders.brand_code = partners.brand_code
    left join cancellations
        on orders.dealer_id = cancellations.dealer_id and orders.vin = cancellations.vin
    where
        orders.event_type = 'ORDER'
        and orders.event_date >= (select first_day from beginning)
        and (cancellations.last_cancelled_on is null or cancellations.last_cancelled_on < orders.event_date)
    group by orders.dealer_id, orders.brand_code, {{ week_of('orders.event_date') }}
)

, registration_days as (
    select
        registrations.dealer_id,
        registrations.brand_code,
        registrations.registration_date,
        count(*) as registration_count
    from {{ ref('fct_registration') }} as registrations
    inner join partners
        on registrations.dealer_id = partners.dealer_id and registrations.brand_code = partners.brand_code
    where
        registrations.is_counted
        and registrations.registration_date >= (select first_day from beginning)
    group by registrations.dealer_id, registrations.brand_code, registrations.registration_date
)

, counts as (
    select dealer_id, brand_code, 'ORDERS' as finding_code, counted_week, order_count as figure
    from orders
    union all
    select
        dealer_id,
        brand_code,
        'REGISTRATIONS',
        {{ week_of('registration_date') }},
        sum(registration_count)
    from registration_days
    group by dealer_id, brand_code, {{ week_of('registration_date') }}
)

, codes as (
    select 'ORDERS' as finding_code
    union all
    select 'REGISTRATIONS'
)

, compared as (
    select
        spans.dealer_id,
        spans.brand_code,
        spans.week_start,
        codes.finding_code,
        coalesce(sum(case when not spans.is_before then counts.figure end), 0) as figure,
        coalesce(sum(case when spans.is_before then counts.figure end), 0) as figure_before
    from spans
    cross join codes
    left join counts
        on
            spans.dealer_id = counts.dealer_id
            and spans.brand_code = counts.brand_code
            and codes.finding_code = counts.finding_code
            and spans.counted_week = counts.counted_week
    group by spans.dealer_id, spans.brand_code, spans.week_start, codes.finding_code
)

, targets as (
    select dealer_id, brand_code, quarter_start, sum(base_units) as target_units
    from {{ ref('int_targets__select_in_force') }}
    group by dealer_id, brand_code, quarter_start
)

-- Of a week that reaches into the next quarter only the days of its own count.
, attained as (
    select
        weeks.dealer_id,
        weeks.brand_code,
        weeks.week_start,
        targets.target_units,
        coalesce(sum(registration_days.registration_count), 0) as figure
    from weeks
    inner join targets
        on
            weeks.dealer_id = targets.dealer_id
            and weeks.brand_code = targets.brand_code
            and weeks.quarter_start = targets.quarter_start
    left join registration_days
        on
            weeks.dealer_id = registration_days.dealer_id
            and weeks.brand_code = registration_days.brand_code
            and registration_days.registration_date >= weeks.quarter_start
            and registration_days.registration_date < {{ months_later('weeks.quarter_start', 3) }}
            and registration_days.registration_date <= weeks.week_end
    group by weeks.dealer_id, weeks.brand_code, weeks.week_start, targets.target_units
)

select
    dealer_id,
    brand_code,
    week_start,
    finding_code,
    cast(null as {{ text_type() }}) as subject,
    cast(figure as decimal(18, 6)) as value,
    cast(figure_before as decimal(18, 6)) as comparison_value,
    'YEAR_BEFORE' as comparison
from compared
union all
select
    dealer_id,
    brand_code,
    week_start,
    'QUARTER_TARGET',
    null,
    cast(figure as decimal(18, 6)),
    cast(target_units as decimal(18, 6)),
    'TARGET'
from attained
where target_units is not null
