{#
  The lake as schemas `raw` (one view per feed) and `lake` (its own books), and what Python has
  written of money as `ledger` and `computed`, made anew before every run. Columns and types are those
  of the source YAML: a feed without deliveries is a typed empty view, a column that no file has yet is
  null. Only batches that a completed load has entered in `lake.deliveries` as LOADED are seen; files
  left behind by a killed run are not.
#}
{% macro make_lake_views() %}
  {%- if execute -%}
    {%- do adapter.dispatch('make_lake_views', 'partner_warehouse')() -%}
  {%- endif -%}
{% endmacro %}

{% macro lineage_types() %}
  {{ return({
    '_batch_id': 'varchar', '_source_file': 'varchar', '_source_row': 'bigint',
    '_sender': 'varchar', '_delivered_at': 'timestamp', '_loaded_at': 'timestamp',
  }) }}
{% endmacro %}

{# Name -> type of everything the lake stores of a source table. #}
{% macro stored_columns(table) %}
  {%- set columns = {} -%}
  {%- for column in table.columns.values() -%}
    {%- do columns.update({column.name: column.data_type}) -%}
  {%- endfor -%}
  {%- if table.schema == 'raw' -%}
    {%- if table.config.meta.mode == 'events' -%}
      {%- do columns.update({'is_deleted': 'boolean'}) -%}
    {%- endif -%}
    {%- do columns.update(lineage_types()) -%}
  {%- endif -%}
  {{ return(columns) }}
{% endmacro %}

{# Folder of each schema that Python writes, a folder per table in it, relative to the warehouse. #}
{% macro money_folders() %}
  {{ return({'ledger': 'lake/ledger', 'computed': 'computed'}) }}
{% endmacro %}

{% macro committed_batches(feed) -%}
  select batch_id from lake.deliveries where feed = '{{ feed }}' and status = 'LOADED'
{%- endmacro %}

{% macro source_table(schema, identifier) %}
  {%- for table in graph.sources.values()
        if table.schema == schema and table.identifier == identifier -%}
    {{ return(table) }}
  {%- endfor -%}
  {{ exceptions.raise_compiler_error('No source table ' ~ schema ~ '.' ~ identifier) }}
{% endmacro %}

{# -- DuckDB ---------------------------------------------------------------------------------- #}

{% macro duckdb__make_lake_views() %}
  {%- do run_query('create schema if not exists raw; create schema if not exists lake') -%}
  {%- set filled = run_query(
        "select distinct 'raw.' || string_split(file, '/')[-2] from glob('lake/raw/*/*.parquet')"
        " union all select distinct 'lake.quarantine' from glob('lake/quarantine/*/*.parquet')"
        " union all select distinct 'lake.' || string_split(file, '/')[-2] from ("
        "   from glob('lake/deliveries/*.parquet') union all from glob('lake/rejected/*.parquet'))"
      ).columns[0].values() -%}
  {%- set globs = {
        'deliveries': 'lake/deliveries/*.parquet',
        'quarantine': 'lake/quarantine/*/*.parquet',
        'rejected': 'lake/rejected/*.parquet',
      } -%}
  {#- deliveries first: the others ask it which batches count -#}
  {%- for table in graph.sources.values() | sort(attribute='identifier') | sort(attribute='schema')
        if table.schema in ('lake', 'raw') -%}
    {%- set name = table.schema ~ '.' ~ table.identifier -%}
    {%- set files = globs.get(table.identifier, 'lake/raw/' ~ table.identifier ~ '/*.parquet') -%}
    {%- set rows = duckdb__lake_rows(table, [files] if name in filled else []) -%}
    {%- if table.schema == 'raw' -%}
      {%- set rows = rows ~ ' where _batch_id in (' ~ committed_batches(table.identifier) ~ ')' -%}
    {%- elif table.identifier == 'quarantine' -%}
      {%- set rows = rows ~ " where batch_id in (select batch_id from lake.deliveries where status = 'LOADED')" -%}
    {%- elif table.identifier == 'rejected' -%}
      {%- set rows = rows ~ " where (feed, source_file, batch_id) in (select (feed, source_file, batch_id) from lake.deliveries where status = 'REJECTED')" -%}
    {%- endif -%}
    {%- do run_query('create or replace view ' ~ name ~ ' as ' ~ rows) -%}
  {%- endfor -%}
  {%- for schema, folder in money_folders().items() -%}
    {%- do duckdb__make_money_views(schema, folder) -%}
  {%- endfor -%}
{% endmacro %}

{% macro duckdb__make_money_views(schema, folder) %}
  {%- do run_query('create schema if not exists ' ~ schema) -%}
  {%- set filled = run_query(
        "select distinct string_split(file, '/')[-2] from glob('" ~ folder ~ "/*/*.parquet')"
      ).columns[0].values() -%}
  {%- for table in graph.sources.values() if table.schema == schema -%}
    {%- set files = [folder ~ '/' ~ table.identifier ~ '/*.parquet'] -%}
    {%- do run_query(
          'create or replace view ' ~ schema ~ '.' ~ table.identifier ~ ' as '
          ~ duckdb__lake_rows(table, files if table.identifier in filled else [])
        ) -%}
  {%- endfor -%}
{% endmacro %}

{# The rows of some lake files (names or globs, relative to the warehouse) in the contract's shape. #}
{% macro duckdb__lake_rows(table, files) -%}
  {%- set columns = stored_columns(table) -%}
  select
  {%- for name, type in columns.items() %} cast({{ name }} as {{ type }}) as {{ name }}{{ ',' if not loop.last }}{% endfor %}
  from (
    select {% for name, type in columns.items() %}cast(null as {{ type }}) as {{ name }}{{ ', ' if not loop.last }}{% endfor %} where false
    {%- if files %}
    union all by name
    select * from read_parquet([{% for file in files %}'{{ file }}'{{ ', ' if not loop.last }}{% endfor %}], union_by_name = true)
    {%- endif %}
  )
{%- endmacro %}

{# -- Spark ------------------------------------------------------------------------------------ #}

{#
  A Parquet folder with a declared schema gives absent columns as null by itself. Spark cannot list
  a folder in SQL, so the registry of deliveries says which folders have files.
#}
{% macro spark__make_lake_views() %}
  {%- for schema in ['raw', 'lake'] + money_folders() | list -%}
    {%- do run_query('create schema if not exists ' ~ schema) -%}
  {%- endfor -%}
  {%- set deliveries = source_table('lake', 'deliveries') -%}
  {%- do spark__make_lake_view(deliveries, 'lake/deliveries', true) -%}
  {%- set filled = run_query(
        "select distinct concat('raw.', feed) from lake.deliveries where status = 'LOADED'"
        " union select 'lake.rejected' from lake.deliveries where status = 'REJECTED'"
        " union select 'lake.quarantine' from lake.deliveries where quarantined_rows > 0"
      ).columns[0].values() -%}
  {%- for table in graph.sources.values() if table.schema in ('lake', 'raw') and table.identifier != 'deliveries' -%}
    {%- set folder = 'lake/' ~ ('raw/' if table.schema == 'raw' else '') ~ table.identifier -%}
    {%- do spark__make_lake_view(table, folder, (table.schema ~ '.' ~ table.identifier) in filled) -%}
  {%- endfor -%}
  {%- for table in graph.sources.values() if table.schema in money_folders() -%}
    {%- do spark__make_lake_view(table, money_folders()[table.schema] ~ '/' ~ table.identifier, true) -%}
  {%- endfor -%}
{% endmacro %}

{% macro spark__make_lake_view(table, folder, is_filled) %}
  {%- set name = table.schema ~ '.' ~ table.identifier -%}
  {%- set columns = stored_columns(table) -%}
  {%- set warehouse = run_query('set spark.partnerdw.warehouse').columns[1].values()[0] -%}
  {%- set conditions = [] -%}
  {%- if table.schema == 'raw' -%}
    {%- do conditions.append('_batch_id in (' ~ committed_batches(table.identifier) ~ ')') -%}
  {%- elif table.identifier == 'quarantine' -%}
    {%- do conditions.append("batch_id in (select batch_id from lake.deliveries where status = 'LOADED')") -%}
  {%- elif table.identifier == 'rejected' -%}
    {%- do conditions.append("(feed, source_file, batch_id) in (select feed, source_file, batch_id from lake.deliveries where status = 'REJECTED')") -%}
  {%- endif -%}
  {%- if is_filled -%}
    {%- do run_query('drop table if exists ' ~ name ~ '_files') -%}
    {%- set types -%}
      {%- for column, type in columns.items() -%}
        {{ column }} {{ spark_type(type) }}{{ ', ' if not loop.last }}
      {%- endfor -%}
    {%- endset -%}
    {%- do run_query('create table ' ~ name ~ '_files (' ~ types ~ ') using parquet'
          ~ " options (recursiveFileLookup 'true') location '" ~ warehouse ~ '/' ~ folder ~ "'") -%}
    {%- set rows = 'select * from ' ~ name ~ '_files' -%}
  {%- else -%}
    {%- set rows -%}
      select {% for column, type in columns.items() %}cast(null as {{ spark_type(type) }}) as {{ column }}{{ ', ' if not loop.last }}{% endfor %}
    {%- endset -%}
    {%- set conditions = ['false'] -%}
  {%- endif -%}
  {%- set where = ' where ' ~ conditions | join(' and ') if conditions else '' -%}
  {%- do run_query('create or replace view ' ~ name ~ ' as ' ~ rows ~ where) -%}
{% endmacro %}

{% macro spark_type(type) %}
  {{ return({'varchar': 'string', 'timestamp': 'timestamp_ntz'}.get(type, type)) }}
{% endmacro %}

{# Contracts name types as DuckDB does; an enforced contract is compared in Spark's own. #}
{% macro spark__get_empty_schema_sql(columns) %}
  select {% for column in columns.values() %}cast(null as {{ spark_type(column.data_type) }}) as {{ column.name }}{{ ', ' if not loop.last }}{% endfor %}
{% endmacro %}
