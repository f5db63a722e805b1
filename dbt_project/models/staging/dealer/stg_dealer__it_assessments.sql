{%- set key = ['dealer_id', 'criterion_code', 'assessed_on'] -%}
{{ config(unique_key=key) }}

with it_assessments as {{ streamed_cte() }} (
    select
        dealer_id,
        criterion_code,
        assessed_on,
        is_met,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('dealer', 'it_assessments')) }}
)
{{ latest_by_key('it_assessments', key) }}
