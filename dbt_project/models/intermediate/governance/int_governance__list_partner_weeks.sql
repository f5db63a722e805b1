with partners as (
    select dealer_id, brand_code, opened_on, closed_on from {{ ref('dim_dealer') }}
    where is_top_partner
)

-- A dealer delivers for all of his brands: the last day that a row of his tells of, source by source.
, told as (
    select dealer_id, 'SALES' as source, max(event_date) as last_day
    from {{ ref('fct_vehicle_event') }}
    group by dealer_id
    union all
    select dealer_id, 'CASES', {{ berlin_date('greatest(max(opened_at), max(coalesce(resolved_at, opened_at)))') }}
    from {{ ref('fct_case') }}
    group by dealer_id
    union all
    select dealer_id, 'SURVEYS', {{ berlin_date('greatest(max(sent_at), max(coalesce(answered_at, sent_at)))') }}
    from {{ ref('fct_survey') }}
    group by dealer_id
    union all
    select dealer_id, 'DIALOGUE', max(held_on)
    from {{ ref('stg_dealer__meetings') }}
    where not is_deleted
    group by dealer_id
    union all
    -- When an action is due says nothing of what has been delivered: it is a plan.
    select
        dealer_id,
        'DIALOGUE',
        max(greatest(raised_on, coalesce(decided_on, raised_on), coalesce(done_on, raised_on)))
    from {{ ref('fct_action') }}
    group by dealer_id
)

, last_days as (
    select
        dealer_id,
        max(case when source = 'SALES' then last_day end) as sales_until,
        max(case when source = 'CASES' then last_day end) as cases_until,
        max(case when source = 'SURVEYS' then last_day end) as surveys_until,
        max(case when source = 'DIALOGUE' then last_day end) as dialogue_until,
        max(last_day) as anything_until
    from told
    group by dealer_id
)

select
    partners.dealer_id,
    partners.brand_code,
    weeks.week_start,
    weeks.week_end,
    weeks.quarter_start,
    weeks.before_week_start,
    partners.opened_on <= weeks.week_start
    and (partners.closed_on is null or partners.closed_on >= weeks.week_end) as is_open_throughout,
    {%- for source in ['sales', 'cases', 'surveys', 'dialogue', 'anything'] %}
    coalesce(weeks.week_start <= last_days.{{ source }}_until, false) as has_{{ source }}
    {%- if not loop.last %},{% endif %}
    {%- endfor %}
from partners
inner join {{ ref('int_governance__list_weeks') }} as weeks
    on
        partners.opened_on <= weeks.week_end
        and (partners.closed_on is null or partners.closed_on >= weeks.week_start)
left join last_days
    on partners.dealer_id = last_days.dealer_id
