-- The brands of a month make up the whole market, unless a figure is unknown.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'mart_national_market'}}}) }}

select
    registration_month,
    max(market_units) as market_units,
    sum(units) as brand_units
from {{ ref('mart_national_market') }}
group by registration_month
having count(*) = count(units) and max(market_units) <> sum(units)
