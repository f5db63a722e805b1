-- Month by month the registrations of known dealers that were not cancelled are in the mart.
{{ config(meta={'dagster': {'ref': {'name': 'mart_registration_integrity'}}}) }}

with shown as (
    select registration_month, sum(registrations) as registrations
    from {{ ref('mart_registration_integrity') }}
    group by registration_month
)

, counted as (
    select registrations.registration_month, count(*) as registrations
    from {{ ref('fct_registration') }} as registrations
    inner join {{ ref('dim_dealer') }} as dealers
        on registrations.dealer_id = dealers.dealer_id and registrations.brand_code = dealers.brand_code
    where registrations.not_counted_reason is distinct from 'CANCELLED'
    group by registrations.registration_month
)

select registration_month, shown.registrations, counted.registrations as not_cancelled
from shown
full outer join counted using (registration_month)
where shown.registrations is distinct from counted.registrations
