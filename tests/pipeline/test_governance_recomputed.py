"""The marts of governance against the spec written down a second time, in plain Python.

The recomputation in `tests/support/governance_recomputed.py` is held against the golden figures of
the spec and cases worked out by hand. Then random worlds are built by the warehouse and by the
product's Python, load by load, and every column of every mart has to be what the recomputation
says.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from orchestration.calculations.escalations import escalate as product_escalate
from orchestration.computed.governance import compute_governance
from orchestration.settings import Settings
from tests.support.governance_recomputed import (
    DAY,
    GOVERNANCE_KEYS,
    SOURCES,
    Governance,
    Marts,
    Row,
    berlin_day,
    complete_weeks,
    escalate,
    governance_marts,
    judge_adoption,
    keyed,
    median,
    months_away,
    plan_due_on,
    recompute_governance,
    stored,
    week_of_year_before,
    wilson,
)
from tests.support.lake import Lake
from tests.support.random_governance import (
    TODAYS,
    random_governance_load,
    random_governance_world,
)
from tests.support.recomputed import Facts, recompute
from tests.support.warehouse import build, fetch, new_settings

SEEDS = (48,)
SLOW_SEEDS = range(700, 706)

# -- cases by hand ----------------------------------------------------------------------------

NOW = datetime(2021, 1, 12, 9)


def facts(**feeds: list[Row]) -> Facts:
    """What holds, feed by feed; dealer D1 of AURA is open and a top partner if none are given."""
    every: dict[str, list[Row]] = defaultdict(list)
    every["oem__dealers"] = [dealer("D1")]
    return Facts([], every | {feed: rows for feed, rows in feeds.items()})


def dealer(dealer_id: str, **changes: Any) -> Row:
    return {
        "dealer_id": dealer_id,
        "brand_code": "AURA",
        "peer_group": "CITY",
        "postal_code": "80331",
        "district_code": "09162",
        "is_top_partner": True,
        "opened_on": date(2000, 1, 1),
        "closed_on": None,
    } | changes


def rows_of(mart: str, given: Facts, as_of: datetime = NOW) -> list[Row]:
    return list(governance_marts(Governance(given, as_of))[mart].values())


def test_golden_67_of_100_is_between_57_3_and_75_4_percent() -> None:
    low, high = wilson(67, 100)
    assert (round(low, 3), round(high, 3)) == (Decimal("0.573"), Decimal("0.754"))
    assert wilson(0, 0) == (None, None)
    assert wilson(0, 5)[0] == 0 and wilson(5, 5)[1] == 1


def test_weeks_end_before_today_and_week_53_is_compared_with_the_last_of_the_year_before() -> None:
    assert complete_weeks(date(2021, 1, 3))[-1] == date(2020, 12, 21)
    weeks = complete_weeks(date(2021, 1, 4))
    assert (weeks[0], weeks[-1], len(weeks)) == (date(2019, 12, 30), date(2020, 12, 28), 53)
    assert week_of_year_before(date(2020, 12, 28)) == date(2019, 12, 23)  # week 53 with 52
    assert week_of_year_before(date(2020, 12, 21)) == date(2019, 12, 23)
    assert week_of_year_before(date(2021, 1, 4)) == date(2019, 12, 30)  # week 1
    assert week_of_year_before(date(2021, 12, 27)) == date(2020, 12, 21)  # 52 of 52, not 53


@pytest.mark.parametrize(
    ("opened_on", "state_code", "expected"),
    [
        (date(2024, 4, 1), None, date(2024, 5, 2)),  # 1 May is a holiday everywhere
        (date(2022, 10, 1), "09", date(2022, 10, 31)),
        (date(2022, 10, 1), "02", date(2022, 11, 1)),  # Reformation day
        (date(2021, 10, 1), "02", date(2021, 11, 1)),  # a Sunday
        (date(2021, 10, 1), "09", date(2021, 11, 2)),  # a Sunday, then All Saints
        (date(2020, 4, 1), "11", date(2020, 5, 4)),  # a holiday before a weekend
        (date(2022, 10, 1), "77", date(2022, 10, 31)),
    ],
)
def test_due_dates_are_business_days_of_the_state(
    opened_on: date, state_code: str | None, expected: date
) -> None:
    assert plan_due_on(opened_on, state_code) == expected


def quarters(breaches: str, needed: int = 1, valid_to: date | None = None) -> list[Row]:
    """Quarters from 2019 on: B in breach, n not, a blank has no row."""
    return [
        {
            "contract_id": "K1",
            "quarter_start": months_away(date(2019, 1, 1), 3 * number),
            "is_breach": letter == "B",
            "breach_quarters": needed,
            "valid_to": valid_to,
            "state_code": "09",
        }
        for number, letter in enumerate(breaches)
        if letter != " "
    ]


def event(event_type: str, day: date) -> Row:
    return {"contract_id": "K1", "event_type": event_type, "event_on": day}


def standing(rows: list[Row], *events: Row, today: date = date(2021, 1, 12)) -> list[tuple]:
    return [(r["breaches_in_row"], r["level"], r["status"]) for r in escalate(rows, events, today)]


def test_an_escalation_opens_rises_and_is_closed_by_two_quarters_without_breach() -> None:
    assert standing(quarters("BB BBnn", needed=2)) == [
        (1, 0, "NONE"),
        (2, 2, "OPEN"),
        (3, 2, "OPEN"),
        (4, 3, "OPEN"),
        (0, 3, "OPEN"),
        (0, 3, "CLOSED"),
    ]
    assert standing(quarters("BBnBnn"))[1:] == [
        (2, 2, "OPEN"),
        (0, 2, "OPEN"),
        (1, 2, "OPEN"),
        (0, 2, "OPEN"),
        (0, 2, "CLOSED"),
    ]


def test_a_plan_by_the_due_date_keeps_level_1() -> None:
    opened_on, due_on = date(2019, 4, 1), date(2019, 5, 2)
    for day, level in ((opened_on, 1), (due_on, 1), (due_on + DAY, 2)):
        assert standing(quarters("B"), event("PLAN_AGREED", day)) == [(1, level, "PLAN_AGREED")]
    assert standing(quarters("B"), event("PLAN_AGREED", opened_on - DAY)) == [(1, 2, "OPEN")]
    assert standing(quarters("B"), today=due_on) == [(1, 1, "OPEN")]
    (row,) = escalate(quarters("B"), [], due_on + DAY)
    assert (row["opened_on"], row["due_on"], row["level_2_on"]) == (opened_on, due_on, due_on + DAY)


@pytest.mark.parametrize(
    ("closed_on", "expected"),
    [
        # the quarter that ended with the closing no longer counts; one that ends later does
        (date(2019, 6, 29), [(1, 2, "CLOSED"), (1, 2, "OPEN"), (2, 2, "OPEN")]),
        (date(2019, 6, 30), [(1, 2, "CLOSED"), (0, 0, "NONE"), (1, 2, "OPEN")]),
        (date(2019, 7, 1), [(1, 2, "OPEN"), (2, 2, "CLOSED"), (1, 2, "OPEN")]),
        (date(2019, 4, 1), [(1, 1, "CLOSED"), (1, 2, "OPEN"), (2, 2, "OPEN")]),
        (date(2019, 3, 31), [(1, 2, "OPEN"), (2, 2, "OPEN"), (3, 3, "OPEN")]),
    ],
)
def test_after_a_closing_the_count_begins_anew(closed_on: date, expected: list[tuple]) -> None:
    assert (
        standing(quarters("BBB"), event("CLOSED", closed_on), today=date(2020, 1, 12)) == expected
    )


@pytest.mark.parametrize(
    ("valid_to", "expected"),
    [
        # opened on 1 April, the plan due on 2 May 2019; the second quarter ends on 30 June
        (date(2019, 3, 31), [(1, 0, "NONE")]),
        (date(2019, 5, 2), [(1, 1, "OPEN")]),
        (date(2019, 5, 3), [(1, 2, "OPEN")]),
        (date(2019, 9, 30), [(1, 2, "OPEN"), (2, 2, "OPEN"), (3, 2, "OPEN")]),
        (date(2019, 10, 1), [(1, 2, "OPEN"), (2, 2, "OPEN"), (3, 3, "OPEN")]),
    ],
)
def test_escalations_end_with_the_contract(valid_to: date, expected: list[tuple]) -> None:
    rows = quarters("B" * len(expected), valid_to=valid_to)
    assert standing(rows) == expected
    late = event("CLOSED", valid_to + DAY)
    assert standing(rows, late) == expected


def test_the_newest_event_stands() -> None:
    events = [event("PLAN_AGREED", date(2019, 4, 5)), event("ACKNOWLEDGED", date(2019, 4, 6))]
    assert standing(quarters("B"), *events) == [(1, 1, "ACKNOWLEDGED")]
    assert standing(quarters("B"), *events[::-1], today=date(2019, 4, 5)) == [(1, 1, "PLAN_AGREED")]


@pytest.mark.parametrize(
    ("decided_on", "live_on", "months", "is_within"),
    [
        (date(2020, 1, 31), date(2020, 2, 29), 1, True),
        (date(2020, 1, 31), date(2020, 3, 1), 2, True),
        (date(2020, 3, 31), date(2020, 9, 30), 6, True),
        (date(2020, 3, 31), date(2020, 10, 1), 7, False),
        (date(2020, 7, 31), date(2021, 1, 12), 6, True),
        (date(2020, 7, 31), date(2021, 1, 13), None, None),  # still a plan
        (date(2020, 7, 12), None, None, None),
        (date(2020, 7, 11), None, None, False),
        (date(2020, 7, 12), date(2020, 7, 12), 0, True),
    ],
)
def test_calendar_months_are_clipped_to_the_end_of_the_month(
    decided_on: date, live_on: date | None, months: int | None, is_within: bool | None
) -> None:
    row = {**_MODULE, "decided_on": decided_on, "live_on": live_on}
    judged = judge_adoption(row, date(2021, 1, 12))
    assert (judged["months_to_live"], judged["is_within_six_months"]) == (months, is_within)


@pytest.mark.parametrize(
    ("live_on", "abandoned_on", "expected"),
    [
        (date(2020, 7, 31), date(2020, 8, 1), (6, True, "ABANDONED")),
        (date(2020, 8, 1), date(2020, 8, 2), (7, False, "ABANDONED")),
        (date(2020, 7, 31), date(2020, 7, 31), (None, False, "ABANDONED")),
        (date(2020, 7, 31), date(2020, 7, 30), (None, False, "ABANDONED")),
        (None, date(2020, 7, 30), (None, False, "ABANDONED")),
        (date(2020, 7, 31), date(2021, 1, 13), (6, True, "LIVE")),
    ],
)
def test_what_went_live_before_it_was_abandoned_is_judged_by_its_first_day(
    live_on: date | None, abandoned_on: date, expected: tuple
) -> None:
    days = {"decided_on": date(2020, 1, 31), "live_on": live_on, "abandoned_on": abandoned_on}
    judged = judge_adoption(_MODULE | days, date(2021, 1, 12))
    found = tuple(judged[name] for name in ("months_to_live", "is_within_six_months", "status"))
    assert found == expected


_MODULE = {"dealer_id": "D1", "brand_code": "AURA", "module_code": "M", "abandoned_on": None}
_CONTRACT = {
    "contract_id": "K1",
    "dealer_id": "D1",
    "brand_code": "AURA",
    "valid_from": date(2018, 1, 1),
    "valid_to": None,
    "auto_adopt_standards": True,
    "objection_days": 30,
}
_STANDARD = {
    "standard_code": "OTA",
    "version": "1",
    "brand_code": "AURA",
    "published_on": date(2020, 12, 1),
    "mandatory_from": date(2020, 12, 1),
    "withdrawn_on": None,
}
_SIGNS, _TOMORROW = {"auto_adopt_standards": False}, {"valid_from": date(2021, 1, 13)}


@pytest.mark.parametrize(
    ("contract", "standard", "events", "effective_on", "status"),
    [
        ({}, {}, [], date(2021, 1, 1), "IN_FORCE"),
        ({"objection_days": 41}, {}, [], date(2021, 1, 12), "IN_FORCE"),
        ({"objection_days": 42}, {}, [], date(2021, 1, 13), "PENDING_WINDOW"),
        ({}, {}, [("OBJECTION", 30)], None, "OBJECTED"),
        ({}, {}, [("OBJECTION", 31)], date(2021, 1, 1), "IN_FORCE"),
        ({}, {}, [("OBJECTION", 9), ("OBJECTION_RESOLVED", 9)], date(2021, 1, 1), "IN_FORCE"),
        ({}, {}, [("OBJECTION", 9), ("OBJECTION_RESOLVED", 35)], date(2021, 1, 5), "IN_FORCE"),
        ({}, {}, [("OBJECTION_RESOLVED", 8), ("OBJECTION", 9)], None, "OBJECTED"),
        ({}, {}, [("OBJECTION", 9), ("ADOPTION", 20)], date(2020, 12, 21), "IN_FORCE"),
        ({}, {"withdrawn_on": date(2021, 1, 1)}, [], None, "WITHDRAWN"),
        ({}, {"withdrawn_on": date(2021, 1, 2)}, [], date(2021, 1, 1), "WITHDRAWN"),
        ({}, {"withdrawn_on": date(2021, 1, 13)}, [], date(2021, 1, 1), "IN_FORCE"),
        (_SIGNS, {}, [], None, "NEEDS_SIGNATURE"),
        (_SIGNS, {}, [("ADOPTION", 43)], None, "NEEDS_SIGNATURE"),
        ({"valid_to": date(2020, 12, 31)}, {}, [], date(2021, 1, 1), "PENDING_WINDOW"),
        ({"valid_from": date(2021, 1, 9)}, {}, [], date(2021, 1, 9), "IN_FORCE"),
        (_SIGNS, {}, [("ADOPTION", -1)], None, "NEEDS_SIGNATURE"),
        (_SIGNS, {}, [("ADOPTION", -1), ("ADOPTION", 0)], date(2020, 12, 1), "IN_FORCE"),
        (_SIGNS | _TOMORROW, {}, [("ADOPTION", 9)], date(2021, 1, 13), "PENDING_WINDOW"),
        (
            _TOMORROW,
            {},
            [("OBJECTION", 9), ("ADOPTION", 20)],
            date(2021, 1, 13),
            "PENDING_WINDOW",
        ),
        (_TOMORROW, {}, [("OBJECTION", 9)], None, "OBJECTED"),
        (_TOMORROW, {"withdrawn_on": date(2021, 1, 13)}, [], None, "PENDING_WINDOW"),
        (
            _SIGNS | _TOMORROW,
            {"withdrawn_on": date(2021, 1, 13)},
            [("ADOPTION", 9)],
            None,
            "PENDING_WINDOW",
        ),
    ],
)
def test_standards_apply_by_themselves_or_by_signature(
    contract: Row, standard: Row, events: list[tuple], effective_on: date | None, status: str
) -> None:
    given = facts(
        oem__contracts=[_CONTRACT | contract],
        oem__technology_standards=[_STANDARD | standard],
        oem__contract_events=[
            {
                "contract_id": "K1",
                "standard_code": "OTA",
                "version": "1",
                "event_type": event_type,
                "event_on": date(2020, 12, 1) + days * DAY,
            }
            for event_type, days in events
        ],
    )
    (row,) = rows_of("mart_contract_standards", given)
    assert (row["effective_on"], row["status"]) == (effective_on, status)


def signed(contract_id: str, version: str, day: date) -> Row:
    signature = {"event_type": "ADOPTION", "standard_code": "OTA", "event_on": day}
    return signature | {"contract_id": contract_id, "version": version}


def test_what_was_published_last_supersedes_and_is_as_good_as_the_current_version() -> None:
    """3 and 4 are not mandatory yet; 3 was published along with 2, which is current."""
    ahead = {"mandatory_from": date(2021, 2, 1)}
    given = facts(
        oem__contracts=[
            _CONTRACT | _SIGNS | {"contract_id": f"K{number}"} | change
            for number, change in enumerate(
                [{}, {}, {}, {"auto_adopt_standards": True}, {"valid_to": date(2021, 1, 11)}]
            )
        ],
        oem__technology_standards=[
            _STANDARD | {"published_on": date(2020, 11, 1)},
            _STANDARD | {"version": "2"},
            _STANDARD | {"version": "3"} | ahead,
            _STANDARD | {"version": "4", "published_on": date(2020, 12, 2)} | ahead,
        ],
        oem__contract_events=[
            signed("K0", "2", date(2020, 12, 20)),
            signed("K0", "1", date(2020, 12, 21)),
            signed("K1", "2", date(2020, 12, 20)),
            signed("K1", "3", date(2020, 12, 20)),
            signed("K2", "4", date(2020, 12, 10)),
            signed("K2", "3", date(2020, 12, 20)),
            signed("K3", "2", date(2021, 1, 12)),
            signed("K4", "2", date(2020, 12, 20)),
        ],
    )
    found = {(r["contract_id"], r["version"]): r for r in rows_of("mart_contract_standards", given)}
    in_force = {key for key, row in found.items() if row["status"] == "IN_FORCE"}
    assert in_force == {("K0", "2"), ("K1", "3"), ("K2", "4"), ("K3", "2"), ("K4", "2")}
    superseded = {key for key, row in found.items() if row["status"] == "SUPERSEDED"}
    assert superseded == {("K0", "1"), ("K1", "2"), ("K2", "3"), ("K3", "1")}
    assert {key[0] for key, row in found.items() if not row["is_contract_valid"]} == {"K4"}
    (row,) = rows_of("mart_standard_adoption", given)
    counts = (row["contracts"], row["contracts_on_current"], row["automatic_contracts"])
    assert (row["current_version"], *counts) == ("2", 4, 4, 0)  # K3 signed all the same


def test_requirements_of_a_peer_group_cost_only_its_dealers() -> None:
    requirement = {"brand_code": "AURA", "effort_days": None, "cost_eur": Decimal(100)}
    given = facts(
        oem__dealers=[dealer("D1"), dealer("D2"), dealer("D3", peer_group="LAND")],
        oem__requirements=[
            requirement | {"applies_to": "ALL", "valid_from": date(2018, 12, 31), "valid_to": None},
            requirement | {"applies_to": "LAND", "valid_from": date(2021, 1, 1), "valid_to": None},
            requirement
            | {"applies_to": "ALL", "valid_from": date(2019, 2, 1), "valid_to": date(2020, 12, 30)},
        ],
    )
    found = {row["month"]: row for row in rows_of("mart_requirement_pressure", given)}
    assert (min(found), max(found), len(found)) == (date(2018, 12, 1), date(2021, 1, 1), 26)
    january, december = found[date(2021, 1, 1)], found[date(2020, 12, 1)]
    assert (january["active_requirements"], january["cost_per_dealer_eur"]) == (
        2,
        Decimal("133.33"),
    )
    assert (january["change_24m_rate"], december["change_24m_rate"]) == (1, 0)
    assert (december["active_requirements"], december["cost_eur"]) == (1, 100)
    assert found[date(2020, 11, 1)]["change_24m_rate"] is None


def test_requirements_begin_with_the_first_wave_of_the_pulse_if_that_is_earlier() -> None:
    answer = {"dealer_id": "D1", "requirements_increased": True}
    requirement = {"effort_days": None, "cost_eur": Decimal(100), "applies_to": "ALL"}
    given = facts(
        oem__dealers=[dealer("D1"), dealer("D1", brand_code="BOREA")],
        oem__requirements=[
            requirement
            | {"brand_code": "AURA", "valid_from": date(2018, 12, 31), "valid_to": None},
        ],
        dealer__pulse_surveys=[
            answer | {"brand_code": "AURA", "wave_month": date(2018, 10, 1)},
            answer | {"brand_code": "BOREA", "wave_month": date(2020, 12, 1)},
            answer | {"brand_code": "CETUS", "wave_month": date(2020, 12, 1)},
        ],
    )
    found = {(r["brand_code"], r["month"]): r for r in rows_of("mart_requirement_pressure", given)}
    assert min(found) == ("AURA", date(2018, 10, 1)) and len(found) == 28 + 2
    asked = found["BOREA", date(2020, 12, 1)]
    assert (asked["active_requirements"], asked["pulse_answers"]) == (0, 1)
    changes = {month: row["change_24m_rate"] for (_, month), row in found.items()}
    assert {month for month, rate in changes.items() if rate is not None} <= {
        date(2020, 12, 1),
        date(2021, 1, 1),
    }
    assert found["AURA", date(2020, 12, 1)]["change_24m_rate"] == 0


def weeks_told(given: Facts) -> dict[str, set[date]]:
    """By finding: the weeks of D1 that have one."""
    weeks: dict[str, set[date]] = defaultdict(set)
    for row in rows_of("mart_weekly_review", given):
        weeks[row["finding_code"]].add(row["week_start"])
    return weeks


def met_on(day: date) -> Row:
    return {"meeting_id": f"G{day}", "dealer_id": "D1", "brand_code": "AURA", "held_on": day}


def test_weeks_are_reviewed_in_which_the_partner_was_open_on_one_day() -> None:
    days = {"opened_on": date(2020, 12, 20), "closed_on": date(2020, 12, 28)}
    given = facts(oem__dealers=[dealer("D1", **days)], dealer__meetings=[met_on(date(2021, 1, 11))])
    mondays = {date(2020, 12, day) for day in (14, 21, 28)}
    assert weeks_told(given) == {"MEETING": mondays, "OPEN_ACTIONS": mondays}
    (row,) = rows_of("mart_dialogue_discipline", given)
    assert row["weeks_due"] == 1  # of which it was open on every day


def test_nothing_is_found_of_a_week_after_the_newest_delivery() -> None:
    monday = date(2020, 12, 21)
    event = {"vin": "V1", "dealer_id": "D1", "brand_code": "NOVA", "event_type": "INVOICE"}
    action = {"meeting_id": f"G{date(2020, 12, 1)}", "raised_on": date(2020, 12, 1)}
    days = {"decided_on": None, "due_on": date(2021, 1, 8), "done_on": monday}
    case = {"dealer_id": "D1", "brand_code": "AURA", "case_type": "WARRANTY"}
    survey = {"dealer_id": "D1", "brand_code": "AURA", "score": 8}
    given = facts(
        dealer__vehicle_events=[
            event
            | {"event_id": "V1", "event_date": monday - DAY, "model_code": "M1"}
            | {"holder_type": None}
        ],
        dealer__meetings=[met_on(date(2020, 12, 1))],
        dealer__actions=[action | days],
        dealer__cases=[
            case
            | {"opened_at": datetime(2020, 12, 1), "resolved_at": datetime(2020, 12, 20, 22, 59)}
        ],
        dealer__surveys=[
            survey | {"sent_at": datetime(2020, 12, 1), "answered_at": datetime(2020, 12, 20, 23)}
        ],
    )
    newest = {code: max(weeks) for code, weeks in weeks_told(given).items()}
    assert newest == {
        "ORDERS": monday - 7 * DAY,
        "REGISTRATIONS": monday - 7 * DAY,
        "COMPLAINTS": monday - 7 * DAY,
        "WORST_CASE_TYPE": monday - 7 * DAY,
        "CSI": monday,
        "NPS": monday,
        "OPEN_ACTIONS": monday,
        "MEETING": monday,
    }
    assert weeks_told(facts()) == {}


def test_a_week_across_the_turn_of_the_year_belongs_to_the_quarter_of_its_thursday() -> None:
    registered = [date(2020, 9, 30), date(2020, 10, 1), date(2020, 12, 31), date(2021, 1, 1)]
    given = facts(
        dealer__vehicle_events=[
            {
                "event_id": f"V{number}",
                "vin": f"VIN{number}",
                "dealer_id": "D1",
                "brand_code": "AURA",
                "event_type": "REGISTRATION",
                "event_date": day,
                "model_code": "M1",
                "holder_type": "PRIVATE",
            }
            for number, day in enumerate(registered)
        ],
        oem__sales_targets=[
            {
                "dealer_id": "D1",
                "brand_code": "AURA",
                "quarter_start": date(2020, 10, 1),
                "segment_code": "SUV",
                "powertrain_code": "BEV",
                "version": 1,
                "base_units": 7,
                "announced_on": date(2020, 9, 1),
                "consented_on": None,
            }
        ],
    )
    found = {
        (row["iso_year"], row["iso_week"], row["finding_code"]): row
        for row in rows_of("mart_weekly_review", given)
    }
    target = found[2020, 53, "QUARTER_TARGET"]
    assert (target["value"], target["comparison_value"]) == (2, 7)  # not that of 1 January
    assert found[2020, 53, "REGISTRATIONS"]["value"] == 2
    assert found[2020, 40, "QUARTER_TARGET"]["value"] == 1  # its Monday is in September
    assert (2021, 1, "QUARTER_TARGET") not in found


def random_quarters(rng: random.Random, contract_id: str) -> list[Row]:
    """Ten quarters of a contract, some without a row."""
    share, needed = rng.choice([0.3, 0.6, 0.9]), rng.choice([1, 1, 2, 3])
    state_code = rng.choice([None, "02", "09", "14", "99"])
    score = {"dealer_id": "D1", "brand_code": "AURA", "score_mean": Decimal(1)}
    ended = date(2020, 9, 30) + rng.choice([0, 1, 31, 32, 60]) * DAY
    valid_to = rng.choice([None, ended, date(2021, 3, 31)])
    last = valid_to or date.max
    return [
        score
        | {
            "contract_id": contract_id,
            "quarter_start": months_away(date(2018, 7, 1), 3 * number),
            "state_code": state_code,
            "breach_quarters": needed,
            "valid_to": valid_to,
            "benchmark_score": Decimal(1),
            "is_breach": rng.random() < share,
        }
        for number in range(10)
        if rng.random() < 0.9 and months_away(date(2018, 10, 1), 3 * number) - DAY <= last
    ]


def random_events(rng: random.Random, contract_id: str) -> list[Row]:
    """Around the days on which quarters are judged and plans due."""
    after = [-2, -1, 0, 1, 29, 30, 31, 32, 33, 34, 60]
    return [
        {
            "contract_id": contract_id,
            "event_type": rng.choice(["ACKNOWLEDGED", "PLAN_AGREED", "CLOSED"]),
            "event_on": months_away(date(2018, 10, 1), 3 * rng.randrange(10))
            + rng.choice(after) * DAY,
        }
        for _ in range(rng.choice([0, 2, 5]))
    ]


def test_escalations_of_any_quarters_and_events_equal_the_recomputation() -> None:
    rng = random.Random(7)
    today = date(2020, 12, 31)
    contracts = [f"K{number}" for number in range(400)]
    scores = {name: random_quarters(rng, name) for name in contracts}
    events = {name: random_events(rng, name) for name in contracts}
    made = product_escalate(
        pd.DataFrame([row for rows in scores.values() for row in rows]),
        pd.DataFrame([row for rows in events.values() for row in rows]),
        today,
    )
    found = {(r["contract_id"], r["quarter_start"]): r for r in made.to_dict("records")}
    for name in contracts:
        ended = [row for row in scores[name] if months_away(row["quarter_start"], 3) <= today]
        for row in escalate(ended, events[name], today):
            same = found.pop((name, row["quarter_start"]))
            shown = {key: None if pd.isna(value) else value for key, value in same.items()}
            assert shown == {key: row[key] for key in shown}
    assert not found


# -- random worlds, built by the warehouse ----------------------------------------------------


def steps(folder: Path, seed: int, loads: int = 0) -> Iterator[Settings]:
    """A random world after a load and what becomes of it load by load, each seen on another day
    around the turn of the year; first when week 53 has just ended."""
    rng = random.Random(seed)
    settings = new_settings(folder)
    lake = Lake(settings)
    lake.load(*random_governance_world(rng))
    for number in range(loads + 1):
        lake.load(*random_governance_load(rng), is_committed=number == 0 or rng.random() < 0.9)
        yield replace(settings, as_of=TODAYS[number % len(TODAYS)])


CLAIMS = ("BUSINESS_MODEL_ADAPTATION_TIME", "DIVERGING_GOALS_COST", "RISING_REQUIREMENTS")
NOT_TESTS = ("resource_type:test", "resource_type:unit_test")


def build_governance(settings: Settings) -> None:
    """The marts of governance and all that they are made from, and nothing else."""
    paths = ("+path:models/marts/governance", "+path:models/intermediate/governance")
    others = ("stg_oem__escalation_events", "+mart_partner_scorecard")
    build(
        settings, "build", "--select", *paths, *others, "--exclude", "source:computed+", *NOT_TESTS
    )
    compute_governance(settings)
    made = ("mart_escalations", "mart_weekly_review")
    staged = ("stg_computed__escalations", "stg_computed__weekly_findings")
    build(settings, "run", "--select", *staged, *made)
    build(settings, "build", "--select", "+mart_benchmark_comparison", "--exclude", *NOT_TESTS)


def made_rows(settings: Settings, mart: str) -> list[Row]:
    if mart == "benchmarks":
        columns = "claim_code, measured_value, sample_count, measured_as_of"
        rows = fetch(settings, f"select {columns} from marts.mart_benchmark_comparison")
        return [row for row in rows if row["claim_code"] in CLAIMS]
    schema = "intermediate" if mart.startswith("int_") else "marts"
    return fetch(settings, f"select * from {schema}.{mart}")


def expected_marts(settings: Settings) -> Marts:
    scorecard = fetch(settings, "select * from marts.mart_partner_scorecard")
    kpis = fetch(settings, "select * from marts.mart_partner_scorecard_kpi")
    expected = recompute_governance(settings, scorecard, kpis)
    governance = Governance(*_known(settings))
    costs = list(governance.misalignment_costs(misrouted_cases(settings)))
    expected["mart_misalignment_cost"] = keyed("mart_misalignment_cost", costs)
    expected["benchmarks"] |= keyed("benchmarks", [governance.diverging_goals_cost(costs)])
    return expected


def _known(settings: Settings) -> tuple[Facts, datetime]:
    return Facts.read(settings), settings.as_of.astimezone(UTC).replace(tzinfo=None)


def misrouted_cases(settings: Settings) -> set[str]:
    from tests.support.service_recomputed import Service

    rows = Service(*_known(settings)).case_rows()
    return {row["case_id"] for row in rows if row["was_misrouted"]}


def differences(settings: Settings) -> list[str]:
    """What was made otherwise than the recomputation, one line per value, row or column."""
    found = []
    for mart, expected in expected_marts(settings).items():
        rows = made_rows(settings, mart)
        made = {tuple(row[name] for name in GOVERNANCE_KEYS[mart]): row for row in rows}
        assert len(made) == len(rows), f"{mart} has a key twice"
        found += [f"{mart} {key}: has no row" for key in expected.keys() - made.keys()]
        found += [f"{mart} {key}: is a row too many" for key in made.keys() - expected.keys()]
        for key in expected.keys() & made.keys():
            texts = {name for name in made[key] if name.startswith("finding_text_")}
            for column in expected[key].keys() ^ (made[key].keys() - texts):
                found.append(f"{mart} {column}: is a column of one of both")
            for column in expected[key].keys() & made[key].keys():
                if expected[key][column] != made[key][column]:
                    values = f"expected {expected[key][column]}, found {made[key][column]}"
                    found.append(f"{mart} {key} {column}: {values}")
    return sorted(set(found))


DIGITS = {"CSI": 1, "NPS": 1, "WORST_CASE_TYPE": 1, "PENETRATION": 1, "EV_SHARE": 1}
"""Of figures as sentences say them; counts have none."""


def said(value: Decimal, code: str, language: str) -> str:
    """The figure as a sentence says it: rounded half up, a rate in percent."""
    if code in ("PENETRATION", "EV_SHARE"):
        value *= 100
    digits = DIGITS.get(code, 0)
    text = f"{stored(value, digits):,.{digits}f}".replace("-", "\u2212")
    return text.translate(str.maketrans(",.", ".,")) if language == "de" else text


def faults_of_texts(rows: Iterable[Row]) -> list[str]:
    """Sentences that are empty or do not say the figure, or what it is compared with."""
    faults = []
    for row in rows:
        code = row["finding_code"]
        for language in ("de", "en"):
            text = row[f"finding_text_{language}"] or ""
            figures = [row["value"]] if code != "MEETING" and row["value"] != 0 else []
            if row["comparison"] != "OVERDUE" and row["comparison_value"] not in (None, 0):
                figures.append(row["comparison_value"])
            lacking = [f for f in (said(v, code, language) for v in figures) if f not in text]
            if lacking or not text.endswith("."):
                faults.append(f"{code} {row['value']} {row['comparison_value']}: {text}")
    return sorted(set(faults))


def assert_equal_all_the_way(folder: Path, seed: int, loads: int) -> None:
    for number, settings in enumerate(steps(folder, seed, loads)):
        build_governance(settings)
        found = differences(settings)
        found += faults_of_texts(fetch(settings, "select * from marts.mart_weekly_review"))
        assert not found, f"seed {seed}, step {number}: {len(found)}\n" + "\n".join(found[:40])


def test_every_mart_equals_the_recomputation(tmp_path: Path) -> None:
    for seed in SEEDS:
        assert_equal_all_the_way(tmp_path / str(seed), seed, loads=0)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SLOW_SEEDS)
def test_every_mart_equals_the_recomputation_over_long_histories(tmp_path: Path, seed: int) -> None:
    assert_equal_all_the_way(tmp_path, seed, loads=5)


@pytest.mark.slow
def test_without_any_delivery_every_mart_is_empty(tmp_path: Path) -> None:
    settings = replace(new_settings(tmp_path), as_of=TODAYS[0])
    Lake(settings).load()
    build_governance(settings)
    assert differences(settings) == []
    expected = expected_marts(settings)
    assert [mart for mart, rows in expected.items() if rows and mart != "benchmarks"] == []


def test_the_random_worlds_reach_every_branch(tmp_path: Path) -> None:
    """Those of the default run; without dbt."""
    reached: set[str] = set()
    for seed in SEEDS:
        for settings in steps(tmp_path / str(seed), seed):
            scores = recompute(settings)
            governance = Governance(
                Facts.read(settings),
                settings.as_of.replace(tzinfo=None),
                scores["mart_partner_scorecard"].values(),
                scores["mart_partner_scorecard_kpi"].values(),
            )
            marts = governance_marts(governance)
            for branches in (
                branches_of_standards(governance),
                branches_of_adoption(marts),
                branches_of_scores(governance, marts),
                branches_of_escalations(governance, marts),
                branches_of_weeks(governance, marts),
                branches_of_dialogue(governance, marts),
                branches_of_modules(governance, marts),
                branches_of_requirements(governance, marts),
            ):
                reached |= set(branches)
    assert sorted(EVERY_BRANCH - reached) == []


STATUSES = ("IN_FORCE", "PENDING_WINDOW", "OBJECTED", "NEEDS_SIGNATURE", "WITHDRAWN", "SUPERSEDED")
FINDINGS = ("ORDERS", "REGISTRATIONS", "QUARTER_TARGET", "CSI", "NPS", "COMPLAINTS")
FINDINGS = (*FINDINGS, "WORST_CASE_TYPE", "PENETRATION", "EV_SHARE", "OPEN_ACTIONS", "MEETING")
EVERY_BRANCH = {
    *(f"standard {status}" for status in STATUSES),
    *(f"objection on the {day} day of the window" for day in ("first", "last")),
    *(f"objection the day {when} the window" for when in ("before", "after")),
    *(f"objection {what}" for what in ("resolved", "resolved the same day", "twice")),
    "objection resolved before it was made",
    *(f"effective by {what}" for what in ("window", "mandatory day", "contract", "resolution")),
    *(f"effective by signature {what}" for what in ("of old", "despite an objection", "alone")),
    *(f"withdrawn {when}" for when in ("before it holds", "later", "to come")),
    "withdrawn on the day it would hold",
    *(f"superseded by {what}" for what in ("publication", "name", "what took effect before")),
    *(f"signed {what}" for what in ("before publication", "without need")),
    *(f"pending {what}" for what in ("by itself", "as signed")),
    *(f"contract {what}" for what in ("valid", "ended", "to begin")),
    "judged on the last day of a contract",
    "withdrawn after the contract had ended",
    "published on the last day of a contract",
    *(f"adoption {what}" for what in ("without a current version", "without contracts", "full")),
    "adoption by signature",
    "adoption beside other versions",
    "benchmark of one dealer",
    "benchmark of many dealers",
    *(f"contract {what} on a quarter's last day" for what in ("ends", "begins")),
    *(f"contract {what} the day off a quarter's last" for what in ("ends", "begins")),
    "score at the benchmark",
    "a quarter without a row between others",
    *(f"state {what}" for what in ("of the district", "of the postal code", "unknown")),
    *(f"level {level}" for level in range(4)),
    *(f"escalation {s}" for s in ("NONE", "OPEN", "ACKNOWLEDGED", "PLAN_AGREED", "CLOSED")),
    *(f"closed {how}" for how in ("by an event", "by two quarters", "on the day it opened")),
    "closed on the last day of a quarter",
    *(f"due date moved by {what}" for what in ("a weekend", "a holiday", "a holiday of the state")),
    *(f"plan agreed {when}" for when in ("on the due date", "a day late", "a day early")),
    "plan agreed on the opening day",
    "level 3 without level 2",
    "opened again",
    "an escalation that ended with its contract",
    "a breach judged after the contract had ended",
    "a breach that no longer counts",
    "a quarter without breach in an escalation",
    *(f"finding {code}" for code in FINDINGS),
    *(f"nothing to say of {code}" for code in ("QUARTER_TARGET", "PENETRATION", "EV_SHARE")),
    *(f"nothing to compare {code} with" for code in ("PENETRATION",)),
    "week 53",
    "a week before the partner opened",
    "a week after the partner had closed",
    "a week in which the partner was open on some days",
    *(f"nothing delivered of {source}" for source in ("vehicle events", "cases", "surveys")),
    "the last complete week ended yesterday",
    "a week across two quarters",
    *(f"{what} on a {day}" for what in ("registration", "order") for day in ("Monday", "Sunday")),
    *(f"{what} at midnight on a Monday" for what in ("answer", "complaint", "resolution")),
    "a case resolved before it was opened",
    "tied worst case types",
    "a quarter with a gap in its market data",
    *(f"partner {what}" for what in ("opened in the window", "closed in the window")),
    *(f"action {what}" for what in ("due on Sunday", "done on Sunday", "raised on Sunday")),
    *(f"action {what}" for what in ("due today", "of a meeting unknown", "not decided but done")),
    *(f"module {s}" for s in ("ABANDONED", "LIVE", "RUNNING")),
    *(f"within six months {v}" for v in (True, False, None)),
    *(f"module live {when}" for when in ("on the last day of six months", "a day too late")),
    *(f"module {what}" for what in ("live in days to come", "live but abandoned")),
    *(f"module {what}" for what in ("abandoned before it was live", "live in time but abandoned")),
    *(f"module {what}" for what in ("unknown", "without a verdict", "live today")),
    *(f"requirement {what}" for what in ("of a month's last day", "of nobody", "of a peer group")),
    *(f"requirements {what}" for what in ("changed", "without earlier ones", "of no cost")),
    *(f"pulse {what}" for what in ("of none", "of all", "of some")),
    "pulse in days to come",
    "requirement of all in small letters",
    "pulse before the first requirement",
    "module on the last day of six months",
    "an open action due on Sunday",
    "orders or registrations in the last week of the year before week 53",
}


def branches_of_standards(governance: Governance) -> Iterator[str]:
    events = governance.facts.feeds["oem__contract_events"]
    versions = {
        (v["standard_code"], v["version"]): v
        for v in governance.facts.feeds["oem__technology_standards"]
    }
    contracts = {c["contract_id"]: c for c in governance.contracts}
    for row in governance.contract_standards:
        yield f"standard {row['status']}"
        contract = contracts[row["contract_id"]]
        version = versions[row["standard_code"], row["version"]]
        key = ("contract_id", "standard_code", "version")
        mine = [e for e in events if all(e[name] == row[name] for name in key)]
        objections = [e["event_on"] for e in mine if e["event_type"] == "OBJECTION"]
        resolutions = [e["event_on"] for e in mine if e["event_type"] == "OBJECTION_RESOLVED"]
        first = version["published_on"]
        last = first + contract["objection_days"] * DAY
        if row["objected_on"]:
            if row["objected_on"] == first:
                yield "objection on the first day of the window"
            if row["objected_on"] == last:
                yield "objection on the last day of the window"
            if row["resolved_on"]:
                yield "objection resolved"
            if row["resolved_on"] == row["objected_on"]:
                yield "objection resolved the same day"
            if not row["resolved_on"] and any(r < row["objected_on"] for r in resolutions):
                yield "objection resolved before it was made"
            if len([day for day in objections if first <= day <= last]) > 1:
                yield "objection twice"
        elif first - DAY in objections:
            yield "objection the day before the window"
        elif last + DAY in objections:
            yield "objection the day after the window"
        effective_on, withdrawn_on = row["effective_on"], row["withdrawn_on"]
        day = min(governance.today, contract["valid_to"] or date.max)
        if row["is_automatic"] and effective_on:
            if effective_on == row["resolved_on"]:
                yield "effective by resolution"
            elif effective_on == last + DAY:
                yield "effective by window"
            elif effective_on == version["mandatory_from"]:
                yield "effective by mandatory day"
            else:
                yield "effective by contract"
        elif effective_on:
            if row["objected_on"] and not row["resolved_on"] and contract["auto_adopt_standards"]:
                yield "effective by signature despite an objection"
            of_old = row["adopted_on"] < contract["valid_from"]
            yield "effective by signature " + ("of old" if of_old else "alone")
        if withdrawn_on and withdrawn_on > day:
            yield "withdrawn to come"
            if withdrawn_on <= governance.today:
                yield "withdrawn after the contract had ended"
        elif withdrawn_on:
            yield "withdrawn later" if effective_on else "withdrawn before it holds"
            applies_from = max(last + DAY, version["mandatory_from"], contract["valid_from"])
            if row["is_automatic"] and not row["resolved_on"] and withdrawn_on == applies_from:
                yield "withdrawn on the day it would hold"
        if day < governance.today:
            yield "judged on the last day of a contract"
        if first == contract["valid_to"]:
            yield "published on the last day of a contract"
        if row["status"] == "SUPERSEDED":
            (by,) = (
                other
                for other in governance.contract_standards
                if other["status"] == "IN_FORCE"
                and all(other[name] == row[name] for name in key[:2])
            )
            is_tie = versions[by["standard_code"], by["version"]]["published_on"] == first
            yield "superseded by name" if is_tie else "superseded by publication"
            if by["effective_on"] < effective_on:
                yield "superseded by what took effect before"
        if any(e["event_type"] == "ADOPTION" and e["event_on"] < first for e in mine):
            yield "signed before publication"
        if row["is_automatic"] and row["adopted_on"]:
            yield "signed without need"
        if row["status"] == "PENDING_WINDOW":
            yield "pending by itself" if row["is_automatic"] else "pending as signed"
        if row["is_contract_valid"]:
            yield "contract valid"
        else:
            yield "contract ended" if day < governance.today else "contract to begin"


def branches_of_adoption(marts: Marts) -> Iterator[str]:
    for row in marts["mart_standard_adoption"].values():
        if row["current_version"] is None:
            yield "adoption without a current version"
        if not row["contracts"]:
            yield "adoption without contracts"
        if row["adoption_rate"]:
            yield "adoption full"
        if row["automatic_contracts"] < row["contracts_on_current"]:
            yield "adoption by signature"
        in_force = {
            key[2]
            for key, judged in marts["mart_contract_standards"].items()
            if key[1] == row["standard_code"]
            and judged["brand_code"] == row["brand_code"]
            and judged["status"] == "IN_FORCE"
            and judged["is_contract_valid"]
        }
        if row["contracts_on_current"] and in_force - {row["current_version"]}:
            yield "adoption beside other versions"


def branches_of_scores(governance: Governance, marts: Marts) -> Iterator[str]:
    for row in marts["mart_performance_benchmark"].values():
        yield f"benchmark of {'many dealers' if row['dealer_count'] > 1 else 'one dealer'}"
    contracts = {c["contract_id"]: c for c in governance.contracts}
    last: dict[str, date] = {}
    for row in sorted(governance.quarter_scores, key=lambda r: r["quarter_start"]):
        contract = contracts[row["contract_id"]]
        end = months_away(row["quarter_start"], 3) - DAY
        if contract["valid_to"] == end:
            yield "contract ends on a quarter's last day"
        if contract["valid_from"] == end:
            yield "contract begins on a quarter's last day"
        if row["score_mean"] == row["benchmark_score"]:
            yield "score at the benchmark"
        if (
            months_away(last.get(row["contract_id"], row["quarter_start"]), 3)
            < row["quarter_start"]
        ):
            yield "a quarter without a row between others"
        last[row["contract_id"]] = row["quarter_start"]
        known = governance.facts.dealers[row["dealer_id"], row["brand_code"]]
        if row["state_code"] is None:
            yield "state unknown"
        else:
            is_listed = known["district_code"] != "99999"
            yield "state of the district" if is_listed else "state of the postal code"
    for contract in contracts.values():
        for month in (1, 4, 7, 10):
            end = date(2020, month, 1) - DAY
            if contract["valid_to"] == end - DAY:
                yield "contract ends the day off a quarter's last"
            if contract["valid_from"] == end + DAY:
                yield "contract begins the day off a quarter's last"


def branches_of_escalations(governance: Governance, marts: Marts) -> Iterator[str]:
    events: dict[str, list[tuple]] = defaultdict(list)
    for event in governance.facts.feeds["oem__escalation_events"]:
        events[event["contract_id"]].append((event["event_type"], event["event_on"]))
    states = {row["contract_id"]: row["state_code"] for row in governance.quarter_scores}
    opened: dict[str, set[date]] = defaultdict(set)
    ends = {row["contract_id"]: row["valid_to"] for row in governance.quarter_scores}
    for row in marts["mart_escalations"].values():
        valid_to = ends[row["contract_id"]]
        if valid_to and valid_to < months_away(row["quarter_start"], 3) and row["is_breach"]:
            yield "a breach judged after the contract had ended"
        if valid_to and valid_to < governance.today and row["level"] and not row["closed_on"]:
            yield "an escalation that ended with its contract"
        yield f"level {row['level']}"
        yield f"escalation {row['status']}"
        if row["is_breach"] and row["breaches_in_row"] == 0:
            yield "a breach that no longer counts"
        if not row["level"]:
            continue
        mine = events[row["contract_id"]]
        opened_on, due_on, closed_on = row["opened_on"], row["due_on"], row["closed_on"]
        opened[row["contract_id"]].add(opened_on)
        if not row["is_breach"] and not closed_on:
            yield "a quarter without breach in an escalation"
        if closed_on:
            is_event = ("CLOSED", closed_on) in mine
            yield "closed by an event" if is_event else "closed by two quarters"
            if closed_on == opened_on:
                yield "closed on the day it opened"
            if closed_on + DAY == months_away(row["quarter_start"], 6):
                yield "closed on the last day of a quarter"
        planned = opened_on + 30 * DAY
        if due_on != planned:
            is_weekend = planned.weekday() > 4
            everywhere = plan_due_on(opened_on, None)
            yield "due date moved by " + ("a weekend" if is_weekend else "a holiday")
            if due_on != everywhere and states[row["contract_id"]]:
                yield "due date moved by a holiday of the state"
        for name, day in (("on the due date", due_on), ("a day late", due_on + DAY)):
            if ("PLAN_AGREED", day) in mine:
                yield f"plan agreed {name}"
        if ("PLAN_AGREED", opened_on) in mine:
            yield "plan agreed on the opening day"
        if ("PLAN_AGREED", opened_on - DAY) in mine:
            yield "plan agreed a day early"
        if row["level_3_on"] and not row["level_2_on"]:
            yield "level 3 without level 2"
    if any(len(days) > 1 for days in opened.values()):
        yield "opened again"


def branches_of_weeks(governance: Governance, marts: Marts) -> Iterator[str]:
    weeks = complete_weeks(governance.today)
    partners = {(d["dealer_id"], d["brand_code"]) for d in governance.top_partners}
    said_of = {
        (*key[:2], row["week_start"], key[4]) for key, row in marts["mart_weekly_review"].items()
    }
    for row in marts["mart_weekly_review"].values():
        yield f"finding {row['finding_code']}"
        if row["iso_week"] == 53:
            yield "week 53"
            if row["finding_code"] in FINDINGS[:2] and row["comparison_value"]:
                yield "orders or registrations in the last week of the year before week 53"
        if row["comparison_value"] is None:
            yield f"nothing to compare {row['finding_code']} with"
        if row["finding_code"] == "QUARTER_TARGET" and row["value"]:
            thursday = row["week_start"] + 3 * DAY
            if months_away(thursday, 0).month in (1, 4, 7, 10) and thursday.day < 4:
                yield "a week across two quarters"
    for partner in partners:
        known = governance.facts.dealers[partner]
        for monday in weeks:
            is_open = {
                known["opened_on"] <= day <= (known["closed_on"] or date.max)
                for day in (monday, monday + 6 * DAY)
            }
            if known["closed_on"] and known["closed_on"] < monday:
                yield "a week after the partner had closed"
            elif known["opened_on"] > monday + 6 * DAY:
                yield "a week before the partner opened"
            elif False in is_open:
                yield "a week in which the partner was open on some days"
            for code, source in SOURCES.items():
                if monday > governance.told_until(partner[0], code):
                    yield f"nothing delivered of {source}"
            for code in FINDINGS:
                if (*partner, monday, code) not in said_of:
                    yield f"nothing to say of {code}"
            cases = governance.of_week("resolved", partner, monday, 13)
            hours: dict[str, list[timedelta]] = defaultdict(list)
            for case in cases:
                hours[case["case_type"]].append(case["resolved_at"] - case["opened_at"])
            medians = sorted(
                median(d // timedelta(microseconds=1) for d in v) for v in hours.values()
            )
            if len(medians) > 1 and medians[-1] == medians[-2]:
                yield "tied worst case types"
            for what, name in (("registrations", "registration"), ("orders", "order")):
                for day in (monday, monday + 6 * DAY):
                    if governance.between(what, partner, day, day):
                        yield f"{name} on a {'Monday' if day == monday else 'Sunday'}"
            for what, name, column in (
                ("answers", "answer", "answered_at"),
                ("complaints", "complaint", "opened_at"),
                ("resolved", "resolution", "resolved_at"),
            ):
                for row in governance.between(what, partner, monday, monday):
                    if berlin_day(row[column] - timedelta(microseconds=1)) < monday:
                        yield f"{name} at midnight on a Monday"
    if weeks[-1] + 7 * DAY == governance.today:
        yield "the last complete week ended yesterday"
    for case in governance.facts.feeds["dealer__cases"]:
        if case["resolved_at"] and case["resolved_at"] < case["opened_at"]:
            yield "a case resolved before it was opened"
    newest = governance.market_quarter(governance.today)
    months = {r["registration_month"] for r in governance.facts.feeds["market__registrations"]}
    if newest is not None and any(month >= months_away(newest, 3) for month in months):
        yield "a quarter with a gap in its market data"


def branches_of_dialogue(governance: Governance, marts: Marts) -> Iterator[str]:
    first, today = complete_weeks(governance.today)[0], governance.today
    for row in marts["mart_dialogue_discipline"].values():
        partner = governance.facts.dealers[row["dealer_id"], row["brand_code"]]
        if 0 < row["weeks_due"] < 53:
            is_late = partner["opened_on"] > first
            yield f"partner {'opened' if is_late else 'closed'} in the window"
    meetings = {row["meeting_id"] for row in governance.facts.feeds["dealer__meetings"]}
    partners = {(d["dealer_id"], d["brand_code"]) for d in governance.top_partners}
    for row in governance.facts.feeds["dealer__actions"]:
        if row["meeting_id"] not in meetings:
            yield "action of a meeting unknown"
    for partner in partners:
        for row in governance.between("actions", partner, date.min, today):
            for name in ("due", "done", "raised"):
                day = row[f"{name}_on"]
                if day and first <= day < today and day.weekday() == 6:
                    yield f"action {name} on Sunday"
                    if name == "due" and row["raised_on"] <= day < (row["done_on"] or date.max):
                        yield "an open action due on Sunday"
            if row["due_on"] == today and not row["done_on"]:
                yield "action due today"
            if row["done_on"] and not row["decided_on"]:
                yield "action not decided but done"


def branches_of_modules(governance: Governance, marts: Marts) -> Iterator[str]:
    for row in marts["mart_module_adoption"].values():
        yield f"module {row['status']}"
        yield f"within six months {row['is_within_six_months']}"
        decided_on, live_on = row["decided_on"], row["live_on"]
        six_months_on = months_away(decided_on, 6)
        if row["status"] == "LIVE":
            if live_on == six_months_on:
                yield "module live on the last day of six months"
            if live_on == six_months_on + DAY:
                yield "module live a day too late"
        if row["status"] == "RUNNING" and six_months_on == governance.today:
            yield "module on the last day of six months"
        if live_on and live_on > governance.today:
            yield "module live in days to come"
        if live_on == governance.today:
            yield "module live today"
        if row["status"] == "ABANDONED" and row["months_to_live"] is not None:
            yield "module live but abandoned"
            if row["is_within_six_months"]:
                yield "module live in time but abandoned"
        elif row["status"] == "ABANDONED" and live_on and live_on <= governance.today:
            yield "module abandoned before it was live"
    for row in marts["mart_module_adoption_summary"].values():
        if row["module_name"] is None:
            yield "module unknown"
        if not row["verdict_count"]:
            yield "module without a verdict"


def branches_of_requirements(governance: Governance, marts: Marts) -> Iterator[str]:
    for row in governance.facts.feeds["oem__requirements"]:
        for day in (row["valid_from"], row["valid_to"]):
            if day and (day + DAY).day == 1:
                yield "requirement of a month's last day"
        applies_to = row["applies_to"]
        if applies_to == "all":
            yield "requirement of all in small letters"
        elif row["cost_eur"] and applies_to != "ALL":
            yield f"requirement of {'nobody' if applies_to == 'NOBODY' else 'a peer group'}"
    first: dict[str, date] = {}
    for row in governance.facts.feeds["oem__requirements"]:
        known = first.get(row["brand_code"], date.max)
        first[row["brand_code"]] = min(known, row["valid_from"])
    for row in marts["mart_requirement_pressure"].values():
        if months_away(row["month"], 1) <= first.get(row["brand_code"], date.max):
            yield "pulse before the first requirement"
        yield (
            "requirements without earlier ones"
            if row["change_24m_rate"] is None
            else ("requirements changed")
        )
        if row["active_requirements"] and not row["cost_per_dealer_eur"]:
            yield "requirements of no cost"
        some, all_ = row["pulse_increased"], row["pulse_answers"]
        yield "pulse of none" if not some else "pulse of all" if some == all_ else "pulse of some"
    if any(
        row["wave_month"] > governance.today
        for row in governance.facts.feeds["dealer__pulse_surveys"]
    ):
        yield "pulse in days to come"
