"""Rules of what dealers and the manufacturer invest: showrooms, and programmes that they share."""

from __future__ import annotations

from expectations.rule import (
    COMPLETENESS,
    CONSISTENCY,
    CRITICAL,
    HISTORY,
    STATE,
    TIMELINESS,
    VALIDITY,
    Rule,
)
from expectations.shared import DELIVERED_ON

_INVESTMENTS = "oem__showroom_investments"
_PROGRAMS = "oem__shared_programs"
_MEMBERS = "oem__shared_program_members"

# of HISTORY scope: each delivery of an investment, with what it said before

SCANS = {
    _INVESTMENTS: """
        select
            r.*, k.dealer_id is not null as is_known_dealer, k.contract_model,
            k.opened_on as dealer_opened_on, k.closed_on as dealer_closed_on
        from {batch} as r
        left join state.oem__dealers as k using (dealer_id, brand_code)
    """,
    _PROGRAMS: """
        select
            r.*, coalesce(m.members, 0) as members,
            cast(round(r.total_cost_eur * r.partner_share_rate, 2) as decimal(38, 2))
                as partner_total_eur
        from {batch} as r
        left join (
            select p.program_id, count(*) as members
            from state.oem__shared_programs as p
            inner join state.oem__shared_program_members as m
                on m.program_id = p.program_id and m.joined_on <= p.decided_on
                    and (m.left_on is null or m.left_on > p.decided_on)
            inner join state.oem__dealers as k
                on k.dealer_id = m.dealer_id and k.brand_code = m.brand_code
            group by p.program_id
        ) as m using (program_id)
    """,
    _MEMBERS: """
        select
            r.*, k.dealer_id is not null as is_known_dealer,
            p.program_id is not null as has_program
        from {batch} as r
        left join state.oem__dealers as k using (dealer_id, brand_code)
        left join state.oem__shared_programs as p using (program_id)
    """,
}

