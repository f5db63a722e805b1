"""Rules of the marts of capability: shares are parts of wholes, what a course is needed for and
what it has changed is that of the pass rates, and who is ready lacks nothing.

Certificates, effects and durations are reckoned once more, from the feeds, by a test of its own.
"""

from __future__ import annotations

from expectations.rule import (
    COMPLETENESS,
    CONSISTENCY,
    CRITICAL,
    UNIQUENESS,
    VALIDITY,
    Rule,
)

_QUALITY = "mart_data_quality"
_NEEDS = "mart_academy_needs"
_PROGRESS = "mart_academy_progress"
_EFFECT = "mart_academy_effect"
_READINESS = "mart_it_readiness"
_SUMMARY = "mart_it_readiness_summary"
_DURATION = "mart_rollout_duration"
_RULES = "dim_quality_rule"

_UNIT = "cast(0.000001 as decimal(7, 6))"
"""The last place of a figure."""
_REMEDY = "Nothing to do for senders: the models contradict one another, report it."

SCANS = {
    _QUALITY: """
        select
            r.*, c.rule_code is not null and c.is_measured_per_dealer as is_measured,
            c.feed as rule_feed, c.dimension as rule_dimension, c.target_rate as rule_target,
            c.kind as rule_kind, f.delivered_rows
        from {batch} as r
        left join marts.dim_quality_rule as c using (rule_code)
        left join (
            select
                feed, upper(sender) as dealer_id, delivery_month as month,
                sum(delivered_rows) as delivered_rows
            from marts.mart_feed_quality
            group by all
        ) as f on f.feed = r.feed and f.dealer_id = r.dealer_id and f.month = r.month
    """,
    _PROGRESS: """
        select
            r.*, lag(r.month) over months as previous_month,
            lag(r.persons_trained_ytd) over months as previous_persons,
            lag(r.seats_ytd) over months as previous_seats,
            lag(r.plan_ytd) over months as previous_plan
        from {batch} as r
        window months as (partition by r.brand_code order by r.month)
    """,
}


def _invariant(
    code: str, table: str, dimension: str, description: str, reason: str, passes: str
) -> Rule:
    """A rule without which nothing is published; what is unknown breaks it."""
    return Rule(
        code=code,
        table=table,
        severity=CRITICAL,
        dimension=dimension,
        description=description,
        reason=reason,
        remedy=_REMEDY,
        passes=f"coalesce({passes}, false)",
        target_rate=1.0,
    )


def _is_share(rate: str, part: str, whole: str) -> str:
    """Condition that a rate is a part of a whole, as rounded, and null where there is no whole."""
    return f"""
        case
            when {whole} = 0 then {rate} is null
            else {rate} between 0 and 1 and abs({rate} * {whole} - {part}) <= {_UNIT} * {whole}
        end
    """


_QUALITY_RULES = (
    _invariant(
        "DATA_QUALITY_IS_SHARE",
        _QUALITY,
        CONSISTENCY,
        "A pass rate is the share of passed in checked rows, of which there are some; below the "
        "target is what is less than it before it is rounded.",
        "Dealers are told to learn by it.",
        f"checked_rows > 0 and passed_rows between 0 and checked_rows "
        f"and {_is_share('pass_rate', 'passed_rows', 'checked_rows')} "
        "and is_below_target = (passed_rows < checked_rows * target_rate)",
    ),
    _invariant(
        "DATA_QUALITY_OF_KNOWN_RULE",
        _QUALITY,
        CONSISTENCY,
        "A pass rate is of a rule that is measured, of its feed, its dimension and its target.",
        "Otherwise nobody can look up what was wrong.",
        "is_measured and feed = rule_feed and dimension = rule_dimension "
        "and target_rate = rule_target",
    ),
    _invariant(
        "DATA_QUALITY_CHANGE_IS_DIFFERENCE",
        _QUALITY,
        CONSISTENCY,
        "What has changed since a course is the pass rate less that of the months before it, by "
        "the end of the month; without a course or such months nothing has.",
        "A change is what a dealer sees of his course.",
        """
            (last_course_code is null) = (last_course_on is null)
            and coalesce(last_course_on < month + interval 1 month, true)
            and (baseline_rate is null or last_course_code is not null)
            and case
                when baseline_rate is null then change_since_course is null
                else change_since_course = pass_rate - baseline_rate
            end
        """,
    ),
    Rule(
        code="DATA_QUALITY_COUNTS_DELIVERED_ROWS",
        table=_QUALITY,
        severity=CRITICAL,
        dimension=COMPLETENESS,
        description="Rules of what was quarantined look at every row that the dealer delivered.",
        reason="A row that is passed over is neither good nor bad: the pass rate would be of a "
        "part.",
        remedy=_REMEDY,
        applies="lower(rule_kind) = 'quarantine'",
        passes="coalesce(checked_rows = delivered_rows, false)",
        target_rate=1.0,
    ),
    Rule(
        code="DATA_QUALITY_MOSTLY_ON_TARGET",
        table=_QUALITY,
        dimension=VALIDITY,
        description="Two pass rates in three reach the target of their rule.",
        reason="Where more are below it, a course helps less than another export.",
        remedy="See mart_academy_needs for what each dealer needs first.",
        passes="not is_below_target",
        mostly=2 / 3,
    ),
)

