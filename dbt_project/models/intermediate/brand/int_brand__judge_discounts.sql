{%- set touched = months_to_build([
    reads(ref('fct_invoice'), 'invoice_month',
          ['event_id', 'dealer_id', 'brand_code', 'model_code', 'invoice_date', 'list_price_eur', 'net_price_eur',
           'is_cancelled']),
    reads(ref('dim_vehicle_model'), none, ['model_code', 'segment_code', 'powertrain_code', 'max_discount_rate']),
    reads(ref('int_brand__list_premium_days'), 'day_month'),
]) -%}
{#- A digit wider than a price, which makes room for the difference and the exact product. -#}
{%- set list_price = 'cast(invoices.list_price_eur as decimal(19, 2))' -%}
{%- set limit = 999999999999 * 10 ** attainment_digits() -%}

with judged as (
    select
        invoices.dealer_id,
        invoices.brand_code,
        invoices.model_code,
        models.segment_code,
        models.powertrain_code,
        invoices.event_id,
        invoices.invoice_date,
        invoices.invoice_month,
        {{ week_of('invoices.invoice_date') }} as week_start,
        invoices.list_price_eur,
        invoices.net_price_eur,
        cast({{ list_price }} - invoices.net_price_eur as decimal(19, 2)) as discount_eur,
        {{ list_price }} - invoices.net_price_eur > models.max_discount_rate * {{ list_price }} as is_over_limit,
        premium_days.day is not null as is_in_premium_window
    from {{ ref('fct_invoice') }} as invoices
    inner join {{ ref('dim_vehicle_model') }} as models
        on invoices.model_code = models.model_code
    left join {{ ref('int_brand__list_premium_days') }} as premium_days
        on
            invoices.brand_code = premium_days.brand_code
            and invoices.invoice_date = premium_days.day
    where
        not invoices.is_cancelled
        and invoices.list_price_eur > 0
        and invoices.net_price_eur is not null
        and {{ in_months('invoices.invoice_month', touched) }}
)

, counted as (
    select
        *,
        {{ cents('discount_eur') }} as discount_cents,
        {{ cents('list_price_eur') }} as list_price_cents
    from judged
)

, divided as (
    select
        *,
        {{ scaled_quotient('discount_cents', 'list_price_cents', attainment_digits()) }} as quotient
    from counted
)

select
    dealer_id,
    brand_code,
    model_code,
    segment_code,
    powertrain_code,
    event_id,
    invoice_date,
    invoice_month,
    {{ iso_year('week_start') }} as iso_year,
    {{ iso_week('week_start') }} as iso_week,
    list_price_eur,
    net_price_eur,
    discount_eur,
    {{ within('quotient', limit) }} as discount_parts,
    is_over_limit,
    is_in_premium_window
from divided
