{%- set feeds = ['vehicle_events', 'leads', 'surveys', 'cases', 'financials', 'stock'] -%}

-- A file of a dealer carries his own rows only, so rows about him in a file of another are of a hub.
with files as (
    {%- for feed in feeds %}
    select
        dealer_id,
        'dealer__{{ feed }}' as feed,
        _sender as sender,
        _delivered_at as delivered_at,
        _loaded_at as loaded_at,
        _source_file as source_file,
        count(*) as held_rows
    from {{ ref('stg_dealer__' ~ feed) }}
    where _sender <> dealer_id
    group by dealer_id, _sender, _delivered_at, _loaded_at, _source_file
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

, ranked as (
    select
        *,
        row_number() over (
            partition by dealer_id, feed
            order by delivered_at desc, loaded_at desc, source_file desc, sender desc
        ) as recency
    from files
)

select
    dealer_id,
    feed,
    sender,
    delivered_at,
    loaded_at,
    source_file,
    held_rows
from ranked
where recency = 1
