{#
  What builds remember of themselves, in schema `build` of the file that holds the model: a change of
  both is one transaction. `months_read`: see `months_to_build`. `versions`: a mart whose version is
  another than at the last publication has changed.
#}
{% macro make_build_books() %}
  {%- if execute -%}
    {%- do adapter.dispatch('make_build_books', 'partner_warehouse')() -%}
  {%- endif -%}
{% endmacro %}

{% macro spark__make_build_books() %}{% endmacro %}

{% macro duckdb__make_build_books() %}
  {%- set files = [target.database] -%}
  {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.database not in files -%}
    {%- do files.append(node.database) -%}
  {%- endfor -%}
  {%- for file in files -%}
    {%- do run_query(
          'create schema if not exists ' ~ file ~ '.build;'
          ~ 'create table if not exists ' ~ file ~ '.build.months_read'
          ~ ' (model varchar, input varchar, month date, fingerprint varchar);'
          ~ 'create table if not exists ' ~ file ~ '.build.versions (model varchar, version varchar)'
        ) -%}
  {%- endfor -%}
{% endmacro %}

{# After a mart is built, in the same transaction: that it has changed, unless no month was touched. #}
{% macro remember_version() %}
  {%- if is_build_of_model() -%}
    {{ adapter.dispatch('remember_version', 'partner_warehouse')() }}
  {%- endif -%}
{% endmacro %}

{% macro spark__remember_version() %}{% endmacro %}

{% macro duckdb__remember_version() %}
  {%- set touched = touched_months_table() -%}
  {%- set is_by_month = run_query(
        "select count(*) from duckdb_tables() where temporary and table_name = '" ~ touched ~ "'"
      ).columns[0].values()[0] -%}
  {%- if not is_by_month or run_query('select count(*) from ' ~ touched).columns[0].values()[0] -%}
    delete from {{ this.database }}.build.versions where model = '{{ this.identifier }}';
    insert into {{ this.database }}.build.versions values ('{{ this.identifier }}', '{{ invocation_id }}')
  {%- endif -%}
{% endmacro %}
