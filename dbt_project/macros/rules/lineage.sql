{# The columns that lead from a row back to the delivered file. #}
{% macro lineage_columns() -%}
  _batch_id, _source_file, _source_row, _sender, _delivered_at, _loaded_at
{%- endmacro %}

{#
  The same for a fact built from `rows`. Its `_loaded_at` is the newest load the row takes into account,
  which is what an incremental run counts from.
#}
{% macro fact_lineage_columns(rows, alias=none) -%}
  {%- set prefix = alias ~ '.' if alias else '' -%}
  {%- for column in ['_batch_id', '_source_file', '_source_row', '_delivered_at'] -%}
    {{ prefix }}{{ column }},
    {% endfor -%}
  (select max(_loaded_at) from {{ rows }}) as _loaded_at
{%- endmacro %}
