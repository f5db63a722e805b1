-- Feeds whose counted rows of known dealers are more or fewer than the mart shows.
{{ config(meta={'dagster': {'ref': {'name': 'mart_data_quality'}}}) }}

with counted as (
    select counts.feed, count(*) as row_count, sum(counts.checked_rows) as checked_rows
    from {{ ref('int_capability__count_rows') }} as counts
    {{ semi_join() }} {{ ref('dim_dealer') }} as dealers
        on counts.dealer_id = dealers.dealer_id
    group by counts.feed
)

, shown as (
    select feed, count(*) as row_count, sum(checked_rows) as checked_rows
    from {{ ref('mart_data_quality') }}
    group by feed
)

select
    counted.feed,
    counted.row_count,
    shown.row_count as shown_row_count
from counted
full join shown
    on counted.feed = shown.feed
where
    coalesce(counted.row_count, 0) <> coalesce(shown.row_count, 0)
    or coalesce(counted.checked_rows, 0) <> coalesce(shown.checked_rows, 0)
