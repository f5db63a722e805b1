{%- set key = ['response_id'] -%}
{{ config(unique_key=key) }}

with surveys as {{ streamed_cte() }} (
    select
        response_id,
        dealer_id,
        brand_code,
        vin,
        survey_type,
        sent_at,
        answered_at,
        score,
        {{ berlin_month('sent_at') }} as sent_month,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('dealer', 'surveys')) }}
)
{{ latest_by_key('surveys', key) }}
