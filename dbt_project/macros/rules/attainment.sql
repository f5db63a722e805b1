{#
  Attainments, and what is summed up from them, are reckoned with as whole numbers of 10^-18: never in
  floating point, and rounded only where they are shown.
#}
{% macro attainment_digits() -%} {{ return(18) }} {%- endmacro %}

{# A rate of six decimals as an attainment. #}
{% macro as_attainment(rate) -%}
  ({{ millionths(rate) }} * {{ 10 ** (attainment_digits() - 6) }})
{%- endmacro %}

{#
  What attainments were summed up to, a whole number of 10^-`digits`, as one of 10^-15. Thirds were cut
  off somewhere: so three of them are a whole again, and half a millionth that thirds make up is rounded
  up as it should be.
#}
{% macro mended(number, digits=attainment_digits()) -%}
  {{ scaled_quotient(number, 10 ** (digits - 15), 0) }}
{%- endmacro %}

{# What is shown of a whole number of 10^-`digits`: decimal(18,6), rounded half up; it is below a trillion. #}
{% macro as_shown(number, digits=attainment_digits()) -%}
  cast(
    cast({{ scaled_quotient(number, 10 ** (digits - 6), 0) }} as decimal(24, 0)) * cast(0.000001 as decimal(7, 6))
    as decimal(18, 6)
  )
{%- endmacro %}

{# The number, or the limit of its sign where it lies beyond; null stays null. #}
{% macro within(number, limit) -%}
  case when {{ number }} > {{ limit }} then {{ limit }} when {{ number }} < -{{ limit }} then -{{ limit }} else {{ number }} end
{%- endmacro %}