_NEED_RULES = (
    _invariant(
        "ACADEMY_NEED_HAS_A_REASON",
        _NEEDS,
        CONSISTENCY,
        "A course is needed where rules lie below their target, which rows have broken, or people "
        "lack a certificate, who are some of those at work; the window has three months.",
        "Nobody goes to a course for nothing.",
        """
            (rules_below_target > 0 or untrained_staff > 0)
            and rules_below_target >= 0 and affected_rows >= rules_below_target
            and (rules_below_target = 0) = (affected_rows = 0)
            and untrained_staff between 0 and active_staff
            and (
                (first_month is null and last_month is null and rules_below_target = 0)
                or first_month + interval 2 month = last_month
            )
        """,
    ),
    Rule(
        code="ACADEMY_NEEDS_RANKED",
        table=_NEEDS,
        severity=CRITICAL,
        dimension=UNIQUENESS,
        description="The needs of a dealer are numbered from 1, by rows, then rules, then people, "
        "then code.",
        reason="Who can send one person only sends him to the first.",
        remedy=_REMEDY,
        violations="""
            select dealer_id, course_code, priority, expected
            from (
                select *, row_number() over (
                    partition by dealer_id
                    order by affected_rows desc, rules_below_target desc, untrained_staff desc,
                        course_code
                ) as expected
                from {batch}
            )
            where priority is distinct from expected
            order by dealer_id, course_code
        """,
        target_rate=1.0,
    ),
    Rule(
        code="ACADEMY_NEEDS_OF_PASS_RATES",
        table=_NEEDS,
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="Rules below target and the rows that break them are those of the pass rates "
        "of the three months.",
        reason="What a dealer is sent to learn is what he can look up.",
        remedy=_REMEDY,
        violations="""
            with sums as (
                select
                    n.dealer_id, n.course_code, q.feed, q.rule_code,
                    sum(q.checked_rows) as checked_rows, sum(q.passed_rows) as passed_rows,
                    max(q.target_rate) as target_rate
                from {batch} as n
                inner join marts.mart_data_quality as q
                    on q.dealer_id = n.dealer_id and q.dimension = n.quality_dimension
                        and q.month between n.first_month and n.last_month
                group by all
            ),
            below as (
                select
                    dealer_id, course_code, count(*) as rules,
                    sum(checked_rows - passed_rows) as failed_rows
                from sums
                where passed_rows < checked_rows * target_rate
                group by all
            )
            select
                n.dealer_id, n.course_code, n.rules_below_target, b.rules, n.affected_rows,
                b.failed_rows
            from {batch} as n
            left join below as b using (dealer_id, course_code)
            where n.rules_below_target <> coalesce(b.rules, 0)
                or n.affected_rows <> coalesce(b.failed_rows, 0)
            order by n.dealer_id, n.course_code
        """,
        target_rate=1.0,
    ),
)

