{%- set key = ['period_month'] -%}
{{ config(unique_key=key) }}

with period_closes as {{ streamed_cte() }} (
    select
        period_month,
        closed_at,
        closed_by,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('oem', 'period_closes')) }}
)
{{ latest_by_key('period_closes', key) }}
