{#
  HMAC-SHA-256 of a text, in hexadecimal; null stays null. The key is in no statement: its inner and
  outer pad are session variables that orchestration/dbt_plugin.py sets on every connection.
#}
{% macro pseudonym(text) -%}
  {{ adapter.dispatch('pseudonym', 'partner_warehouse')(text) }}
{%- endmacro %}
{% macro duckdb__pseudonym(text) -%}
  sha256(getvariable('pii_opad') || unhex(sha256(getvariable('pii_ipad') || encode({{ text }}))))
{%- endmacro %}
{% macro spark__pseudonym(text) -%}
  sha2(concat(pii_opad, unhex(sha2(concat(pii_ipad, encode({{ text }}, 'UTF-8')), 256))), 256)
{%- endmacro %}
