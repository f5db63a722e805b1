with partner_weeks as (
    select * from {{ ref('int_governance__list_partner_weeks') }}
    where has_anything
)

, market_quarters as (
    select {{ quarter_of('registration_month') }} as quarter_start
    from {{ ref('fct_market_registration') }}
    group by {{ quarter_of('registration_month') }}
    having count(distinct registration_month) = 3
)

-- The newest quarter that is over by the end of the week, with market data in all of its months.
, weeks as (
    select
        partner_weeks.dealer_id,
        partner_weeks.brand_code,
        partner_weeks.week_start,
        max(market_quarters.quarter_start) as quarter_start
    from partner_weeks
    inner join market_quarters
        on {{ months_later('market_quarters.quarter_start', 3) }} <= {{ days_later('partner_weeks.week_end', 1) }}
    group by partner_weeks.dealer_id, partner_weeks.brand_code, partner_weeks.week_start
)

, figures as (
    select
        dealer_id,
        brand_code,
        'PENETRATION' as finding_code,
        {{ quarter_of('registration_month') }} as quarter_start,
        sum(brand_units) as part,
        sum(market_units) as whole
    from {{ ref('int_market__compare_territories') }}
    where market_units > 0
    group by dealer_id, brand_code, {{ quarter_of('registration_month') }}
    union all
    -- Of an unknown model nobody knows whether it is electric: it is on neither side.
    select
        dealer_id,
        brand_code,
        'EV_SHARE',
        {{ quarter_of('registration_month') }},
        sum(case when powertrain_code = 'BEV' then counted_registrations else 0 end),
        sum(counted_registrations)
    from {{ ref('int_registrations__count_by_month') }}
    where powertrain_code is not null
    group by dealer_id, brand_code, {{ quarter_of('registration_month') }}
)

select
    shown.dealer_id,
    shown.brand_code,
    weeks.week_start,
    shown.finding_code,
    cast(null as {{ text_type() }}) as subject,
    {{ exact_rate('shown.part', 'shown.whole') }} as value,
    {{ exact_rate('year_before.part', 'year_before.whole') }} as comparison_value,
    'YEAR_BEFORE' as comparison
from weeks
inner join figures as shown
    on {{ same_key('weeks', 'shown', ['dealer_id', 'brand_code', 'quarter_start']) }}
left join figures as year_before
    on
        shown.dealer_id = year_before.dealer_id
        and shown.brand_code = year_before.brand_code
        and shown.finding_code = year_before.finding_code
        and {{ months_later('shown.quarter_start', -12) }} = year_before.quarter_start
where shown.whole > 0
