"""The rules of the academy and of systems at their edges."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from expectations.registry import feed_rules
from expectations.rule import DIMENSIONS
from orchestration.checks.gate import RuleResult, run_feed_gate
from tests.unit.checks.small_capability import (
    assessment,
    course,
    criterion,
    person,
    rollout,
    training,
)
from tests.unit.checks.small_lake import Row, SmallLake, dealer

COURSES = "oem__courses"
TRAINING = "oem__training_events"
STAFF = "dealer__staff"
ASSESSMENTS = "dealer__it_assessments"
ROLLOUTS = "oem__system_rollouts"


def judge(lake: SmallLake, feed: str, *rows: Row, sender: str = "oem") -> dict[str, RuleResult]:
    """The results of a feed's rules, with these rows delivered."""
    lake.deliver(feed, *rows, sender=sender)
    return {r.code: r for r in run_feed_gate(lake.settings, [feed]).results}


def test_every_dimension_is_measured_of_each_dealer_by_forty_rules_in_all() -> None:
    measured = [rule for rule in feed_rules() if rule.is_measured_per_dealer]
    assert len(measured) >= 40
    for feed in {rule.table for rule in feed_rules() if rule.table.startswith("dealer__")}:
        of_feed = {rule.dimension for rule in measured if rule.table == feed}
        assert of_feed >= set(DIMENSIONS) - {"TIMELINESS"}, feed
    assert {rule.dimension for rule in measured} == set(DIMENSIONS)


def test_a_dealer_without_a_list_of_people_is_not_blamed_for_those_he_trains(
    lake: SmallLake,
) -> None:
    lake.deliver(COURSES, course())
    found = judge(lake, TRAINING, training("T1"))
    for code in ("TRAINING_PERSON_LISTED", "TRAINING_WHILE_EMPLOYED"):
        assert found[code].checked_rows == 0
    lake.deliver(STAFF, person("P2"), sender="D0001")
    found = judge(lake, TRAINING)
    assert found["TRAINING_PERSON_LISTED"].failed_rows == 1
    assert found["TRAINING_WHILE_EMPLOYED"].checked_rows == 0, "not listed is not somewhere else"


@pytest.mark.parametrize(
    ("day", "failed"),
    [
        (date(2019, 12, 31), 1),
        (date(2020, 1, 1), 0),
        (date(2024, 12, 31), 0),
        (date(2025, 1, 1), 1),
    ],
)
def test_who_is_trained_works_there_from_the_first_to_the_last_day(
    lake: SmallLake, day: date, failed: int
) -> None:
    lake.deliver(STAFF, person(employed_to=date(2024, 12, 31)), sender="D0001")
    found = judge(lake, TRAINING, training("T1", completed_on=day))
    assert found["TRAINING_WHILE_EMPLOYED"].failed_rows == failed


def test_no_rule_shows_who_a_person_is(lake: SmallLake) -> None:
    lake.deliver(COURSES, course())
    found = judge(lake, TRAINING, training("T1"), training("T2"))
    doubled = found["TRAINING_EVENTS_NOT_DOUBLED"]
    assert doubled.failed_rows == 1
    assert "P1" not in str(doubled.examples)
    lake.deliver("oem__dealers", dealer(), dealer(dealer_id="D2"))
    found = judge(lake, STAFF, person(), person(dealer_id="D2"))
    at_one = found["STAFF_AT_ONE_DEALER"]
    assert at_one.failed_rows == 1 and "P1" not in str(at_one.examples)


def test_who_changes_dealers_is_at_one_at_a_time(lake: SmallLake) -> None:
    lake.deliver("oem__dealers", dealer(), dealer(dealer_id="D2"))
    left = person(employed_to=date(2024, 12, 31))
    came = person(dealer_id="D2", employed_from=date(2025, 1, 1))
    assert judge(lake, STAFF, left, came)["STAFF_AT_ONE_DEALER"].failed_rows == 0
    early = came | {"employed_from": date(2024, 12, 31)}
    assert judge(lake, STAFF, left, early)["STAFF_AT_ONE_DEALER"].failed_rows == 1


def test_who_has_left_stays_in_the_list(lake: SmallLake) -> None:
    lake.deliver(STAFF, person(), person("P2"), sender="D0001")
    left = person("P2", employed_to=date(2025, 2, 28))
    found = judge(lake, STAFF, person(), left, sender="D0001")
    assert found["STAFF_LEAVERS_KEPT"].failed_rows == 0
    found = judge(lake, STAFF, person(), sender="D0001")
    assert (found["STAFF_LEAVERS_KEPT"].checked_rows, found["STAFF_LEAVERS_KEPT"].failed_rows) == (
        2,
        1,
    )


def test_missing_courses_are_named_once_there_are_any(lake: SmallLake) -> None:
    code = "COURSES_TEACH_EVERY_DIMENSION"
    assert judge(lake, COURSES)[code].checked_rows == 0
    found = judge(lake, COURSES, course(), course("C2", quality_dimension=None))[code]
    assert (found.checked_rows, found.failed_rows) == (5, 4)


def test_what_is_not_mandatory_need_not_be_assessed(lake: SmallLake) -> None:
    lake.deliver(
        "oem__it_criteria",
        criterion(),
        criterion("IT2", is_mandatory=False),
        criterion("IT3", valid_from=date(2025, 2, 11)),
    )
    code = "IT_ASSESSMENTS_COMPLETE"
    assert judge(lake, ASSESSMENTS, assessment())[code].failed_rows == 0
    found = judge(lake, ASSESSMENTS, assessment(assessed_on=date(2025, 2, 11)))[code]
    assert [row["criterion_code"] for row in found.examples] == ["IT3"], "asked for by then"


def test_a_system_is_introduced_again_after_it_was_given_up(lake: SmallLake) -> None:
    given_up = rollout(live_on=None, abandoned_on=date(2024, 7, 1))
    again = rollout("R2", started_on=date(2024, 7, 2))
    code = "ROLLOUTS_NOT_OVERLAPPING"
    assert judge(lake, ROLLOUTS, given_up, again)[code].failed_rows == 0
    beside = rollout("R2", started_on=date(2024, 7, 1))
    assert judge(lake, ROLLOUTS, beside)[code].failed_rows == 1


def test_what_ran_for_three_years_is_not_forgotten_yet(lake: SmallLake) -> None:
    code = "ROLLOUTS_NOT_FORGOTTEN"
    running = rollout(started_on=date(2022, 3, 1), live_on=None)
    assert judge(lake, ROLLOUTS, running)[code].failed_rows == 0
    lake.deliver(ROLLOUTS, rollout("R2"), delivered_at=datetime(2025, 3, 2, 12))
    assert judge(lake, ROLLOUTS)[code].failed_rows == 1
