{%- set cell = ['dealer_id', 'brand_code', 'quarter_start', 'segment_code', 'powertrain_code'] -%}

with registrations as (
    select
        dealer_id,
        brand_code,
        {{ quarter_of('registration_month') }} as quarter_start,
        segment_code,
        powertrain_code,
        cast(sum(counted_registrations) as bigint) as counted_registrations
    from {{ ref('int_registrations__count_by_month') }}
    where segment_code is not null
    group by dealer_id, brand_code, {{ quarter_of('registration_month') }}, segment_code, powertrain_code
)

, cells as (
    select {{ cell | join(', ') }} from {{ ref('stg_oem__sales_targets') }}
    where not is_deleted and quarter_start = {{ quarter_of('quarter_start') }}
    union
    select {{ cell | join(', ') }} from registrations
)

, counted as (
    select
        cells.*,
        targets.target_version,
        targets.base_units as target_units,
        targets.min_purchase_units,
        coalesce(registrations.counted_registrations, 0) as counted_registrations,
        coalesce(backlogs.backlog_units, 0) as undelivered_backlog_units
    from cells
    inner join {{ ref('dim_dealer') }} as dealers
        on cells.dealer_id = dealers.dealer_id and cells.brand_code = dealers.brand_code
    left join {{ ref('int_targets__select_in_force') }} as targets
        on {{ same_key('cells', 'targets', cell) }}
    left join registrations
        on {{ same_key('cells', 'registrations', cell) }}
    left join {{ ref('int_targets__count_backlog') }} as backlogs
        on {{ same_key('cells', 'backlogs', cell) }}
)

select
    dealer_id,
    brand_code,
    quarter_start,
    segment_code,
    powertrain_code,
    target_version,
    target_units,
    counted_registrations,
    {{ exact_rate('counted_registrations', 'target_units') }} as attainment,
    undelivered_backlog_units,
    case
        when target_units is not null
            then {{ exact_rate(
                'counted_registrations', 'greatest(target_units - undelivered_backlog_units, min_purchase_units, 1)'
            ) }}
    end as supply_adjusted_attainment
from counted
