"""Rules of the marts of governance: states fit their days, shares are parts of wholes, an
escalation never loses a level while it lasts, and what the dialogue lacks is seen.

Who stands where, and since when, is reckoned once more, from the feeds, by a test of its own.
Events of escalations are no mart: they are read from the feed.
"""

from __future__ import annotations

from expectations.rule import (
    COMPLETENESS,
    CONSISTENCY,
    CRITICAL,
    TIMELINESS,
    UNIQUENESS,
    VALIDITY,
    Rule,
)

_STANDARDS = "mart_contract_standards"
_ADOPTION = "mart_standard_adoption"
_BENCHMARK = "mart_performance_benchmark"
_ESCALATIONS = "mart_escalations"
_REVIEW = "mart_weekly_review"
_DIALOGUE = "mart_dialogue_discipline"
_MODULES = "mart_module_adoption"
_SUMMARY = "mart_module_adoption_summary"
_PRESSURE = "mart_requirement_pressure"

_UNIT = "cast(0.000001 as decimal(7, 6))"
"""The last place of a figure."""
_Z = 1.959963984540054
"""Of the normal distribution 95 % lie within so many standard deviations."""

SCANS = {
    _ESCALATIONS: """
        select
            r.*, lag(r.level) over quarters as previous_level,
            lag(r.opened_on) over quarters as previous_opened_on,
            lag(r.closed_on) over quarters as previous_closed_on
        from {batch} as r
        window quarters as (partition by r.contract_id order by r.quarter_start)
    """,
    _REVIEW: """
        select r.*, k.is_top_partner
        from {batch} as r
        left join marts.dim_dealer as k using (dealer_id, brand_code)
    """,
    _PRESSURE: """
        select
            r.*,
            lag(r.month) over (partition by r.brand_code order by r.month) as previous_month
        from {batch} as r
    """,
}


