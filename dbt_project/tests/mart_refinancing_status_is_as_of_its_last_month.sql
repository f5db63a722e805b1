-- What is outstanding is what the ledger's last month has left; before the first one, all of it.
{{ config(meta={'dagster': {'ref': {'name': 'mart_refinancing_status'}}}) }}

with last_months as (
    select
        investment_id,
        max_by(closing_eur, period_no) as closing_eur,
        max_by(arrears_out_eur, period_no) as arrears_out_eur
    from {{ ref('mart_refinancing_ledger') }}
    group by investment_id
)

select
    refinancing.investment_id,
    refinancing.outstanding_eur,
    refinancing.arrears_eur,
    last_months.closing_eur,
    last_months.arrears_out_eur
from {{ ref('mart_refinancing_status') }} as refinancing
left join last_months on refinancing.investment_id = last_months.investment_id
where
    refinancing.outstanding_eur <> coalesce(last_months.closing_eur, refinancing.refinanced_eur)
    or refinancing.arrears_eur <> coalesce(last_months.arrears_out_eur, 0)
