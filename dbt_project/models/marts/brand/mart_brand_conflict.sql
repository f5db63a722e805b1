with invoices as (
    select invoices.*
    from {{ ref('int_brand__judge_discounts') }} as invoices
    {{ semi_join() }} {{ ref('dim_dealer') }} as dealers
        on invoices.dealer_id = dealers.dealer_id and invoices.brand_code = dealers.brand_code
)

, sums as (
    select
        invoices.dealer_id,
        invoices.model_code,
        invoices.iso_year,
        invoices.iso_week,
        min(invoices.brand_code) as brand_code,
        count(*) as invoices,
        sum(invoices.discount_parts) as discount_parts,
        sum({{ cents('invoices.discount_eur') }}) as discount_cents,
        count(*) filter (where invoices.is_over_limit) as over_limit_count,
        count(*) filter (where invoices.is_in_premium_window) as premium_count,
        count(*) filter (where invoices.is_over_limit and invoices.is_in_premium_window) as conflict_invoices,
        min(distances.units_to_next_tier) as units_to_next_tier
    from invoices
    left join {{ ref('stg_computed__tier_distances') }} as distances
        on
            invoices.dealer_id = distances.dealer_id
            and invoices.brand_code = distances.brand_code
            and invoices.segment_code = distances.segment_code
            and invoices.powertrain_code = distances.powertrain_code
            and invoices.invoice_date = distances.day
    group by invoices.dealer_id, invoices.model_code, invoices.iso_year, invoices.iso_week
)

-- The mean of the invoices' rates, as a whole number of 10^-15.
, averaged as (
    select
        *,
        {{ scaled_quotient('discount_parts', '1000 * invoices', 0) }} as mean_discount
    from sums
)

select
    dealer_id,
    model_code,
    iso_year,
    iso_week,
    brand_code,
    invoices,
    {{ as_shown(within('mean_discount', 999999999999 * 10 ** 15), 15) }} as mean_discount_rate,
    {{ exact_rate('over_limit_count', 'invoices') }} as over_limit_rate,
    premium_count > 0 as is_premium_window,
    conflict_invoices > 0 as is_conflict,
    conflict_invoices,
    {{ euros('discount_cents') }} as discount_eur,
    units_to_next_tier
from averaged
