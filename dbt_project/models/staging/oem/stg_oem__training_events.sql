{%- set key = ['event_id'] -%}
{#- made anew by every run: hashes of another key would not meet those of the staff -#}
{{ config(materialized='table') }}

with training_events as {{ streamed_cte() }} (
    select
        event_id,
        {{ pseudonym('person_id') }} as person_hash,
        dealer_id,
        course_code,
        completed_on,
        passed,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ source('oem', 'training_events') }}
)
{{ latest_by_key('training_events', key) }}
