{#- the months whose two years a month's books are part of -#}
{%- set two_years = range(24) | list -%}
{%- set touched = months_to_build([
    reads(ref('fct_dealer_financials'), 'fiscal_month', later=two_years),
    reads(ref('int_revenue__list_months'), 'month'),
    reads(ref('dim_dealer'), none, ['dealer_id', 'brand_code']),
]) -%}
{#- sums of ten trillion euro or more are no figures: so products of two of them fit -#}
{%- set most_cents = 10 ** 15 -%}
{%- set summed = ['revenue', 'gross_profit', 'fixed_expenses', 'operating_result'] -%}

with books as (
    select
        financials.dealer_id,
        financials.brand_code,
        financials.fiscal_month as month,
        cast(extract(year from financials.fiscal_month) * 12 + extract(month from financials.fiscal_month) as int) as month_no,
        {{ cents('financials.new_vehicle_revenue_eur') }} as revenue,
        {{ cents('financials.new_vehicle_gross_profit_eur') }} as gross_profit,
        {{ cents('financials.fixed_expenses_eur') }} as fixed_expenses,
        {{ cents('financials.operating_result_eur') }} as operating_result,
        {{ cents('financials.liquid_funds_eur') }} as liquid_funds,
        {{ cents('financials.equity_eur') }} as equity,
        {{ cents('financials.total_assets_eur') }} as total_assets
    from {{ ref('fct_dealer_financials') }} as financials
    inner join {{ ref('dim_dealer') }} as dealers
        on
            financials.dealer_id = dealers.dealer_id
            and financials.brand_code = dealers.brand_code
    {{ semi_join() }} {{ ref('int_revenue__list_months') }} as months
        on financials.fiscal_month = months.month
    {%- if touched %}
    where financials.fiscal_month >= {{ months_later("date '" ~ touched | min ~ "'", -23) }}
    {%- endif %}
)

, sums as (
    select
        *,
        count(*) over last_year as last_year_months,
        count(*) over year_before as year_before_months,
        {%- for figure in summed %}
        sum({{ figure }}) over last_year as {{ figure }}_sum,
        {%- endfor %}
        sum(revenue) over year_before as revenue_sum_before,
        sum(gross_profit) over year_before as gross_profit_sum_before
    from books
    window
        last_year as (partition by dealer_id, brand_code order by month_no range between 11 preceding and current row),
        year_before as (partition by dealer_id, brand_code order by month_no range between 23 preceding and 12 preceding)
)

select
    dealer_id,
    brand_code,
    month,
    {%- for figure in summed %}
    case when last_year_months = 12 and abs({{ figure }}_sum) < {{ most_cents }} then {{ figure }}_sum end as {{ figure }}_cents,
    {%- endfor %}
    {%- for figure in ['revenue', 'gross_profit'] %}
    case when year_before_months = 12 and abs({{ figure }}_sum_before) < {{ most_cents }} then {{ figure }}_sum_before end
        as {{ figure }}_before_cents,
    {%- endfor %}
    liquid_funds as liquid_funds_cents,
    equity as equity_cents,
    total_assets as total_assets_cents
from sums
where {{ in_months('month', touched) }}
