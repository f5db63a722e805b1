-- A lead may name the dealer's campaign, or the manufacturer's that it is made of.
with names as (
    select local_campaign_id, dealer_id, brand_code, starts_on, ends_on, local_campaign_id as named_id
    from {{ ref('int_brand__judge_local_campaigns') }}
    union
    select local_campaign_id, dealer_id, brand_code, starts_on, ends_on, campaign_id
    from {{ ref('int_brand__judge_local_campaigns') }}
)

, claims as (
    select
        leads.dealer_id,
        leads.brand_code,
        leads.campaign_id,
        leads.created_on,
        leads.leads,
        leads.sold_leads,
        names.local_campaign_id,
        names.starts_on,
        case
            when leads.created_on between names.starts_on and names.ends_on then 1
            when names.starts_on <= leads.created_on then 2
            else 3
        end as claim_class
    from {{ ref('int_brand__count_leads') }} as leads
    inner join names
        on
            leads.dealer_id = names.dealer_id
            and leads.brand_code = names.brand_code
            and leads.campaign_id = names.named_id
)

, ranked as (
    select
        *,
        row_number() over (
            partition by dealer_id, brand_code, campaign_id, created_on
            order by
                claim_class,
                case when claim_class = 2 then starts_on end desc,
                case when claim_class = 3 then starts_on end,
                local_campaign_id
        ) as claim_rank
    from claims
)

select
    local_campaign_id,
    cast(sum(leads) as bigint) as leads,
    cast(sum(sold_leads) as bigint) as sold_leads
from ranked
where claim_rank = 1
group by local_campaign_id
