with partner_weeks as (
    select dealer_id, brand_code, week_start, week_end
    from {{ ref('int_governance__list_partner_weeks') }}
    where has_dialogue
)

, open_actions as (
    select
        partner_weeks.dealer_id,
        partner_weeks.brand_code,
        partner_weeks.week_start,
        count(actions.action_id) as open_count,
        count(case when actions.due_on < partner_weeks.week_end then actions.action_id end) as overdue_count
    from partner_weeks
    left join {{ ref('fct_action') }} as actions
        on
            partner_weeks.dealer_id = actions.dealer_id
            and partner_weeks.brand_code = actions.brand_code
            and actions.raised_on <= partner_weeks.week_end
            and (actions.done_on is null or actions.done_on > partner_weeks.week_end)
    group by partner_weeks.dealer_id, partner_weeks.brand_code, partner_weeks.week_start
)

, weeks_met as (
    select distinct dealer_id, brand_code, {{ week_of('held_on') }} as met_week
    from {{ ref('stg_dealer__meetings') }}
    where not is_deleted
)

, meetings as (
    select
        partner_weeks.dealer_id,
        partner_weeks.brand_code,
        partner_weeks.week_start,
        count(case when weeks_met.met_week = partner_weeks.week_start then 1 end) as met_count,
        count(weeks_met.met_week) as weeks_met_count
    from partner_weeks
    left join weeks_met
        on
            partner_weeks.dealer_id = weeks_met.dealer_id
            and partner_weeks.brand_code = weeks_met.brand_code
            and weeks_met.met_week >= {{ days_later('partner_weeks.week_start', -84) }}
            and weeks_met.met_week <= partner_weeks.week_start
    group by partner_weeks.dealer_id, partner_weeks.brand_code, partner_weeks.week_start
)

select
    dealer_id,
    brand_code,
    week_start,
    'OPEN_ACTIONS' as finding_code,
    cast(null as {{ text_type() }}) as subject,
    cast(open_count as decimal(18, 6)) as value,
    cast(overdue_count as decimal(18, 6)) as comparison_value,
    'OVERDUE' as comparison
from open_actions
union all
select
    dealer_id,
    brand_code,
    week_start,
    'MEETING',
    null,
    cast(met_count as decimal(18, 6)),
    cast(weeks_met_count as decimal(18, 6)),
    'WEEKS_MET'
from meetings
