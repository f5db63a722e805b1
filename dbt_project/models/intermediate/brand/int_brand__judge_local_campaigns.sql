{#- an approval, or a start, counts from the day on; a day to come is only planned -#}
{%- set ends = var('individualisation_band_ends') -%}
{%- set bands = zip([0] + ends[:-1], ends) | list -%}
with parameters as (
    select max(case when parameter_code = 'MAX_INDIVIDUALISATION_PERCENT' then value end) as max_percent
    from {{ ref('governance_parameters') }}
)

, elements as (
    select
        elements.campaign_id,
        elements.element_code,
        elements.weight,
        elements.is_locked
    from {{ ref('stg_oem__campaign_elements') }} as elements
    inner join {{ ref('stg_oem__brand_campaigns') }} as campaigns
        on elements.campaign_id = campaigns.campaign_id
    where
        not elements.is_deleted
        and not campaigns.is_deleted
)

, campaigns as (
    select campaign_id, cast(sum(weight) as bigint) as total_weight
    from elements
    group by campaign_id
)

, local_campaigns as (
    select
        local_campaigns.local_campaign_id,
        local_campaigns.dealer_id,
        local_campaigns.brand_code,
        local_campaigns.campaign_id,
        local_campaigns.submitted_on,
        local_campaigns.approved_on,
        local_campaigns.starts_on,
        local_campaigns.ends_on,
        local_campaigns.cost_eur,
        local_campaigns.impressions,
        local_campaigns.clicks
    from {{ ref('stg_dealer__local_campaigns') }} as local_campaigns
    {{ semi_join() }} {{ ref('dim_dealer') }} as dealers
        on local_campaigns.dealer_id = dealers.dealer_id and local_campaigns.brand_code = dealers.brand_code
    where not local_campaigns.is_deleted
)

-- What was changed of elements that the campaign does not have weighs nothing.
, changes as (
    select
        local_campaigns.local_campaign_id,
        cast(sum(elements.weight) as bigint) as changed_weight,
        count(*) filter (where elements.is_locked) as locked_changes
    from {{ ref('stg_dealer__campaign_changes') }} as changes
    inner join local_campaigns
        on changes.local_campaign_id = local_campaigns.local_campaign_id
    inner join elements
        on
            local_campaigns.campaign_id = elements.campaign_id
            and changes.element_code = elements.element_code
    where
        changes.is_changed
        and not changes.is_deleted
    group by local_campaigns.local_campaign_id
)

, weighed as (
    select
        local_campaigns.*,
        coalesce(changes.changed_weight, 0) as changed_weight,
        coalesce(campaigns.total_weight, 0) as total_weight,
        coalesce(changes.locked_changes, 0) > 0 as has_locked_change,
        parameters.max_percent
    from local_campaigns
    left join campaigns
        on local_campaigns.campaign_id = campaigns.campaign_id
    left join changes
        on local_campaigns.local_campaign_id = changes.local_campaign_id
    cross join parameters
)

, judged as (
    select
        *,
        {{ whole('changed_weight') }} * 100000000
        <= {{ millionths('max_percent') }} * total_weight as is_within_limit
    from weighed
)

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
    changed_weight,
    total_weight,
    {{ exact_rate('changed_weight', 'total_weight') }} as individualisation_rate,
    case
        when total_weight = 0 then null
        when changed_weight = 0 then '0'
        {%- for above, up_to in bands %}
        when changed_weight * 100 <= {{ up_to }} * total_weight then '{{ above + 1 }}-{{ up_to }}'
        {%- endfor %}
        else 'OVER_{{ bands[-1][1] }}'
    end as individualisation_band,
    has_locked_change,
    is_within_limit,
    starts_on <= {{ today() }} as is_started,
    case
        when has_locked_change or not is_within_limit then 'REFUSED'
        when
            starts_on <= {{ today() }}
            and (approved_on is null or approved_on > {{ today() }} or approved_on > starts_on)
            then 'UNAPPROVED_START'
        when approved_on <= {{ today() }} then 'APPROVED'
        else 'PENDING'
    end as status
from judged
