-- What the members carry is what the partners carry together, and with the manufacturer's part it is the
-- cost; each member of the day of the decision carries its part, within floor and cap.
{{ config(meta={'dagster': {'ref': {'name': 'mart_shared_program_allocation'}}}) }}

with shares as (
    select
        program_id,
        sum(partner_share_eur) as shares_eur,
        count(*) as share_count,
        min(partner_share_eur) as least_share_eur,
        max(partner_share_eur) as largest_share_eur,
        min(program_partner_total_eur) as partner_total_eur,
        min(program_oem_total_eur) as oem_total_eur,
        count(distinct program_partner_total_eur) + count(distinct program_oem_total_eur) as total_count
    from {{ ref('mart_shared_program_allocation') }}
    group by program_id
)

, members as (
    select program_id, count(*) as member_count
    from {{ ref('int_investments__list_members') }}
    group by program_id
)

select
    shares.program_id,
    programs.total_cost_eur,
    shares.shares_eur,
    shares.partner_total_eur,
    shares.oem_total_eur
from shares
left join {{ ref('stg_oem__shared_programs') }} as programs on shares.program_id = programs.program_id
left join members on shares.program_id = members.program_id
where
    shares.shares_eur <> shares.partner_total_eur
    or shares.total_count <> 2
    or shares.partner_total_eur + shares.oem_total_eur is distinct from programs.total_cost_eur
    or shares.share_count is distinct from members.member_count
    or shares.least_share_eur < coalesce(programs.min_share_eur, 0)
    or shares.largest_share_eur > programs.max_share_eur
