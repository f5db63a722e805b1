{# A day after all others: how long something holds that is open. #}
{% macro open_end() -%} date '9999-12-31' {%- endmacro %}

{# Whether something has happened as of the run: what is dated later has not yet, nor has what has no date. #}
{% macro has_happened(instant) -%}
  ({{ instant }} is not null and {{ instant }} <= {{ as_of() }})
{%- endmacro %}

{# Whether a case is resolved as of the run: one that is dated later is still open. #}
{% macro is_resolved(resolved_at) -%}
  {{ has_happened(resolved_at) }}
{%- endmacro %}

{#
  Whether a case took longer than its service level allows: until it was resolved, or so far. As time
  goes on a case can only become one of these.
#}
{% macro is_over_service_level(opened_at, resolved_at, target_hours) -%}
  coalesce(
    {{ microseconds_between(opened_at, 'case when ' ~ is_resolved(resolved_at) ~ ' then ' ~ resolved_at ~ ' else ' ~ as_of() ~ ' end') }}
    > {{ target_hours }} * 3600000000,
    false
  )
{%- endmacro %}

{#
  What the value at `rank` (1 is the smallest) of `size` values counts in the quantile of so many tenths,
  in tenths of itself: the sum of value times weight is ten times the quantile, interpolated linearly.
#}
{% macro quantile_weight(rank, size, tenths) -%}
  {%- set place = tenths ~ ' * (' ~ size ~ ' - 1)' -%}
  case {{ rank }} - 1 - {{ whole_quotient('(' ~ place ~ ')', 10) }}
    when 0 then 10 - ({{ place }}) % 10
    when 1 then ({{ place }}) % 10
    else 0
  end
{%- endmacro %}
