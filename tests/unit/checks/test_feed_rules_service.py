"""The rules of routing and responsibilities at their edges."""

from __future__ import annotations

from datetime import date
from typing import Any

from orchestration.checks.gate import RuleResult, run_feed_gate
from tests.unit.checks.small_lake import (
    Row,
    SmallLake,
    area,
    case,
    dealer,
    duty,
    go_live,
    routing_rule,
    service_level,
)

RULES = "oem__routing_rules"
DUTIES = "oem__responsibilities"
LEVELS = "oem__service_levels"
TODAY, LATER = date(2025, 3, 1), date(2025, 6, 1)


def judge(lake: SmallLake, feed: str, *rows: Row) -> dict[str, RuleResult]:
    """The results of a feed's rules, with these rows delivered."""
    lake.deliver(feed, *rows)
    return {r.code: r for r in run_feed_gate(lake.settings, [feed]).results}


def second(rule_id: str = "R2", **change: Any) -> Row:
    return routing_rule(rule_id=rule_id, responsible_dealer_id="D2", **change)


def test_rules_overlap_only_with_equal_rank_on_a_common_day(lake: SmallLake) -> None:
    apart = [
        routing_rule(valid_to=LATER),
        second(postal_prefix="80"),
        second("R3", product_category="BRAKES"),
        second("R4", case_type="WARRANTY"),
        second("R5", priority=1),
        second("R6", brand_code="BETA"),
        second("R7", valid_from=date(2025, 6, 2)),
        second("R8", valid_to=date(2025, 2, 28)),  # never holds
    ]
    assert judge(lake, RULES, *apart)["ROUTING_RULES_NOT_OVERLAPPING"].failed_rows == 0
    found = judge(lake, RULES, second("R9", valid_from=LATER, valid_to=LATER))
    tie = found["ROUTING_RULES_NOT_OVERLAPPING"]
    assert not tie.success and not tie.is_critical_failure
    assert (tie.checked_rows, tie.failed_rows) == (9, 2)
    for example, names in zip(tie.examples, (("R1", "R9"), ("R9", "R1")), strict=True):
        assert (example["rule_id"], example["other_rule_id"]) == names
        assert example["overlap_from"] == example["overlap_to"] == "2025-06-01"


def test_an_empty_prefix_is_none(lake: SmallLake) -> None:
    found = judge(lake, RULES, routing_rule(postal_prefix=""), second(postal_prefix=None))
    pair = found["ROUTING_RULES_NOT_OVERLAPPING"].examples
    assert [row["overlap_to"] for row in pair] == [None, None]
    assert found["ROUTING_RULES_COVER_AREAS"].success


def day(number: int) -> date:
    return date(2025, 3, number)


def test_a_rule_ties_with_each_of_another_dealer_that_it_overlaps(lake: SmallLake) -> None:
    found = judge(
        lake,
        RULES,
        routing_rule(rule_id="LONG", valid_from=day(1), valid_to=day(20)),
        second("WITHIN", valid_from=day(5), valid_to=day(6)),
        second("ITS_LAST", valid_from=day(20), valid_to=day(25)),
        routing_rule(rule_id="OWN", valid_from=day(22), valid_to=day(24)),
        second("AFTER", valid_from=day(26), valid_to=day(26)),
        routing_rule(rule_id="OWN_AGAIN", valid_from=day(24), valid_to=day(24)),
    )
    ties = found["ROUTING_RULES_NOT_OVERLAPPING"]
    assert {row["rule_id"]: (row["tied_rules"], row["other_rule_id"]) for row in ties.examples} == {
        "ITS_LAST": (3, "LONG"),
        "LONG": (2, "ITS_LAST"),
        "OWN": (1, "ITS_LAST"),
        "OWN_AGAIN": (1, "ITS_LAST"),
        "WITHIN": (1, "LONG"),
    }
    doubled = found["ROUTING_RULES_NOT_DOUBLED"]
    assert [(row["rule_id"], row["other_rule_id"]) for row in doubled.examples] == [
        ("OWN", "OWN_AGAIN"),
        ("OWN_AGAIN", "OWN"),
    ]


def test_as_many_rules_fail_as_there_are_however_many_tie(lake: SmallLake) -> None:
    many = [
        routing_rule(rule_id=f"R{number:04d}", responsible_dealer_id=f"D{number % 1000:04d}")
        for number in range(2_000)
    ]
    found = judge(lake, RULES, *many)
    for code, tied in (("ROUTING_RULES_NOT_OVERLAPPING", 1_998), ("ROUTING_RULES_NOT_DOUBLED", 1)):
        assert (found[code].checked_rows, found[code].failed_rows) == (2_000, 2_000), code
        assert {row["tied_rules"] for row in found[code].examples} == {tied}
        assert all(row["other_rule_id"] for row in found[code].examples)


def test_areas_are_covered_by_open_rules_for_all_cases(lake: SmallLake) -> None:
    lake.deliver("oem__postal_areas", area(), area(postal_code="01067"))
    found = judge(
        lake,
        RULES,
        routing_rule(postal_prefix="8033"),
        routing_rule(rule_id="R2", postal_prefix="0", valid_to=LATER),
        routing_rule(rule_id="R3", postal_prefix="0", product_category="BRAKES"),
        routing_rule(rule_id="R4", postal_prefix="0", case_type="COMPLAINT"),
    )["ROUTING_RULES_COVER_AREAS"]
    assert (found.checked_rows, found.failed_rows) == (2, 1)
    assert found.examples == [{"brand_code": "ALPHA", "postal_code": "01067"}]


