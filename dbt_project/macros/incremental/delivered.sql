{#
  The delivered rows that a staging model has to read: all of the feed, or in an incremental run only
  the files of loads that are newer than the newest row held, by an explicit list.
#}
{% macro delivered(feed_source) -%}
  {%- if not is_incremental_run() -%}
    {{ return(feed_source) }}
  {%- endif -%}
  {%- set batches = run_query(
        committed_batches(feed_source.identifier)
        ~ ' and accepted_rows > 0 and loaded_at > (' ~ newest_load(this) ~ ')'
        ~ ' group by batch_id order by max(delivered_at), batch_id'
      ).columns[0].values() -%}
  {%- set files = [] -%}
  {%- for batch in batches -%}
    {%- do files.append('lake/raw/' ~ feed_source.identifier ~ '/' ~ batch ~ '.parquet') -%}
  {%- endfor -%}
  ({{ duckdb__lake_rows(source_table('raw', feed_source.identifier), files) }})
{%- endmacro %}

{% macro newest_load(relation) -%}
  select coalesce(max(_loaded_at), timestamp '1970-01-01') from {{ relation }}
{%- endmacro %}
