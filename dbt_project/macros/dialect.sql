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

{# First day of the quarter of a date. #}
{% macro quarter_of(date) -%}
  cast(date_trunc('quarter', {{ date }}) as date)
{%- endmacro %}

{# Monday of the week of a date. #}
{% macro week_of(date) -%}
  cast(date_trunc('week', {{ date }}) as date)
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

{% macro days_later(date, days) -%}
  {{ adapter.dispatch('days_later', 'partner_warehouse')(date, days) }}
{%- endmacro %}
{% macro duckdb__days_later(date, days) -%}
  ({{ date }} + cast({{ days }} as integer))
{%- endmacro %}
{% macro spark__days_later(date, days) -%}
  date_add({{ date }}, cast({{ days }} as int))
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

{# One row per week from the first to the last day, both of the same weekday; used as a column expression. #}
{% macro each_week(first, last) -%}
  {{ adapter.dispatch('each_week', 'partner_warehouse')(first, last) }}
{%- endmacro %}
{% macro duckdb__each_week(first, last) -%}
  cast(unnest(generate_series(cast({{ first }} as timestamp), cast({{ last }} as timestamp), interval 7 day)) as date)
{%- endmacro %}
{% macro spark__each_week(first, last) -%}
  explode(sequence({{ first }}, {{ last }}, interval 7 day))
{%- endmacro %}

{# One row per day from the first to the last; used as a column expression. #}
{% macro each_day(first, last) -%}
  {{ adapter.dispatch('each_day', 'partner_warehouse')(first, last) }}
{%- endmacro %}
{% macro duckdb__each_day(first, last) -%}
  cast(unnest(generate_series(cast({{ first }} as timestamp), cast({{ last }} as timestamp), interval 1 day)) as date)
{%- endmacro %}
{% macro spark__each_day(first, last) -%}
  explode(sequence({{ first }}, {{ last }}, interval 1 day))
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
      * {{ duckdb__wide_quotient('2000000 * abs(' ~ n ~ ') + abs(' ~ d ~ ')', '2 * abs(' ~ d ~ ')') }}
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

{#
  The quotient of two whole numbers in units of ten to the minus `digits`, a whole number again,
  rounded half away from zero: for fractions that are reckoned on with, up to 18 digits, and rounded
  once at the end. `digits` is a multiple of three. Null where the divisor is 0, either is null, the
  divisor has more than 34 digits, or the result more than 37. No aggregate should stand in it, since it
  would be reckoned many times.
#}
{% macro scaled_quotient(numerator, denominator, digits) -%}
  {%- set n, d = whole(numerator), whole(denominator) -%}
  {%- set dividend, divisor = 'abs(' ~ n ~ ')', 'nullif(abs(' ~ d ~ '), 0)' -%}
  {%- set limit = whole(4 * 10 ** (37 - digits)) -%}
  (
    case when ({{ n }} < 0) <> ({{ d }} < 0) then -1 else 1 end
    * case
      when {{ dividend }} < {{ limit }} and {{ divisor }} < {{ whole(10 ** 34) }}
        then {{ wide_quotient(2 * 10 ** digits ~ ' * ' ~ dividend ~ ' + ' ~ divisor, '2 * ' ~ divisor) }}
      when {{ divisor }} < {{ whole(10 ** 34) }} and {{ wide_quotient(dividend, divisor) }} < {{ limit }}
        then {{ long_division(dividend, divisor, digits) }}
    end
  )
{%- endmacro %}

{# The same of positive numbers, three digits at a time: with all digits at once a large dividend would not fit. #}
{% macro long_division(dividend, divisor, digits) -%}
  {%- set division = namespace(sum=wide_quotient(dividend, divisor) ~ ' * ' ~ 10 ** digits, rest=dividend ~ ' % ' ~ divisor) -%}
  {%- for left in range(digits - 3, -1, -3) -%}
    {%- set next = '((' ~ division.rest ~ ') * 1000)' -%}
    {%- set division.sum = division.sum ~ ' + ' ~ wide_quotient(next, divisor) ~ ' * ' ~ 10 ** left -%}
    {%- set division.rest = next ~ ' % ' ~ divisor -%}
  {%- endfor -%}
  {{ division.sum }} + case when 2 * ({{ division.rest }}) >= {{ divisor }} then 1 else 0 end
{%- endmacro %}

{# As `whole_quotient`, of numbers that a bigint may not hold. #}
{% macro wide_quotient(numerator, denominator) -%}
  {{ adapter.dispatch('wide_quotient', 'partner_warehouse')(numerator, denominator) }}
{%- endmacro %}
{#- In DuckDB a hugeint takes a hundred times as long to divide as a bigint. -#}
{% macro duckdb__wide_quotient(numerator, denominator) -%}
  case
    when {{ numerator }} < {{ 2 ** 63 }} and {{ denominator }} < {{ 2 ** 63 }}
      then cast({{ numerator }} as bigint) // cast({{ denominator }} as bigint)
    else ({{ numerator }}) // ({{ denominator }})
  end
{%- endmacro %}
{#-
  Spark's `div` gives a bigint, and its `/` six digits, rounded: only what divides evenly is exact. Six
  digits leave 32 for the quotient, so where the divisor is small, millions are divided first.
-#}
{% macro spark__wide_quotient(numerator, denominator) -%}
  {%- set n, d = '(' ~ numerator ~ ')', '(' ~ denominator ~ ')' -%}
  case
    when {{ d }} < 1000000
      then {{ spark_even_quotient(n, d ~ ' * 1000000') }} * 1000000
        + {{ spark_even_quotient('(' ~ n ~ ' % (' ~ d ~ ' * 1000000))', d) }}
    else {{ spark_even_quotient(n, d) }}
  end
{%- endmacro %}
{% macro spark_even_quotient(n, d) -%}
  cast(({{ n }} - {{ n }} % ({{ d }})) / ({{ d }}) as decimal(38, 0))
{%- endmacro %}

{# An amount of money as whole cents. #}
{% macro cents(amount) -%}
  {{ adapter.dispatch('whole_parts', 'partner_warehouse')(amount, 100) }}
{%- endmacro %}

{# Whole cents as an amount of money; null beyond sixteen digits of euro. #}
{% macro euros(number) -%}
  try_cast(
    try_cast({{ number }} as decimal(24, 0)) * cast(0.01 as decimal(3, 2)) as decimal(18, 2)
  )
{%- endmacro %}

{# A number of six decimals as whole millionths. #}
{% macro millionths(number) -%}
  {{ adapter.dispatch('whole_parts', 'partner_warehouse')(number, 1000000) }}
{%- endmacro %}

{#- The largest amount times 100 does not fit its type, and in a larger type it takes ten times as long. -#}
{% macro duckdb__whole_parts(number, parts) -%}
  ({{ whole('trunc(' ~ number ~ ')') }} * {{ parts }} + {{ whole('((' ~ number ~ ') - trunc(' ~ number ~ ')) * ' ~ parts) }})
{%- endmacro %}
{% macro spark__whole_parts(number, parts) -%}
  cast(cast({{ number }} as decimal(38, {{ (parts ~ '') | length - 1 }})) * {{ parts }} as decimal(38, 0))
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

{# The MD5 of a key's columns, joined by `|`, in hexadecimal; none of them may be null. #}
{% macro key_id(columns) -%}
  md5(concat_ws('|', {% for column in columns %}cast({{ column }} as {{ text_type() }}){{ ', ' if not loop.last }}{% endfor %}))
{%- endmacro %}

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

{# A number of 64 bits that stands for some columns; others may share it. #}
{% macro key_hash(columns) -%}
  {{ adapter.dispatch('key_hash', 'partner_warehouse')(columns) }}
{%- endmacro %}
{% macro duckdb__key_hash(columns) -%} hash({{ columns | join(', ') }}) {%- endmacro %}
{% macro spark__key_hash(columns) -%} xxhash64({{ columns | join(', ') }}) {%- endmacro %}