_PROGRESS_RULES = (
    _invariant(
        "ACADEMY_PROGRESS_IS_OF_PEOPLE",
        _PROGRESS,
        CONSISTENCY,
        "A person counts once however many seats he took, certified are some of those at work, "
        "passed are some of the courses taken; coverage and pass rates are their shares.",
        "Seats would look like people.",
        f"""
            persons_trained_ytd between 0 and seats_ytd and plan_ytd >= 0
            and certified_staff between 0 and active_staff
            and passed_events between 0 and training_events
            and {_is_share("certificate_coverage", "certified_staff", "active_staff")}
            and {_is_share("pass_rate", "passed_events", "training_events")}
            and coalesce(pass_rate_ytd between 0 and 1, seats_ytd = 0)
        """,
    ),
    _invariant(
        "ACADEMY_PROGRESS_GROWS_IN_A_YEAR",
        _PROGRESS,
        CONSISTENCY,
        "Within a year people, seats and plan never become fewer, and each passed course is a "
        "seat; with January they begin anew.",
        "Whether the year's plan is reached is read in its last month.",
        """
            case
                when previous_month is null or month(month) = 1
                    then seats_ytd = passed_events and persons_trained_ytd <= passed_events
                else seats_ytd = previous_seats + passed_events
                    and persons_trained_ytd
                        between previous_persons and previous_persons + passed_events
                    and plan_ytd >= previous_plan
            end
        """,
    ),
    _invariant(
        "ACADEMY_PROGRESS_WITHOUT_GAPS",
        _PROGRESS,
        COMPLETENESS,
        "A brand has every month since its first training.",
        "A month without training is one with 0, and its staff lose certificates.",
        "coalesce(previous_month + interval 1 month = month, true)",
    ),
    Rule(
        code="ACADEMY_MOSTLY_PASSED",
        table=_PROGRESS,
        dimension=VALIDITY,
        description="Over a year two in three pass.",
        reason="Where more fail, courses do not fit those who come, or results are turned round.",
        remedy="Look whether the column `passed` says what it should.",
        passes="3 * pass_rate_ytd >= 2",
        mostly=0.9,
    ),
)

_EFFECT_RULES = (
    _invariant(
        "ACADEMY_EFFECT_IS_DIFFERENCE",
        _EFFECT,
        CONSISTENCY,
        "An effect is what has changed at trained dealers less what has at those they are "
        "compared with, within its interval; without trained dealers there is none.",
        "A course is kept or dropped by it.",
        f"""
            case
                when trained_dealers = 0
                    then untrained_dealers = 0 and effect is null and ci_low is null
                        and ci_high is null and before_rate is null and after_rate is null
                else trained_dealers > 0 and untrained_dealers > 0
                    and least(before_rate, after_rate, untrained_before_rate, untrained_after_rate)
                        >= 0
                    and greatest(
                        before_rate, after_rate, untrained_before_rate, untrained_after_rate
                    ) <= 1
                    and abs(
                        effect - (after_rate - before_rate)
                        + (untrained_after_rate - untrained_before_rate)
                    ) <= 5 * {_UNIT}
                    and (ci_low is null) = (ci_high is null)
                    and coalesce(effect between ci_low and ci_high, true)
            end
        """,
    ),
    Rule(
        code="ACADEMY_EFFECT_OF_SEVERAL",
        table=_EFFECT,
        dimension=COMPLETENESS,
        description="The effect of a course is that of five dealers at least.",
        reason="That of fewer is chance: its interval is wide, or there is none.",
        remedy="Train dealers in turn, so that others stay to compare them with.",
        passes="trained_dealers >= 5",
        mostly=0.6,
    ),
)

