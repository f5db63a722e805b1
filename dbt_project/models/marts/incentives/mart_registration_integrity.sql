{#- fewer dealers are no group to compare with -#}
{%- set least_peers = 3 -%}

with deregistrations as (
    select dealer_id, vin, event_date
    from {{ ref('fct_vehicle_event') }}
    where event_type = 'DEREGISTRATION'
)

, ended as (
    select
        registrations.vin,
        min({{ days_between('registrations.registration_date', 'deregistrations.event_date') }}) as held_days
    from {{ ref('fct_registration') }} as registrations
    inner join deregistrations
        on
            registrations.dealer_id = deregistrations.dealer_id
            and registrations.vin = deregistrations.vin
            and registrations.registration_date <= deregistrations.event_date
    group by registrations.vin
)

, counted as (
    select
        registrations.dealer_id,
        registrations.brand_code,
        registrations.registration_month,
        count(*) as registrations,
        count(*) filter (where registrations.not_counted_reason = 'SELF_REGISTRATION') as self_registrations,
        count(*) filter (
            where {{ days_between('registrations.registration_date', 'last_day(registrations.registration_month)') }} < 3
        ) as month_end_registrations,
        count(*) filter (where ended.held_days <= 30) as deregistered_30d,
        count(*) filter (where ended.held_days <= 90) as deregistered_90d
    from {{ ref('fct_registration') }} as registrations
    left join ended on registrations.vin = ended.vin
    where registrations.not_counted_reason is distinct from 'CANCELLED'
    group by registrations.dealer_id, registrations.brand_code, registrations.registration_month
)

, rated as (
    select
        counted.dealer_id,
        counted.brand_code,
        counted.registration_month,
        dealers.peer_group,
        counted.registrations,
        {{ scaled_quotient('counted.self_registrations', 'counted.registrations', 12) }} as share,
        {{ exact_rate('counted.self_registrations', 'counted.registrations') }} as self_registration_rate,
        {{ exact_rate('counted.month_end_registrations', 'counted.registrations') }} as month_end_rate,
        {{ exact_rate('counted.deregistered_30d', 'counted.registrations') }} as deregistered_30d_rate,
        {{ exact_rate('counted.deregistered_90d', 'counted.registrations') }} as deregistered_90d_rate
    from counted
    inner join {{ ref('dim_dealer') }} as dealers
        on counted.dealer_id = dealers.dealer_id and counted.brand_code = dealers.brand_code
)

, peers as (
    select
        brand_code,
        peer_group,
        registration_month,
        count(*) as peer_count,
        {{ whole('sum(share)') }} as share_sum,
        {{ whole('sum(share * share)') }} as square_sum
    from rated
    group by brand_code, peer_group, registration_month
)

-- (share - mean) / deviation, with the n of mean and deviation multiplied out: whole numbers up to the
-- root, so that equal shares deviate by exactly nothing.
select
    rated.dealer_id,
    rated.brand_code,
    rated.registration_month,
    rated.peer_group,
    peers.peer_count,
    rated.registrations,
    rated.self_registration_rate,
    rated.month_end_rate,
    rated.deregistered_30d_rate,
    rated.deregistered_90d_rate,
    case
        when peers.peer_count >= {{ least_peers }}
            then cast(
                round(
                    cast(peers.peer_count * rated.share - peers.share_sum as double)
                    / nullif(sqrt(cast(peers.peer_count * peers.square_sum - peers.share_sum * peers.share_sum as double)), 0),
                    6
                ) as decimal(18, 6)
            )
    end as peer_z_score
from rated
inner join peers
    on
        rated.brand_code = peers.brand_code
        and rated.peer_group = peers.peer_group
        and rated.registration_month = peers.registration_month
