{%- set touched = months_to_build([
    reads(ref('fct_stock'), 'snapshot_month', ['dealer_id', 'brand_code', 'snapshot_date', 'stock_status']),
    reads(ref('int_registrations__count_by_month'), 'registration_month',
          ['dealer_id', 'brand_code', 'counted_registrations'], later=[0, 1, 2]),
]) -%}
{%- set score_month = months_later('counted.registration_month', 'windows.months_later') -%}

with windows as (
    select months_later from (values (0), (1), (2)) as months(months_later)
)

, registrations as (
    select
        counted.dealer_id,
        counted.brand_code,
        {{ score_month }} as score_month,
        sum(counted.counted_registrations) as registration_count
    from {{ ref('int_registrations__count_by_month') }} as counted
    cross join windows
    where {{ in_months(score_month, touched) }}
    group by counted.dealer_id, counted.brand_code, {{ score_month }}
)

, snapshots as (
    select
        dealer_id,
        snapshot_month,
        snapshot_date,
        brand_code,
        count(*) filter (where stock_status = 'IN_STOCK') as in_stock_units
    from {{ ref('fct_stock') }}
    where {{ in_months('snapshot_month', touched) }}
    group by dealer_id, snapshot_month, snapshot_date, brand_code
)

-- The last of the month over all brands: a brand that it does not name has nothing in stock.
, last_snapshots as (
    select dealer_id, snapshot_month, max(snapshot_date) as snapshot_date
    from snapshots
    group by dealer_id, snapshot_month
)

, stock_days as (
    select
        registrations.dealer_id,
        registrations.brand_code,
        registrations.score_month,
        registrations.registration_count,
        last_snapshots.snapshot_date is not null as has_snapshot,
        coalesce(snapshots.in_stock_units, 0) as in_stock_units,
        {{ days_between(
            months_later('registrations.score_month', -2), months_later('registrations.score_month', 1)
        ) }} as days_count
    from registrations
    left join last_snapshots
        on
            registrations.dealer_id = last_snapshots.dealer_id
            and registrations.score_month = last_snapshots.snapshot_month
    left join snapshots
        on
            last_snapshots.dealer_id = snapshots.dealer_id
            and last_snapshots.snapshot_date = snapshots.snapshot_date
            and registrations.brand_code = snapshots.brand_code
)

select
    dealer_id,
    brand_code,
    score_month,
    {{ kpi_figures(
        'STOCK_DAYS',
        'in_stock_units * days_count',
        per='case when has_snapshot then registration_count end',
        sample='registration_count'
    ) }}
from stock_days
