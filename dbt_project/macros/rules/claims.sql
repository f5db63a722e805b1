{#
  Whether the end of a claim (`ended_by`, `ended_on`) takes the unit out of a programme's period: a
  cancellation until its days of grace are over, and anything within the days that the unit has to be
  held. `end` and `period` are the names of such rows.
#}
{% macro claim_is_removed(claimed_on, end, period) -%}
  (
    ({{ end }}.ended_by = 'CANCELLATION' and {{ days_between(period ~ '.period_end', end ~ '.ended_on') }} <= {{ period }}.grace_days)
    or {{ days_between(claimed_on, end ~ '.ended_on') }} <= {{ period }}.hold_days
  )
{%- endmacro %}

{# A price below 0, or of 100 million euro and more, is no price of a vehicle: nothing is paid for it. #}
{% macro price_that_counts(price) -%}
  cast(case when {{ price }} between 0 and 99999999.99 then {{ price }} else 0 end as decimal(18, 2))
{%- endmacro %}
