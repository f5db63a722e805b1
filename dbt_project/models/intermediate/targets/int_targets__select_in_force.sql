with counting as (
    select
        dealer_id,
        brand_code,
        quarter_start,
        segment_code,
        powertrain_code,
        version as target_version,
        base_units,
        min_purchase_units,
        max_units,
        row_number() over (
            partition by dealer_id, brand_code, quarter_start, segment_code, powertrain_code
            order by version desc
        ) as recency
    from {{ ref('stg_oem__sales_targets') }}
    where
        not is_deleted
        and quarter_start = {{ quarter_of('quarter_start') }}
        and (announced_on <= quarter_start or consented_on < {{ months_later('quarter_start', 3) }})
)

select
    dealer_id,
    brand_code,
    quarter_start,
    segment_code,
    powertrain_code,
    target_version,
    base_units,
    min_purchase_units,
    max_units
from counting
where recency = 1
