-- What was shown is compared with clicks only where both were measured.
select
    brand_code,
    individualisation_band,
    count(*) as campaigns,
    cast(sum(leads) as bigint) as leads,
    cast(sum(sold_leads) as bigint) as sold_leads,
    sum({{ cents('cost_eur') }}) as cost_cents,
    sum({{ whole('case when clicks is not null then impressions end') }}) as impressions,
    sum({{ whole('case when impressions is not null then clicks end') }}) as clicks
from {{ ref('int_brand__measure_campaigns') }}
where individualisation_band is not null
group by brand_code, individualisation_band
