-- A version that a close has settled stays as it was known then, whatever is delivered of it later.
select
    program_id,
    program_version as version,
    brand_code,
    program_name,
    period_grain,
    measure,
    measure_kpi_code,
    payout_basis,
    tier_mode,
    segment_code,
    powertrain_code,
    requires_strong_market,
    gate_kpi_code,
    gate_min_value,
    cap_eur,
    hold_days,
    grace_days,
    payment_days,
    credits_refinancing,
    valid_from,
    valid_to,
    announced_on,
    consented_on,
    approved_by_1,
    approved_by_2,
    false as is_deleted,
    true as is_settled
from {{ ref('stg_ledger__incentive_terms') }}
union all
select
    delivered.program_id,
    delivered.version,
    delivered.brand_code,
    delivered.program_name,
    delivered.period_grain,
    delivered.measure,
    delivered.measure_kpi_code,
    delivered.payout_basis,
    delivered.tier_mode,
    delivered.segment_code,
    delivered.powertrain_code,
    delivered.requires_strong_market,
    delivered.gate_kpi_code,
    delivered.gate_min_value,
    delivered.cap_eur,
    delivered.hold_days,
    delivered.grace_days,
    delivered.payment_days,
    delivered.credits_refinancing,
    delivered.valid_from,
    delivered.valid_to,
    delivered.announced_on,
    delivered.consented_on,
    delivered.approved_by_1,
    delivered.approved_by_2,
    delivered.is_deleted,
    false as is_settled
from {{ ref('stg_oem__incentive_programs') }} as delivered
{{ anti_join() }} {{ ref('stg_ledger__incentive_terms') }} as settled
    on
        delivered.program_id = settled.program_id
        and delivered.version = settled.program_version
