{%- set touched = months_to_build([
    reads(ref('int_registrations__count_by_month'), 'registration_month',
          ['dealer_id', 'brand_code', 'powertrain_code', 'counted_registrations']),
]) -%}

-- Of an unknown model nobody knows whether it is electric: it is on neither side.
with registrations as (
    select
        dealer_id,
        brand_code,
        registration_month as score_month,
        sum(counted_registrations) as registration_count,
        sum(case when powertrain_code = 'BEV' then counted_registrations else 0 end) as battery_electric_count
    from {{ ref('int_registrations__count_by_month') }}
    where
        powertrain_code is not null
        and {{ in_months('registration_month', touched) }}
    group by dealer_id, brand_code, registration_month
)

select
    dealer_id,
    brand_code,
    score_month,
    {{ kpi_figures('EV_SHARE', 'battery_electric_count', per='registration_count', sample='registration_count') }}
from registrations
