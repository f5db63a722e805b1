{%- set touched = months_to_build([
    reads(ref('int_brand__judge_discounts'), 'invoice_month', ['dealer_id', 'brand_code', 'is_over_limit']),
]) -%}

with invoices as (
    select
        dealer_id,
        brand_code,
        invoice_month as score_month,
        count(*) as invoice_count,
        count(*) filter (where not is_over_limit) as consistent_count
    from {{ ref('int_brand__judge_discounts') }}
    where {{ in_months('invoice_month', touched) }}
    group by dealer_id, brand_code, invoice_month
)

select
    dealer_id,
    brand_code,
    score_month,
    {{ kpi_figures('BRAND_CONSISTENCY', 'consistent_count', per='invoice_count', sample='invoice_count') }}
from invoices
