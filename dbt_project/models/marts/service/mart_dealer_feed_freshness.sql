with deliveries as (
    select
        sender as dealer_id,
        feed,
        sender,
        delivered_at,
        loaded_at,
        source_file,
        accepted_rows
    from {{ ref('stg_lake__deliveries') }}
    where
        status <> 'REJECTED'
        and substr(feed, 1, 8) = 'dealer__'
    union all
    select
        dealer_id,
        feed,
        sender,
        delivered_at,
        loaded_at,
        source_file,
        held_rows as accepted_rows
    from {{ ref('int_service__list_hub_deliveries') }}
)

, ranked as (
    select
        *,
        row_number() over (
            partition by dealer_id, feed
            order by delivered_at desc, loaded_at desc, source_file desc, sender desc
        ) as recency
    from deliveries
)

select
    ranked.dealer_id,
    ranked.feed,
    ranked.delivered_at as last_delivered_at,
    ranked.source_file as last_file,
    ranked.sender as last_sender,
    {{ hours_between('ranked.delivered_at', as_of()) }} as hours_since,
    ranked.accepted_rows
from ranked
{{ semi_join() }} {{ ref('dim_dealer') }} as dealers
    on ranked.dealer_id = dealers.dealer_id
where ranked.recency = 1
