with partners as (
    select dealer_id, brand_code from {{ ref('dim_dealer') }}
    where is_top_partner
)

-- Weeks in which the dealer was open from Monday to Sunday.
, weeks_due as (
    select dealer_id, brand_code, week_start
    from {{ ref('int_governance__list_partner_weeks') }}
    where is_open_throughout
)

, weeks_met as (
    select distinct dealer_id, brand_code, {{ week_of('held_on') }} as week_start
    from {{ ref('stg_dealer__meetings') }}
    where not is_deleted
)

, weeks as (
    select
        weeks_due.dealer_id,
        weeks_due.brand_code,
        count(*) as weeks_due,
        count(weeks_met.week_start) as weeks_met
    from weeks_due
    left join weeks_met
        on {{ same_key('weeks_due', 'weeks_met', ['dealer_id', 'brand_code', 'week_start']) }}
    group by weeks_due.dealer_id, weeks_due.brand_code
)

-- As of today: what is dated later has not happened yet.
, actions as (
    select
        dealer_id,
        brand_code,
        owner,
        raised_on,
        case when decided_on <= {{ today() }} then decided_on end as decided_on,
        due_on,
        case when done_on <= {{ today() }} then done_on end as done_on
    from {{ ref('fct_action') }}
    where raised_on <= {{ today() }}
)

, action_figures as (
    select
        dealer_id,
        brand_code,
        {{ doubled_median(days_between('raised_on', 'decided_on')) }} as doubled_days_to_decision,
        {{ doubled_median(days_between('decided_on', 'done_on')) }} as doubled_days_to_done,
        count(case when done_on is null then 1 end) as actions_open,
        count(case when done_on is null and due_on < {{ today() }} and owner = 'OEM' then 1 end) as overdue_oem,
        count(case when done_on is null and due_on < {{ today() }} and owner = 'PARTNER' then 1 end) as overdue_partner
    from actions
    group by dealer_id, brand_code
)

select
    partners.dealer_id,
    partners.brand_code,
    coalesce(weeks.weeks_due, 0) as weeks_due,
    coalesce(weeks.weeks_met, 0) as weeks_met,
    {{ exact_rate('weeks.weeks_met', 'weeks.weeks_due') }} as met_rate,
    {{ exact_rate('action_figures.doubled_days_to_decision', '2') }} as median_days_to_decision,
    {{ exact_rate('action_figures.doubled_days_to_done', '2') }} as median_days_to_done,
    coalesce(action_figures.actions_open, 0) as actions_open,
    coalesce(action_figures.overdue_oem, 0) as overdue_oem,
    coalesce(action_figures.overdue_partner, 0) as overdue_partner
from partners
left join weeks
    on partners.dealer_id = weeks.dealer_id and partners.brand_code = weeks.brand_code
left join action_figures
    on partners.dealer_id = action_figures.dealer_id and partners.brand_code = action_figures.brand_code
