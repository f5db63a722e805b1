with programs as (
    select
        *,
        first_value(period_grain) over (partition by program_id order by version) as first_grain,
        first_value(brand_code) over (partition by program_id order by version) as first_brand
    from {{ ref('stg_oem__incentive_programs') }}
    where not is_deleted
)

, tier_steps as (
    select
        program_id,
        version,
        threshold > lag(threshold) over (partition by program_id, version order by tier_no) as is_ascending
    from {{ ref('stg_oem__incentive_tiers') }}
    where not is_deleted
)

, tiers as (
    select
        program_id,
        version,
        max(case when is_ascending = false then 1 else 0 end) as has_descent
    from tier_steps
    group by program_id, version
)

select
    programs.program_id,
    programs.version as program_version,
    programs.brand_code,
    programs.program_name,
    programs.period_grain,
    programs.measure,
    programs.measure_kpi_code,
    programs.payout_basis,
    programs.tier_mode,
    programs.segment_code,
    programs.powertrain_code,
    coalesce(programs.requires_strong_market, false) as requires_strong_market,
    programs.gate_kpi_code,
    programs.gate_min_value,
    programs.cap_eur,
    programs.hold_days,
    programs.grace_days,
    programs.payment_days,
    programs.credits_refinancing,
    programs.valid_from,
    programs.valid_to,
    programs.announced_on,
    programs.consented_on,
    programs.approved_by_1,
    programs.approved_by_2,
    case
        when lower(trim(programs.approved_by_1)) = lower(trim(programs.approved_by_2)) then 'NOT_APPROVED'
        when programs.approved_by_1 is null or programs.approved_by_2 is null then 'NOT_APPROVED'
        when tiers.program_id is null then 'NO_TIERS'
        when tiers.has_descent = 1 then 'TIERS_NOT_ASCENDING'
        when programs.period_grain <> programs.first_grain then 'GRAIN_CHANGED'
        when programs.brand_code <> programs.first_brand then 'BRAND_CHANGED'
        when programs.measure = 'TARGET_ATTAINMENT' and programs.period_grain = 'MONTH' then 'MONTHLY_TARGET'
        when
            programs.tier_mode = 'MARGINAL'
            and (programs.payout_basis = 'FIXED_EUR' or programs.measure in ('TARGET_ATTAINMENT', 'KPI'))
            then 'MARGINAL_WITHOUT_UNITS'
        when
            programs.requires_strong_market
            and (programs.segment_code is null or programs.powertrain_code is null)
            then 'STRONG_MARKET_UNNAMED'
        when programs.measure = 'KPI' and programs.measure_kpi_code is null then 'MEASURE_KPI_UNNAMED'
        when (programs.gate_kpi_code is null) <> (programs.gate_min_value is null) then 'GATE_INCOMPLETE'
    end as refusal_reason
from programs
left join tiers
    on
        programs.program_id = tiers.program_id
        and programs.version = tiers.version
