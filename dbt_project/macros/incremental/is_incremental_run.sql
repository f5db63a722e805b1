{# Whether this model adds to a table that is there. False while parsing and in unit tests, which have no table. #}
{% macro is_incremental_run() %}
  {{ return(execute and this is not none and is_incremental()) }}
{% endmacro %}
