with parameters as (
    select max(case when parameter_code = 'NEAR_TIER_UNITS' then value end) as near_tier_units
    from {{ ref('governance_parameters') }}
)

, invoices as (
    select
        invoices.*,
        {{ cents('invoices.discount_eur') }} as discount_cents
    from {{ ref('int_brand__judge_discounts') }} as invoices
    {{ semi_join() }} {{ ref('dim_dealer') }} as dealers
        on invoices.dealer_id = dealers.dealer_id and invoices.brand_code = dealers.brand_code
)

, sums as (
    select
        invoices.dealer_id,
        invoices.brand_code,
        invoices.invoice_month as month,
        count(*) as invoices,
        count(*) filter (where invoices.is_over_limit) as over_limit_count,
        count(*) filter (where invoices.is_over_limit and invoices.is_in_premium_window) as conflict_invoices,
        sum(invoices.discount_cents) as discount_cents,
        sum(
            case
                when distances.units_to_next_tier <= parameters.near_tier_units then invoices.discount_cents
                else 0
            end
        ) as near_tier_cents,
        sum(greatest(invoices.discount_cents, 0)) as given_cents,
        sum(
            case
                when distances.units_to_next_tier <= parameters.near_tier_units
                    then greatest(invoices.discount_cents, 0)
                else 0
            end
        ) as given_near_tier_cents
    from invoices
    left join {{ ref('stg_computed__tier_distances') }} as distances
        on
            invoices.dealer_id = distances.dealer_id
            and invoices.brand_code = distances.brand_code
            and invoices.segment_code = distances.segment_code
            and invoices.powertrain_code = distances.powertrain_code
            and invoices.invoice_date = distances.day
    cross join parameters
    group by invoices.dealer_id, invoices.brand_code, invoices.invoice_month
)

select
    dealer_id,
    brand_code,
    month,
    invoices,
    conflict_invoices,
    {{ exact_rate('conflict_invoices', 'invoices') }} as conflict_share,
    {{ exact_rate('over_limit_count', 'invoices') }} as over_limit_rate,
    {{ euros('discount_cents') }} as discount_eur,
    {{ euros('near_tier_cents') }} as discount_near_tier_eur,
    {{ exact_rate('given_near_tier_cents', 'given_cents') }} as near_tier_share
from sums
