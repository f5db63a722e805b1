-- To the cent, and every instalment begins with what the one before has left.
{{ config(meta={'dagster': {'ref': {'name': 'mart_refinancing_plan'}}}) }}

with instalments as (
    select
        *,
        lag(closing_eur) over (partition by investment_id order by period_no) as closing_before_eur
    from {{ ref('mart_refinancing_plan') }}
)

, plans as (
    select
        investment_id,
        sum(principal_eur) as principal_eur,
        count(*) as instalment_count,
        max(period_no) as last_period_no,
        min_by(opening_eur, period_no) as first_opening_eur,
        max_by(closing_eur, period_no) as last_closing_eur,
        max(case when opening_eur <> closing_before_eur then 1 else 0 end) as has_break
    from instalments
    group by investment_id
)

select
    investment_id,
    refinancing.refinanced_eur,
    plans.principal_eur,
    plans.last_closing_eur
from {{ ref('mart_refinancing_status') }} as refinancing
full outer join plans using (investment_id)
where
    refinancing.refinanced_eur is null
    or refinancing.refinanced_eur <> coalesce(plans.principal_eur, 0)
    or plans.first_opening_eur <> refinancing.refinanced_eur
    or plans.last_closing_eur <> 0
    or plans.instalment_count <> plans.last_period_no
    or plans.has_break = 1
