{#
  One row per key, out of several versions: the latest delivery wins, at equal delivery time the later
  load, then the file name. `rows` names a CTE. In an incremental run a version that is older than
  the one held is dropped. Withdrawn keys stay, marked `is_deleted`, so that a version that arrives
  late does not bring them back.
#}
{% macro latest_by_key(rows, key) -%}
  , latest as {{ streamed_cte() }} (
    {{ first_per_key(rows, key, ['_delivered_at desc', '_loaded_at desc', '_source_file desc']) }}
  )
  select latest.* from latest
  {%- if is_incremental_run() %}
  {{ anti_join() }} {{ this }} as held
    on {{ same_key('held', 'latest', key) }}
    and (held._delivered_at, held._loaded_at, held._source_file)
      >= (latest._delivered_at, latest._loaded_at, latest._source_file)
  {%- endif %}
{%- endmacro %}

{#
  The rows of a snapshot feed that hold: those of the latest file of each sender, a file without rows
  included. `feed_source` is the source, `lake_deliveries` the registry.
#}
{% macro latest_snapshots(feed_source, feed, lake_deliveries) -%}
  select feed_rows.* from {{ feed_source }} as feed_rows
  where feed_rows._batch_id in (
    select ranked.batch_id
    from (
      select batch_id, row_number() over (
          partition by sender order by delivered_at desc, loaded_at desc, source_file desc
        ) as recency
      from {{ lake_deliveries }}
      where feed = '{{ feed }}' and status = 'LOADED'
    ) as ranked
    where ranked.recency = 1
  )
{%- endmacro %}

{#
  The first row of each key in the given order. Keys that occur once, nearly all, pass by; only the
  others are sorted: at millions of rows a window over all of them takes twice as long and spills.
  Keys are counted by their hash; two that share one are merely sorted, too.
#}
{% macro first_per_key(rows, key, order) -%}
  {%- set qualified = [] -%}
  {%- for column in key -%}
    {%- do qualified.append(rows ~ '.' ~ column) -%}
  {%- endfor -%}
  {%- set columns = key | join(', ') -%}
    with repeated as {{ materialized_cte() }} (
      select {{ key_hash(key) }} as key_hash from {{ rows }} group by 1 having count(*) > 1
    )
    select {{ all_but('key_rank') }} from (
      select {{ rows }}.*, 1 as key_rank
      from {{ rows }}
      {{ anti_join() }} repeated on repeated.key_hash = {{ key_hash(qualified) }}
      union all
      select {{ rows }}.*, row_number() over (partition by {{ columns }} order by {{ order | join(', ') }}) as key_rank
      from {{ rows }}
      {{ semi_join() }} repeated on repeated.key_hash = {{ key_hash(qualified) }}
    ) as ranked
    where key_rank = 1
{%- endmacro %}

{% macro same_key(one, other, key) -%}
  {%- for column in key -%}
    {{ one }}.{{ column }} = {{ other }}.{{ column }}{{ ' and ' if not loop.last }}
  {%- endfor -%}
{%- endmacro %}
