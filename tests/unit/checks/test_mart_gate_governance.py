"""The rules of the marts of governance, one by one: the others are not evaluated here."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.checks.gate import RuleResult, run_mart_gate
from orchestration.settings import Settings
from tests.unit.checks import small_governance
from tests.unit.checks.governance_rows import (
    BROKEN,
    DUE,
    EVENTS,
    GOOD,
    OBJECTED,
    OPENED,
    PENDING,
    Q1,
    Q2,
    RISEN,
    UNSIGNED,
    WARNED,
    WITHDRAWN,
    adopted,
    asked,
    calm,
    escalation,
    finding,
    module,
)
from tests.unit.checks.small_lake import SmallLake
from tests.unit.checks.small_warehouse import Row, build_warehouse

MARTS = list(GOOD)
ANSWERED: list[Row] = [small_governance.escalation("EE1", event_on=OPENED)]
"""What is told of the open escalation of the good rows."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(extracts=tmp_path / "extracts", warehouse=tmp_path / "warehouse")


def judge(settings: Settings, rows: dict[str, list[Row]], *marts: str) -> dict[str, RuleResult]:
    """The results of the rules of these marts, of all of governance by default."""
    dealers = [{"dealer_id": "D1", "brand_code": "ALPHA", "is_top_partner": True}]
    if events := rows.get(EVENTS, ANSWERED):
        SmallLake(settings.warehouse.parent).deliver(EVENTS, *events)
    rows = {mart: found for mart, found in rows.items() if mart != EVENTS}
    build_warehouse(settings, **GOOD | {"dim_dealer": dealers} | rows)
    return {r.code: r for r in run_mart_gate(settings, marts=marts or MARTS).results}


def failures(settings: Settings, mart: str, code: str, rows: list[Row]) -> int:
    return judge(settings, {mart: rows}, mart)[code].failed_rows


@pytest.mark.parametrize("code", BROKEN)
def test_a_broken_invariant_stops_the_run_and_shows_where(settings: Settings, code: str) -> None:
    rows, example = BROKEN[code]
    found = judge(settings, rows)
    assert [c for c, r in found.items() if r.is_critical_failure] == [code]
    assert example.items() <= found[code].examples[0].items()


def test_good_marts_break_no_rule_and_warnings_stop_nothing(settings: Settings) -> None:
    found = judge(settings, {})
    assert [str(r) for r in found.values() if r.failed_rows] == []
    assert [c for c, r in found.items() if not r.checked_rows] == []
    rows = {mart: list(good) for mart, good in GOOD.items()} | {EVENTS: ANSWERED}
    for joined in WARNED.values():
        for mart, bad in joined.items():
            rows[mart] = rows[mart] + bad
    found = judge(settings, rows)
    assert {c for c, r in found.items() if r.failed_rows} == set(WARNED)
    assert not any(r.is_critical_failure for r in found.values())


def test_each_status_of_a_standard_has_its_days(settings: Settings) -> None:
    signed = PENDING | {"is_automatic": False, "adopted_on": date(2024, 1, 1)}
    right: list[Row] = [OBJECTED, PENDING, signed, UNSIGNED, WITHDRAWN, {"status": "SUPERSEDED"}]
    wrong: list[Row] = [
        OBJECTED | {"objected_on": None},
        OBJECTED | {"resolved_on": date(2025, 1, 5)},
        PENDING | {"is_automatic": False},
        UNSIGNED | {"is_automatic": True},
        WITHDRAWN | {"withdrawn_on": None},
        {"status": "SUPERSEDED", "effective_on": None},
        {"status": "ADOPTED"},
        {"objected_on": date(2025, 1, 5), "resolved_on": date(2025, 1, 4)},
        {"is_automatic": None, "adopted_on": date(2025, 1, 1)},
    ]
    code = "STANDARD_STATUS_FITS_ITS_DAYS"
    for changes, failed in ((right, 0), (wrong, len(wrong))):
        rows = [adopted(contract_id=f"K{n}", **change) for n, change in enumerate(changes)]
        assert failures(settings, "mart_contract_standards", code, rows) == failed


