-- Counted registrations that no dealer of the network is shown: of an unknown dealer or an unknown model.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'mart_market_penetration'}}}) }}

select
    registrations.dealer_id,
    registrations.brand_code,
    registrations.model_code,
    count(*) as registrations_left_out
from {{ ref('fct_registration') }} as registrations
left join {{ ref('dim_dealer') }} as dealers
    on registrations.dealer_id = dealers.dealer_id and registrations.brand_code = dealers.brand_code
where
    registrations.is_counted
    and (dealers.dealer_id is null or registrations.segment_code is null)
group by registrations.dealer_id, registrations.brand_code, registrations.model_code
