with deliveries as (
    select * from {{ ref('stg_lake__deliveries') }}
)

, row_reasons as (
    select
        deliveries.feed,
        deliveries.sender,
        deliveries.delivery_month,
        quarantine.reason_code,
        count(*) as reason_count
    from {{ ref('stg_lake__quarantine') }} as quarantine
    inner join deliveries
        on
            quarantine.feed = deliveries.feed
            and quarantine.batch_id = deliveries.batch_id
            and quarantine.source_file = deliveries.source_file
            and deliveries.status = 'LOADED'
    group by deliveries.feed, deliveries.sender, deliveries.delivery_month, quarantine.reason_code
)

, file_reasons as (
    select feed, sender, delivery_month, reason_code, count(*) as reason_count
    from deliveries
    where status = 'REJECTED'
    group by feed, sender, delivery_month, reason_code
)

, counted_reasons as (
    select
        feed,
        sender,
        delivery_month,
        concat(reason_code, '=', cast(reason_count as {{ text_type() }})) as counted_reason
    from (select * from row_reasons union all select * from file_reasons) as every_reason
)

, reasons as (
    select feed, sender, delivery_month, {{ sorted_words('counted_reason') }} as reasons
    from counted_reasons
    group by feed, sender, delivery_month
)

, totals as (
    select
        feed,
        sender,
        delivery_month,
        count(*) as file_count,
        count(*) filter (where status = 'REJECTED') as rejected_file_count,
        cast(sum(delivered_rows) as bigint) as delivered_rows,
        cast(sum(accepted_rows) as bigint) as accepted_rows,
        cast(sum(quarantined_rows) as bigint) as quarantined_rows,
        min(delivered_at) as first_delivered_at,
        max(delivered_at) as last_delivered_at
    from deliveries
    group by feed, sender, delivery_month
)

select
    totals.feed,
    totals.sender,
    totals.delivery_month,
    totals.file_count,
    totals.rejected_file_count,
    totals.delivered_rows,
    totals.accepted_rows,
    totals.quarantined_rows,
    {{ exact_rate('totals.accepted_rows', 'totals.delivered_rows') }} as pass_rate,
    reasons.reasons,
    totals.first_delivered_at,
    totals.last_delivered_at
from totals
left join reasons
    on
        totals.feed = reasons.feed
        and totals.sender = reasons.sender
        and totals.delivery_month = reasons.delivery_month
