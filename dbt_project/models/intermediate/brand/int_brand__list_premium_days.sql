-- Only days with invoices, so that a campaign without a real end makes no endless list of days.
with invoice_days as (
    select distinct
        brand_code,
        invoice_date,
        invoice_month
    from {{ ref('fct_invoice') }}
)

select distinct
    days.brand_code,
    days.invoice_date as day,
    days.invoice_month as day_month
from invoice_days as days
inner join {{ ref('stg_oem__brand_campaigns') }} as campaigns
    on
        days.brand_code = campaigns.brand_code
        and days.invoice_date between campaigns.starts_on and campaigns.ends_on
where
    campaigns.is_premium
    and not campaigns.is_deleted
