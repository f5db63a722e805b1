"""Rules of the marts of investments: what was earned repays what is owed, once, and who may fall
behind.

That each month of the ledger balances, uses every bonus and goes below zero nowhere, and that every
cent of a shared programme is shared out, are tests of the models themselves.
"""

from __future__ import annotations

from expectations.rule import CONSISTENCY, CRITICAL, TIMELINESS, VALIDITY, Rule

_LEDGER = "mart_refinancing_ledger"
_STATUS = "mart_refinancing_status"
_SIMULATION = "mart_refinancing_simulation"
_PRESSURE = "mart_investment_pressure"

SCANS = {
    _LEDGER: """
        select
            r.*, p.due_date as planned_due_date, s.refinanced_eur,
            lag(r.arrears_out_eur) over months as arrears_before_eur,
            lead(r.period_no) over months as next_period_no
        from {batch} as r
        left join marts.mart_refinancing_plan as p using (investment_id, period_no)
        left join marts.mart_refinancing_status as s using (investment_id)
        window months as (partition by r.investment_id order by r.period_no)
    """,
    _SIMULATION: """
        select
            r.*, s.expected_balloon_eur, s.projected_end_month as end_month_of_status,
            lag(r.balloon_eur) over paces as slower_balloon_eur,
            lag(r.projected_end_month) over paces as slower_end_month
        from {batch} as r
        left join marts.mart_refinancing_status as s using (investment_id)
        window paces as (partition by r.investment_id order by r.pace_factor)
    """,
    _PRESSURE: "select r.*, max(r.month) over () as newest_month from {batch} as r",
}

_NEWEST = "month = newest_month"