def test_each_level_of_an_escalation_has_its_days(settings: Settings) -> None:
    third = {"level": 3, "level_3_on": date(2026, 1, 1)}
    right: list[Row] = [
        {"level": 2, "level_2_on": RISEN, "status": "OPEN"},
        third,
        {"status": "CLOSED", "closed_on": OPENED},
        {"status": "ACKNOWLEDGED", "is_breach": False, "breaches_in_row": 0},
    ]
    wrong: list[Row] = [
        {"level": 4},
        {"level": 0},
        {"level": 2, "level_2_on": DUE},
        third | {"level_3_on": OPENED},
        {"status": "NONE"},
        {"status": "CLOSED"},
        {"closed_on": DUE},
        {"status": "CLOSED", "closed_on": date(2025, 6, 30)},
        {"due_on": date(2025, 7, 30)},
        {"opened_on": None},
        {"level": None},
    ]
    code = "ESCALATION_LEVEL_FITS_STATUS"
    for changes, failed in ((right, 0), (wrong, len(wrong))):
        rows = [escalation(contract_id=f"K{n}", **change) for n, change in enumerate(changes)]
        assert failures(settings, "mart_escalations", code, rows) == failed


def test_an_escalation_ends_only_by_being_closed(settings: Settings) -> None:
    code = "ESCALATION_KEEPS_ITS_LEVEL"
    closed = escalation(quarter_start=Q1, status="CLOSED", closed_on=DUE)
    ended = calm(quarter_start=Q2)
    assert failures(settings, "mart_escalations", code, [closed, ended]) == 0
    vanished = escalation(quarter_start=Q1)
    assert failures(settings, "mart_escalations", code, [vanished, ended]) == 1
    another = escalation(opened_on=date(2025, 7, 2))
    assert failures(settings, "mart_escalations", code, [vanished, another]) == 1


def test_an_event_is_of_an_escalation_that_is_open_on_its_day(settings: Settings) -> None:
    """K1 has one from 1 to 31 July, told again in the row after, and one that goes on."""
    marts = [
        escalation(quarter_start=Q1),
        escalation(status="CLOSED", closed_on=DUE),
        escalation(quarter_start=date(2025, 7, 1), opened_on=date(2025, 10, 1)),
    ]
    days = {
        "E1": date(2025, 6, 30),
        "E2": OPENED,
        "E3": DUE,
        "E4": RISEN,
        "E5": date(2025, 9, 30),
        "E6": date(2025, 10, 1),
        "E7": date(2026, 3, 1),
    }
    events = [small_governance.escalation(name, event_on=day) for name, day in days.items()]
    events.append(small_governance.escalation("E8", contract_id="K2", event_on=OPENED))
    found = judge(settings, {"mart_escalations": marts, EVENTS: events}, "mart_escalations")[
        "ESCALATION_EVENTS_OF_AN_OPEN_ONE"
    ]
    assert (found.checked_rows, found.failed_rows, found.is_critical_failure) == (8, 4, False)
    assert [row["event_id"] for row in found.examples] == ["E1", "E4", "E5", "E8"]
    without = judge(settings, {"mart_escalations": [], EVENTS: events}, "mart_escalations")
    assert without["ESCALATION_EVENTS_OF_AN_OPEN_ONE"].failed_rows == 8


@pytest.mark.parametrize(
    "change",
    [
        {"value": None},
        {"finding_text_de": " "},
        {"finding_text_en": None},
        {"week_start": date(2020, 12, 29)},
        {"iso_week": 1},
        {"subject": "WARRANTY"},
        {"comparison": "TARGET"},
        {"finding_code": "WEATHER"},
        {"finding_code": "WORST_CASE_TYPE", "comparison": "NETWORK"},
    ],
)
def test_a_finding_that_is_not_well_formed_stops_the_run(settings: Settings, change: Row) -> None:
    code = "REVIEW_FINDING_WELL_FORMED"
    assert failures(settings, "mart_weekly_review", code, [finding() | change]) == 1


