-- Whoever works for a dealer or brand without a contract is in no figure.
with known_staff as (
    select staff.*
    from {{ ref('stg_dealer__staff') }} as staff
    {{ semi_join() }} {{ ref('dim_dealer') }} as dealers
        on
            staff.dealer_id = dealers.dealer_id
            and staff.brand_code = dealers.brand_code
)

, active as (
    select
        staff.dealer_id,
        staff.brand_code,
        months.month,
        staff.person_hash
    from known_staff as staff
    inner join {{ ref('int_capability__list_months') }} as months
        on {{ holds_on('months.month_end', 'staff.employed_from', 'staff.employed_to') }}
)

-- Whoever holds several certificates counts once.
, certified as (
    select distinct certificates.person_hash, months.month
    from {{ ref('int_capability__list_certificates') }} as certificates
    inner join {{ ref('int_capability__list_months') }} as months
        on {{ holds_on('months.month_end', 'certificates.valid_from', 'certificates.valid_to') }}
)

select
    active.dealer_id,
    active.brand_code,
    active.month,
    count(*) as active_staff,
    count(certified.person_hash) as certified_staff
from active
left join certified
    on
        active.person_hash = certified.person_hash
        and active.month = certified.month
group by active.dealer_id, active.brand_code, active.month
