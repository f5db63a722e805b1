{%- set touched = months_to_build([
    reads(ref('int_revenue__sum_by_segment'), 'invoice_month', later=[0, 12]),
    reads(ref('int_revenue__list_months'), 'month'),
    reads(ref('dim_dealer'), none, ['dealer_id', 'brand_code']),
]) -%}
{%- set a_year_later = months_later('invoice_month', 12) -%}

with revenue as (
    select * from {{ ref('int_revenue__sum_by_segment') }}
    where segment_code is not null
)

-- What is invoiced in a month is a figure of that month, and of the same month a year later.
, figures as (
    select
        dealer_id,
        brand_code,
        segment_code,
        invoice_month as revenue_month,
        net_revenue_eur,
        invoiced_units,
        0 as prior_year_net_revenue_eur,
        0 as prior_year_invoiced_units
    from revenue
    where {{ in_months('invoice_month', touched) }}
    union all
    select
        dealer_id,
        brand_code,
        segment_code,
        {{ a_year_later }} as revenue_month,
        0 as net_revenue_eur,
        0 as invoiced_units,
        net_revenue_eur as prior_year_net_revenue_eur,
        invoiced_units as prior_year_invoiced_units
    from revenue
    where {{ in_months(a_year_later, touched) }}
)

, growth as (
    select
        dealer_id,
        brand_code,
        segment_code,
        revenue_month,
        sum(net_revenue_eur) as net_revenue_eur,
        sum(invoiced_units) as invoiced_units,
        sum(prior_year_net_revenue_eur) as prior_year_net_revenue_eur,
        sum(prior_year_invoiced_units) as prior_year_invoiced_units
    from figures
    group by dealer_id, brand_code, segment_code, revenue_month
)

select
    growth.dealer_id,
    growth.brand_code,
    growth.segment_code,
    growth.revenue_month,
    try_cast(growth.net_revenue_eur as decimal(18, 2)) as net_revenue_eur,
    cast(growth.invoiced_units as bigint) as invoiced_units,
    try_cast(growth.prior_year_net_revenue_eur as decimal(18, 2)) as prior_year_net_revenue_eur,
    cast(growth.prior_year_invoiced_units as bigint) as prior_year_invoiced_units,
    {{ exact_rate(
        cents('growth.net_revenue_eur - growth.prior_year_net_revenue_eur'),
        cents('growth.prior_year_net_revenue_eur')
    ) }} as growth_rate
from growth
inner join {{ ref('dim_dealer') }} as dealers
    on
        growth.dealer_id = dealers.dealer_id
        and growth.brand_code = dealers.brand_code
{{ semi_join() }} {{ ref('int_revenue__list_months') }} as months
    on growth.revenue_month = months.month
