{%- set key = ['period_month'] -%}
{#- reckoned where it is read, from the lake itself: what was known at a close depends on it -#}
{{ config(materialized='view') }}

with period_closes as {{ streamed_cte() }} (
    select
        period_month,
        closed_at,
        closed_by,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ source('oem', 'period_closes') }}
    where is_deleted is not true
)

, first_accepted as (
    {{ first_per_key('period_closes', key, ['_loaded_at', '_delivered_at', '_source_file']) }}
)

select * from first_accepted
