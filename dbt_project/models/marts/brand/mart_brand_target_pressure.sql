with invoices as (
    select
        invoices.*,
        {{ cents('invoices.discount_eur') }} as discount_cents
    from {{ ref('int_brand__judge_discounts') }} as invoices
    {{ semi_join() }} {{ ref('dim_dealer') }} as dealers
        on invoices.dealer_id = dealers.dealer_id and invoices.brand_code = dealers.brand_code
)

, banded as (
    select
        invoices.brand_code,
        invoices.is_over_limit,
        invoices.discount_cents,
        case
            when distances.units_to_next_tier <= 2 then '1-2'
            when distances.units_to_next_tier <= 5 then '3-5'
            when distances.units_to_next_tier <= 10 then '6-10'
            when distances.units_to_next_tier > 10 then 'OVER_10'
            else 'NONE'
        end as distance_band
    from invoices
    left join {{ ref('stg_computed__tier_distances') }} as distances
        on
            invoices.dealer_id = distances.dealer_id
            and invoices.brand_code = distances.brand_code
            and invoices.segment_code = distances.segment_code
            and invoices.powertrain_code = distances.powertrain_code
            and invoices.invoice_date = distances.day
)

, sums as (
    select
        brand_code,
        distance_band,
        count(*) as invoices,
        count(*) filter (where is_over_limit) as over_limit_count,
        sum(discount_cents) as discount_cents
    from banded
    group by brand_code, distance_band
)

select
    brand_code,
    distance_band,
    invoices,
    {{ exact_rate('over_limit_count', 'invoices') }} as over_limit_rate,
    {{ euros('discount_cents') }} as discount_eur,
    {{ euros(scaled_quotient('discount_cents', 'invoices', 0)) }} as mean_discount_eur
from sums
