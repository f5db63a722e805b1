{#
  Facts are built again only for the months that new deliveries touch. `queries` each give one column of
  months: see `months_of_changed_rows`. Returns them as literals, so that scans leave whole months out;
  none means all months. They are also kept in a temporary table of this connection, from which the
  strategy below deletes.
#}
{% macro touched_months(queries) %}
  {%- if not is_incremental_run() -%}
    {{ return(none) }}
  {%- endif -%}
  {%- do run_query(
        'create or replace temp table ' ~ touched_months_table() ~ ' as '
        ~ 'select touched_month from (' ~ (queries + [month_to_rebuild()]) | join(' union ')
        ~ ') as touched(touched_month)'
        ~ ' where touched_month is not null'
      ) -%}
  {{ return(run_query('select touched_month from ' ~ touched_months_table() ~ ' order by 1').columns[0].values()) }}
{% endmacro %}

{# The month that somebody wants built again, see `run_dbt`; null otherwise. #}
{% macro month_to_rebuild() -%}
  select getvariable('rebuild_month')
{%- endmacro %}

{% macro touched_months_table() %}
  {{ return(this.identifier ~ '__touched_months') }}
{% endmacro %}

{#
  The months of the rows whose newest version was loaded after the fact was last built, and those in
  which the fact holds the same keys now: a correction may move or withdraw a row. `only` narrows the
  rows that the fact is made of; `held_month` is the fact's own name of the month.
#}
{% macro months_of_changed_rows(rows, month, key, held_month=none, only='true') -%}
  select {{ month }} from ({{ changed_rows(rows, key + [month, 'is_deleted'], only) }}) as changed
  where not is_deleted
  union
  select held.{{ held_month or month }} from {{ this }} as held
  {{ semi_join() }} ({{ changed_rows(rows, key) }}) as changed on {{ same_key('changed', 'held', key) }}
{%- endmacro %}

{% macro changed_rows(rows, columns, only='true') -%}
  select {{ columns | join(', ') }} from {{ rows }} where _loaded_at > {{ last_built() }} and {{ only }}
{%- endmacro %}

{# The newest load that this fact takes into account, as a literal. #}
{% macro last_built() -%}
  {%- if is_incremental_run() -%}
    timestamp '{{ run_query('select cast((' ~ newest_load(this) ~ ') as varchar)').columns[0].values()[0] }}'
  {%- else -%}
    timestamp '1970-01-01'
  {%- endif -%}
{%- endmacro %}

{% macro in_months(month, months) -%}
  {%- if months is none -%}
    true
  {%- elif not months -%}
    false
  {%- else -%}
    {{ month }} in ({% for value in months %}date '{{ value }}'{{ ', ' if not loop.last }}{% endfor %})
  {%- endif -%}
{%- endmacro %}

{# The incremental strategy of facts; `month_column` stands in the model's meta. #}
{% macro get_incremental_touched_months_sql(arguments) %}
  {%- set columns = get_quoted_csv(arguments.dest_columns | map(attribute='name')) -%}
  delete from {{ arguments.target_relation }}
  where {{ model.config.meta.month_column }} in (select touched_month from {{ touched_months_table() }});
  insert into {{ arguments.target_relation }} ({{ columns }})
  select {{ columns }} from {{ arguments.temp_relation }}
{% endmacro %}
