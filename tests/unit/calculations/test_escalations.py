"""Escalation of contracts, rule by rule, and against an implementation that goes day by day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.calculations.escalations import ESCALATIONS, escalate
from tests.unit.calculations.slow_escalations import escalate_slowly

FIRST = 2024
"""The runs of the tests begin with the first quarter of this year: opened on 1 July 2024 after two
breaches, plan due on 31 July (a Wednesday)."""


def quarter(number: int) -> date:
    """The first day of a quarter, counted from 0 since the first one of `FIRST`."""
    return date(FIRST + number // 4, number % 4 * 3 + 1, 1)


def score(number, is_breach, contract_id="C1", state="09", breach_quarters=2, valid_to=None):
    return {
        "contract_id": contract_id,
        "quarter_start": quarter(number),
        "dealer_id": f"D-{contract_id}",
        "brand_code": "ARVA",
        "peer_group": "CITY",
        "state_code": state,
        "benchmark_quantile": Decimal("0.25"),
        "breach_quarters": breach_quarters,
        "valid_to": valid_to,
        "score_mean": Decimal("70") if is_breach else Decimal("90"),
        "benchmark_score": Decimal("80"),
        "is_breach": is_breach,
    }


def scores(pattern, **values):
    """A quarter for each letter: B in breach, N not, blank without a row."""
    return [score(n, letter == "B", **values) for n, letter in enumerate(pattern) if letter != " "]


def event(event_type, event_on, contract_id="C1"):
    return {"contract_id": contract_id, "event_type": event_type, "event_on": event_on}


def escalated(rows, *events, today=date(2030, 1, 1)):
    given_events = pd.DataFrame(list(events), columns=["contract_id", "event_type", "event_on"])
    made = escalate(pd.DataFrame(rows), given_events, today)
    return made.astype(object).where(made.notna(), None).to_dict("records")


def last(pattern, *events, today=None, **values):
    """The newest row; by default as of the evaluation day of the last quarter."""
    today = today or quarter(len(pattern))
    return escalated(scores(pattern, **values), *events, today=today)[-1]


def levels(pattern, *events, **values):
    return [row["level"] for row in escalated(scores(pattern, **values), *events)]


# -- level 1 --------------------------------------------------------------------------------------
def test_level_1_after_breach_quarters_breaches_in_a_row():
    plan = event("PLAN_AGREED", date(2024, 7, 2))
    assert levels("NBB", event("PLAN_AGREED", date(2024, 10, 2))) == [0, 0, 1]
    assert levels("BB", plan) == [0, 1]
    assert levels("BNB") == [0, 0, 0]
    assert levels("BBB", event("PLAN_AGREED", date(2024, 10, 2)), breach_quarters=3) == [0, 0, 1]
    assert levels("B", event("PLAN_AGREED", date(2024, 4, 2)), breach_quarters=1) == [1]


def test_an_escalation_opens_on_the_day_after_the_quarter():
    found = last("BB")
    assert (found["opened_on"], found["status"], found["breaches_in_row"]) == (
        date(2024, 7, 1),
        "OPEN",
        2,
    )


def test_without_an_escalation_there_is_neither_due_date_nor_day():
    found = last("B")
    days = ("due_on", "opened_on", "level_2_on", "level_3_on", "closed_on")
    assert [found[name] for name in days] == [None] * 5
    assert (found["level"], found["status"]) == (0, "NONE")


def test_quarters_without_a_row_neither_continue_nor_break_a_run():
    assert last("B  B")["opened_on"] == quarter(4)
    assert [row["breaches_in_row"] for row in escalated(scores("B BNB"))] == [1, 2, 0, 1]


# -- due dates ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("pattern", "state", "due"),
    [
        ("BB", "09", date(2024, 7, 31)),
        # opened on 1 October 2024: 31 October is Reformation Day in Saxony, 1 November a Friday
        ("NBB", "14", date(2024, 11, 1)),
        # in Bavaria 31 October is a business day, in an unknown state too
        ("NBB", "09", date(2024, 10, 31)),
        ("NBB", None, date(2024, 10, 31)),
        # opened on 1 October 2025: a Friday, Reformation Day, then a weekend
        ("NNNNNBB", "14", date(2025, 11, 3)),
        # opened on 1 April 2025: 1 May is Labour Day, moved to the Friday after it
        ("NNNBB", "05", date(2025, 5, 2)),
        # opened on 1 April 2026: 1 May is a Friday, then a weekend
        ("NNNNNNNBB", "05", date(2026, 5, 4)),
        # opened on 1 January 2025, the quarter of the turn of the year
        ("NNBB", "05", date(2025, 1, 31)),
    ],
)
def test_due_dates_skip_saturdays_sundays_and_public_holidays_of_the_state(pattern, state, due):
    assert last(pattern, state=state)["due_on"] == due


# -- level 2 --------------------------------------------------------------------------------------
def test_level_2_if_no_plan_within_30_days():
    due = date(2024, 7, 31)
    assert last("BB", today=due)["level"] == 1
    found = last("BB", today=due + timedelta(days=1))
    assert (found["level"], found["level_2_on"]) == (2, date(2024, 8, 1))


@pytest.mark.parametrize(
    ("agreed_on", "level"),
    [
        (date(2024, 6, 30), 2),
        (date(2024, 7, 1), 1),
        (date(2024, 7, 31), 1),
        (date(2024, 8, 1), 2),
    ],
    ids=["before the opening", "on the opening", "on the due date", "after the due date"],
)
def test_a_plan_counts_from_the_opening_to_the_due_date_both_inclusive(agreed_on, level):
    assert last("BB", event("PLAN_AGREED", agreed_on), today=date(2024, 9, 1))["level"] == level


def test_a_plan_of_another_contract_does_not_count():
    plan = event("PLAN_AGREED", date(2024, 7, 2), contract_id="C2")
    assert last("BB", plan, today=date(2024, 9, 1))["level"] == 2


# -- level 3 --------------------------------------------------------------------------------------
def test_level_3_if_still_in_breach_after_two_more_quarters():
    plan = event("PLAN_AGREED", date(2024, 7, 2))
    assert levels("BBB", plan) == [0, 1, 1]
    assert levels("BBBB", plan) == [0, 1, 1, 3]
    found = escalated(scores("BBBB"), plan)[-1]
    assert (found["level_2_on"], found["level_3_on"]) == (None, date(2025, 1, 1))


def test_a_quarter_without_breach_begins_the_two_more_quarters_anew():
    plan = event("PLAN_AGREED", date(2024, 7, 2))
    assert levels("BBBNB", plan) == [0, 1, 1, 1, 1]
    assert levels("BBBNBB", plan) == [0, 1, 1, 1, 1, 3]


def test_the_level_never_falls_while_open():
    assert levels("BBBBN") == [0, 2, 2, 3, 3]
    late = event("PLAN_AGREED", date(2024, 9, 1))
    assert levels("BBN", late) == [0, 2, 2]


# -- closing --------------------------------------------------------------------------------------
def test_closed_by_a_closed_event():
    rows = escalated(scores("BBN"), event("CLOSED", date(2024, 7, 20)))
    assert [(row["level"], row["status"]) for row in rows] == [
        (0, "NONE"),
        (1, "CLOSED"),
        (0, "NONE"),
    ]
    assert (rows[1]["closed_on"], rows[1]["due_on"]) == (date(2024, 7, 20), date(2024, 7, 31))
    assert rows[2]["closed_on"] is None


def test_a_closed_event_before_the_opening_closes_nothing():
    assert last("BB", event("CLOSED", date(2024, 6, 30)))["status"] == "OPEN"
    assert last("BB", event("CLOSED", date(2024, 7, 1)))["status"] == "CLOSED"


def test_closed_by_two_quarters_without_breach():
    rows = escalated(scores("BBNN"))
    assert [row["status"] for row in rows] == ["NONE", "OPEN", "OPEN", "CLOSED"]
    assert (rows[3]["closed_on"], rows[3]["level"]) == (date(2025, 1, 1), 2)
    assert [row["status"] for row in escalated(scores("BBNBN"))][-1] == "OPEN"


def test_what_a_day_brings_of_itself_comes_before_its_events():
    on_the_day = escalated(scores("BB"), event("CLOSED", date(2024, 8, 1)))[-1]
    assert (on_the_day["level"], on_the_day["status"]) == (2, "CLOSED")
    the_day_before = escalated(scores("BB"), event("CLOSED", date(2024, 7, 31)))[-1]
    assert (the_day_before["level"], the_day_before["level_2_on"]) == (1, None)
    third = escalated(scores("BBBB"), event("CLOSED", date(2025, 1, 1)))[-1]
    assert (third["level"], third["status"]) == (3, "CLOSED")


def test_after_a_closing_the_count_begins_anew():
    closed = event("CLOSED", date(2024, 8, 15))
    rows = escalated(scores("BBBB"), closed)
    # the quarter of the closing ends after it and counts; with the next one there are two
    assert [row["level"] for row in rows] == [0, 2, 0, 2]
    assert rows[3]["opened_on"] == date(2025, 1, 1)
    assert [row["breaches_in_row"] for row in rows] == [1, 2, 1, 2]


def test_a_quarter_that_ends_with_the_closing_does_not_count_again():
    closed = event("CLOSED", date(2024, 9, 30))
    assert [row["breaches_in_row"] for row in escalated(scores("BBBB"), closed)] == [1, 2, 0, 1]
    assert levels("BBBB", closed) == [0, 2, 0, 0]
    assert levels("BBBBB", closed) == [0, 2, 0, 0, 2]


def test_after_two_quarters_without_breach_it_takes_all_breaches_again():
    assert levels("BBNNBB") == [0, 2, 2, 2, 0, 2]
    assert [r["opened_on"] for r in escalated(scores("BBNNBB"))][-1] == quarter(6)


# -- status ---------------------------------------------------------------------------------------
def test_the_status_is_the_newest_event_of_the_open_escalation():
    acknowledged = event("ACKNOWLEDGED", date(2024, 7, 5))
    agreed = event("PLAN_AGREED", date(2024, 7, 20))
    again = event("ACKNOWLEDGED", date(2024, 8, 20))
    early = event("ACKNOWLEDGED", date(2024, 6, 1))
    assert last("BB", early)["status"] == "OPEN"
    assert last("BB", acknowledged, agreed, today=date(2024, 7, 4))["status"] == "OPEN"
    assert last("BB", acknowledged, agreed, today=date(2024, 7, 19))["status"] == "ACKNOWLEDGED"
    assert last("BB", acknowledged, agreed, today=date(2024, 7, 20))["status"] == "PLAN_AGREED"
    assert last("BB", acknowledged, agreed, again, today=date(2024, 9, 1))["status"] == (
        "ACKNOWLEDGED"
    )


def test_of_two_events_of_a_day_the_agreed_plan_is_shown():
    both = [event(kind, date(2024, 7, 5)) for kind in ("PLAN_AGREED", "ACKNOWLEDGED")]
    assert last("BB", *both, today=date(2024, 7, 5))["status"] == "PLAN_AGREED"


def test_events_of_the_escalation_before_do_not_count_in_the_next_one():
    rows = escalated(
        scores("BBNNBB"), event("PLAN_AGREED", date(2024, 7, 5)), today=date(2025, 7, 2)
    )
    assert (rows[1]["status"], rows[5]["status"], rows[5]["level"]) == ("PLAN_AGREED", "OPEN", 1)


# -- spans ----------------------------------------------------------------------------------------
def test_a_row_shows_the_state_at_the_end_of_its_span():
    acknowledged = event("ACKNOWLEDGED", date(2024, 9, 30))
    rows = escalated(scores("BBB"), acknowledged, event("PLAN_AGREED", date(2024, 10, 1)))
    assert [row["status"] for row in rows] == ["NONE", "ACKNOWLEDGED", "PLAN_AGREED"]
    # without a row of the third quarter the span of the second one goes on
    rows = escalated(scores("BB B"), event("PLAN_AGREED", date(2024, 12, 31)))
    assert [row["status"] for row in rows] == ["NONE", "PLAN_AGREED", "PLAN_AGREED"]


def test_what_is_after_today_has_no_effect():
    closed = event("CLOSED", date(2024, 9, 2))
    assert last("BB", closed, today=date(2024, 9, 1))["status"] == "OPEN"
    assert len(escalated(scores("BBB"), today=date(2024, 9, 30))) == 2
    assert len(escalated(scores("BBB"), today=date(2024, 10, 1))) == 3


# -- the end of the contract ----------------------------------------------------------------------
def test_no_level_rises_after_the_contract_has_ended():
    due = date(2024, 7, 31)
    assert last("BB", today=date(2025, 1, 1), valid_to=due)["level"] == 1
    found = last("BB", today=date(2025, 1, 1), valid_to=due + timedelta(days=1))
    assert (found["level"], found["level_2_on"]) == (2, date(2024, 8, 1))
    plan = event("PLAN_AGREED", date(2024, 7, 2))
    # the second further breach is judged on the day after the contract's last
    rows = escalated(scores("BBBB", valid_to=date(2024, 12, 31)), plan)
    assert [(r["level"], r["level_3_on"], r["breaches_in_row"]) for r in rows[2:]] == [
        (1, None, 3),
        (1, None, 4),
    ]
    assert levels("BBBB", plan, valid_to=date(2025, 1, 1)) == [0, 1, 1, 3]


def test_nothing_opens_after_the_contract_has_ended():
    ended = last("BB", today=date(2025, 1, 1), valid_to=date(2024, 6, 30))
    assert (ended["level"], ended["status"], ended["opened_on"]) == (0, "NONE", None)
    assert ended["breaches_in_row"] == 2
    assert last("BB", today=date(2025, 1, 1), valid_to=date(2024, 7, 1))["level"] == 1


def test_an_ended_contract_shows_the_state_of_its_last_day():
    closed = event("CLOSED", date(2024, 8, 2))
    acknowledged = event("ACKNOWLEDGED", date(2024, 8, 1))
    values = {"today": date(2025, 1, 1), "valid_to": date(2024, 8, 1)}
    assert last("BB", acknowledged, closed, **values)["status"] == "ACKNOWLEDGED"
    on_the_day = event("CLOSED", date(2024, 8, 1))
    assert last("BB", on_the_day, **values)["closed_on"] == date(2024, 8, 1)
    # what was closed with the contract is not closed once more in the quarter judged after it
    rows = escalated(scores("BBN", valid_to=date(2024, 9, 30)), event("CLOSED", date(2024, 9, 30)))
    assert [row["status"] for row in rows] == ["NONE", "CLOSED", "NONE"]
    # nor do two quarters without breach close it when the second is judged too late
    rows = escalated(scores("BBNN", valid_to=date(2024, 12, 31)))
    assert [row["status"] for row in rows] == ["NONE", "OPEN", "OPEN", "OPEN"]


def test_a_contract_that_ends_later_than_today_goes_on():
    goes_on = last("BB", today=date(2024, 9, 1), valid_to=date(2024, 9, 2))
    assert goes_on == last("BB", today=date(2024, 9, 1))


def test_contracts_do_not_touch_each_other():
    rows = scores("BBBB") + scores("NNB", contract_id="C2") + scores("BB", contract_id="C0")
    found = escalated(rows[::-1])
    assert [(r["contract_id"], r["level"]) for r in found] == [
        *(("C0", level) for level in (0, 2)),
        *(("C1", level) for level in (0, 2, 2, 3)),
        *(("C2", level) for level in (0, 0, 0)),
    ]
    assert {r["dealer_id"] for r in found} == {"D-C0", "D-C1", "D-C2"}


def test_two_rows_of_a_quarter_are_refused():
    with pytest.raises(ValueError, match="C1 has two rows of the quarter from 2024-01-01"):
        escalated([score(0, True), score(0, False)])


def test_without_scores_there_are_no_rows():
    nothing = pd.DataFrame(scores("B")).iloc[:0]
    events = pd.DataFrame([event("CLOSED", date(2024, 1, 1))])
    made = escalate(nothing, events, date(2025, 1, 1))
    assert made.empty and list(made.columns) == ESCALATIONS.names


contracts = st.lists(
    st.tuples(
        st.text("BBBN ", min_size=1, max_size=12),
        st.sampled_from(["14", "09", None]),
        st.integers(1, 3),
        # by how many days the contract outlasts its last quarter, none goes on
        st.sampled_from([None, None, 0, 1, 30, 31, 32, 61]),
        st.lists(
            st.tuples(
                st.sampled_from(["ACKNOWLEDGED", "PLAN_AGREED", "CLOSED"]),
                st.integers(0, 11),
                # around the days that decide: evaluation, due date, end of the quarter
                st.sampled_from([-2, -1, 0, 1, 29, 30, 31, 32, 33, 34, 60]),
            ),
            max_size=6,
        ),
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=250, deadline=None)
@given(contracts, st.integers(0, 1200))
def test_all_contracts_at_once_are_as_one_by_one_and_day_by_day(some, age):
    rows = [
        row
        for n, (pattern, state, needed, outlasts, _) in enumerate(some)
        for row in scores(
            pattern,
            contract_id=f"C{n}",
            state=state,
            breach_quarters=needed,
            valid_to=None
            if outlasts is None
            else quarter(len(pattern.rstrip())) + timedelta(days=outlasts - 1),
        )
    ]
    events = [
        event(kind, quarter(place) + timedelta(days=days), f"C{n}")
        for n, (*_, said) in enumerate(some)
        for kind, place, days in said
    ]
    today = date(FIRST, 1, 1) + timedelta(days=age)
    if not rows:
        return
    expected = escalate_slowly(rows, events, today)
    found = escalated(rows, *events, today=today)
    assert found == [{name: row[name] for name in ESCALATIONS.names} for row in expected]
