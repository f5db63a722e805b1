{%- set touched = months_to_build([
    reads(ref('fct_invoice'), 'invoice_month',
          ['dealer_id', 'brand_code', 'model_code', 'net_price_eur', 'is_cancelled']),
    reads(ref('dim_vehicle_model'), none, ['model_code', 'segment_code']),
]) -%}

-- Each invoice that was not cancelled is a unit; without a net price it brings nothing.
select
    invoices.dealer_id,
    invoices.brand_code,
    models.segment_code,
    invoices.invoice_month,
    coalesce(sum(invoices.net_price_eur), 0) as net_revenue_eur,
    count(*) as invoiced_units
from {{ ref('fct_invoice') }} as invoices
left join {{ ref('dim_vehicle_model') }} as models
    on invoices.model_code = models.model_code
where
    not invoices.is_cancelled
    and {{ in_months('invoices.invoice_month', touched) }}
group by invoices.dealer_id, invoices.brand_code, models.segment_code, invoices.invoice_month
