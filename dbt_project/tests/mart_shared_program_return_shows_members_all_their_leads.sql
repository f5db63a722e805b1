-- Data access: every lead that a member generated around the go-live is counted in its own row, no less
-- and no more.
{{ config(meta={'dagster': {'ref': {'name': 'mart_shared_program_return'}}}) }}

with generated as (
    select
        members.program_id,
        members.dealer_id,
        members.brand_code,
        count(*) as leads,
        sum(case when leads.is_sold then 1 else 0 end) as sold
    from {{ ref('int_investments__list_members') }} as members
    inner join {{ ref('fct_lead') }} as leads
        on
            members.dealer_id = leads.dealer_id
            and members.brand_code = leads.brand_code
            and leads.created_month >= {{ months_later('members.go_live_on', -13) }}
            and {{ berlin_date('leads.created_at') }} >= {{ months_later('members.go_live_on', -12) }}
            and {{ berlin_date('leads.created_at') }} < {{ months_later('members.go_live_on', 12) }}
    where members.go_live_on is not null
    group by members.program_id, members.dealer_id, members.brand_code
)

, shown as (
    select
        program_id,
        dealer_id,
        brand_code,
        leads_before + leads_after as leads,
        sold_before + sold_after as sold
    from {{ ref('mart_shared_program_return') }}
    where is_member
)

select
    program_id,
    dealer_id,
    brand_code,
    generated.leads as generated_leads,
    shown.leads as shown_leads,
    generated.sold as generated_sold,
    shown.sold as shown_sold
from shown
full outer join generated using (program_id, dealer_id, brand_code)
where
    shown.leads is distinct from coalesce(generated.leads, 0)
    or shown.sold is distinct from coalesce(generated.sold, 0)
