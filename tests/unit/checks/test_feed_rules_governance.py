"""The rules of contracts, standards and the dialogue at their edges."""

from __future__ import annotations

from datetime import date, datetime

from orchestration.checks.gate import RuleResult, run_feed_gate
from tests.unit.checks.small_governance import (
    action,
    answer,
    contract,
    meeting,
    objection,
    requirement,
    standard,
)
from tests.unit.checks.small_lake import Row, SmallLake, dealer

CONTRACTS = "oem__contracts"
STANDARDS = "oem__technology_standards"
EVENTS = "oem__contract_events"


def judge(lake: SmallLake, feed: str, *rows: Row) -> dict[str, RuleResult]:
    """The results of a feed's rules, with these rows delivered."""
    lake.deliver(feed, *rows)
    return {r.code: r for r in run_feed_gate(lake.settings, [feed]).results}


def test_a_contract_that_is_renewed_does_not_overlap(lake: SmallLake) -> None:
    ended = contract(valid_to=date(2024, 12, 31))
    renewed = contract(contract_id="K2", valid_from=date(2025, 1, 1))
    other = contract(contract_id="K3", brand_code="BETA")
    never = contract(contract_id="K4", valid_to=date(2023, 12, 31))
    found = judge(lake, CONTRACTS, ended, renewed, other, never)
    assert found["CONTRACTS_NOT_OVERLAPPING"].failed_rows == 0
    found = judge(lake, CONTRACTS, renewed | {"valid_from": date(2024, 12, 31)})
    [pair] = found["CONTRACTS_NOT_OVERLAPPING"].examples
    assert (pair["contract_id"], pair["next_valid_from"]) == ("K1", "2024-12-31")


def test_an_open_dealer_has_a_contract_without_end(lake: SmallLake) -> None:
    lake.deliver("oem__dealers", dealer(), dealer(brand_code="BETA", closed_on=date(2025, 1, 1)))
    found = judge(lake, CONTRACTS, contract())["CONTRACTS_COMPLETE"]
    assert (found.checked_rows, found.failed_rows) == (1, 0)
    found = judge(lake, CONTRACTS, contract(valid_to=date(2999, 1, 1)))["CONTRACTS_COMPLETE"]
    assert found.failed_rows == 1 and not found.is_critical_failure


def test_an_objection_counts_from_publication_to_the_last_day_of_the_window(
    lake: SmallLake,
) -> None:
    lake.deliver(CONTRACTS, contract())
    lake.deliver(STANDARDS, standard())
    found = judge(
        lake,
        EVENTS,
        objection("E1", event_on=date(2025, 1, 2)),
        objection("E2", event_on=date(2025, 2, 1)),
    )["OBJECTION_WITHIN_WINDOW"]
    assert (found.checked_rows, found.failed_rows) == (2, 0)
    late = objection("E3", event_on=date(2025, 2, 2))
    assert judge(lake, EVENTS, late)["OBJECTION_WITHIN_WINDOW"].failed_rows == 1


def test_a_resolution_follows_an_objection_to_the_same_version(lake: SmallLake) -> None:
    resolved = objection("E2", event_type="OBJECTION_RESOLVED", event_on=date(2025, 2, 1))
    code = "OBJECTION_RESOLVED_AFTER_OBJECTION"
    assert judge(lake, EVENTS, objection("E1"), resolved)[code].success, "on its day"
    assert judge(lake, EVENTS, objection("E1", version="2.0"))[code].failed_rows == 1
    later = objection("E1", event_on=date(2025, 2, 2))
    assert judge(lake, EVENTS, later)[code].failed_rows == 1


def test_versions_are_the_same_whatever_their_spelling(lake: SmallLake) -> None:
    apart = [standard(version=v) for v in ("1.0", "1.1", "10", "2024.1", "R2")]
    code = "STANDARD_VERSIONS_DISTINCT"
    assert judge(lake, STANDARDS, *apart)[code].failed_rows == 0
    found = judge(lake, STANDARDS, *(standard(version=v) for v in ("1", "v 1.1", "Version 10.0")))
    assert found[code].failed_rows == 3


