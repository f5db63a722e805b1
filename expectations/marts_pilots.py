"""Rules of the marts of pilots: an uplift is a difference of differences with an interval around
it, a recommendation follows from both, and a roll-out only ever grows.

The estimate itself is held against a statistics library by a test of its own.
"""

from __future__ import annotations

from expectations.rule import COMPLETENESS, CONSISTENCY, CRITICAL, TIMELINESS, VALIDITY, Rule

_EFFECTS = "mart_pilot_effect"
_ROLLOUTS = "mart_pilot_rollout"

_UNIT = "cast(0.000001 as decimal(7, 6))"
"""The last place of a figure."""
_REPORT = "Report it to the operators of the warehouse: no sender can mend it."

SCANS = {
    _ROLLOUTS: """
        select
            r.*, lag(r.month) over months as previous_month,
            lag(r.planned_dealers) over months as previous_planned,
            lag(r.live_dealers) over months as previous_live,
            lead(r.month) over months is null as is_newest_month, e.recommendation
        from {batch} as r
        left join marts.mart_pilot_effect as e using (pilot_id)
        window months as (partition by r.pilot_id order by r.month)
    """,
}


def _invariant(
    code: str, table: str, description: str, reason: str, passes: str, remedy: str = _REPORT
) -> Rule:
    """A rule without which nothing is published; what is unknown breaks it."""
    return Rule(
        code=code,
        table=table,
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description=description,
        reason=reason,
        remedy=remedy,
        passes=f"coalesce({passes}, false)",
        target_rate=1.0,
    )


_EFFECT_RULES = (
    _invariant(
        "PILOT_UPLIFT_WITHIN_INTERVAL",
        _EFFECTS,
        "An uplift needs a dealer in each arm, its interval two; the uplift lies within it.",
        "Outside, the interval is of other dealers, or made up.",
        """
            (uplift is null) = (least(pilot_dealers, control_dealers) = 0)
            and (ci_low is null) = (least(pilot_dealers, control_dealers) < 2)
            and (ci_low is null) = (ci_high is null)
            and (ci_low is null or uplift between ci_low and ci_high)
        """,
    ),
    _invariant(
        "PILOT_UPLIFT_IS_OF_MEANS",
        _EFFECTS,
        "An uplift is what the pilot's dealers gained more than the others, whether more or less "
        "of the figure is better.",
        "Who sees the four means must be able to reckon the uplift.",
        f"""
            case
                when uplift is null then pilot_before is null or control_before is null
                else abs(abs(uplift)
                    - abs((pilot_after - pilot_before) - (control_after - control_before)))
                    <= 4 * {_UNIT}
            end
            and (relative_uplift_rate is null) = (uplift is null or pilot_before = 0)
        """,
    ),
    _invariant(
        "PILOT_RECOMMENDATION_BY_RULE",
        _EFFECTS,
        "A pilot with enough dealers is rolled out where its interval lies above 0 and its uplift "
        "reaches the success, is stopped where it lies below 0, and goes on otherwise.",
        "A recommendation that follows no rule is an opinion.",
        """
            is_enough_dealers = (least(pilot_dealers, control_dealers) >= min_dealers)
            and recommendation = case
                when not is_enough_dealers then 'CONTINUE'
                when coalesce(ci_low > 0, false) and uplift >= success_uplift_rate then 'ROLL_OUT'
                when coalesce(ci_high < 0, false) then 'STOP'
                else 'CONTINUE'
            end
        """,
    ),
    Rule(
        code="PILOT_DEALERS_ENOUGH_IN_TIME",
        table=_EFFECTS,
        dimension=COMPLETENESS,
        description="A pilot of three months or more has as many dealers that count as it asks "
        "for.",
        reason="However long it goes on, it will never be decided.",
        remedy="Win more dealers, ask for fewer, or end the pilot.",
        applies="window_months >= 3",
        passes="is_enough_dealers",
        course_topic="SALES",
    ),
    Rule(
        code="PILOT_ENDED_WHERE_IT_HARMS",
        table=_EFFECTS,
        dimension=TIMELINESS,
        description="A pilot that does harm has an end.",
        reason="Every further month costs its dealers what the interval already shows.",
        remedy="End the pilot.",
        applies="recommendation = 'STOP'",
        passes="ends_on is not null",
        course_topic="SALES",
    ),
)

_ROLLOUT_RULES = (
    _invariant(
        "PILOT_ROLLOUT_COUNTS_ADD_UP",
        _ROLLOUTS,
        "Who was to be live by now and is not late is live; the rate is of the dealers that the "
        "network has, and never above 1.",
        "Progress that is not reached would be reported.",
        f"""
            late_dealers between 0 and planned_dealers
            and live_dealers + late_dealers >= coalesce(previous_planned, 0)
            and (is_newest_month or live_dealers + late_dealers >= planned_dealers)
            and network_dealers >= 0
            and case
                when network_dealers = 0 then live_rate is null
                else live_rate between 0 and 1
                    and live_rate * network_dealers <= live_dealers + {_UNIT} * network_dealers
            end
        """,
    ),
    _invariant(
        "PILOT_ROLLOUT_MONTHS_FOLLOW",
        _ROLLOUTS,
        "The months of a pilot follow one another without a gap, and nobody planned or live is "
        "lost on the way.",
        "A gap, or a fall, would pass for a setback.",
        """
            month = date_trunc('month', month)
            and (
                previous_month is null or (
                    month = previous_month + interval 1 month
                    and planned_dealers >= previous_planned and live_dealers >= previous_live
                )
            )
        """,
    ),
    Rule(
        code="PILOT_ROLLOUT_SELDOM_LATE",
        table=_ROLLOUTS,
        dimension=TIMELINESS,
        description="A fifth of the dealers planned at most is late.",
        reason="A plan that is missed by many helps nobody to plan.",
        remedy="See what holds the dealers up, then plan again.",
        passes="5 * late_dealers <= planned_dealers",
        mostly=0.8,
        course_topic="SALES",
    ),
    Rule(
        code="PILOT_ROLLOUT_OF_WHAT_WORKS",
        table=_ROLLOUTS,
        dimension=VALIDITY,
        description="What is live with more than half of the network was recommended.",
        reason="The network would take over what has no effect, or does harm.",
        remedy="Stop the roll-out until the pilot is decided.",
        applies="live_rate > 0.5 and recommendation is not null",
        passes="recommendation = 'ROLL_OUT'",
        mostly=0.5,
        course_topic="SALES",
    ),
)

RULES = (*_EFFECT_RULES, *_ROLLOUT_RULES)
