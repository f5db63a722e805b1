{%- set key = ['dealer_id', 'brand_code', 'wave_month'] -%}
{{ config(unique_key=key) }}

with pulse_surveys as {{ streamed_cte() }} (
    select
        dealer_id,
        brand_code,
        wave_month,
        requirements_increased,
        trust_score,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('dealer', 'pulse_surveys')) }}
)
{{ latest_by_key('pulse_surveys', key) }}
