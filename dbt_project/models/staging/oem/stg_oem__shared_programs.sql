{%- set key = ['program_id'] -%}
{{ config(unique_key=key) }}

with shared_programs as {{ streamed_cte() }} (
    select
        program_id,
        program_name,
        total_cost_eur,
        partner_share_rate,
        allocation_key,
        min_share_eur,
        max_share_eur,
        decided_on,
        go_live_on,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('oem', 'shared_programs')) }}
)
{{ latest_by_key('shared_programs', key) }}
