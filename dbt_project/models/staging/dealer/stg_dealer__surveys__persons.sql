{%- set key = ['response_id'] -%}
{#- reckoned where it is read: hashed with every run, names would cost more than all else -#}
{{ config(materialized='ephemeral') }}

with surveys as {{ streamed_cte() }} (
    select
        response_id,
        {{ pseudonym('comment') }} as comment_hash,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ source('dealer', 'surveys') }}
)
{{ latest_by_key('surveys', key) }}