_READINESS_RULES = (
    _invariant(
        "IT_READINESS_ADDS_UP",
        _READINESS,
        CONSISTENCY,
        "Criteria that are met are some of the mandatory ones; who meets all is ready and is told "
        "of none that is missing, who does not is told of each.",
        "A dealer is told what he lacks.",
        f"""
            mandatory_criteria > 0 and met_criteria between 0 and mandatory_criteria
            and {_is_share("readiness_rate", "met_criteria", "mandatory_criteria")}
            and is_ready = (met_criteria = mandatory_criteria)
            and (missing_criteria = '') = is_ready
            and (
                is_ready
                or length(missing_criteria) >= 2 * (mandatory_criteria - met_criteria) - 1
            )
        """,
    ),
    Rule(
        code="IT_READINESS_SUMMED",
        table=_SUMMARY,
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="Dealers of a month, and those of them who are ready, are those of the "
        "dealers' own rows.",
        reason="The share of the network is compared with 73 %.",
        remedy=_REMEDY,
        violations=f"""
            with months as (
                select
                    month, count(*) as all_dealers,
                    count(*) filter (where is_ready) as all_ready_dealers
                from marts.{_READINESS}
                group by month
            )
            select month, s.dealers, m.all_dealers, s.ready_dealers, m.all_ready_dealers
            from {{batch}} as s
            full join months as m using (month)
            where (s.dealers, s.ready_dealers)
                is distinct from (m.all_dealers, m.all_ready_dealers)
                or abs(s.not_ready_rate * s.dealers - (s.dealers - s.ready_dealers))
                    > {_UNIT} * s.dealers
            order by month
        """,
        checked=f"greatest(count(*), (select count(distinct month) from marts.{_READINESS}))",
        target_rate=1.0,
    ),
    Rule(
        code="IT_MOSTLY_NEARLY_READY",
        table=_READINESS,
        dimension=VALIDITY,
        description="Nine dealers in ten meet half of what is mandatory.",
        reason="Where more lack most of it, criteria were not assessed, or are not for them.",
        remedy="Assess every mandatory criterion, and deliver also what is not met.",
        passes="2 * met_criteria >= mandatory_criteria",
        mostly=0.9,
        course_topic="DIGITAL",
    ),
)

_DURATION_RULES = (
    _invariant(
        "ROLLOUT_DURATION_OF_SOME",
        _DURATION,
        CONSISTENCY,
        "Of some introductions some are completed; a median is of completed ones, a reduction of "
        "the trained, with both ends of its interval or none.",
        "Otherwise nobody knows of how many a figure is.",
        """
            rollouts > 0 and completed between 0 and rollouts and is_trained is not null
            and (median_days is null or (median_days >= 0 and completed > 0))
            and (is_trained or coalesce(reduction_rate, ci_low, ci_high) is null)
            and (ci_low is null) = (ci_high is null) and coalesce(ci_low <= ci_high, true)
            and (ci_low is null or reduction_rate is not null)
        """,
    ),
    Rule(
        code="ROLLOUT_REDUCTION_IS_OF_MEDIANS",
        table=_DURATION,
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="The reduction is by how much the median of the trained is below that of the "
        "untrained, where both are known.",
        reason="It is compared with 45 %.",
        remedy=_REMEDY,
        violations=f"""
            select
                t.system_code, t.median_days, u.median_days as untrained_median_days,
                t.reduction_rate
            from {{batch}} as t
            left join {{batch}} as u on u.system_code = t.system_code and not u.is_trained
            where t.is_trained and case
                when t.median_days is null or coalesce(u.median_days, 0) = 0
                    then t.reduction_rate is not null
                else coalesce(
                    abs(t.reduction_rate * u.median_days - (u.median_days - t.median_days))
                        > {_UNIT} * u.median_days, true
                )
            end
            order by t.system_code
        """,
        checked="count(*) filter (where is_trained)",
        target_rate=1.0,
    ),
    Rule(
        code="ROLLOUTS_MOSTLY_COMPLETED",
        table=_DURATION,
        dimension=COMPLETENESS,
        description="Half of the introductions of a system are completed.",
        reason="Before, a median is not known, and after, many were given up or forgotten.",
        remedy="Deliver live_on and abandoned_on.",
        passes="2 * completed >= rollouts",
        mostly=0.7,
    ),
)

_CATALOG_RULES = (
    _invariant(
        "QUALITY_RULE_EXPLAINED",
        _RULES,
        COMPLETENESS,
        "A rule that is measured of dealers says what a good row is like, why, and what to do, in "
        "English and German.",
        "A dealer is judged by it.",
        "not is_measured_per_dealer or (length(description) > 0 and length(reason) > 0 "
        "and length(remedy) > 0 and length(description_de) > 0 and length(reason_de) > 0 "
        "and length(remedy_de) > 0)",
    ),
)

RULES = (
    *_QUALITY_RULES,
    *_NEED_RULES,
    *_PROGRESS_RULES,
    *_EFFECT_RULES,
    *_READINESS_RULES,
    *_DURATION_RULES,
    *_CATALOG_RULES,
)
