-- A dealer who is not in the list under the rule's brand is never open: his rules fit no case.
with rules as (
    select
        rules.rule_id,
        rules.brand_code,
        rules.case_type,
        rules.product_category,
        coalesce(rules.postal_prefix, '') as postal_prefix,
        rules.responsible_dealer_id,
        rules.priority,
        rules.valid_from,
        coalesce(rules.valid_to, {{ open_end() }}) as valid_to,
        greatest(rules.valid_from, dealers.opened_on) as fits_from,
        least(coalesce(rules.valid_to, {{ open_end() }}), coalesce(dealers.closed_on, {{ open_end() }})) as fits_to,
        dealers.dealer_id is not null as is_known_dealer
    from {{ ref('stg_oem__routing_rules') }} as rules
    left join {{ ref('stg_oem__dealers') }} as dealers
        on
            rules.responsible_dealer_id = dealers.dealer_id
            and rules.brand_code = dealers.brand_code
    where not rules.is_deleted
)

select
    rule_id,
    brand_code,
    case_type,
    product_category,
    postal_prefix,
    length(postal_prefix) as prefix_length,
    responsible_dealer_id,
    priority,
    valid_from,
    valid_to,
    case when is_known_dealer and fits_from <= fits_to then fits_from end as fits_from,
    case when is_known_dealer and fits_from <= fits_to then fits_to end as fits_to,
    cast(
        (5 - length(postal_prefix)) * 4
        + case when product_category is null then 2 else 0 end
        + case when case_type is null then 1 else 0 end
        as int
    ) as class_rank,
    cast(dense_rank() over (order by brand_code, postal_prefix, product_category, case_type) as int) as key_no,
    cast(row_number() over (order by priority, rule_id) as int) as rule_rank
from rules