_INVESTMENT_RULES = (
    Rule(
        code="INVESTMENT_DEALER_KNOWN",
        table=_INVESTMENTS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="An investment is of a dealer of that brand.",
        reason="Another is refused (UNKNOWN_DEALER).",
        remedy="Correct dealer or brand.",
        passes="is_known_dealer",
        course_topic="SALES",
    ),
    Rule(
        code="INVESTMENT_NOT_OF_GENUINE_AGENT",
        table=_INVESTMENTS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="Genuine agents carry no market-specific investment.",
        reason="One of theirs is refused (AGENT_GENUINE).",
        remedy="Let the manufacturer carry it, or correct the contract model.",
        passes="contract_model <> 'AGENT_GENUINE'",
        course_topic="SALES",
    ),
    Rule(
        code="INVESTMENT_INTEREST_WITH_PAY_OUT",
        table=_INVESTMENTS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="Where interest is asked for, surplus is paid out.",
        reason="An instalment of an annuity cannot be paid ahead, so NEXT, LAST and REAMORTISE "
        "are refused with it (RATE_WITH_SURPLUS_POLICY).",
        remedy="Agree PAY_OUT, or no interest.",
        applies="annual_interest_rate > 0",
        passes="surplus_policy = 'PAY_OUT'",
        course_topic="SALES",
    ),
    Rule(
        code="INVESTMENT_COSTS_SOMETHING",
        table=_INVESTMENTS,
        scope=STATE,
        dimension=VALIDITY,
        description="An investment costs more than 0.",
        reason="Otherwise it is refused (NOTHING_TO_FINANCE).",
        remedy="Deliver the total cost.",
        passes="total_cost_eur > 0",
        course_topic="SALES",
    ),
    Rule(
        code="INVESTMENT_UPFRONT_RATE_PLAUSIBLE",
        table=_INVESTMENTS,
        scope=STATE,
        dimension=VALIDITY,
        description="The dealer carries a tenth to nine tenths up front, a fraction.",
        reason="`60` for 60 % would leave nothing to finance.",
        remedy="Deliver 0.6 for 60 %.",
        passes="upfront_rate between 0.1 and 0.9",
        course_topic="SALES",
    ),
    Rule(
        code="INVESTMENT_MONTHS_PLAUSIBLE",
        table=_INVESTMENTS,
        scope=STATE,
        dimension=VALIDITY,
        description="An investment is refinanced in half a year to ten years.",
        reason="`3` for three years would ask for all of it in one quarter.",
        remedy="Deliver months.",
        passes="refinance_months between 6 and 120",
        course_topic="SALES",
    ),
    Rule(
        code="INVESTMENT_INTEREST_RATE_PLAUSIBLE",
        table=_INVESTMENTS,
        scope=STATE,
        dimension=VALIDITY,
        description="The rate of a year is a fraction from 0 to a quarter.",
        reason="`3.6` for 3.6 % would more than treble the debt each year; one below 0 is refused "
        "(RATE_NEGATIVE).",
        remedy="Deliver 0.036 for 3.6 %.",
        passes="annual_interest_rate between 0 and 0.25",
        course_topic="SALES",
    ),
    Rule(
        code="INVESTMENT_DEALER_OPEN",
        table=_INVESTMENTS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="An investment starts while its dealer is open.",
        reason="Nobody earns bonuses before, or after.",
        remedy="Correct the start, or the days of the dealer.",
        passes="start_date between dealer_opened_on and coalesce(dealer_closed_on, start_date)",
        course_topic="SALES",
    ),
    Rule(
        code="INVESTMENT_TERMINATED_AFTER_START",
        table=_INVESTMENTS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="An investment is terminated after its start.",
        reason="Otherwise the first month asks for all of it.",
        remedy="Correct one of the two days.",
        applies="terminated_on is not null",
        passes="terminated_on > start_date",
        course_topic="SALES",
    ),
    Rule(
        code="INVESTMENT_EXTENSION_LIMITED",
        table=_INVESTMENTS,
        scope=STATE,
        dimension=COMPLETENESS,
        description="Where shortfalls or the end extend an investment, it says by how many months "
        "at most.",
        reason="Without, none is added, and the policy does nothing.",
        remedy="Deliver max_extension_months.",
        applies="'EXTEND' in (shortfall_policy, end_policy)",
        passes="coalesce(max_extension_months, 0) > 0",
        course_topic="SALES",
    ),
    Rule(
        code="INVESTMENT_DELIVERED_IN_TIME",
        table=_INVESTMENTS,
        scope=HISTORY,
        dimension=TIMELINESS,
        description="An investment is delivered from two years before its start to a month after "
        "it.",
        reason="Later, months that are closed already are reckoned anew.",
        remedy="Deliver investments when they are agreed.",
        violations=f"""
            select
                investment_id, arg_min(start_date, _delivered_at) as start_date,
                min({DELIVERED_ON}) as delivered_on
            from {{batch}}
            group by investment_id
            having min({DELIVERED_ON}) not between
                arg_min(start_date, _delivered_at) - interval 24 month
                and arg_min(start_date, _delivered_at) + interval 1 month
        """,
        checked="count(distinct investment_id)",
        mostly=0.9,
        course_topic="SALES",
    ),
    Rule(
        code="INVESTMENT_TERMS_KEPT_ONCE_STARTED",
        table=_INVESTMENTS,
        scope=HISTORY,
        dimension=CONSISTENCY,
        description="Dealer, start, interest rate and day count of an investment are never "
        "changed after its start.",
        reason="They would change what every month of it has cost.",
        remedy="Terminate it, and deliver what was newly agreed as another.",
        violations=f"""
            select
                investment_id, dealer_id, start_before, start_date, rate_before,
                annual_interest_rate, day_count_before, day_count, _source_file, _source_row
            from (
                select
                    *, lag(start_date) over delivery as start_before,
                    lag(annual_interest_rate) over delivery as rate_before,
                    lag(day_count) over delivery as day_count_before,
                    lag((dealer_id, brand_code)) over delivery as dealer_before
                from {{batch}}
                window delivery as (
                    partition by investment_id order by _delivered_at, _loaded_at, _source_file
                )
            )
            where {DELIVERED_ON} > start_before and (
                start_date <> start_before or annual_interest_rate <> rate_before
                or day_count <> day_count_before or (dealer_id, brand_code) <> dealer_before
            )
        """,
        course_topic="SALES",
    ),
)

