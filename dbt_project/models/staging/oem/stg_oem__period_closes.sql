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
)

-- A close that was withdrawn in time does not count, nor does what came before that.
, standing as (
    select * from (
        select
            period_closes.*,
            max(case when is_deleted then 1 else 0 end) over (
                partition by period_month
                order by _loaded_at desc, _delivered_at desc, _source_file desc
                rows between unbounded preceding and current row
            ) as is_withdrawn
        from period_closes
    ) as judged
    where is_withdrawn = 0
)

, first_accepted as (
    {{ first_per_key('standing', key, ['_loaded_at', '_delivered_at', '_source_file']) }}
)

select * from first_accepted
