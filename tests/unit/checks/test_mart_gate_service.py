"""The rules of the marts of service, one by one: the others are not evaluated here."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from orchestration.checks.gate import RuleResult, run_mart_gate
from orchestration.settings import Settings
from tests.unit.checks.service_rows import (
    BROKEN,
    CASES,
    GOOD,
    ROUTED,
    UNROUTED,
    conflict,
    effect,
    fact,
    gap,
    now,
    routed,
    second_gap,
)
from tests.unit.checks.small_lake import SmallLake, event
from tests.unit.checks.small_warehouse import Row, build_warehouse

MARTS = [table for table in GOOD if table.startswith("mart_")]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(extracts=tmp_path / "extracts", warehouse=tmp_path / "warehouse")


def judge(settings: Settings, rows: dict[str, list[Row]], *marts: str) -> dict[str, RuleResult]:
    """The results of the rules of these marts, of all of service by default."""
    SmallLake(settings.warehouse.parent).deliver("dealer__vehicle_events", event(), sender="D1")
    dealers = [{"dealer_id": "D1", "brand_code": "ALPHA"}]
    build_warehouse(settings, **GOOD | {"dim_dealer": dealers} | rows)
    return {r.code: r for r in run_mart_gate(settings, marts=marts or MARTS).results}


@pytest.mark.parametrize("code", BROKEN)
def test_a_broken_invariant_stops_the_run_and_shows_where(settings: Settings, code: str) -> None:
    rows, example = BROKEN[code]
    found = judge(settings, rows)
    assert [c for c, r in found.items() if r.is_critical_failure] == [code]
    assert example.items() <= found[code].examples[0].items()


def test_a_case_has_exactly_one_responsible_party(settings: Settings) -> None:
    right: list[Row] = [
        UNROUTED,
        {"responsible_party": "D2", "was_misrouted": True},
        {"runner_up_rule_id": "R2", "matched_prefix_length": 0},
    ]
    wrong: list[Row] = [
        UNROUTED | {"was_misrouted": False},
        UNROUTED | {"responsible_party": "D1"},
        UNROUTED | {"runner_up_rule_id": "R2"},
        UNROUTED | {"is_ambiguous": True},
        {"was_misrouted": True},
        {"rule_id": None},
        {"matched_prefix_length": 6},
        {"runner_up_rule_id": "R1"},
        {"is_ambiguous": True},
        {"is_unrouted": None},
    ]
    for changes, failed_rows in ((right, 0), (wrong, len(wrong))):
        cases = [
            case | change
            for case, change in zip(ROUTED, [*changes, *[{}] * len(ROUTED)], strict=False)
        ]
        found = judge(settings, {"mart_case_routing": cases}, "mart_case_routing")
        assert found["CASE_HAS_ONE_RESPONSIBLE"].failed_rows == failed_rows


def test_a_case_is_not_routed_twice_nor_without_being_a_case(settings: Settings) -> None:
    stray = ROUTED[0] | {"case_id": "C999"}
    rows = {"mart_case_routing": [*ROUTED, ROUTED[0], stray]}
    found = judge(settings, rows, "mart_case_routing")
    assert found["CASES_ROUTED_EXACTLY_ONCE"].examples == [
        {"case_id": "C000", "routed_rows": 2, "brand_code": "ALPHA"},
        {"case_id": "C999", "routed_rows": 1, "brand_code": None},
    ]


def test_an_ambiguous_case_is_one_of_the_conflict_that_decided_it(settings: Settings) -> None:
    cases = [ROUTED[0] | {"is_ambiguous": True, "runner_up_rule_id": "R2"}, *ROUTED[1:]]
    rows = {"mart_case_routing": cases, "mart_routing_conflicts": [conflict(case_count=1)]}
    found = judge(settings, rows, "mart_routing_conflicts")
    assert found["CASE_AMBIGUITY_IS_A_CONFLICT"].success
    assert found["CASE_AMBIGUITY_IS_A_CONFLICT"].checked_rows == 1


def test_cases_of_unknown_dealers_are_routed_yet_in_no_cycle_time(settings: Settings) -> None:
    stray = fact(61, datetime(2024, 8, 31, 22), dealer_id="D9")
    rows = {"fct_case": [*CASES, stray], "mart_case_routing": [*ROUTED, routed(stray)]}
    found = judge(settings, rows)
    assert found["CYCLE_TIME_COUNTS_EVERY_CASE"].success
    failed = {code for code, result in found.items() if result.is_critical_failure}
    assert failed == {"ROUTING_EFFECT_COUNTS_EVERY_CASE"}, "it counts from the first day on"


def test_an_effect_without_hours_before_is_none(settings: Settings) -> None:
    nothing = {"mean_hours_before": None, "mean_reduction_rate": None}
    interval = {"ci_low": None, "ci_high": None}
    none = effect(**nothing, **interval)
    found = judge(settings, {"mart_routing_effect": [none]}, "mart_routing_effect")
    assert not [code for code, result in found.items() if result.failed_rows]
    made_up = effect(mean_hours_before=None)
    found = judge(settings, {"mart_routing_effect": [made_up]}, "mart_routing_effect")
    assert found["ROUTING_EFFECT_IS_OF_MEANS"].is_critical_failure


def test_gaps_are_ranges_as_long_as_they_last(settings: Settings) -> None:
    apart: list[Row] = [{"gap_from": date(2025, 2, 2), "accountable_count": 0}, {"gap_to": None}]
    wrong: list[Row] = [
        {"accountable_count": 0},
        {"accountable_count": 1},
        {"gap_to": date(2025, 1, 31)},
    ]
    for changes, failed_rows in ((apart, 0), (wrong, len(wrong))):
        gaps = [
            row
            for number, change in enumerate(changes)
            for row in (
                gap(process_code=f"P{number}"),
                second_gap(process_code=f"P{number}", **change),
            )
        ]
        rows = {"mart_responsibility_gaps": gaps}
        found = judge(settings, rows, "mart_responsibility_gaps")
        assert found["RESPONSIBILITY_GAPS_APART"].failed_rows == failed_rows


def test_a_dealer_without_stock_snapshot_has_no_units(settings: Settings) -> None:
    units = [name for name in now() if "units" in name]
    unknown = now(**dict.fromkeys(units))
    found = judge(settings, {"mart_dealer_now": [unknown]}, "mart_dealer_now")
    assert found["DEALER_NOW_STOCK_ADDS_UP"].success
    half_known = unknown | {"in_stock_units": 10}
    found = judge(settings, {"mart_dealer_now": [half_known]}, "mart_dealer_now")
    assert found["DEALER_NOW_STOCK_ADDS_UP"].is_critical_failure


def test_a_dealer_sees_every_case_that_is_not_resolved(settings: Settings) -> None:
    none = dict.fromkeys(("open_cases", "open_cases_1_to_7_days", "breached_cases"), 0)
    found = judge(settings, {"mart_dealer_now": [now(**none)]}, "mart_dealer_now")
    assert found["DEALER_NOW_CASES_ADD_UP"].is_critical_failure
    found = judge(settings, {"mart_dealer_now": [now(responsible_open_cases=0)]}, "mart_dealer_now")
    assert found["DEALER_NOW_CASES_ADD_UP"].is_critical_failure
