select
    campaigns.local_campaign_id,
    campaigns.dealer_id,
    campaigns.brand_code,
    campaigns.campaign_id,
    campaigns.individualisation_band,
    coalesce(assigned.leads, 0) as leads,
    coalesce(assigned.sold_leads, 0) as sold_leads,
    campaigns.cost_eur,
    campaigns.impressions,
    campaigns.clicks
from {{ ref('int_brand__judge_local_campaigns') }} as campaigns
left join {{ ref('int_brand__assign_leads') }} as assigned
    on campaigns.local_campaign_id = assigned.local_campaign_id
where campaigns.is_started
