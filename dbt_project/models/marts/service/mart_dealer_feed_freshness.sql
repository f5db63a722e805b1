with deliveries as (
    select
        deliveries.sender,
        deliveries.feed,
        deliveries.delivered_at,
        deliveries.source_file,
        deliveries.accepted_rows,
        row_number() over (
            partition by deliveries.sender, deliveries.feed
            order by deliveries.delivered_at desc, deliveries.loaded_at desc, deliveries.source_file desc
        ) as recency
    from {{ ref('stg_lake__deliveries') }} as deliveries
    where deliveries.status <> 'REJECTED'
)

select
    deliveries.sender as dealer_id,
    deliveries.feed,
    deliveries.delivered_at as last_delivered_at,
    deliveries.source_file as last_file,
    {{ hours_between('deliveries.delivered_at', as_of()) }} as hours_since,
    deliveries.accepted_rows
from deliveries
{{ semi_join() }} {{ ref('dim_dealer') }} as dealers
    on deliveries.sender = dealers.dealer_id
where deliveries.recency = 1
