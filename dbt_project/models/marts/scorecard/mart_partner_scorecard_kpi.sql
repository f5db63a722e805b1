{%- set touched = months_to_build([reads(ref('int_scorecard__attain_kpis'), 'score_month')]) -%}

with kpis as (
    select * from {{ ref('int_scorecard__attain_kpis') }}
    where {{ in_months('score_month', touched) }}
)

, reckoned as (
    select
        *,
        {{ scaled_quotient('actual_numerator', 'actual_denominator', attainment_digits()) }} as actual,
        case
            when sample_denominator = 1 then sample_numerator
            else {{ scaled_quotient('sample_numerator', 'sample_denominator', 0) }}
        end as sample_count,
        {{ millionths('weight') }} * clipped_attainment as points
    from kpis
)

, mended as (
    select
        *,
        {{ mended('actual') }} as mended_actual,
        {{ mended('attainment') }} as mended_attainment,
        {{ mended('clipped_attainment') }} as mended_clipped_attainment,
        {{ mended('points', attainment_digits() + 6) }} as mended_points
    from reckoned
)

select
    dealer_id,
    brand_code,
    score_month,
    kpi_code,
    weights_version,
    {{ as_shown(within('mended_actual', 999999999999 * 10 ** 15), 15) }} as actual_value,
    cast({{ within('sample_count', 10 ** 18) }} as bigint) as sample_count,
    target_value,
    {{ as_shown('mended_attainment', 15) }} as attainment,
    {{ as_shown('mended_clipped_attainment', 15) }} as clipped_attainment,
    weight,
    case
        when missing_reason is null then {{ as_shown('mended_points', 15) }}
        when missing_policy = 'ZERO' then cast(0 as decimal(18, 6))
    end as points,
    case when missing_reason is null then 'SCORED' else 'MISSING' end as status,
    missing_reason,
    missing_policy,
    floor_rate,
    cap_rate,
    min_sample
from mended
