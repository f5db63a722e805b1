select
    brand_code,
    individualisation_band,
    campaigns,
    leads,
    sold_leads,
    {{ euros('cost_cents') }} as cost_eur,
    {{ euros(scaled_quotient('cost_cents', 'leads', 0)) }} as cost_per_lead_eur,
    {{ euros(scaled_quotient('cost_cents', 'sold_leads', 0)) }} as cost_per_sale_eur,
    {{ exact_rate('clicks', 'impressions') }} as click_rate
from {{ ref('int_brand__sum_bands') }}
