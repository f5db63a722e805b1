with programs as (
    select
        *,
        {{ person_key('approved_by_1') }} as first_approver,
        {{ person_key('approved_by_2') }} as second_approver
    from {{ ref('int_incentives__freeze_programs') }}
    where not is_deleted
)

, tier_steps as (
    select
        program_id,
        version,
        rate,
        threshold > lag(threshold) over (partition by program_id, version order by tier_no) as is_ascending
    from {{ ref('int_incentives__freeze_tiers') }}
    where not is_deleted
)

, tiers as (
    select
        program_id,
        version,
        max(case when is_ascending = false then 1 else 0 end) as has_descent,
        max(rate) as highest_rate
    from tier_steps
    group by program_id, version
)

, judged as (
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
            when programs.is_settled then null
            when programs.first_approver is null or programs.second_approver is null then 'NOT_APPROVED'
            when programs.first_approver = programs.second_approver then 'NOT_APPROVED'
            when tiers.program_id is null then 'NO_TIERS'
            when tiers.has_descent = 1 then 'TIERS_NOT_ASCENDING'
            when programs.payout_basis like 'RATE%' and tiers.highest_rate > 1 then 'RATE_ABOVE_PRICE'
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
        end as own_reason,
        programs.is_settled
    from programs
    left join tiers
        on
            programs.program_id = tiers.program_id
            and programs.version = tiers.version
)

-- Grain and brand are those of the first settled version, else of the first that nothing else refuses.
, ranked as (
    select
        *,
        row_number() over (
            partition by program_id
            order by case when is_settled then 0 when own_reason is null then 1 else 2 end, program_version
        ) as standing
    from judged
)

, firsts as (
    select program_id, period_grain, brand_code from ranked where standing = 1
)

select
    ranked.program_id,
    ranked.program_version,
    ranked.brand_code,
    ranked.program_name,
    ranked.period_grain,
    ranked.measure,
    ranked.measure_kpi_code,
    ranked.payout_basis,
    ranked.tier_mode,
    ranked.segment_code,
    ranked.powertrain_code,
    ranked.requires_strong_market,
    ranked.gate_kpi_code,
    ranked.gate_min_value,
    ranked.cap_eur,
    ranked.hold_days,
    ranked.grace_days,
    ranked.payment_days,
    ranked.credits_refinancing,
    ranked.valid_from,
    ranked.valid_to,
    ranked.announced_on,
    ranked.consented_on,
    ranked.approved_by_1,
    ranked.approved_by_2,
    case
        when ranked.is_settled then null
        when ranked.own_reason is not null then ranked.own_reason
        when ranked.period_grain <> firsts.period_grain then 'GRAIN_CHANGED'
        when ranked.brand_code <> firsts.brand_code then 'BRAND_CHANGED'
    end as refusal_reason
from ranked
inner join firsts on ranked.program_id = firsts.program_id
