{# The column lies between two bounds, both included; null passes. #}
{% test between(model, column_name, minimum=none, maximum=none) %}
  select * from {{ model }}
  where
    false
    {% if minimum is not none %} or {{ column_name }} < {{ minimum }}{% endif %}
    {% if maximum is not none %} or {{ column_name }} > {{ maximum }}{% endif %}
{% endtest %}

{# An expression over the row holds; one that is null passes. #}
{% test row_rule(model, rule) %}
  select * from {{ model }} where not ({{ rule }})
{% endtest %}

{# As many rows as the other relation has, where `condition` holds there. #}
{% test as_many_rows_as(model, other, condition='true') %}
  select model_count, other_count
  from (select count(*) as model_count from {{ model }}) as one
  cross join (select count(*) as other_count from {{ other }} where {{ condition }}) as two
  where model_count <> other_count
{% endtest %}