def test_figures_keep_to_the_range_of_their_finding(settings: Settings) -> None:
    wrong = [
        finding("NPS", value=Decimal("-100.1")),
        finding("CSI", comparison_value=Decimal(101)),
        finding("EV_SHARE", value=Decimal("1.000001")),
        finding("MEETING", "WEEKS_MET", value=Decimal(2)),
        finding("MEETING", "WEEKS_MET", comparison_value=Decimal(14)),
        finding("ORDERS", value=Decimal(-1)),
    ]
    assert failures(settings, "mart_weekly_review", "REVIEW_FIGURES_IN_RANGE", wrong) == len(wrong)


def test_what_went_live_is_judged_by_its_day_and_what_did_not_is_not_within_six_months(
    settings: Settings,
) -> None:
    none = {"live_on": None, "months_to_live": None}
    late = {"months_to_live": 7, "is_within_six_months": False}
    none_counted = {"months_to_live": None, "is_within_six_months": False}
    right: list[Row] = [
        none | {"status": "RUNNING", "is_within_six_months": None},
        none | {"status": "RUNNING", "is_within_six_months": False},
        none | {"status": "ABANDONED", "is_within_six_months": False, "abandoned_on": DUE},
        {"status": "ABANDONED", "abandoned_on": DUE},  # live a month before
        {"status": "ABANDONED", "abandoned_on": DUE, **late},
        none_counted | {"status": "ABANDONED", "abandoned_on": OPENED},
    ]
    wrong: list[Row] = [
        none,
        none | {"status": "RUNNING"},
        none | {"status": "ABANDONED", "abandoned_on": DUE},
        none | {"status": "ABANDONED", "is_within_six_months": False},
        none_counted | {"status": "ABANDONED", "abandoned_on": DUE},
        {"status": "ABANDONED", "abandoned_on": DUE, **late, "is_within_six_months": True},
        {"status": "ABANDONED", "abandoned_on": OPENED},
        {"status": "GONE"},
    ]
    code = "MODULE_STATUS_FITS_ITS_DAYS"
    for changes, failed in ((right, 0), (wrong, len(wrong))):
        rows = [module(module_code=f"M{n}", **change) for n, change in enumerate(changes)]
        assert failures(settings, "mart_module_adoption", code, rows) == failed


def test_the_interval_is_that_of_wilson(settings: Settings) -> None:
    """None of one: 0 to 79.3 %; one of one: 20.7 to 100 %."""
    none = {"pulse_increased": 0, "pulse_rate": Decimal(0)}
    every = {"pulse_increased": 1, "pulse_rate": Decimal(1)}
    low, high = Decimal("0.206549"), Decimal("0.793451")
    right = [
        none | {"pulse_ci_low": Decimal(0), "pulse_ci_high": high},
        every | {"pulse_ci_low": low, "pulse_ci_high": Decimal(1)},
    ]
    wrong = [
        none | {"pulse_ci_low": Decimal("0.000005"), "pulse_ci_high": high},
        every | {"pulse_ci_low": low, "pulse_ci_high": None},
        none | {"pulse_ci_low": None, "pulse_ci_high": None},
        every | {"pulse_ci_low": Decimal("0.3"), "pulse_ci_high": Decimal(1)},
    ]
    code = "REQUIREMENT_PULSE_WITHIN_INTERVAL"
    for changes, failed in ((right, 0), (wrong, len(wrong))):
        rows = [asked(brand_code=f"B{n}", pulse_answers=1, **c) for n, c in enumerate(changes)]
        assert failures(settings, "mart_requirement_pressure", code, rows) == failed
