{%- set touched = months_to_build([
    reads(ref('fct_registration'), 'registration_month',
          ['dealer_id', 'brand_code', 'segment_code', 'powertrain_code', 'is_counted']),
]) -%}

select
    dealer_id,
    brand_code,
    segment_code,
    powertrain_code,
    registration_month,
    count(*) as counted_registrations
from {{ ref('fct_registration') }}
where
    is_counted
    and {{ in_months('registration_month', touched) }}
group by dealer_id, brand_code, segment_code, powertrain_code, registration_month
