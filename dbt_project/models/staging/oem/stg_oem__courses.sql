{%- set key = ['course_code'] -%}
{{ config(unique_key=key) }}

with courses as {{ streamed_cte() }} (
    select
        course_code,
        course_name,
        topic,
        validity_months,
        quality_dimension,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('oem', 'courses')) }}
)
{{ latest_by_key('courses', key) }}
