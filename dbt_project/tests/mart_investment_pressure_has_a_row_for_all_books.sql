-- Month by month the books of known dealers are in the mart, but for months that have not begun.
{{ config(meta={'dagster': {'ref': {'name': 'mart_investment_pressure'}}}) }}

with shown as (
    select month, count(*) as dealers
    from {{ ref('mart_investment_pressure') }}
    group by month
)

, booked as (
    select financials.fiscal_month as month, count(*) as dealers
    from {{ ref('fct_dealer_financials') }} as financials
    inner join {{ ref('dim_dealer') }} as dealers
        on financials.dealer_id = dealers.dealer_id and financials.brand_code = dealers.brand_code
    where financials.fiscal_month <= {{ berlin_month(as_of()) }}
    group by financials.fiscal_month
)

select month, shown.dealers, booked.dealers as booked_dealers
from shown
full outer join booked using (month)
where shown.dealers is distinct from booked.dealers
