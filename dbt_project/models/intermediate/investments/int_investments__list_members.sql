with programs as (
    select
        *,
        {{ months_later('decided_on', -12) }} as counted_from,
        {{ euros(scaled_quotient(cents('total_cost_eur') ~ ' * ' ~ millionths('partner_share_rate'), 1000000, 0)) }}
            as program_partner_total_eur
    from {{ ref('stg_oem__shared_programs') }}
    where not is_deleted
)

, members as (
    select
        programs.*,
        members.dealer_id,
        members.brand_code
    from programs
    inner join {{ ref('stg_oem__shared_program_members') }} as members
        on
            programs.program_id = members.program_id
            and members.joined_on <= programs.decided_on
            and (members.left_on is null or members.left_on > programs.decided_on)
            and not members.is_deleted
    inner join {{ ref('stg_oem__dealers') }} as dealers
        on
            members.dealer_id = dealers.dealer_id
            and members.brand_code = dealers.brand_code
)

, registrations as (
    select
        members.program_id,
        members.dealer_id,
        members.brand_code,
        count(*) as figure
    from members
    inner join {{ ref('fct_registration') }} as registrations
        on
            members.dealer_id = registrations.dealer_id
            and members.brand_code = registrations.brand_code
            and registrations.registration_date >= members.counted_from
            and registrations.registration_date < members.decided_on
    where members.allocation_key = 'UNITS' and registrations.is_counted
    group by members.program_id, members.dealer_id, members.brand_code
)

, lead_days as (
    select
        members.program_id,
        members.dealer_id,
        members.brand_code,
        members.counted_from,
        members.decided_on,
        {{ berlin_date('leads.created_at') }} as created_on
    from members
    inner join {{ ref('fct_lead') }} as leads
        on
            members.dealer_id = leads.dealer_id
            and members.brand_code = leads.brand_code
            and leads.created_month >= {{ month_of('members.counted_from') }}
            and leads.created_month <= members.decided_on
    where members.allocation_key = 'LEADS'
)

, figures as (
    select * from registrations
    union all
    select
        program_id,
        dealer_id,
        brand_code,
        count(*) as figure
    from lead_days
    where created_on >= counted_from and created_on < decided_on
    group by program_id, dealer_id, brand_code
)

select
    members.program_id,
    members.dealer_id,
    members.brand_code,
    members.allocation_key,
    cast(case when members.allocation_key = 'EQUAL' then 1 else coalesce(figures.figure, 0) end as bigint) as allocation_weight,
    members.program_partner_total_eur,
    cast(members.total_cost_eur - members.program_partner_total_eur as decimal(18, 2)) as program_oem_total_eur,
    members.min_share_eur,
    members.max_share_eur,
    members.decided_on,
    members.go_live_on
from members
left join figures
    on
        members.program_id = figures.program_id
        and members.dealer_id = figures.dealer_id
        and members.brand_code = figures.brand_code
