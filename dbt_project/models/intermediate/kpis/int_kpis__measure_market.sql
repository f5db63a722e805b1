{%- set touched = months_to_build([
    reads(ref('int_market__compare_territories'), 'registration_month'),
    reads(ref('int_registrations__count_by_month'), 'registration_month',
          ['dealer_id', 'brand_code', 'counted_registrations']),
]) -%}

-- The expectation of a segment is a fraction with a divisor of its own: to add them up, each is taken to
-- 18 digits. What is compared with the smallest sample is taken to 12, which makes three thirds a whole again.
with territories as (
    select
        dealer_id,
        brand_code,
        registration_month as score_month,
        sum(brand_units) as brand_units,
        sum(market_units) as market_units,
        sum({{ scaled_quotient(
            whole('network_brand_units') ~ ' * market_units', 'network_market_units', 18
        ) }}) as expected_units_18_digits
    from {{ ref('int_market__compare_territories') }}
    where
        market_units > 0
        and {{ in_months('registration_month', touched) }}
    group by dealer_id, brand_code, registration_month
)

, expectations as (
    select
        *,
        {{ scaled_quotient('expected_units_18_digits', 10 ** 6, 0) }} as expected_units_12_digits
    from territories
)

, registrations as (
    select
        dealer_id,
        brand_code,
        registration_month as score_month,
        sum(counted_registrations) as registration_count
    from {{ ref('int_registrations__count_by_month') }}
    where {{ in_months('registration_month', touched) }}
    group by dealer_id, brand_code, registration_month
)

select
    dealer_id,
    brand_code,
    score_month,
    {{ kpi_figures('MARKET_PENETRATION', 'brand_units', per='market_units', sample='market_units') }}
from territories
union all
select
    dealer_id,
    brand_code,
    score_month,
    {{ kpi_figures(
        'SALES_EFFECTIVENESS',
        whole('coalesce(registrations.registration_count, 0)') ~ ' * ' ~ 10 ** 18,
        per='expectations.expected_units_18_digits',
        sample='expectations.expected_units_12_digits',
        sample_per=10 ** 12
    ) }}
from expectations
left join registrations using (dealer_id, brand_code, score_month)
