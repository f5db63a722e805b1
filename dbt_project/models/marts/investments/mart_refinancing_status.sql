with last_months as (
    select
        investment_id,
        max(ledger_month) as last_ledger_month,
        max_by(status, period_no) as status
    from {{ ref('stg_computed__refinancing_states') }}
    group by investment_id
)

select
    refinancing.investment_id,
    refinancing.dealer_id,
    refinancing.brand_code,
    refinancing.start_date,
    refinancing.refinance_months,
    refinancing.total_cost_eur,
    refinancing.upfront_eur,
    refinancing.refinanced_eur,
    refinancing.outstanding_eur,
    refinancing.paid_rate,
    refinancing.arrears_eur,
    refinancing.projected_end_month,
    refinancing.expected_balloon_eur,
    last_months.last_ledger_month,
    coalesce(last_months.status, case when refinancing.refinanced_eur = 0 then 'SETTLED' else 'OPEN' end) as status
from {{ ref('stg_computed__refinancing_status') }} as refinancing
left join last_months
    on refinancing.investment_id = last_months.investment_id
