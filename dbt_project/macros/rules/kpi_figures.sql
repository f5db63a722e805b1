{#
  The figures that a measure gives of a KPI, all whole numbers of any size: the actual value is
  `actual` / `per`, and there is none where `per` is 0 or null; the observations behind it are
  `sample` / `sample_per`, and 0 is said where there are none.
#}
{% macro kpi_figures(kpi_code, actual, per, sample, sample_per='1') -%}
    '{{ kpi_code }}' as kpi_code,
    {{ whole(actual) }} as actual_numerator,
    {{ whole(per) }} as actual_denominator,
    {{ whole(sample) }} as sample_numerator,
    {{ whole(sample_per) }} as sample_denominator
{%- endmacro %}
