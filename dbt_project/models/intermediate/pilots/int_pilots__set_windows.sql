{%- set after = 'after_end_month', 'first_after_month' -%}
with pilots as (
    select
        pilot_id,
        pilot_name,
        brand_code,
        kpi_code,
        starts_on,
        ends_on,
        success_uplift_rate,
        min_dealers,
        {{ month_of('starts_on') }} as start_month,
        {{ month_of(today()) }} as this_month
    from {{ ref('stg_oem__pilots') }}
    where not is_deleted
)

-- Whole months only: the one that the pilot begins in counts if it begins on the first, the one that it
-- ends in if it ends on the last day.
, spans as (
    select
        *,
        case when starts_on = start_month then start_month else {{ months_later('start_month', 1) }} end as first_after_month,
        least(coalesce({{ month_of(days_later('ends_on', 1)) }}, this_month), this_month) as after_end_month
    from pilots
)

, counted as (
    select
        *,
        greatest(
            12 * (cast(extract(year from {{ after[0] }}) as bigint) - cast(extract(year from {{ after[1] }}) as bigint))
            + cast(extract(month from {{ after[0] }}) as bigint) - cast(extract(month from {{ after[1] }}) as bigint),
            0
        ) as window_months
    from spans
)

select
    pilot_id,
    pilot_name,
    brand_code,
    kpi_code,
    starts_on,
    ends_on,
    success_uplift_rate,
    min_dealers,
    window_months,
    {{ months_later('start_month', '-cast(window_months as int)') }} as before_from_month,
    start_month as before_end_month,
    first_after_month as after_from_month,
    after_end_month
from counted
