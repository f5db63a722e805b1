{%- set touched = months_to_build([
    reads(ref('fct_invoice'), 'invoice_month',
          ['dealer_id', 'brand_code', 'model_code', 'list_price_eur', 'net_price_eur', 'is_cancelled']),
    reads(ref('dim_vehicle_model'), none, ['model_code', 'max_discount_rate']),
]) -%}
{#- A digit wider than a price, which makes room for the difference and the exact product. -#}
{%- set list_price = 'cast(invoices.list_price_eur as decimal(19, 2))' -%}

with invoices as (
    select
        invoices.dealer_id,
        invoices.brand_code,
        invoices.invoice_month as score_month,
        count(*) as invoice_count,
        count(*) filter (
            where
                {{ list_price }} - invoices.net_price_eur
                <= models.max_discount_rate * {{ list_price }}
        ) as consistent_count
    from {{ ref('fct_invoice') }} as invoices
    inner join {{ ref('dim_vehicle_model') }} as models
        on invoices.model_code = models.model_code
    where
        not invoices.is_cancelled
        and invoices.list_price_eur > 0
        and invoices.net_price_eur is not null
        and {{ in_months('invoices.invoice_month', touched) }}
    group by invoices.dealer_id, invoices.brand_code, invoices.invoice_month
)

select
    dealer_id,
    brand_code,
    score_month,
    {{ kpi_figures('BRAND_CONSISTENCY', 'consistent_count', per='invoice_count', sample='invoice_count') }}
from invoices