def test_what_was_dated_before_the_feed_began_could_not_come_in_time(lake: SmallLake) -> None:
    code, feed = "REQUIREMENT_ANNOUNCED_IN_TIME", "oem__requirements"
    old = requirement(valid_from=date(2025, 2, 28))
    assert judge(lake, feed, old)[code].failed_rows == 0
    in_time = requirement(requirement_id="Q2", valid_from=date(2025, 4, 1))
    lake.deliver(feed, in_time, delivered_at=datetime(2025, 4, 1, 12))
    assert judge(lake, feed)[code].failed_rows == 0
    late = requirement(requirement_id="Q3", valid_from=date(2025, 4, 1))
    lake.deliver(feed, late, delivered_at=datetime(2025, 4, 1, 22))  # the 2nd in Berlin
    assert judge(lake, feed)[code].failed_rows == 1
    again = requirement(requirement_id="Q2", valid_from=date(2025, 4, 1), title="Sign")
    lake.deliver(feed, again, delivered_at=datetime(2025, 5, 1))
    assert judge(lake, feed)[code].failed_rows == 1, "the first delivery counts"


def test_a_requirement_applies_to_all_in_any_letter_case_to_a_group_as_it_is_spelt(
    lake: SmallLake,
) -> None:
    lake.deliver("oem__dealers", dealer(peer_group="METRO"))
    code, feed = "REQUIREMENT_PEER_GROUP_KNOWN", "oem__requirements"
    known = [requirement(requirement_id=n, applies_to=n) for n in ("ALL", "all", "All", "METRO")]
    assert judge(lake, feed, *known)[code].failed_rows == 0
    other = requirement(requirement_id="X", applies_to="Metro")
    assert judge(lake, feed, other)[code].failed_rows == 1


def test_a_wave_is_answered_by_half_of_the_open_dealers(lake: SmallLake) -> None:
    later = dealer(dealer_id="D2", opened_on=date(2025, 2, 2))
    lake.deliver("oem__dealers", dealer(), dealer(dealer_id="D1"), later)
    found = judge(lake, "dealer__pulse_surveys", answer())["PULSE_ANSWERED_BY_HALF"]
    assert (found.checked_rows, found.failed_rows) == (1, 0)
    lake.deliver("oem__dealers", dealer(), dealer(dealer_id="D1"), dealer(dealer_id="D2"))
    found = judge(lake, "dealer__pulse_surveys")["PULSE_ANSWERED_BY_HALF"]
    assert found.failed_rows == 1


def test_weeks_are_met_over_the_turn_of_the_year(lake: SmallLake) -> None:
    """Weeks 2020-W52, W53 and 2021-W01; then one of two is missing up to W05."""
    days = [date(2020, 12, 22), date(2020, 12, 28), date(2021, 1, 10)]
    meetings = [meeting(meeting_id=f"M{n}", held_on=day) for n, day in enumerate(days)]
    code = "MEETINGS_HELD_IN_MOST_WEEKS"
    assert judge(lake, "dealer__meetings", *meetings)[code].failed_rows == 0
    later = meeting(meeting_id="M9", held_on=date(2021, 2, 1))
    [row] = judge(lake, "dealer__meetings", later)[code].examples
    assert (row["weeks_met"], row["weeks"]) == (4, 7)


def test_an_action_without_decision_has_none_of_its_days(lake: SmallLake) -> None:
    lake.deliver("dealer__meetings", meeting())
    open_action = action(decided_on=None, due_on=None, done_on=None)
    found = judge(lake, "dealer__actions", open_action)
    assert not [c for c, r in found.items() if r.failed_rows]
    done = judge(lake, "dealer__actions", open_action | {"done_on": date(2025, 2, 20)})
    assert done["ACTION_DONE_AFTER_DECISION"].failed_rows == 1