def test_without_cases_no_category_is_unknown(lake: SmallLake) -> None:
    rule = routing_rule(product_category="BRAKES")
    assert judge(lake, RULES, rule)["ROUTING_RULE_CATEGORY_KNOWN"].checked_rows == 0
    lake.deliver("dealer__cases", case(product_category="brakes"), sender="D0001")
    assert judge(lake, RULES, rule)["ROUTING_RULE_CATEGORY_KNOWN"].failed_rows == 1


def test_a_rule_may_hold_on_the_last_day_of_its_dealer(lake: SmallLake) -> None:
    lake.deliver("oem__dealers", dealer(closed_on=TODAY))
    found = judge(lake, RULES, routing_rule(valid_to=TODAY))
    for code in ("ROUTING_RULE_WHILE_DEALER_OPEN", "ROUTING_RULE_ENDS_WITH_DEALER"):
        assert found[code].success and found[code].checked_rows == 1, code
    found = judge(lake, RULES, routing_rule(valid_from=date(2025, 3, 2)))
    for code in ("ROUTING_RULE_WHILE_DEALER_OPEN", "ROUTING_RULE_ENDS_WITH_DEALER"):
        assert found[code].failed_rows == 1, code


def test_a_withdrawn_rule_ties_with_none(lake: SmallLake) -> None:
    lake.deliver(RULES, routing_rule(), second())
    found = judge(lake, RULES, {"rule_id": "R2", "is_deleted": True})
    assert found["ROUTING_RULES_NOT_OVERLAPPING"].success


def test_a_go_live_is_put_off_before_it_comes_not_after(lake: SmallLake) -> None:
    feed = "oem__routing_go_lives"
    lake.deliver(feed, go_live(go_live_on=LATER))
    found = judge(lake, feed, go_live(go_live_on=TODAY))
    assert found["ROUTING_GO_LIVE_KEPT"].success, "it is the day itself"
    lake.deliver(feed, go_live(go_live_on=date(2025, 2, 28)))
    assert judge(lake, feed, go_live(go_live_on=LATER))["ROUTING_GO_LIVE_KEPT"].failed_rows == 1


def test_one_is_accountable_on_every_day_of_a_process(lake: SmallLake) -> None:
    def process(code: str, *duties: Row) -> list[Row]:
        worker = duty("RESPONSIBLE", "PARTNER", valid_from=date(2025, 1, 1))
        return [row | {"process_code": code} for row in (worker, *duties)]

    ends, begins = date(2025, 2, 28), date(2025, 3, 1)
    first = duty(valid_from=date(2025, 1, 1), valid_to=ends)
    found = judge(
        lake,
        DUTIES,
        *process("HANDED_OVER", first, duty(party="PARTNER", valid_from=begins)),
        *process("GAP", first, duty(party="PARTNER", valid_from=date(2025, 3, 2))),
        *process("DOUBLE", first, duty(party="PARTNER", valid_from=ends)),
        *process("LATE", duty(valid_from=date(2025, 1, 2))),
        *process("ENDED", first),
        *process("NOBODY"),
    )["RESPONSIBILITY_ONE_ACCOUNTABLE"]
    assert found.checked_rows == 6 and not found.is_critical_failure
    assert {
        row["process_code"]: (row["first_from"], row["fewest"], row["most"])
        for row in found.examples
    } == {
        "GAP": ("2025-03-01", 0, 0),
        "DOUBLE": ("2025-02-28", 2, 2),
        "LATE": ("2025-01-01", 0, 0),
        "ENDED": ("2025-03-01", 0, 0),
        "NOBODY": ("2025-01-01", 0, 0),
    }


def test_a_party_named_twice_is_one_and_a_process_that_ends_has_no_gap(lake: SmallLake) -> None:
    found = judge(
        lake,
        DUTIES,
        duty(valid_to=LATER),
        duty(valid_from=date(2025, 4, 1), valid_to=LATER),
        duty("RESPONSIBLE", "PARTNER", valid_to=LATER),
    )
    assert found["RESPONSIBILITY_ONE_ACCOUNTABLE"].success
    assert found["RESPONSIBILITY_NOT_OVERLAPPING"].failed_rows == 1


def test_missing_service_levels_are_named_once_there_are_any(lake: SmallLake) -> None:
    assert judge(lake, LEVELS)["SERVICE_LEVELS_COMPLETE"].checked_rows == 0
    found = judge(lake, LEVELS, service_level())["SERVICE_LEVELS_COMPLETE"]
    assert (found.checked_rows, found.failed_rows) == (3, 2)
    assert [row["case_type"] for row in found.examples] == ["COMPLAINT", "SERVICE_REQUEST"]


def test_a_service_level_is_changed_to_the_fourfold_at_most(lake: SmallLake) -> None:
    lake.deliver(LEVELS, service_level(target_hours=24))
    found = judge(lake, LEVELS, service_level(target_hours=96))
    assert found["SERVICE_LEVEL_CHANGE_PLAUSIBLE"].success
    found = judge(lake, LEVELS, service_level(target_hours=23))
    assert found["SERVICE_LEVEL_CHANGE_PLAUSIBLE"].failed_rows == 1
