-- Orders that were due by the end of a quarter and by then neither invoiced nor registered.
with events as {{ streamed_cte() }} (
    select
        dealer_id,
        brand_code,
        vin,
        event_type,
        event_date,
        model_code,
        promised_on
    from {{ ref('stg_dealer__vehicle_events') }}
    where not is_deleted
)

, sales as (
    select vin, min(event_date) as first_sold_on
    from events
    where event_type in ('INVOICE', 'REGISTRATION')
    group by vin
)

, cancellations as (
    select dealer_id, vin, max(event_date) as last_cancelled_on
    from events
    where event_type = 'CANCELLATION'
    group by dealer_id, vin
)

, orders as (
    select
        orders.dealer_id,
        orders.brand_code,
        orders.vin,
        orders.model_code,
        {{ quarter_of('greatest(orders.event_date, orders.promised_on)') }} as first_quarter,
        {{ quarter_of('sales.first_sold_on') }} as sold_quarter
    from events as orders
    left join sales on orders.vin = sales.vin
    left join cancellations
        on orders.dealer_id = cancellations.dealer_id and orders.vin = cancellations.vin
    where
        orders.event_type = 'ORDER'
        and orders.promised_on is not null
        and (cancellations.last_cancelled_on is null or cancellations.last_cancelled_on < orders.event_date)
)

, overdue as (
    select * from orders
    where sold_quarter is null or sold_quarter > first_quarter
)

, quarters as (
    select quarter_start from {{ ref('int_targets__select_in_force') }}
    union
    select {{ quarter_of('registration_month') }} from {{ ref('int_registrations__count_by_month') }}
)

select
    overdue.dealer_id,
    overdue.brand_code,
    quarters.quarter_start,
    models.segment_code,
    models.powertrain_code,
    count(distinct overdue.vin) as backlog_units
from overdue
inner join quarters
    on
        overdue.first_quarter <= quarters.quarter_start
        and (overdue.sold_quarter is null or overdue.sold_quarter > quarters.quarter_start)
inner join {{ ref('stg_oem__vehicle_models') }} as models
    on overdue.model_code = models.model_code
group by
    overdue.dealer_id,
    overdue.brand_code,
    quarters.quarter_start,
    models.segment_code,
    models.powertrain_code
