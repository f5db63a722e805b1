-- Sums by month first: there are far fewer of them than rows, and budgets share their months.
with months as (
    select district_code, registration_month, sum(units) as units
    from {{ ref('fct_market_registration') }}
    group by district_code, registration_month
)

, windows as (
    select distinct first_month, last_month from {{ ref('int_brand__list_budgets') }}
)

, markets as (
    select
        windows.first_month,
        windows.last_month,
        months.district_code,
        cast(sum(months.units) as bigint) as market_units
    from windows
    inner join months
        on months.registration_month between windows.first_month and windows.last_month
    group by windows.first_month, windows.last_month, months.district_code
)

select
    budgets.budget_code,
    budgets.brand_code,
    budgets.budget_eur,
    markets.district_code,
    markets.market_units
from {{ ref('int_brand__list_budgets') }} as budgets
inner join markets
    on
        budgets.first_month = markets.first_month
        and budgets.last_month = markets.last_month
