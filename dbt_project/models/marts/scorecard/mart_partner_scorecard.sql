{#- a score is compared with that of the month before -#}
{%- set touched = months_to_build([reads(ref('int_scorecard__attain_kpis'), 'score_month', later=[0, 1])]) -%}

with kpis as (
    select
        *,
        {{ millionths('weight') }} as millionths,
        missing_reason is null as is_scored,
        missing_reason is null or missing_policy = 'ZERO' as is_counted
    from {{ ref('int_scorecard__attain_kpis') }}
    where
        {{ in_months('score_month', touched) }}
        or {{ in_months(months_later('score_month', 1), touched) }}
)

, sums as (
    select
        dealer_id,
        brand_code,
        score_month,
        peer_group,
        weights_version,
        count(*) as kpi_count,
        sum(case when is_scored then 0 else 1 end) as missing_count,
        coalesce(sum(millionths * clipped_attainment), 0) as points,
        sum(case when is_counted then millionths end) as weight
        {%- for side in ('oem', 'partner', 'shared') %},
        sum(case when owner_side = '{{ side | upper }}' then millionths * clipped_attainment end) as {{ side }}_points,
        sum(case when owner_side = '{{ side | upper }}' and is_scored then millionths end) as {{ side }}_weight
        {%- endfor %}
    from kpis
    group by dealer_id, brand_code, score_month, peer_group, weights_version
)

-- 100 x points / weights, and the weighted means of the sides
, means as (
    select
        *,
        {{ scaled_quotient('100 * points', 'weight', 0) }} as score_mean,
        {{ scaled_quotient('oem_points', 'oem_weight', 0) }} as oem_mean,
        {{ scaled_quotient('partner_points', 'partner_weight', 0) }} as partner_mean,
        {{ scaled_quotient('shared_points', 'shared_weight', 0) }} as shared_mean
    from sums
)

, mended as (
    select
        *,
        {{ mended('score_mean') }} as mended_score,
        {{ mended('oem_mean') }} as mended_oem,
        {{ mended('partner_mean') }} as mended_partner,
        {{ mended('shared_mean') }} as mended_shared,
        {{ mended('abs(oem_mean - partner_mean)') }} as mended_divergence
    from means
)

, scores as (
    select
        *,
        {{ as_shown('mended_score', 15) }} as score
    from mended
)

, ranked as (
    select
        *,
        case
            when score is not null
                then dense_rank() over (
                    partition by brand_code, peer_group, score_month order by score desc nulls last
                )
        end as score_rank,
        count(score) over (partition by brand_code, peer_group, score_month) as peer_count
    from scores
)

select
    ranked.dealer_id,
    ranked.brand_code,
    ranked.score_month,
    ranked.peer_group,
    ranked.weights_version,
    ranked.score,
    cast(ranked.score_rank as bigint) as score_rank,
    ranked.peer_count,
    cast(ranked.score - month_before.score as decimal(18, 6)) as score_change,
    ranked.kpi_count,
    cast(ranked.missing_count as bigint) as missing_count,
    {{ as_shown('ranked.mended_oem', 15) }} as oem_side_attainment,
    {{ as_shown('ranked.mended_partner', 15) }} as partner_side_attainment,
    {{ as_shown('ranked.mended_shared', 15) }} as shared_attainment,
    {{ as_shown('ranked.mended_divergence', 15) }} as goal_divergence,
    ranked.mended_divergence > {{ 2 * 10 ** 14 }} as is_diverging
from ranked
left join scores as month_before
    on
        ranked.dealer_id = month_before.dealer_id
        and ranked.brand_code = month_before.brand_code
        and ranked.score_month = {{ months_later('month_before.score_month', 1) }}
where {{ in_months('ranked.score_month', touched) }}
