with members as (
    select * from {{ ref('int_investments__list_members') }}
    where go_live_on is not null
)

, programs as (
    select distinct
        program_id,
        brand_code,
        go_live_on,
        {{ months_later('go_live_on', -12) }} as before_from,
        {{ months_later('go_live_on', 12) }} as after_until
    from members
)

-- Members, and to compare with them everybody else of their brands.
, dealers as (
    select
        programs.*,
        dealers.dealer_id,
        members.dealer_id is not null as is_member,
        members.program_partner_total_eur,
        members.program_oem_total_eur
    from programs
    inner join {{ ref('dim_dealer') }} as dealers
        on programs.brand_code = dealers.brand_code
    left join members
        on
            programs.program_id = members.program_id
            and dealers.dealer_id = members.dealer_id
            and dealers.brand_code = members.brand_code
)

, leads as (
    select
        dealers.program_id,
        dealers.dealer_id,
        dealers.brand_code,
        dealers.before_from,
        dealers.go_live_on,
        dealers.after_until,
        leads.is_sold,
        {{ berlin_date('leads.created_at') }} as created_on
    from dealers
    inner join {{ ref('fct_lead') }} as leads
        on
            dealers.dealer_id = leads.dealer_id
            and dealers.brand_code = leads.brand_code
            and leads.created_month >= {{ month_of('dealers.before_from') }}
            and leads.created_month < dealers.after_until
)

, lead_counts as (
    select
        program_id,
        dealer_id,
        brand_code,
        count(*) filter (where created_on < go_live_on) as leads_before,
        count(*) filter (where created_on >= go_live_on) as leads_after,
        count(*) filter (where created_on < go_live_on and is_sold) as sold_before,
        count(*) filter (where created_on >= go_live_on and is_sold) as sold_after
    from leads
    where created_on >= before_from and created_on < after_until
    group by program_id, dealer_id, brand_code
)

-- Whole months by their first day; a gain over months that are not all there is none that can be told.
, profits as (
    select
        dealers.program_id,
        dealers.dealer_id,
        dealers.brand_code,
        count(*) as month_count,
        sum(
            case when financials.fiscal_month >= dealers.go_live_on then 1 else -1 end
            * {{ cents('financials.new_vehicle_gross_profit_eur') }}
        ) as gain
    from dealers
    inner join {{ ref('fct_dealer_financials') }} as financials
        on
            dealers.dealer_id = financials.dealer_id
            and dealers.brand_code = financials.brand_code
            and financials.fiscal_month >= dealers.before_from
            and financials.fiscal_month < dealers.after_until
    group by dealers.program_id, dealers.dealer_id, dealers.brand_code
)

, joined as (
    select
        dealers.*,
        coalesce(lead_counts.leads_before, 0) as leads_before,
        coalesce(lead_counts.leads_after, 0) as leads_after,
        coalesce(lead_counts.sold_before, 0) as sold_before,
        coalesce(lead_counts.sold_after, 0) as sold_after,
        case when profits.month_count = 24 then profits.gain end as gain,
        allocations.partner_share_eur
    from dealers
    left join lead_counts on {{ same_key('dealers', 'lead_counts', ['program_id', 'dealer_id', 'brand_code']) }}
    left join profits on {{ same_key('dealers', 'profits', ['program_id', 'dealer_id', 'brand_code']) }}
    left join {{ ref('stg_computed__shared_program_allocations') }} as allocations
        on {{ same_key('dealers', 'allocations', ['program_id', 'dealer_id', 'brand_code']) }}
)

, totals as (
    select
        program_id,
        case when count(gain) = count(*) then sum(gain) end as members_gain,
        max(program_partner_total_eur) as program_partner_total_eur,
        max(program_oem_total_eur) as program_oem_total_eur
    from joined
    where is_member
    group by program_id
)

select
    joined.program_id,
    joined.dealer_id,
    joined.brand_code,
    joined.go_live_on,
    joined.is_member,
    joined.leads_before,
    joined.leads_after,
    joined.sold_before,
    joined.sold_after,
    {{ euros('joined.gain') }} as gross_profit_gain_eur,
    joined.partner_share_eur,
    {{ exact_rate('joined.gain', cents('joined.partner_share_eur')) }} as return_per_eur,
    {{ euros('totals.members_gain') }} as members_gross_profit_gain_eur,
    {{ exact_rate('totals.members_gain', cents('totals.program_partner_total_eur')) }} as partners_return_rate,
    {{ exact_rate('totals.members_gain', cents('totals.program_oem_total_eur')) }} as oem_return_rate
from joined
inner join totals
    on joined.program_id = totals.program_id
