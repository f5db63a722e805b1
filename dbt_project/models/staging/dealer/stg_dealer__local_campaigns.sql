{%- set key = ['local_campaign_id'] -%}
{{ config(unique_key=key) }}

with local_campaigns as {{ streamed_cte() }} (
    select
        local_campaign_id,
        dealer_id,
        brand_code,
        campaign_id,
        submitted_on,
        approved_on,
        starts_on,
        ends_on,
        cost_eur,
        impressions,
        clicks,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('dealer', 'local_campaigns')) }}
)
{{ latest_by_key('local_campaigns', key) }}
