{%- set key = ['meeting_id'] -%}
{{ config(unique_key=key) }}

with meetings as {{ streamed_cte() }} (
    select
        meeting_id,
        dealer_id,
        brand_code,
        held_on,
        participants,
        topics,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('dealer', 'meetings')) }}
)
{{ latest_by_key('meetings', key) }}
