{%- set key = ['lead_id'] -%}
{#- reckoned where it is read: hashed with every run, names would cost more than all else -#}
{{ config(materialized='ephemeral') }}

with leads as {{ streamed_cte() }} (
    select
        lead_id,
        {{ pseudonym('customer_name') }} as customer_name_hash,
        {{ pseudonym('customer_email') }} as customer_email_hash,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ source('dealer', 'leads') }}
)
{{ latest_by_key('leads', key) }}
