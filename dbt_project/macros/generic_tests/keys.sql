{# The columns are a key: no two rows share them, and none of them is null. #}
{% test unique_combination(model, columns) %}
  select {{ columns | join(', ') }}, count(*) as row_count
  from {{ model }}
  group by {{ columns | join(', ') }}
  having count(*) > 1 {% for column in columns %} or {{ column }} is null{% endfor %}
{% endtest %}

{#
  Every combination of the columns stands in the other relation under the names `to_columns` (the same
  unless said). Rows with a null among them are passed over. Gives the unknown combinations, with how
  many rows have them.
#}
{% test known_reference(model, columns, to, to_columns=none) %}
  select {{ columns | join(', ') }}, count(*) as row_count
  from (
    select referring.* from {{ model }} as referring
    {{ anti_join() }} {{ to }} as referred
      on {% for column in columns -%}
        referred.{{ (to_columns or columns)[loop.index0] }} = referring.{{ column }}{{ ' and ' if not loop.last }}
      {%- endfor %}
  ) as unknown
  where {% for column in columns %}{{ column }} is not null{{ ' and ' if not loop.last }}{% endfor %}
  group by {{ columns | join(', ') }}
{% endtest %}
