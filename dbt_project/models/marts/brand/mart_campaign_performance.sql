with brands as (
    select
        brand_code,
        sum(leads) as leads,
        sum(sold_leads) as sold_leads,
        sum(cost_cents) as cost_cents
    from {{ ref('int_brand__sum_bands') }}
    group by brand_code
)

-- A campaign of no band is compared with none.
, compared as (
    select
        campaigns.*,
        {{ cents('campaigns.cost_eur') }} as cost_cents,
        bands.leads as band_leads,
        bands.sold_leads as band_sold_leads,
        bands.cost_cents as band_cost_cents,
        brands.leads - bands.leads as other_leads,
        brands.sold_leads - bands.sold_leads as other_sold_leads,
        brands.cost_cents - bands.cost_cents as other_cost_cents
    from {{ ref('int_brand__measure_campaigns') }} as campaigns
    left join {{ ref('int_brand__sum_bands') }} as bands
        on
            campaigns.brand_code = bands.brand_code
            and campaigns.individualisation_band = bands.individualisation_band
    left join brands
        on bands.brand_code = brands.brand_code
)

select
    local_campaign_id,
    dealer_id,
    brand_code,
    campaign_id,
    leads,
    sold_leads,
    cost_eur,
    impressions,
    clicks,
    {{ euros(scaled_quotient('cost_cents', 'leads', 0)) }} as cost_per_lead_eur,
    {{ euros(scaled_quotient('cost_cents', 'sold_leads', 0)) }} as cost_per_sale_eur,
    individualisation_band,
    {{ euros(scaled_quotient('band_cost_cents', 'band_leads', 0)) }} as band_cost_per_lead_eur,
    {{ euros(scaled_quotient('other_cost_cents', 'other_leads', 0)) }} as other_bands_cost_per_lead_eur,
    {{ euros(scaled_quotient('band_cost_cents', 'band_sold_leads', 0)) }} as band_cost_per_sale_eur,
    {{ euros(scaled_quotient('other_cost_cents', 'other_sold_leads', 0)) }} as other_bands_cost_per_sale_eur
from compared
