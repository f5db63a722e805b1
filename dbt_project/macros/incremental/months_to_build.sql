{#
  What lies above the facts is built again only for the months in which something that it reads has
  changed. Of each input and month a model remembers a fingerprint, in `build.months_read`; a month
  whose fingerprint differs has changed. So it does not matter when and by whom an input was built,
  nor whether a run was cut short in between.
#}

{#
  What a model reads. A change of `columns` (all but lineage unless said) in a month makes that month
  plus each of `later` to be built again; without a month column a change touches all months.
#}
{% macro reads(relation, month, columns=none, later=[0]) %}
  {{ return({'relation': relation, 'month': month, 'columns': columns, 'later': later}) }}
{% endmacro %}

{# The months to build, as literals for `in_months`; none means all. #}
{% macro months_to_build(inputs) %}
  {{ return(adapter.dispatch('months_to_build', 'partner_warehouse')(inputs)) }}
{% endmacro %}

{% macro spark__months_to_build(inputs) %}
  {{ return(none) }}
{% endmacro %}

{% macro duckdb__months_to_build(inputs) %}
  {%- if not is_build_of_model() -%}
    {{ return(none) }}
  {%- endif -%}
  {%- set queries = [] -%}
  {%- for input in inputs -%}
    {%- do queries.append(fingerprints(input)) -%}
  {%- endfor -%}
  {%- do run_query('create or replace temp table ' ~ months_read_table() ~ ' as ' ~ queries | join(' union all ')) -%}
  {%- if not is_incremental_run() -%}
    {{ return(none) }}
  {%- endif -%}
  {%- set touched = touched_months([months_of_changed_inputs(inputs)]) -%}
  {%- set changed = run_query('select count(*) from (' ~ changed_inputs() ~ ') where month is null').columns[0].values()[0] -%}
  {{ return(none if changed else touched) }}
{% endmacro %}

{% macro input_name(input) -%}
  {{ input.relation.identifier }}{{ '.' ~ input.month if input.month }}
{%- endmacro %}

{% macro fingerprints(input) -%}
  select
    '{{ input_name(input) }}' as input,
    {{ 'cast(' ~ input.month ~ ' as date)' if input.month else 'cast(null as date)' }} as month,
    concat(count(*), ':', sum(hash(
      {{ input.columns | join(', ') if input.columns else "*columns(column_name -> not starts_with(column_name, '_'))" }}
    ))) as fingerprint
  from {{ input.relation }}
  {% if input.month -%}
  where {{ input.month }} is not null
  group by {{ input.month }}
  {%- endif %}
{%- endmacro %}

{% macro changed_inputs() -%}
  select coalesce(now.input, before.input) as input, coalesce(now.month, before.month) as month
  from {{ months_read_table() }} as now
  full join (select * from {{ months_read() }} where model = '{{ this.identifier }}') as before
    on now.input = before.input and now.month is not distinct from before.month
  where now.fingerprint is distinct from before.fingerprint
{%- endmacro %}

{#
  A change that touches all months touches those that are held; what is new is inserted anyway. The
  month before all others stands for it, since a table that was empty holds none.
#}
{% macro months_of_changed_inputs(inputs) -%}
  select cast(month + to_months(later) as date)
  from ({{ changed_inputs() }}) as changed
  inner join (
    values {% for input in inputs -%}
      {%- set outer_loop = loop -%}
      {%- for later in input.later -%}
        ('{{ input_name(input) }}', {{ later }}){{ ', ' if not (loop.last and outer_loop.last) }}
      {%- endfor -%}
    {%- endfor %}
  ) as windows(input, later) using (input)
  where month is not null
  union
  select held.{{ model.config.meta.month_column }} from {{ this }} as held
  where exists (select 1 from ({{ changed_inputs() }}) as changed where changed.month is null)
  union
  select date '0001-01-01' from ({{ changed_inputs() }}) as changed where changed.month is null
{%- endmacro %}

{# After the model is built, in the same transaction: what it has read. #}
{% macro remember_months_read() %}
  {%- if is_build_of_model() and 'months_to_build(' in model.raw_code -%}
    {{ adapter.dispatch('remember_months_read', 'partner_warehouse')() }}
  {%- endif -%}
{% endmacro %}

{% macro spark__remember_months_read() %}{% endmacro %}

{% macro duckdb__remember_months_read() %}
  delete from {{ months_read() }} where model = '{{ this.identifier }}';
  insert into {{ months_read() }}
  select '{{ this.identifier }}', input, month, fingerprint from {{ months_read_table() }}
{% endmacro %}

{% macro months_read() -%}
  {{ this.database }}.build.months_read
{%- endmacro %}

{% macro months_read_table() %}
  {{ return(this.identifier ~ '__months_read') }}
{% endmacro %}

{# False while parsing and in unit tests. #}
{% macro is_build_of_model() %}
  {{ return(execute and this is not none and model.resource_type == 'model' and flags.WHICH in ('run', 'build')) }}
{% endmacro %}
