{# The same for spellings of a name that differ in capitals and blanks only, no-break ones included. #}
{% macro person_key(name) -%}
  nullif(replace(replace(lower({{ name }}), ' ', ''), chr(160), ''), '')
{%- endmacro %}
