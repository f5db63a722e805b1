{#
  The instant (UTC) whose knowledge the run shows. A session variable, since a literal would make the
  models other ones with every run; orchestration/dbt_plugin.py sets it.
#}
{% macro as_of() -%}
  {{ adapter.dispatch('as_of', 'partner_warehouse')() }}
{%- endmacro %}
{% macro duckdb__as_of() -%} cast(getvariable('as_of') as timestamp) {%- endmacro %}
{% macro spark__as_of() -%} as_of {%- endmacro %}
