with investments as (
    select * from {{ ref('stg_oem__showroom_investments') }}
    where not is_deleted
)

select
    investments.investment_id,
    investments.dealer_id,
    investments.brand_code,
    investments.total_cost_eur,
    investments.upfront_rate,
    investments.refinance_months,
    investments.annual_interest_rate,
    investments.day_count,
    investments.start_date,
    investments.surplus_policy,
    investments.shortfall_policy,
    investments.end_policy,
    coalesce(investments.max_extension_months, 0) as max_extension_months,
    investments.terminated_on,
    case
        when dealers.dealer_id is null then 'UNKNOWN_DEALER'
        when dealers.contract_model = 'AGENT_GENUINE' then 'AGENT_GENUINE'
        when
            investments.annual_interest_rate > 0
            and investments.surplus_policy in ('NEXT', 'LAST', 'REAMORTISE')
            then 'RATE_WITH_SURPLUS_POLICY'
        when
            investments.total_cost_eur <= 0
            or investments.upfront_rate < 0
            or investments.upfront_rate > 1
            or investments.refinance_months < 1
            then 'NOTHING_TO_FINANCE'
        when investments.annual_interest_rate < 0 then 'RATE_NEGATIVE'
        -- what would be owed, if nothing were ever paid; a day count gives a month 31 of 360 days at most
        when
            investments.total_cost_eur
            * power(
                1 + investments.annual_interest_rate * 31 / 360,
                investments.refinance_months + coalesce(investments.max_extension_months, 0)
            )
            >= 1e15
            then 'DEBT_BEYOND_AMOUNTS'
    end as refusal_reason
from investments
left join {{ ref('stg_oem__dealers') }} as dealers
    on
        investments.dealer_id = dealers.dealer_id
        and investments.brand_code = dealers.brand_code
