{%- set touched = months_to_build([
    reads(ref('stg_lake__deliveries'), 'delivery_month', ['sender', 'status', 'delivered_rows', 'accepted_rows']),
    reads(ref('dim_dealer'), none, ['dealer_id', 'brand_code']),
]) -%}

with deliveries as (
    select
        sender as dealer_id,
        delivery_month as score_month,
        sum(delivered_rows) as delivered_count,
        sum(accepted_rows) as accepted_count
    from {{ ref('stg_lake__deliveries') }}
    where
        status <> 'REJECTED'
        and {{ in_months('delivery_month', touched) }}
    group by sender, delivery_month
)

-- A file names no brand: all brands of the dealer have the same figure.
select
    dealers.dealer_id,
    dealers.brand_code,
    deliveries.score_month,
    {{ kpi_figures(
        'DATA_QUALITY',
        'deliveries.accepted_count',
        per='deliveries.delivered_count',
        sample='deliveries.delivered_count'
    ) }}
from deliveries
inner join {{ ref('dim_dealer') }} as dealers
    on deliveries.dealer_id = dealers.dealer_id
