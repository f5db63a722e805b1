{%- set key = ['action_id'] -%}
{{ config(unique_key=key) }}

with actions as {{ streamed_cte() }} (
    select
        action_id,
        meeting_id,
        owner,
        raised_on,
        decided_on,
        due_on,
        done_on,
        title,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('dealer', 'actions')) }}
)
{{ latest_by_key('actions', key) }}
