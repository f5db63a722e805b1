with periods as (
    select * from {{ ref('int_incentives__list_periods') }}
)

, dealers as (
    select
        periods.*,
        dealers.dealer_id
    from periods
    inner join {{ ref('stg_oem__dealers') }} as dealers
        on
            periods.brand_code = dealers.brand_code
            -- units are paid whenever they are; a fixed amount asks for somebody who is open
            and (
                periods.payout_basis <> 'FIXED_EUR'
                or (
                    dealers.opened_on <= periods.period_end
                    and (dealers.closed_on is null or dealers.closed_on >= periods.period_start)
                )
            )
)

, targets as (
    select
        periods.program_id,
        periods.period_start,
        in_force.dealer_id,
        sum(in_force.base_units) as target_units
    from periods
    inner join {{ ref('int_targets__select_in_force') }} as in_force
        on
            periods.brand_code = in_force.brand_code
            and in_force.quarter_start between periods.period_start and periods.period_end
            and (periods.segment_code is null or periods.segment_code = in_force.segment_code)
            and (periods.powertrain_code is null or periods.powertrain_code = in_force.powertrain_code)
    where periods.measure = 'TARGET_ATTAINMENT'
    group by periods.program_id, periods.period_start, in_force.dealer_id
)

, measured as (
    select
        dealers.*,
        cast(nullif(targets.target_units, 0) as bigint) as target_units,
        measures.kpi_value,
        gates.kpi_value as gate_value,
        coalesce(markets.is_strong_market, false) as is_strong_market
    from dealers
    left join targets
        on
            dealers.program_id = targets.program_id
            and dealers.period_start = targets.period_start
            and dealers.dealer_id = targets.dealer_id
    left join {{ ref('int_incentives__measure_kpis') }} as measures
        on
            dealers.measure = 'KPI'
            and dealers.measure_kpi_code = measures.kpi_code
            and dealers.dealer_id = measures.dealer_id
            and dealers.brand_code = measures.brand_code
            and dealers.period_start = measures.period_start
            and dealers.period_end = measures.period_end
    left join {{ ref('int_incentives__measure_kpis') }} as gates
        on
            dealers.gate_kpi_code = gates.kpi_code
            and dealers.dealer_id = gates.dealer_id
            and dealers.brand_code = gates.brand_code
            and dealers.period_start = gates.period_start
            and dealers.period_end = gates.period_end
    left join {{ ref('int_targets__measure_regional_index') }} as markets
        on
            dealers.requires_strong_market
            and dealers.dealer_id = markets.dealer_id
            and dealers.brand_code = markets.brand_code
            and {{ quarter_of('dealers.period_start') }} = markets.quarter_start
            and dealers.segment_code = markets.segment_code
            and dealers.powertrain_code = markets.powertrain_code
)

select
    program_id,
    program_version,
    period_start,
    dealer_id,
    brand_code,
    target_units,
    kpi_value,
    gate_value,
    (gate_kpi_code is null or coalesce(gate_value >= gate_min_value, false))
    and (not requires_strong_market or is_strong_market) as is_gate_met
from measured