def _invariant(code: str, table: str, dimension: str, description: str, passes: str) -> Rule:
    """A rule without which nothing is published; what is unknown breaks it."""
    return Rule(
        code=code,
        table=table,
        severity=CRITICAL,
        dimension=dimension,
        description=description,
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


_CONTRACT_RULES = (
    _invariant(
        "STANDARD_STATUS_FITS_ITS_DAYS",
        _STANDARDS,
        CONSISTENCY,
        "A version in force, or superseded, has a first day, one that is withdrawn the day of "
        "that, after which none takes effect; an objection stands until it is resolved, on its "
        "day or later, and what waits for its first day applies by itself or is signed.",
        """
            (effective_on is null or withdrawn_on is null or effective_on < withdrawn_on)
            and (resolved_on is null or resolved_on >= objected_on)
            and is_automatic is not null
            and case status
                when 'IN_FORCE' then effective_on is not null
                when 'SUPERSEDED' then effective_on is not null
                when 'WITHDRAWN' then withdrawn_on is not null
                when 'OBJECTED' then objected_on is not null and resolved_on is null
                when 'PENDING_WINDOW' then is_automatic or adopted_on is not null
                when 'NEEDS_SIGNATURE' then not is_automatic
            end
        """,
    ),
    _invariant(
        "STANDARD_ADOPTED_BY_ITSELF_OR_SIGNED",
        _STANDARDS,
        CONSISTENCY,
        "What takes effect does so by itself, or by a signature on that day or before.",
        "effective_on is null or is_automatic or adopted_on <= effective_on",
    ),
    Rule(
        code="STANDARD_ONE_VERSION_IN_FORCE",
        table=_STANDARDS,
        severity=CRITICAL,
        dimension=UNIQUENESS,
        description="One version of a standard at most is in force in a contract; only another "
        "that is supersedes one.",
        violations="""
            select
                contract_id, standard_code,
                count(*) filter (where status = 'IN_FORCE') as in_force,
                count(*) filter (where status = 'SUPERSEDED') as superseded
            from {batch}
            group by contract_id, standard_code
            having in_force > 1 or (in_force = 0 and superseded > 0)
            order by contract_id, standard_code
        """,
        checked="count(distinct (contract_id, standard_code))",
        target_rate=1.0,
    ),
    Rule(
        code="STANDARDS_MOSTLY_IN_FORCE",
        table=_STANDARDS,
        dimension=COMPLETENESS,
        description="Two in three contracts have some version of a standard of their brand in "
        "force.",
        violations="""
            select contract_id, standard_code, count(*) as versions
            from {batch}
            group by contract_id, standard_code
            having count(*) filter (where status = 'IN_FORCE') = 0
            order by contract_id, standard_code
        """,
        checked="count(distinct (contract_id, standard_code))",
        mostly=2 / 3,
    ),
    Rule(
        code="STANDARDS_SELDOM_OBJECTED",
        table=_STANDARDS,
        dimension=VALIDITY,
        description="An objection stands against one version in ten at most: more means that "
        "standards are made without those who have to live with them.",
        passes="status <> 'OBJECTED'",
        mostly=0.9,
    ),
    _invariant(
        "STANDARD_ADOPTION_COUNTS_PARTS",
        _ADOPTION,
        CONSISTENCY,
        "Contracts on the current version, or a later one, are part of all, those without a "
        "signature part of them; shares are of all contracts, and there are none without a "
        "current version.",
        f"""
            automatic_contracts between 0 and contracts_on_current
            and contracts_on_current <= contracts
            and case
                when current_version is null then contracts_on_current = 0
                    and coalesce(adoption_rate, automatic_rate) is null
                else {_is_share("adoption_rate", "contracts_on_current", "contracts")}
                    and {_is_share("automatic_rate", "automatic_contracts", "contracts")}
            end
        """,
    ),
    Rule(
        code="STANDARD_CURRENT_MOSTLY_ADOPTED",
        table=_ADOPTION,
        dimension=TIMELINESS,
        description="Half of the contracts have the current version of a standard, or a later "
        "one, in force.",
        passes="adoption_rate >= 0.5",
        mostly=0.8,
    ),
)

_PERFORMANCE_RULES = (
    _invariant(
        "BENCHMARK_QUANTILES_ORDERED",
        _BENCHMARK,
        CONSISTENCY,
        "Quantiles ascend; they are of a quarter and of one dealer at least.",
        "q10 <= q25 and q25 <= q50 and q50 <= q75 and q75 <= q90 and dealer_count > 0 "
        "and quarter_start = date_trunc('quarter', quarter_start)",
    ),
    Rule(
        code="BENCHMARK_OF_ENOUGH_DEALERS",
        table=_BENCHMARK,
        dimension=COMPLETENESS,
        description="Half of the benchmarks are of three dealers or more: of fewer, each is "
        "his own.",
        passes="dealer_count >= 3",
        mostly=0.5,
    ),
    _invariant(
        "ESCALATION_BREACH_IS_BELOW_BENCHMARK",
        _ESCALATIONS,
        CONSISTENCY,
        "A breach is a score below the benchmark, as both are shown; only breaches are counted.",
        "is_breach = (score_mean < benchmark_score) and breaches_in_row >= 0 "
        "and (is_breach or breaches_in_row = 0)",
    ),
    _invariant(
        "ESCALATION_LEVEL_FITS_STATUS",
        _ESCALATIONS,
        VALIDITY,
        "Levels are 0 to 3: 0 has neither status nor days, the others have the day of opening and "
        "of the plan, the second and third that on which they were reached; what is closed has "
        "its day.",
        """
            case
                when level = 0 then status = 'NONE'
                    and coalesce(due_on, opened_on, level_2_on, level_3_on, closed_on) is null
                when level between 1 and 3 then
                    status in ('OPEN', 'ACKNOWLEDGED', 'PLAN_AGREED', 'CLOSED')
                    and opened_on is not null and due_on >= opened_on + 30
                    and (level <> 2 or level_2_on > due_on)
                    and (level <> 3 or level_3_on > opened_on)
                    and (status = 'CLOSED') = (closed_on is not null)
                    and (closed_on is null or closed_on >= opened_on)
            end
        """,
    ),
    _invariant(
        "ESCALATION_DUE_ON_A_WEEKDAY",
        _ESCALATIONS,
        VALIDITY,
        "No plan is due on a Saturday or Sunday.",
        "due_on is null or isodow(due_on) <= 5",
    ),
    _invariant(
        "ESCALATION_KEEPS_ITS_LEVEL",
        _ESCALATIONS,
        CONSISTENCY,
        "From one quarter to the next an escalation does not lose a level, and ends only by being "
        "closed.",
        """
            case
                when previous_opened_on is null or previous_closed_on is not null then true
                else opened_on = previous_opened_on and level >= previous_level
            end
        """,
    ),
    Rule(
        code="ESCALATIONS_MOSTLY_SEEN",
        table=_ESCALATIONS,
        dimension=COMPLETENESS,
        description="Of the quarters with an escalation half show that somebody does something.",
        applies="level > 0",
        passes="status <> 'OPEN'",
        mostly=0.5,
    ),
    Rule(
        code="ESCALATION_PLANS_MOSTLY_IN_TIME",
        table=_ESCALATIONS,
        dimension=TIMELINESS,
        description="Of the quarters with an escalation half have a plan that was agreed in time.",
        applies="level > 0",
        passes="level_2_on is null",
        mostly=0.5,
    ),
    Rule(
        code="ESCALATION_EVENTS_OF_AN_OPEN_ONE",
        table=_ESCALATIONS,
        dimension=CONSISTENCY,
        description="An event of an escalation is dated from the opening of one of its contract to "
        "the closing: at another time nothing is open that it could be an answer to, and it "
        "changes nothing.",
        violations="""
            select r.event_id, r.contract_id, r.event_type, r.event_on
            from state.oem__escalation_events as r
            where not exists (
                select 1
                from (
                    select contract_id, opened_on, max(closed_on) as closed_on
                    from {batch}
                    where opened_on is not null
                    group by contract_id, opened_on
                ) as e
                where e.contract_id = r.contract_id and r.event_on >= e.opened_on
                    and (e.closed_on is null or r.event_on <= e.closed_on)
            )
            order by r.event_id
        """,
        checked="(select count(*) from state.oem__escalation_events) + 0 * count(*)",
        mostly=0.9,
    ),
)

_DIALOGUE_RULES = (
    _invariant(
        "REVIEW_FINDING_WELL_FORMED",
        _REVIEW,
        VALIDITY,
        "A finding has a figure, what it is compared with by its kind, a sentence in either "
        "language, and the ISO week of its Monday; only a type of cases has a subject.",
        """
            value is not null
            and coalesce(trim(finding_text_de), '') <> ''
            and coalesce(trim(finding_text_en), '') <> ''
            and isodow(week_start) = 1 and iso_year = isoyear(week_start)
            and iso_week = weekofyear(week_start)
            and (finding_code = 'WORST_CASE_TYPE') = (subject is not null)
            and comparison = case finding_code
                when 'QUARTER_TARGET' then 'TARGET'
                when 'WORST_CASE_TYPE' then 'NETWORK'
                when 'OPEN_ACTIONS' then 'OVERDUE'
                when 'MEETING' then 'WEEKS_MET'
                when 'ORDERS' then 'YEAR_BEFORE'
                when 'REGISTRATIONS' then 'YEAR_BEFORE'
                when 'CSI' then 'YEAR_BEFORE'
                when 'NPS' then 'YEAR_BEFORE'
                when 'COMPLAINTS' then 'YEAR_BEFORE'
                when 'PENETRATION' then 'YEAR_BEFORE'
                when 'EV_SHARE' then 'YEAR_BEFORE'
            end
        """,
    ),
    _invariant(
        "REVIEW_FIGURES_IN_RANGE",
        _REVIEW,
        VALIDITY,
        "Counts and hours are 0 or more, an EV share lies within 0 and 1, satisfaction within 0 "
        "and 100, recommendation within -100 and 100; overdue actions are among the open ones, "
        "and thirteen weeks have thirteen weeks.",
        """
            case finding_code
                when 'NPS' then value between -100 and 100
                    and coalesce(comparison_value, 0) between -100 and 100
                when 'CSI' then value between 0 and 100
                    and coalesce(comparison_value, 0) between 0 and 100
                when 'EV_SHARE' then value between 0 and 1
                    and coalesce(comparison_value, 0) between 0 and 1
                when 'OPEN_ACTIONS' then coalesce(comparison_value, 0) between 0 and value
                when 'MEETING' then value in (0, 1)
                    and coalesce(comparison_value, 0) between 0 and 13
                else value >= 0 and coalesce(comparison_value, 0) >= 0
            end
        """,
    ),
    _invariant(
        "REVIEW_OF_TOP_PARTNERS",
        _REVIEW,
        CONSISTENCY,
        "A review is of a top partner.",
        "is_top_partner",
    ),
    Rule(
        code="REVIEW_MOSTLY_COMPARED",
        table=_REVIEW,
        dimension=COMPLETENESS,
        description="Seven in ten findings have a figure to compare with.",
        passes="comparison_value is not null",
        mostly=0.7,
    ),
    Rule(
        code="REVIEW_MEETING_MOSTLY_HELD",
        table=_REVIEW,
        dimension=TIMELINESS,
        description="In two weeks of three a partner met the manufacturer.",
        applies="finding_code = 'MEETING'",
        passes="value = 1",
        mostly=2 / 3,
    ),
    _invariant(
        "DIALOGUE_COUNTS_PARTS",
        _DIALOGUE,
        CONSISTENCY,
        "Weeks met are part of the weeks due, of which a year has 53 at most, overdue actions "
        "part of the open ones; no decision takes less than no time.",
        f"""
            weeks_met between 0 and weeks_due and weeks_due <= 53
            and {_is_share("met_rate", "weeks_met", "weeks_due")}
            and overdue_oem >= 0 and overdue_partner >= 0
            and overdue_oem + overdue_partner <= actions_open
        """,
    ),
    Rule(
        code="DIALOGUE_MEDIANS_NOT_NEGATIVE",
        table=_DIALOGUE,
        dimension=VALIDITY,
        description="Actions are not decided before they are raised, nor done before they are "
        "decided.",
        applies="coalesce(median_days_to_decision, median_days_to_done) is not null",
        passes="coalesce(median_days_to_decision, 0) >= 0 "
        "and coalesce(median_days_to_done, 0) >= 0",
    ),
    Rule(
        code="DIALOGUE_MOSTLY_WEEKLY",
        table=_DIALOGUE,
        dimension=TIMELINESS,
        description="A top partner meets the manufacturer in two weeks of three.",
        passes="met_rate >= 0.666666",
        mostly=0.8,
    ),
    Rule(
        code="DIALOGUE_SELDOM_OVERDUE",
        table=_DIALOGUE,
        dimension=COMPLETENESS,
        description="Ten actions of a partner at most are overdue: no meeting gets through more.",
        passes="overdue_oem + overdue_partner <= 10",
        mostly=0.8,
    ),
)

_MODULE_RULES = (
    _invariant(
        "MODULE_STATUS_FITS_ITS_DAYS",
        _MODULES,
        CONSISTENCY,
        "What is live, or was before it was given up, has its day, the months to it, and by them "
        "the verdict on six months; what was given up without was not, and what runs is not yet, "
        "live within six.",
        """
            case status
                when 'LIVE' then live_on is not null and months_to_live >= 0
                    and is_within_six_months = (months_to_live <= 6)
                when 'ABANDONED' then abandoned_on is not null and case
                    when live_on < abandoned_on then months_to_live >= 0
                        and is_within_six_months = (months_to_live <= 6)
                    else months_to_live is null and not is_within_six_months
                end
                when 'RUNNING' then is_within_six_months is distinct from true
            end
        """,
    ),
    Rule(
        code="MODULES_MOSTLY_WITHIN_SIX_MONTHS",
        table=_MODULES,
        dimension=TIMELINESS,
        description="Half of the modules are live within six months.",
        passes="is_within_six_months",
        mostly=0.5,
    ),
    _invariant(
        "MODULE_SUMMARY_COUNTS_PARTS",
        _SUMMARY,
        CONSISTENCY,
        "Live and abandoned modules are part of those decided for; the share within six months is "
        "of those on which there is a verdict.",
        f"""
            live_count >= 0 and abandoned_count >= 0
            and live_count + abandoned_count <= decided_count
            and within_six_count between 0 and verdict_count and verdict_count <= decided_count
            and {_is_share("within_six_rate", "within_six_count", "verdict_count")}
        """,
    ),
    Rule(
        code="MODULE_SUMMARY_SAMPLE_ENOUGH",
        table=_SUMMARY,
        dimension=COMPLETENESS,
        description="A share within six months is of five verdicts or more: fewer show chance.",
        applies="verdict_count > 0",
        passes="verdict_count >= 5",
        mostly=0.8,
    ),
)

_PRESSURE_RULES = (
    _invariant(
        "REQUIREMENT_MONTHS_IN_ORDER",
        _PRESSURE,
        COMPLETENESS,
        "The months of a brand follow one another without a gap, each by its first day.",
        "month = date_trunc('month', month) "
        "and (previous_month is null or month = previous_month + interval 1 month)",
    ),
    _invariant(
        "REQUIREMENT_FIGURES_NOT_NEGATIVE",
        _PRESSURE,
        VALIDITY,
        "Requirements, their effort and what they cost are 0 or more, and none cost nothing; a "
        "dealer bears at most all of them.",
        """
            active_requirements >= 0 and effort_days >= 0 and cost_eur >= 0
            and (active_requirements > 0 or (effort_days = 0 and cost_eur = 0))
            and coalesce(cost_per_dealer_eur, 0) between 0 and cost_eur
            and coalesce(change_24m_rate, 0) >= -1
        """,
    ),
    _invariant(
        "REQUIREMENT_PULSE_IS_A_SHARE",
        _PRESSURE,
        CONSISTENCY,
        "Who reports an increase is among those who answered, and there is a share where somebody "
        "answered.",
        f"""
            pulse_increased between 0 and pulse_answers
            and {_is_share("pulse_rate", "pulse_increased", "pulse_answers")}
        """,
    ),
    _invariant(
        "REQUIREMENT_PULSE_WITHIN_INTERVAL",
        _PRESSURE,
        CONSISTENCY,
        "The Wilson interval is that of the answers, within 0 and 1, and the share lies in it.",
        f"""
            case
                when pulse_answers = 0 then coalesce(pulse_ci_low, pulse_ci_high) is null
                else pulse_ci_low >= 0 and pulse_ci_low <= pulse_rate
                    and pulse_rate <= pulse_ci_high and pulse_ci_high <= 1
                    and abs(pulse_ci_high + pulse_ci_low
                        - (2.0 * pulse_increased + {_Z**2}) / (pulse_answers + {_Z**2}))
                        <= 0.000002
                    and abs(pulse_ci_high - pulse_ci_low
                        - 2 * {_Z} / (pulse_answers + {_Z**2}) * sqrt(
                            pulse_increased * (pulse_answers - pulse_increased)
                                / cast(pulse_answers as double) + {_Z**2 / 4}))
                        <= 0.000002
            end
        """,
    ),
    Rule(
        code="REQUIREMENT_PULSE_SAMPLE_ENOUGH",
        table=_PRESSURE,
        dimension=COMPLETENESS,
        description="Ten dealers or more answer a wave: fewer show chance.",
        applies="pulse_answers > 0",
        passes="pulse_answers >= 10",
        mostly=0.8,
    ),
    Rule(
        code="REQUIREMENT_GROWTH_MODERATE",
        table=_PRESSURE,
        dimension=VALIDITY,
        description="Requirements have not doubled in two years.",
        passes="change_24m_rate < 1",
        mostly=0.9,
    ),
)

RULES = (
    *_CONTRACT_RULES,
    *_PERFORMANCE_RULES,
    *_DIALOGUE_RULES,
    *_MODULE_RULES,
    *_PRESSURE_RULES,
)
