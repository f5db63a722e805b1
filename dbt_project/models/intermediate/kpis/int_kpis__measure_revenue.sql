{%- set touched = months_to_build([
    reads(ref('int_revenue__sum_by_segment'), 'invoice_month',
          ['dealer_id', 'brand_code', 'net_revenue_eur', 'invoiced_units'], later=[0, 1, 2, 12, 13, 14]),
]) -%}
{%- set score_month = months_later('revenue.invoice_month', 'windows.months_later') -%}

-- The revenue of a month stands in the windows of the months that follow: three of this year, and
-- three of the next, whose base it is.
with windows as (
    select months_later, months_later >= 12 as is_base
    from (values (0), (1), (2), (12), (13), (14)) as months(months_later)
)

, growth as (
    select
        revenue.dealer_id,
        revenue.brand_code,
        {{ score_month }} as score_month,
        sum(case when windows.is_base then 0 else revenue.net_revenue_eur end) as window_eur,
        sum(case when windows.is_base then revenue.net_revenue_eur else 0 end) as base_eur,
        sum(revenue.invoiced_units) as invoice_count
    from {{ ref('int_revenue__sum_by_segment') }} as revenue
    cross join windows
    where {{ in_months(score_month, touched) }}
    group by revenue.dealer_id, revenue.brand_code, {{ score_month }}
)

select
    dealer_id,
    brand_code,
    score_month,
    {{ kpi_figures(
        'REVENUE_GROWTH', cents('window_eur - base_eur'), per=cents('base_eur'), sample='invoice_count'
    ) }}
from growth
