"""Escalations as they stood at a day, and how far the dealers have reported."""

from __future__ import annotations

from datetime import date

import pytest

from orchestration.language import Language
from orchestration.review.contracts import as_of, is_plan_missing, judged, told
from orchestration.review.reported import is_reported, missing_reports, newest_reported
from tests.unit.review.example import escalation

GERMAN, ENGLISH = Language("de"), Language("en")
FOURTH = date(2020, 10, 1)
MONDAY = date(2021, 2, 8)


def reached(**values):
    """Opened on 1 January, plan due on 1 February 2021, level 2 the day after, 3 on 1 July."""
    return escalation(
        FOURTH,
        True,
        level=3,
        level_2_on=date(2021, 2, 2),
        level_3_on=date(2021, 7, 1),
        status="OPEN",
        **values,
    )


@pytest.mark.parametrize(
    ("until", "level", "is_missing"),
    [
        (date(2020, 12, 31), 0, False),
        (date(2021, 1, 1), 1, False),
        (date(2021, 2, 1), 1, False),
        (date(2021, 2, 2), 2, True),
        (date(2021, 6, 30), 2, True),
        (date(2021, 7, 1), 3, True),
    ],
)
def test_the_level_is_that_of_the_day(until, level, is_missing) -> None:
    row = as_of(reached(), until)
    assert (row["level"], is_plan_missing(row, until)) == (level, is_missing)


def test_a_closing_later_than_the_day_is_not_known() -> None:
    closed = reached(closed_on=date(2021, 8, 1)) | {"status": "CLOSED"}
    assert as_of(closed, date(2021, 7, 31))["status"] == "OPEN"
    assert as_of(closed, date(2021, 8, 1))["status"] == "CLOSED"
    assert "am 01.08.2021 geschlossen" in told(GERMAN, closed, date(2021, 8, 1))


def test_a_contract_that_was_followed_by_another_is_not_told() -> None:
    rows = [
        escalation(date(2020, 7, 1), False, contract_id="A"),
        escalation(FOURTH, False, contract_id="B"),
    ]
    assert [row["contract_id"] for row in judged(rows, MONDAY)] == ["B"]
    assert judged([], MONDAY) == []


def test_an_escalation_is_told_with_what_is_to_be_done() -> None:
    def said(until: date, **values) -> str:
        return told(ENGLISH, as_of(reached() | values, until), until)

    assert said(date(2021, 2, 1)).endswith("A plan for improvement is to be agreed by 1 Feb 2021.")
    assert said(date(2021, 2, 2)).endswith("was due on 1 Feb 2021 and is still missing.")
    assert said(MONDAY, status="PLAN_AGREED").endswith("A plan for improvement is agreed.")
    in_time = said(MONDAY, status="ACKNOWLEDGED", level=1, level_2_on=None, level_3_on=None)
    assert "on level 1 of 3 since 1 Jan 2021" in in_time
    assert in_time.endswith("The plan for improvement was agreed by 1 Feb 2021.")


@pytest.mark.parametrize(
    ("breaches", "part"),
    [(0, "is not below"), (1, "was below the benchmark in the last"), (2, "for 2 quarters in")],
)
def test_without_an_escalation_the_score_is_told(breaches, part) -> None:
    values = {"level": 0, "status": "NONE", "opened_on": None, "due_on": None}
    row = escalation(FOURTH, breaches > 0, breaches_in_row=breaches, **values)
    assert part in told(ENGLISH, as_of(row, MONDAY), MONDAY)


@pytest.mark.parametrize(
    ("until", "is_whole", "part"),
    [
        (None, True, ""),
        (date(2021, 2, 12), True, ""),
        (date(2021, 2, 11), False, "go up to 11 Feb 2021 only"),
        (date(2021, 2, 7), False, "the latest report is of 7 Feb 2021"),
    ],
)
def test_a_week_is_whole_once_its_friday_was_reported(until, is_whole, part) -> None:
    assert is_reported(MONDAY, until) == is_whole
    said = missing_reports(ENGLISH, MONDAY, until)
    assert part in said and bool(said) != is_whole


def test_the_newest_week_that_was_reported_is_shown_first() -> None:
    weeks = [date(2021, 1, 25), date(2021, 2, 1), MONDAY]
    assert newest_reported(weeks, date(2021, 2, 11)) == date(2021, 2, 1)
    assert newest_reported(weeks, None) == MONDAY
    # nothing of these weeks: the newest, with its warning
    assert newest_reported(weeks, date(2020, 12, 1)) == MONDAY
    assert newest_reported([], None) is None
