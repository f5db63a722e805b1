-- Month by month the invoices of known dealers and segments that were not cancelled are in the mart, with
-- their revenue (unless that is beyond what it can show).
{{ config(meta={'dagster': {'ref': {'name': 'mart_segment_growth'}}}) }}

with shown as (
    select
        revenue_month,
        sum(invoiced_units) as invoiced_units,
        case when count(net_revenue_eur) = count(*) then sum(net_revenue_eur) end as net_revenue_eur
    from {{ ref('mart_segment_growth') }}
    where invoiced_units > 0
    group by revenue_month
)

, invoiced as (
    select
        invoices.invoice_month as revenue_month,
        count(*) as invoiced_units,
        coalesce(sum(invoices.net_price_eur), 0) as net_revenue_eur
    from {{ ref('fct_invoice') }} as invoices
    inner join {{ ref('dim_dealer') }} as dealers
        on invoices.dealer_id = dealers.dealer_id and invoices.brand_code = dealers.brand_code
    inner join {{ ref('dim_vehicle_model') }} as models
        on invoices.model_code = models.model_code
    inner join {{ ref('int_revenue__list_months') }} as months
        on invoices.invoice_month = months.month
    where not invoices.is_cancelled
    group by invoices.invoice_month
)

select
    revenue_month,
    shown.invoiced_units,
    invoiced.invoiced_units as invoices,
    shown.net_revenue_eur,
    invoiced.net_revenue_eur as invoiced_eur
from shown
full outer join invoiced using (revenue_month)
where
    shown.invoiced_units is distinct from invoiced.invoiced_units
    or shown.net_revenue_eur <> invoiced.net_revenue_eur