_PROGRAM_RULES = (
    Rule(
        code="SHARED_PROGRAM_SHARES_NOT_NEGATIVE",
        table=_PROGRAMS,
        scope=STATE,
        severity=CRITICAL,
        dimension=VALIDITY,
        description="What partners carry together, and what one of them carries at least or at "
        "most, is 0 or more.",
        reason="Nobody is paid for taking part.",
        remedy="Correct the shares, and deliver the programme again.",
        passes="least(partner_share_rate, coalesce(min_share_eur, 0), coalesce(max_share_eur, 0)) "
        ">= 0",
        target_rate=1.0,
    ),
    Rule(
        code="SHARED_PROGRAM_SHARE_RATE_PLAUSIBLE",
        table=_PROGRAMS,
        scope=STATE,
        dimension=VALIDITY,
        description=("Partners carry a twentieth to three quarters of a programme, a fraction."),
        reason="`30` for 30 % would be thirty times its cost.",
        remedy="Deliver 0.3 for 30 %.",
        applies="partner_share_rate >= 0",
        passes="partner_share_rate between 0.05 and 0.75",
    ),
    Rule(
        code="SHARED_PROGRAM_COSTS_SOMETHING",
        table=_PROGRAMS,
        scope=STATE,
        dimension=VALIDITY,
        description="A programme costs more than 0.",
        reason="Otherwise there is nothing to share.",
        remedy="Deliver the total cost.",
        passes="total_cost_eur > 0",
    ),
    Rule(
        code="SHARED_PROGRAM_FLOOR_WITHIN_CAP",
        table=_PROGRAMS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="The least that a member carries is not above the most.",
        reason="No share lies between.",
        remedy="Correct one of the two.",
        passes="min_share_eur <= max_share_eur",
    ),
    Rule(
        code="SHARED_PROGRAM_HAS_MEMBERS",
        table=_PROGRAMS,
        scope=STATE,
        dimension=COMPLETENESS,
        description="A programme has members on the day of its decision.",
        reason="Otherwise nobody carries the partners' part.",
        remedy="Deliver the members.",
        passes="members > 0",
    ),
    Rule(
        code="SHARED_PROGRAM_BOUNDS_FEASIBLE",
        table=_PROGRAMS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="The partners' part lies between the floors and the caps of all members "
        "together.",
        reason=("Otherwise it cannot be shared out, and the programme has no allocation."),
        remedy="Lower the floor or raise the cap.",
        applies="members > 0",
        passes="coalesce(members * min_share_eur <= partner_total_eur, true) "
        "and coalesce(members * max_share_eur >= partner_total_eur, true)",
    ),
    Rule(
        code="SHARED_PROGRAM_DECIDED_BEFORE_GO_LIVE",
        table=_PROGRAMS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="A programme is decided by the day on which it goes live.",
        reason="What has been spent already is not agreed.",
        remedy="Correct one of the two days.",
        passes="decided_on <= go_live_on",
    ),
)

_MEMBER_RULES = (
    Rule(
        code="SHARED_MEMBER_DEALER_KNOWN",
        table=_MEMBERS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="A member is a dealer of that brand.",
        reason="Others carry no share.",
        remedy="Correct dealer or brand.",
        passes="is_known_dealer",
    ),
    Rule(
        code="SHARED_MEMBER_PROGRAM_KNOWN",
        table=_MEMBERS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="A member takes part in a programme that is delivered.",
        reason="Others carry no share.",
        remedy="Deliver the programme, or correct its id.",
        passes="has_program",
    ),
    Rule(
        code="SHARED_MEMBER_JOINED_BEFORE_LEFT",
        table=_MEMBERS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="A member leaves on the day on which he joined, or later.",
        reason="Otherwise he never took part.",
        remedy="Correct one of the two days.",
        applies="left_on is not null",
        passes="joined_on <= left_on",
    ),
)

RULES = (*_INVESTMENT_RULES, *_PROGRAM_RULES, *_MEMBER_RULES)