RULES = (
    # -- ledger --------------------------------------------------------------------------------
    Rule(
        code="REFINANCING_DUE_ADDS_UP",
        table=_LEDGER,
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="Due is the instalment with the arrears brought in, at a termination all that "
        "is owed, and in either case what was taken back of bonuses.",
        passes="due_eur = greatest(-bonus_earned_eur, 0) + case when status = 'TERMINATED' "
        "then opening_eur + interest_eur else scheduled_eur + arrears_in_eur end",
        target_rate=1.0,
    ),
    Rule(
        code="REFINANCING_ARREARS_CARRIED",
        table=_LEDGER,
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="The arrears that a month brings in are those that the month before carried "
        "on; the first brings in none.",
        passes="arrears_in_eur = coalesce(arrears_before_eur, 0)",
        target_rate=1.0,
    ),
    Rule(
        code="REFINANCING_BEGINS_WITH_ALL",
        table=_LEDGER,
        dimension=TIMELINESS,
        description="The first month of an investment opens with all that is refinanced: otherwise "
        "its cost was changed since the last close, and the next one reckons it anew.",
        applies="period_no = 1",
        passes="opening_eur = refinanced_eur",
    ),
    Rule(
        code="REFINANCING_ENDS_WITH_BALANCE",
        table=_LEDGER,
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="The month in which nothing is left is the last one of an investment.",
        applies="closing_eur = 0",
        passes="next_period_no is null",
        target_rate=1.0,
    ),
    Rule(
        code="REFINANCING_MONTH_AS_PLANNED",
        table=_LEDGER,
        dimension=TIMELINESS,
        description="A period of the ledger is the month in which the plan has it due: otherwise "
        "the start was changed since the last close. Periods beyond the plan are added months.",
        applies="planned_due_date is not null",
        passes="ledger_month = cast(date_trunc('month', planned_due_date) as date)",
    ),
    # -- status and simulation -----------------------------------------------------------------
    Rule(
        code="REFINANCING_WITHOUT_ARREARS",
        table=_STATUS,
        dimension=TIMELINESS,
        description="An investment has no arrears: bonuses have paid its instalments so far.",
        passes="arrears_eur = 0",
        mostly=0.8,
        course_topic="SALES",
    ),
    Rule(
        code="REFINANCING_WITHOUT_BALLOON",
        table=_STATUS,
        dimension=VALIDITY,
        description="At the pace of the last months nothing is left of an investment at its "
        "planned end.",
        passes="expected_balloon_eur = 0",
        mostly=0.7,
        course_topic="SALES",
    ),
    Rule(
        code="REFINANCING_PAID_RATE_PLAUSIBLE",
        table=_STATUS,
        dimension=VALIDITY,
        description="What is paid lies between nothing and all: below, an investment owes more "
        "than at its start, since bonuses did not even pay its interest.",
        passes="paid_rate between 0 and 1",
        mostly=0.95,
        course_topic="SALES",
    ),
    Rule(
        code="SIMULATION_AT_PACE_IS_STATUS",
        table=_SIMULATION,
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="At the pace of the last months the simulation ends as the status says.",
        applies="pace_factor = 1",
        passes="coalesce(balloon_eur = expected_balloon_eur, false) "
        "and projected_end_month is not distinct from end_month_of_status",
        target_rate=1.0,
    ),
    Rule(
        code="SIMULATION_FASTER_LEAVES_LESS",
        table=_SIMULATION,
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="At a faster pace an investment ends no later, and no more is left of it.",
        passes="coalesce(balloon_eur <= slower_balloon_eur, true) and "
        "(slower_end_month is null or coalesce(projected_end_month <= slower_end_month, false))",
        target_rate=1.0,
    ),
    # -- refusals and corrections --------------------------------------------------------------
    Rule(
        code="REFINANCING_REFUSED_IN_NO_OTHER_MART",
        table="mart_refinancing_refusal",
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="A refused investment has no plan, ledger, correction, status or simulation.",
        violations="""
            select investment_id, dealer_id, reason
            from {batch}
            where investment_id in (
                select investment_id from marts.mart_refinancing_plan
                union all
                select investment_id from marts.mart_refinancing_status
                union all
                select investment_id from marts.mart_refinancing_simulation
                union all
                select investment_id from marts.mart_refinancing_ledger
                union all
                select investment_id from marts.mart_refinancing_correction
            )
            order by investment_id
        """,
        target_rate=1.0,
    ),
    Rule(
        code="REFINANCING_CORRECTION_CHANGES",
        table="mart_refinancing_correction",
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="A correction changes what it names.",
        passes="old_value is distinct from new_value",
        target_rate=1.0,
    ),
    # -- pressure ------------------------------------------------------------------------------
    Rule(
        code="PRESSURE_OPEN_WITHIN_UPFRONT",
        table=_PRESSURE,
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="What a dealer still has to carry up front is part of all that he carries.",
        passes="open_upfront_eur between 0 and upfront_eur",
        target_rate=1.0,
    ),
    Rule(
        code="PRESSURE_HIGH_IS_SEEN",
        table=_PRESSURE,
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="The risk is HIGH wherever reserves are below the open up-front share or the "
        "result of twelve months is negative: who has no reserves is seen before he falls behind.",
        applies="coalesce(liquidity_buffer_eur < open_upfront_eur, false) "
        "or coalesce(operating_result_12m_eur < 0, false)",
        passes="risk_level = 'HIGH'",
        target_rate=1.0,
    ),
    Rule(
        code="PRESSURE_RISK_SELDOM_HIGH",
        table=_PRESSURE,
        dimension=VALIDITY,
        description="In the newest month at most a fifth of the dealers cannot carry what is "
        "invested.",
        applies=_NEWEST,
        passes="risk_level <> 'HIGH'",
        mostly=0.8,
        course_topic="SALES",
    ),
    Rule(
        code="PRESSURE_PAYBACK_WITHIN_FIVE_YEARS",
        table=_PRESSURE,
        dimension=VALIDITY,
        description="In the newest month the result of a dealer earns back what he carries up "
        "front within 60 months.",
        applies=_NEWEST,
        passes="payback_months <= 60",
        mostly=0.9,
        course_topic="SALES",
    ),
    Rule(
        code="PRESSURE_MARGIN_KEPT",
        table=_PRESSURE,
        dimension=VALIDITY,
        description="In the newest month the margin of a dealer has fallen by at most 12 % within "
        "a year.",
        applies=_NEWEST,
        passes="margin_change_rate >= cast(-0.12 as decimal(3, 2))",
        mostly=0.9,
        course_topic="SALES",
    ),
    # -- shared programmes ---------------------------------------------------------------------
    Rule(
        code="SHARED_PROGRAM_MEMBERS_GAIN",
        table="mart_shared_program_return",
        dimension=VALIDITY,
        description="Half of the members earn more in the year from the go-live than in the year "
        "before it.",
        applies="is_member",
        passes="gross_profit_gain_eur > 0",
        mostly=0.5,
        course_topic="SALES",
    ),
)
