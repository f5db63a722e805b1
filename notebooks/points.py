"""Where the points of a score go: SQL over the scorecard marts.

    100 - score = sum of the points lost by each KPI that counts
    points lost = 100 x weight x (1 - clipped attainment) / sum of the weights that count

A KPI counts if it is scored, or missing under the policy ZERO (attainment 0: it loses its whole
weight). A missing KPI under EXCLUDE neither has points nor weight. More than on target is a
negative loss. Points are whole hundredths, rounded by largest remainder, so that what is shown
sums to the shown score to the last digit.
"""

from __future__ import annotations

from dataclasses import dataclass

from orchestration.serving.reading import Publication

POINTS_LOST = """
create or replace temp view points_lost as
with counted as (
    select
        kpis.*,
        scores.score,
        cast(kpis.weight * 1000000 as hugeint) as weight_millionths,
        cast(coalesce(kpis.clipped_attainment, 0) * 1000000 as hugeint) as clipped_millionths
    from mart_partner_scorecard_kpi as kpis
    inner join mart_partner_scorecard as scores using (dealer_id, brand_code, score_month)
    where scores.score is not null and (kpis.status = 'SCORED' or kpis.missing_policy = 'ZERO')
)

, fractions as (
    select
        *,
        10000 * weight_millionths * (1000000 - clipped_millionths) as numerator,
        1000000 * sum(weight_millionths) over (partition by dealer_id, brand_code, score_month)
            as denominator,
        ((numerator % denominator) + denominator) % denominator as remainder,
        (numerator - remainder) // denominator as whole_hundredths
    from counted
)

select
    dealer_id,
    brand_code,
    score_month,
    kpi_code,
    status,
    missing_reason,
    actual_value,
    sample_count,
    target_value,
    attainment,
    clipped_attainment,
    floor_rate,
    cap_rate,
    weight,
    score,
    cast(whole_hundredths + cast(
        row_number() over (
            partition by dealer_id, brand_code, score_month
            order by remainder desc, kpi_code
        ) <= 10000 - round(score * 100) - sum(whole_hundredths) over (
            partition by dealer_id, brand_code, score_month
        ) as bigint
    ) as bigint) as lost_hundredths
from fractions
"""

KPIS_OF_MONTH = """
select
    kpis.*,
    dim_kpi.name_de,
    dim_kpi.name_en,
    dim_kpi.unit,
    dim_kpi.owner_side,
    points_lost.lost_hundredths
from mart_partner_scorecard_kpi as kpis
left join dim_kpi using (kpi_code)
left join points_lost using (dealer_id, brand_code, score_month, kpi_code)
where dealer_id = $dealer_id and brand_code = $brand_code and score_month = $score_month
order by lost_hundredths desc nulls last, kpis.weight desc, kpi_code
"""
"""Every KPI of a dealer's month with what it cost, also those that do not count."""

WATERFALL = """
with own as (
    select * from points_lost
    where dealer_id = $dealer_id and brand_code = $brand_code and score_month = $score_month
)

, other as (
    select * from points_lost
    where
        dealer_id = $other_dealer_id and brand_code = $brand_code
        and score_month = $other_month
)

, differences as (
    select
        coalesce(own.kpi_code, other.kpi_code) as kpi_code,
        coalesce(own.lost_hundredths, 0) - coalesce(other.lost_hundredths, 0) as lost_hundredths,
        coalesce(own.status, 'NOT_COUNTED') as status
    from own
    full join other on own.kpi_code = other.kpi_code
)

, reference as (
    select coalesce((select any_value(round(score * 100)) from other), 10000) as hundredths
)

select
    differences.kpi_code,
    dim_kpi.name_de,
    dim_kpi.name_en,
    lost_hundredths,
    case
        when status <> 'SCORED' then status
        when lost_hundredths < 0 then 'GAINED'
        else 'LOST'
    end as kind,
    row_number() over by_loss as position,
    cast(reference.hundredths - sum(lost_hundredths) over by_loss + lost_hundredths as bigint)
        as from_hundredths,
    cast(reference.hundredths - sum(lost_hundredths) over by_loss as bigint) as to_hundredths
from differences
cross join reference
left join dim_kpi on differences.kpi_code = dim_kpi.kpi_code
window by_loss as (order by lost_hundredths desc, differences.kpi_code)
order by position
"""
"""From the score of another dealer or month (without one: from 100, all targets met) down to the
own score, largest loss first."""


@dataclass(frozen=True)
class Step:
    """What one step better is: so much of the KPI's unit, or so much divided by n."""

    size: float
    is_per_observation: bool = False


STEPS = {
    "CSI": Step(10, True),
    "NPS": Step(100, True),
    "MARKET_PENETRATION": Step(1, True),
    "SALES_EFFECTIVENESS": Step(1, True),
    "REVENUE_GROWTH": Step(0.01),
    "EV_SHARE": Step(1, True),
    "CLOSING_RATE": Step(1, True),
    "LEAD_RESPONSE_24H": Step(1, True),
    "RETURN_ON_SALES": Step(0.001),
    "SERVICE_ABSORPTION": Step(0.01),
    "STOCK_DAYS": Step(1),
    "BRAND_CONSISTENCY": Step(1, True),
    "DATA_QUALITY": Step(0.001),
    "CASE_CYCLE_HOURS": Step(1),
}
"""The step of each KPI, said in words by the text `step_<KPI>`. A KPI that is not named here takes
a hundredth of its target (text `step`)."""

NEXT_STEPS = """
with expensive as (
    select points_lost.*, dim_kpi.direction, dim_kpi.owner_side, dim_kpi.unit,
        dim_kpi.name_de, dim_kpi.name_en
    from points_lost
    inner join dim_kpi using (kpi_code)
    where
        dealer_id = $dealer_id and brand_code = $brand_code and score_month = $score_month
        and status = 'SCORED' and lost_hundredths > 0
    order by lost_hundredths desc, kpi_code
    limit 5
)

, steps as (
    select unnest($steps, recursive := true)
)

, better as (
    select
        expensive.*,
        steps.kpi_code is not null as is_known_step,
        case
            when steps.is_per_observation then steps.size / nullif(sample_count, 0)
            else coalesce(steps.size, cast(target_value as double) / 100)
        end as step,
        case
            when direction = 'LOWER' and actual_value <= step then cap_rate
            when direction = 'LOWER' then target_value / (actual_value - step)
            else (actual_value + step) / target_value
        end as attainment_then
    from expensive
    left join steps on expensive.kpi_code = steps.kpi_code
)

select
    *,
    lost_hundredths
        * (least(greatest(attainment_then, floor_rate), cap_rate) - clipped_attainment)
        / (1 - clipped_attainment) / 100 as points_of_a_step,
    cast(ceil(abs(cast(target_value as double) - actual_value) / step - 1e-6) as bigint)
        as steps_to_target
from better
where step > 0
order by least(points_of_a_step, lost_hundredths / 100) desc, lost_hundredths desc, kpi_code
"""
"""The five KPIs that cost most, in the order of what one step better brings back of it."""


def prepare(publication: Publication) -> None:
    """Give the publication's connection the view `points_lost`."""
    publication.connection.execute(POINTS_LOST)


def steps_parameter() -> list[dict[str, object]]:
    """`STEPS` as the parameter `steps` of `NEXT_STEPS`."""
    return [
        {"kpi_code": code, "size": float(step.size), "is_per_observation": step.is_per_observation}
        for code, step in STEPS.items()
    ]
