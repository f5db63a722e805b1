{# The day in Germany as of which the run shows things. #}
{% macro today() -%}
  {{ berlin_date(as_of()) }}
{%- endmacro %}

{# Whether something holds on a day, the first and the last day included; without a last day it goes on. #}
{% macro holds_on(day, first_day, last_day) -%}
  ({{ first_day }} <= {{ day }} and ({{ last_day }} is null or {{ last_day }} >= {{ day }}))
{%- endmacro %}

{# -- ISO 8601 weeks: a week belongs to the year of its Thursday ------------------------------------ #}

{% macro iso_year(week_start) -%}
  cast(extract(year from {{ days_later(week_start, 3) }}) as bigint)
{%- endmacro %}

{% macro iso_week(week_start) -%}
  {{ whole_quotient('(cast(dayofyear(' ~ days_later(week_start, 3) ~ ') as bigint) + 6)', 7) }}
{%- endmacro %}

{# Monday of the week of the same number in the ISO year before; where that year has no week 53, of its last. #}
{% macro week_of_year_before(week_start) -%}
  {%- set first_week = week_of('make_date(cast(' ~ iso_year(week_start) ~ ' - 1 as int), 1, 4)') -%}
  {%- set year_starts = week_of('make_date(cast(' ~ iso_year(week_start) ~ ' as int), 1, 4)') -%}
  least(
    {{ days_later(first_week, '7 * (' ~ iso_week(week_start) ~ ' - 1)') }},
    {{ days_later(year_starts, -7) }}
  )
{%- endmacro %}

{# -- quantiles and intervals ------------------------------------------------------------------------- #}

{#
  What the value at `rank` (1 is the smallest) of `size` values counts in a quantile of so many
  millionths, in millionths of itself: the sum of value times weight is a million times the quantile,
  interpolated linearly. All are bigint.
#}
{% macro quantile_millionths(rank, size, quantile) -%}
  {%- set place = '(' ~ quantile ~ ' * (' ~ size ~ ' - 1))' -%}
  case {{ rank }} - 1 - {{ whole_quotient(place, 1000000) }}
    when 0 then 1000000 - {{ place }} % 1000000
    when 1 then {{ place }} % 1000000
    else 0
  end
{%- endmacro %}

{#
  An end of the Wilson 95 % interval of a share: -1 the lower, 1 the upper one. Null where `size` is 0
  or null. In floating point, since there is a root in it; six decimals are far from its errors.
#}
{% macro wilson_end(side, count, size) -%}
  {%- set n = 'cast(nullif(' ~ size ~ ', 0) as double)' -%}
  {%- set share = '(cast(' ~ count ~ ' as double) / ' ~ n ~ ')' -%}
  {%- set z = 'cast(1.959963984540054 as double)' -%}
  cast(
    (
      {{ share }} + {{ z }} * {{ z }} / (2 * {{ n }})
      + {{ side }} * {{ z }} * sqrt(
        {{ share }} * (1 - {{ share }}) / {{ n }} + {{ z }} * {{ z }} / (4 * {{ n }} * {{ n }})
      )
    ) / (1 + {{ z }} * {{ z }} / {{ n }})
    as decimal(18, 6)
  )
{%- endmacro %}

{#
  Twice the median of whole numbers of a group, a whole number: the median itself may be half of one.
  Both engines reckon `median` in floating point, which holds such numbers exactly.
#}
{% macro doubled_median(number) -%}
  cast(2 * median({{ number }}) as bigint)
{%- endmacro %}
