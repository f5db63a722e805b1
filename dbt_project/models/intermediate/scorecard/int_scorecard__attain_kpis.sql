{%- set touched = months_to_build([
    reads(ref('int_scorecard__list_dealer_months'), 'score_month'),
    reads(ref('int_scorecard__weights_in_force'), 'score_month'),
    reads(ref('int_kpis__measure_all'), 'score_month'),
    reads(ref('stg_oem__kpi_targets'), 'target_month'),
    reads(ref('dim_kpi'), none, ['kpi_code', 'direction', 'owner_side']),
]) -%}
{%- set digits = attainment_digits() -%}
{%- set limit = 999999999999 * 10 ** digits -%}

with dealer_months as (
    select * from {{ ref('int_scorecard__list_dealer_months') }}
    where {{ in_months('score_month', touched) }}
)

, weights as (
    select * from {{ ref('int_scorecard__weights_in_force') }}
    where {{ in_months('score_month', touched) }}
)

, measures as (
    select * from {{ ref('int_kpis__measure_all') }}
    where {{ in_months('score_month', touched) }}
)

, targets as (
    select * from {{ ref('stg_oem__kpi_targets') }}
    where
        not is_deleted
        and {{ in_months('target_month', touched) }}
)

, weighed as (
    select
        dealer_months.dealer_id,
        dealer_months.brand_code,
        dealer_months.score_month,
        dealer_months.peer_group,
        weights.kpi_code,
        weights.weights_version,
        weights.weight,
        weights.floor_rate,
        weights.cap_rate,
        weights.min_sample,
        weights.missing_policy,
        kpis.owner_side,
        coalesce(kpis.direction = 'LOWER', false) as is_lower_better,
        targets.target_value,
        measures.actual_numerator,
        nullif(measures.actual_denominator, 0) as actual_denominator,
        coalesce(measures.sample_numerator, 0) as sample_numerator,
        coalesce(measures.sample_denominator, 1) as sample_denominator
    from dealer_months
    inner join weights
        on
            dealer_months.brand_code = weights.brand_code
            and dealer_months.score_month = weights.score_month
    left join targets
        on
            dealer_months.dealer_id = targets.dealer_id
            and dealer_months.brand_code = targets.brand_code
            and dealer_months.score_month = targets.target_month
            and weights.kpi_code = targets.kpi_code
    left join measures
        on
            dealer_months.dealer_id = measures.dealer_id
            and dealer_months.brand_code = measures.brand_code
            and dealer_months.score_month = measures.score_month
            and weights.kpi_code = measures.kpi_code
    left join {{ ref('dim_kpi') }} as kpis
        on weights.kpi_code = kpis.kpi_code
)

-- Actual / target = part / whole, in whole numbers. A target that would make the whole too large to
-- divide by is taken as the largest that does not: the attainment is next to 0, or beyond any cap, anyway.
, judged as (
    select
        *,
        case
            when target_value is null or target_value <= 0 then 'NO_TARGET'
            when actual_numerator is null or actual_denominator is null then 'NO_DATA'
            when sample_numerator < {{ whole('min_sample') }} * sample_denominator then 'SMALL_SAMPLE'
        end as missing_reason,
        actual_numerator * 1000000 as part,
        actual_denominator * case
            when abs(actual_denominator) <= {{ 10 ** 15 }} then {{ millionths('target_value') }}
            else least({{ millionths('target_value') }}, {{ wide_quotient(whole(10 ** 33), 'abs(actual_denominator)') }})
        end as whole
    from weighed
)

, divided as (
    select
        *,
        case
            when missing_reason is not null then null
            when is_lower_better then {{ scaled_quotient('whole', 'part', digits) }}
            else {{ scaled_quotient('part', 'whole', digits) }}
        end as quotient
    from judged
)

-- What decimal(18,6) cannot hold is taken as the largest number that it can.
, attained as (
    select
        *,
        case
            when missing_reason is not null then null
            when is_lower_better and part = 0 then {{ as_attainment('cap_rate') }}
            when quotient is not null then {{ within('quotient', limit) }}
            when (part < 0) = (whole < 0) then {{ whole(limit) }}
            else -{{ whole(limit) }}
        end as attainment
    from divided
)

select
    dealer_id,
    brand_code,
    score_month,
    peer_group,
    kpi_code,
    owner_side,
    weights_version,
    weight,
    floor_rate,
    cap_rate,
    min_sample,
    missing_policy,
    actual_numerator,
    actual_denominator,
    sample_numerator,
    sample_denominator,
    target_value,
    attainment,
    case
        when missing_reason is null
            then least(greatest(attainment, {{ as_attainment('floor_rate') }}), {{ as_attainment('cap_rate') }})
    end as clipped_attainment,
    missing_reason
from attained
