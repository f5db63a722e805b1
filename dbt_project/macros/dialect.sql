{# What DuckDB and Spark write differently. A model never asks which of the two it runs on. #}

{# -- calendar -------------------------------------------------------------------------------- #}

{# The calendar day in Germany of an instant in UTC. #}
{% macro berlin_date(instant) -%}
  {{ adapter.dispatch('berlin_date', 'partner_warehouse')(instant) }}
{%- endmacro %}
{% macro duckdb__berlin_date(instant) -%}
  cast({{ instant }} at time zone 'UTC' at time zone 'Europe/Berlin' as date)
{%- endmacro %}
{% macro spark__berlin_date(instant) -%}
  cast(convert_timezone('UTC', 'Europe/Berlin', {{ instant }}) as date)
{%- endmacro %}

{# First day of the month of a date. #}
{% macro month_of(date) -%}
  cast(date_trunc('month', {{ date }}) as date)
{%- endmacro %}

{% macro berlin_month(instant) -%}
  {{ month_of(berlin_date(instant)) }}
{%- endmacro %}

{% macro months_later(date, months) -%}
  {{ adapter.dispatch('months_later', 'partner_warehouse')(date, months) }}
{%- endmacro %}
{% macro duckdb__months_later(date, months) -%}
  cast({{ date }} + to_months({{ months }}) as date)
{%- endmacro %}
{% macro spark__months_later(date, months) -%}
  add_months({{ date }}, {{ months }})
{%- endmacro %}

{# One row per month from the first to the last, both first days; used as a column expression. #}
{% macro each_month(first, last) -%}
  {{ adapter.dispatch('each_month', 'partner_warehouse')(first, last) }}
{%- endmacro %}
{% macro duckdb__each_month(first, last) -%}
  cast(unnest(generate_series(cast({{ first }} as timestamp), cast({{ last }} as timestamp), interval 1 month)) as date)
{%- endmacro %}
{% macro spark__each_month(first, last) -%}
  explode(sequence({{ first }}, {{ last }}, interval 1 month))
{%- endmacro %}

{% macro days_between(from_date, to_date) -%}
  {{ adapter.dispatch('days_between', 'partner_warehouse')(from_date, to_date) }}
{%- endmacro %}
{% macro duckdb__days_between(from_date, to_date) -%}
  date_diff('day', {{ from_date }}, {{ to_date }})
{%- endmacro %}
{% macro spark__days_between(from_date, to_date) -%}
  cast(datediff({{ to_date }}, {{ from_date }}) as bigint)
{%- endmacro %}

{% macro microseconds_between(from_instant, to_instant) -%}
  {{ adapter.dispatch('microseconds_between', 'partner_warehouse')(from_instant, to_instant) }}
{%- endmacro %}
{% macro duckdb__microseconds_between(from_instant, to_instant) -%}
  date_diff('microsecond', {{ from_instant }}, {{ to_instant }})
{%- endmacro %}
{% macro spark__microseconds_between(from_instant, to_instant) -%}
  timestampdiff(microsecond, {{ from_instant }}, {{ to_instant }})
{%- endmacro %}

{# Elapsed hours, six decimals. #}
{% macro hours_between(from_instant, to_instant) -%}
  {{ exact_rate(microseconds_between(from_instant, to_instant), '3600000000') }}
{%- endmacro %}

{# -- exact numbers ---------------------------------------------------------------------------- #}

{#
  The quotient of two whole numbers, rounded half up (away from zero) once to six decimals, as
  decimal(18,6); null where the divisor is 0, either is null, or the quotient is a trillion or more.
  Whole numbers only: pass amounts through `cents`. In DuckDB `/` is a floating point division whatever the types, so the rounding is
  done in whole numbers.
#}
{% macro exact_rate(numerator, denominator) -%}
  {{ adapter.dispatch('exact_rate', 'partner_warehouse')(numerator, denominator) }}
{%- endmacro %}
{% macro duckdb__exact_rate(numerator, denominator) -%}
  {%- set n = 'cast(' ~ numerator ~ ' as hugeint)' -%}
  {%- set d = 'nullif(cast(' ~ denominator ~ ' as hugeint), 0)' -%}
  try_cast(
    try_cast(
      sign({{ n }}) * sign({{ d }})
      * ((2000000 * abs({{ n }}) + abs({{ d }})) // (2 * abs({{ d }})))
      as decimal(24, 0)
    ) * cast(0.000001 as decimal(7, 6)) as decimal(18, 6)
  )
{%- endmacro %}
{% macro spark__exact_rate(numerator, denominator) -%}
  cast(
    round(
      cast({{ numerator }} as decimal(38, 0)) / nullif(cast({{ denominator }} as decimal(38, 0)), 0), 6
    ) as decimal(18, 6)
  )
{%- endmacro %}

{# An amount of money as whole cents. #}
{% macro cents(amount) -%}
  {{ whole('(' ~ amount ~ ') * 100') }}
{%- endmacro %}

{# A type for products and sums of whole numbers that a bigint cannot hold. #}
{% macro whole_number_type() -%}
  {{ adapter.dispatch('whole_number_type', 'partner_warehouse')() }}
{%- endmacro %}
{% macro duckdb__whole_number_type() -%} hugeint {%- endmacro %}
{% macro spark__whole_number_type() -%} decimal(38, 0) {%- endmacro %}

{% macro whole(number) -%}
  cast({{ number }} as {{ whole_number_type() }})
{%- endmacro %}

{# The whole quotient, rounded down; both positive. #}
{% macro whole_quotient(numerator, denominator) -%}
  {{ adapter.dispatch('whole_quotient', 'partner_warehouse')(numerator, denominator) }}
{%- endmacro %}
{% macro duckdb__whole_quotient(numerator, denominator) -%} ({{ numerator }} // {{ denominator }}) {%- endmacro %}
{% macro spark__whole_quotient(numerator, denominator) -%} ({{ numerator }} div {{ denominator }}) {%- endmacro %}

{# -- text -------------------------------------------------------------------------------------- #}

{% macro text_type() -%}
  {{ adapter.dispatch('text_type', 'partner_warehouse')() }}
{%- endmacro %}
{% macro duckdb__text_type() -%} varchar {%- endmacro %}
{% macro spark__text_type() -%} string {%- endmacro %}

{# The texts of a group, sorted, joined by blanks. #}
{% macro sorted_words(text) -%}
  {{ adapter.dispatch('sorted_words', 'partner_warehouse')(text) }}
{%- endmacro %}
{% macro duckdb__sorted_words(text) -%}
  string_agg({{ text }}, ' ' order by {{ text }})
{%- endmacro %}
{% macro spark__sorted_words(text) -%}
  array_join(array_sort(collect_list({{ text }})), ' ')
{%- endmacro %}

{# -- shape of queries -------------------------------------------------------------------------- #}

{% macro all_but(column) -%}
  {{ adapter.dispatch('all_but', 'partner_warehouse')(column) }}
{%- endmacro %}
{% macro duckdb__all_but(column) -%} * exclude ({{ column }}) {%- endmacro %}
{% macro spark__all_but(column) -%} * except ({{ column }}) {%- endmacro %}

{# A CTE over the lake is read again where it is used twice: holding wide rows costs more. #}
{% macro streamed_cte() -%}
  {{ adapter.dispatch('streamed_cte', 'partner_warehouse')() }}
{%- endmacro %}
{% macro duckdb__streamed_cte() -%} not materialized {%- endmacro %}
{% macro spark__streamed_cte() -%} {%- endmacro %}

{% macro materialized_cte() -%}
  {{ adapter.dispatch('materialized_cte', 'partner_warehouse')() }}
{%- endmacro %}
{% macro duckdb__materialized_cte() -%} materialized {%- endmacro %}
{% macro spark__materialized_cte() -%} {%- endmacro %}

{# Rows with, or without, a match on the other side. A correlated `exists` is far slower in DuckDB. #}
{% macro semi_join() -%} {{ adapter.dispatch('semi_join', 'partner_warehouse')() }} {%- endmacro %}
{% macro duckdb__semi_join() -%} semi join {%- endmacro %}
{% macro spark__semi_join() -%} left semi join {%- endmacro %}

{% macro anti_join() -%} {{ adapter.dispatch('anti_join', 'partner_warehouse')() }} {%- endmacro %}
{% macro duckdb__anti_join() -%} anti join {%- endmacro %}
{% macro spark__anti_join() -%} left anti join {%- endmacro %}
