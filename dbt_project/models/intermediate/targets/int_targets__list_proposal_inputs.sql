select
    targets.dealer_id,
    targets.brand_code,
    targets.quarter_start,
    targets.segment_code,
    targets.powertrain_code,
    targets.base_units,
    targets.min_purchase_units,
    targets.max_units,
    markets.index_numerator,
    markets.index_denominator,
    markets.regional_index,
    markets.is_strong_market
from {{ ref('int_targets__select_in_force') }} as targets
inner join {{ ref('int_targets__measure_regional_index') }} as markets
    on
        targets.dealer_id = markets.dealer_id
        and targets.brand_code = markets.brand_code
        and targets.quarter_start = markets.quarter_start
        and targets.segment_code = markets.segment_code
        and targets.powertrain_code = markets.powertrain_code
