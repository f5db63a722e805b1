{%- set touched = months_to_build([
    reads(ref('fct_lead'), 'created_month', ['dealer_id', 'brand_code', 'campaign_id', 'created_at', 'is_sold']),
]) -%}

with leads as (
    select
        dealer_id,
        brand_code,
        campaign_id,
        created_month,
        {{ berlin_date('created_at') }} as created_on,
        is_sold
    from {{ ref('fct_lead') }}
    where
        campaign_id is not null
        and {{ in_months('created_month', touched) }}
)

select
    dealer_id,
    brand_code,
    campaign_id,
    created_month,
    created_on,
    count(*) as leads,
    count(*) filter (where is_sold) as sold_leads
from leads
group by dealer_id, brand_code, campaign_id, created_month, created_on
