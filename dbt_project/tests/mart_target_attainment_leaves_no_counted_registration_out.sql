-- Quarter by quarter the counted registrations of known dealers and models are in the mart.
{{ config(meta={'dagster': {'ref': {'name': 'mart_target_attainment'}}}) }}

with shown as (
    select quarter_start, sum(counted_registrations) as counted_registrations
    from {{ ref('mart_target_attainment') }}
    where counted_registrations > 0
    group by quarter_start
)

, counted as (
    select
        {{ quarter_of('registrations.registration_month') }} as quarter_start,
        count(*) as registrations
    from {{ ref('fct_registration') }} as registrations
    inner join {{ ref('dim_dealer') }} as dealers
        on registrations.dealer_id = dealers.dealer_id and registrations.brand_code = dealers.brand_code
    where registrations.is_counted and registrations.segment_code is not null
    group by {{ quarter_of('registrations.registration_month') }}
)

select quarter_start, shown.counted_registrations, counted.registrations
from shown
full outer join counted using (quarter_start)
where shown.counted_registrations is distinct from counted.registrations
