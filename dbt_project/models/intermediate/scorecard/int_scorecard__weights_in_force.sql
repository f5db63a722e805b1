{{ config(materialized='table') }}

{#- What counts for or against a dealer ends at a thousand million times the target: a hundred points
    times that, and the change from the lowest to the highest score, still fit decimal(18,6). -#}
{%- set limit = 10 ** 9 -%}

with months as (
    select distinct brand_code, score_month
    from {{ ref('int_scorecard__list_dealer_months') }}
)

, valid as (
    select
        months.score_month,
        weights.*,
        max(weights.version) over (partition by months.brand_code, months.score_month) as version_in_force
    from months
    inner join {{ ref('stg_oem__kpi_weights') }} as weights
        on
            months.brand_code = weights.brand_code
            and last_day(months.score_month) >= weights.valid_from
            and (weights.valid_to is null or last_day(months.score_month) <= weights.valid_to)
    where not weights.is_deleted
)

select
    brand_code,
    score_month,
    kpi_code,
    version as weights_version,
    weight,
    cast({{ within('floor_rate', limit) }} as decimal(18, 6)) as floor_rate,
    cast({{ within('cap_rate', limit) }} as decimal(18, 6)) as cap_rate,
    min_sample,
    missing_policy
from valid
where version = version_in_force and weight > 0
