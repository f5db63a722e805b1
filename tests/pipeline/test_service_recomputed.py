"""The marts of the service against the spec written down a second time, in plain Python.

The recomputation in `tests/support/service_recomputed.py` is held against the golden cases of the
spec and cases worked out by hand. Then random worlds are built by the warehouse, load by load, and
every column of every mart has to be what the recomputation says.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from orchestration.calculations.bootstrap import routing_intervals
from orchestration.ingestion.lake import Delivery
from orchestration.settings import Settings
from tests.benchmarks.routing import time_conflicts
from tests.support.lake import Lake
from tests.support.random_service import AS_OF, random_service_load, random_service_world
from tests.support.recomputed import Facts
from tests.support.service_recomputed import (
    SERVICE_KEYS,
    Marts,
    Row,
    Service,
    accountable_ranges,
    berlin_day,
    is_postal_code,
    microseconds,
    recompute_service,
    service_marts,
    up_to_priority,
    window_bounds,
)
from tests.support.warehouse import build, fetch, new_settings

SEEDS = (1, 2)
SLOW_SEEDS = range(400, 406)

# -- cases by hand ----------------------------------------------------------------------------

NOON = datetime(2024, 3, 5, 11)
NOW = datetime(2024, 6, 30, 10)
HOUR = timedelta(hours=1)


def rule(rule_id: str, prefix: str | None, dealer_id: str = "", **changes: Any) -> Row:
    """A rule of AURA for everything, always, unless told otherwise, with a dealer of its name."""
    return {
        "rule_id": rule_id,
        "brand_code": "AURA",
        "case_type": None,
        "product_category": None,
        "postal_prefix": prefix,
        "responsible_dealer_id": dealer_id or f"D{rule_id}",
        "priority": 1,
        "valid_from": date(2020, 1, 1),
        "valid_to": None,
    } | changes


def case(postal_code: str | None = "80331", category: str = "ENGINE", **changes: Any) -> Row:
    return {
        "case_id": "C1",
        "dealer_id": "DA",
        "brand_code": "AURA",
        "case_type": "WARRANTY",
        "product_category": category,
        "customer_postal_code": postal_code,
        "opened_at": NOON,
        "first_assigned_at": None,
        "resolved_at": None,
        "reopened_count": 0,
    } | changes


def dealer(dealer_id: str, **changes: Any) -> Row:
    return {
        "dealer_id": dealer_id,
        "brand_code": "AURA",
        "opened_on": date(2000, 1, 1),
        "closed_on": None,
    } | changes


def facts(
    rules: list[Row] | None = None,
    cases: list[Row] | None = None,
    dealers: list[Row] | None = None,
    deliveries: list[Delivery] | None = None,
    **feeds: list[Row],
) -> Facts:
    """What holds, feed by feed; the dealers of the rules are open if none are given."""
    known = {row["responsible_dealer_id"] for row in rules or []} | {"DA"}
    every: dict[str, list[Row]] = defaultdict(list)
    every["oem__routing_rules"] = rules or []
    every["dealer__cases"] = [
        row | {"case_id": f"C{number}"} for number, row in enumerate(cases or [], start=1)
    ]
    every["oem__dealers"] = dealers or [dealer(dealer_id) for dealer_id in sorted(known)]
    return Facts(deliveries or [], every | {feed: rows for feed, rows in feeds.items()})


def rows_of(mart: str, given: Facts, as_of: datetime = NOW) -> list[Row]:
    return list(service_marts(given, as_of)[mart].values())


def routed(rules: list[Row], *cases: Row, **given: Any) -> list[Row]:
    return rows_of("mart_case_routing", facts(rules, list(cases), **given))


GOLDEN = [rule("A", "80"), rule("B", "8033"), rule("C", "80", product_category="BRAKES")]


@pytest.mark.parametrize(
    ("postal_code", "category", "expected", "runner_up"),
    [
        ("80331", "BRAKES", "B", "C"),
        ("80995", "BRAKES", "C", "A"),
        ("80995", "ENGINE", "A", None),
        ("81541", "BRAKES", None, None),
    ],
)
def test_golden_rules(
    postal_code: str, category: str, expected: str | None, runner_up: str | None
) -> None:
    (row,) = routed(GOLDEN, case(postal_code, category))
    assert (row["rule_id"], row["runner_up_rule_id"]) == (expected, runner_up)
    assert row["responsible_party"] == (f"D{expected}" if expected else "OEM")
    assert row["is_unrouted"] == (expected is None)
    assert row["was_misrouted"] == (expected != "A")
    assert row["matched_prefix_length"] == {"B": 4, None: None}.get(expected, 2)
    assert not row["is_ambiguous"]


def test_golden_rule_a_again_with_another_dealer_is_ambiguous() -> None:
    again = rule("A2", "80")
    (row,) = routed([*GOLDEN, again], case("80995"))
    assert (row["rule_id"], row["runner_up_rule_id"], row["is_ambiguous"]) == ("A", "A2", True)
    (row,) = routed([*GOLDEN, again | {"responsible_dealer_id": "DA"}], case("80995"))
    assert (row["rule_id"], row["is_ambiguous"]) == ("A", False)


def test_golden_a_rule_whose_dealer_closed_the_day_before_is_skipped() -> None:
    opened = case("80995", opened_at=datetime(2024, 3, 4, 23))  # midnight in Berlin
    for last, expected in ((date(2024, 3, 4), None), (date(2024, 3, 5), "A")):
        (row,) = routed(GOLDEN[:1], opened, dealers=[dealer("DA", closed_on=last)])
        assert row["rule_id"] == expected
    for first, expected in ((date(2024, 3, 6), None), (date(2024, 3, 5), "A")):
        (row,) = routed(GOLDEN[:1], opened, dealers=[dealer("DA", opened_on=first)])
        assert row["rule_id"] == expected


def test_a_dealer_unknown_or_of_another_brand_is_never_responsible() -> None:
    (row,) = routed(GOLDEN[:1], case(), dealers=[dealer("DX")])
    assert row["is_unrouted"]
    (row,) = routed(GOLDEN[:1], case(), dealers=[dealer("DA", brand_code="BOREA")])
    assert row["is_unrouted"]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"postal_prefix": "8"}, {"product_category": "ENGINE", "priority": 0}),
        ({"product_category": "ENGINE"}, {"case_type": "WARRANTY", "priority": 0}),
        ({"case_type": "WARRANTY"}, {"priority": 0}),
        ({"priority": -1}, {"priority": 1}),
    ],
)
def test_the_order_of_rules(better: Row, worse: Row) -> None:
    rules = [rule("A", None, **worse), rule("Z", "", **better)]
    if "postal_prefix" in better:
        rules[1] = rule("Z", better["postal_prefix"])
    (row,) = routed(rules, case())
    assert (row["rule_id"], row["runner_up_rule_id"], row["is_ambiguous"]) == ("Z", "A", False)


def test_rule_ids_compare_as_text() -> None:
    (row,) = routed([rule("R9", "8"), rule("R10", "8"), rule("r1", "8")], case())
    assert (row["rule_id"], row["runner_up_rule_id"]) == ("R10", "R9")


@pytest.mark.parametrize("postal_code", [None, "", "x"])
def test_a_rule_without_a_prefix_fits_every_place(postal_code: str | None) -> None:
    (row,) = routed([rule("A", None), rule("B", "8")], case(postal_code))
    assert (row["rule_id"], row["matched_prefix_length"]) == ("A", 0)


@pytest.mark.parametrize(
    ("day", "is_valid"),
    [(date(2024, 3, 3), False), (date(2024, 3, 4), True), (date(2024, 3, 6), True)]
    + [(date(2024, 3, 7), False)],
)
def test_both_days_of_a_validity_belong_to_it(day: date, is_valid: bool) -> None:
    validity = {"valid_from": date(2024, 3, 4), "valid_to": date(2024, 3, 6)}
    opened_at = datetime(day.year, day.month, day.day, 12)
    (row,) = routed([rule("A", "8", **validity)], case(opened_at=opened_at))
    assert row["is_unrouted"] != is_valid


def test_conflicts_are_pairs_of_equal_rules_with_the_cases_they_dispute() -> None:
    march = {"valid_from": date(2024, 3, 1), "valid_to": date(2024, 3, 31)}
    rules = [
        rule("A", "80"),
        rule("B", "80", **march),
        rule("C", "80", "DA"),
        rule("D", "803"),
        rule("E", "81", product_category="X"),
        rule("F", "81", product_category="X", valid_to=date(2024, 2, 29)),
        rule("G", "81", product_category="X", valid_from=date(2024, 3, 1)),
    ]
    cases = [case("80995"), case("80331"), case("80995", opened_at=datetime(2024, 4, 1))]
    found = rows_of("mart_routing_conflicts", facts(rules, cases))
    brief = [(r["rule_id"], r["other_rule_id"], r["case_count"]) for r in found]
    assert brief == [("A", "B", 1), ("B", "C", 1), ("E", "F", 0), ("E", "G", 0)]
    assert [(r["overlap_from"], r["overlap_to"]) for r in found] == [
        (date(2024, 3, 1), date(2024, 3, 31)),
        (date(2024, 3, 1), date(2024, 3, 31)),
        (date(2020, 1, 1), date(2024, 2, 29)),
        (date(2024, 3, 1), None),
    ]


def test_rules_conflict_while_both_dealers_are_open() -> None:
    rules = [rule(name, "80", valid_to=date(2024, 12, 31)) for name in ("A", "B", "C", "D")]
    dealers = [
        dealer("DA"),
        dealer("DB", closed_on=date(2024, 2, 29)),
        dealer("DC", opened_on=date(2024, 3, 1)),
        dealer("DD", brand_code="BOREA"),
    ]
    opened = [datetime(2024, 2, 29, 22, 59), datetime(2024, 2, 29, 23), NOON]
    cases = [case(opened_at=opened_at) for opened_at in opened]
    found = rows_of("mart_routing_conflicts", facts(rules, cases, dealers))
    brief = [(r["rule_id"], r["other_rule_id"], r["case_count"]) for r in found]
    assert brief == [("A", "B", 1), ("A", "C", 2)]
    assert [(r["overlap_from"], r["overlap_to"]) for r in found] == [
        (date(2020, 1, 1), date(2024, 2, 29)),
        (date(2024, 3, 1), date(2024, 12, 31)),
    ]


def test_brands_without_rules_are_covered_nowhere() -> None:
    cases = [case(category="TYRES", brand_code="BOREA"), case(category="BRAKES")]
    dealers = [dealer("DA"), dealer("DX", brand_code="CETUS")]
    areas = [{"postal_code": "10115"}]
    given = facts([rule("A", None)], cases, dealers, oem__postal_areas=areas)
    found = rows_of("mart_routing_coverage", given)
    named = {
        (r["brand_code"], r["postal_code"], r["product_category"]): r["is_covered"] for r in found
    }
    assert named == {
        ("AURA", "10115", "BRAKES"): True,
        ("AURA", "80331", "BRAKES"): True,
        ("BOREA", "10115", "TYRES"): False,
        ("BOREA", "80331", "TYRES"): False,
        ("CETUS", "10115", "BRAKES"): False,
        ("CETUS", "10115", "TYRES"): False,
    }


def test_coverage_is_that_of_today() -> None:
    rules = [
        rule("A", "80", product_category="BRAKES", valid_to=date(2024, 6, 30)),
        rule("B", "10", case_type="COMPLAINT"),
        rule("C", "81", valid_to=date(2024, 6, 29)),
    ]
    given = facts(rules, [case("80331", "TYRES"), case("D-80331"), case("8033")])
    given.feeds["oem__postal_areas"] = [{"postal_code": "10115"}, {"postal_code": "81541"}]
    found = rows_of("mart_routing_coverage", given)
    assert {(r["postal_code"], r["product_category"]): r["covered_case_types"] for r in found} == {
        **{("80331", name): 3 if name == "BRAKES" else 0 for name in ("BRAKES", "TYRES", "ENGINE")},
        **{("10115", name): 1 for name in ("BRAKES", "TYRES", "ENGINE")},
        **{("81541", name): 0 for name in ("BRAKES", "TYRES", "ENGINE")},
    }
    assert all(r["is_covered"] == (r["covered_case_types"] > 0) for r in found)


def test_cycle_times_count_open_cases_and_leave_negative_durations_out_of_hours() -> None:
    cases = [
        case(resolved_at=NOON + 10 * HOUR),
        case(resolved_at=NOON + 20 * HOUR, reopened_count=2),
        case(resolved_at=NOON + 40 * HOUR, reopened_count=None),
        case(resolved_at=NOON - HOUR),
        case(resolved_at=NOW + HOUR),
        case(),
        case(opened_at=datetime(2024, 4, 30, 22)),  # May in Berlin
        case(opened_at=datetime(2024, 4, 30, 21, 59), resolved_at=datetime(2024, 5, 1)),
    ]
    march, may, april = rows_of("mart_case_cycle_time", facts([], cases))
    assert (march["opened_count"], march["resolved_count"], march["open_count"]) == (6, 4, 2)
    assert march["mean_hours"] == Decimal("23.333333")
    assert march["median_hours"] == 20
    assert march["p90_hours"] == 36
    assert march["reopened_rate"] == Decimal("0.166667")
    assert march["backlog_count"] == 2
    # resolved two hours after the month's end in Berlin
    assert (april["open_count"], april["mean_hours"], april["backlog_count"]) == (
        0,
        Decimal("2.016667"),
        3,
    )
    assert (may["open_count"], may["mean_hours"], may["backlog_count"]) == (1, None, 3)


def test_the_backlog_of_a_month_that_is_not_over_is_that_of_now() -> None:
    cases = [
        case(opened_at=NOW, resolved_at=NOW + HOUR),
        case(opened_at=NOW + HOUR),
        case(opened_at=NOW - HOUR, resolved_at=NOW),
    ]
    (june,) = rows_of("mart_case_cycle_time", facts([], cases))
    assert (june["opened_count"], june["resolved_count"], june["backlog_count"]) == (3, 1, 1)


def effect(go_live_on: date, *cases: Row) -> Row:
    go_lives = [{"brand_code": "AURA", "go_live_on": go_live_on}]
    given = facts([], list(cases), oem__routing_go_lives=go_lives)
    (row,) = rows_of("mart_routing_effect", given, datetime(2025, 12, 1))
    return row


def taking(hours: int | None, opened_at: datetime = NOON) -> Row:
    resolved_at = None if hours is None else opened_at + hours * HOUR
    return case(opened_at=opened_at, resolved_at=resolved_at)


def test_golden_100_hours_to_53_are_47_percent() -> None:
    before = [taking(hours) for hours in (100, 100, 100, None, -1)]
    after = [taking(53, datetime(2024, 5, 1)), taking(53, datetime(2024, 6, 1))]
    row = effect(date(2024, 4, 1), *before, *after)
    assert (row["cases_before"], row["cases_after"]) == (5, 2)
    assert (row["mean_hours_before"], row["mean_hours_after"]) == (100, 53)
    assert row["mean_reduction_rate"] == row["median_reduction_rate"] == Decimal("0.47")
    assert row["ci_low"] == row["ci_high"] == Decimal("0.47")


def test_windows_are_clipped_at_months_ends() -> None:
    assert window_bounds(date(2024, 8, 31)) == (date(2024, 2, 29), date(2025, 2, 28))
    days = {
        datetime(2024, 2, 28, 22, 59): None,
        datetime(2024, 2, 28, 23): "before",
        datetime(2024, 8, 30, 21, 59): "before",
        datetime(2024, 8, 30, 22): "after",
        datetime(2025, 2, 27, 22, 59): "after",
        datetime(2025, 2, 27, 23): None,
    }
    for opened_at, window in days.items():
        row = effect(date(2024, 8, 31), taking(1, opened_at))
        assert (row["cases_before"], row["cases_after"]) == (window == "before", window == "after")
        assert row["mean_reduction_rate"] is None and row["ci_low"] is None


def test_a_time_of_nothing_cannot_fall() -> None:
    row = effect(date(2024, 4, 1), taking(0), taking(5, datetime(2024, 5, 1)))
    names = ("mean_reduction_rate", "median_reduction_rate", "ci_low", "ci_high")
    assert [row[name] for name in names] == [None] * 4


def responsible(role: str, party: str, first: date, last: date | None) -> Row:
    return {"role": role, "party": party, "valid_from": first, "valid_to": last}


def test_gaps_are_ranges_of_days_without_one_who_answers() -> None:
    def day(number: int) -> date:
        return date(2024, 1, number)

    rows = [
        responsible("INFORMED", "D1", day(1), day(31)),
        responsible("ACCOUNTABLE", "OEM", day(3), day(10)),
        responsible("ACCOUNTABLE", "OEM", day(9), day(12)),
        responsible("ACCOUNTABLE", "D1", day(12), day(20)),
        responsible("ACCOUNTABLE", "D2", day(12), day(13)),
    ]
    assert list(accountable_ranges(rows)) == [
        (day(1), day(2), 0),
        (day(3), day(11), 1),
        (day(12), day(12), 3),
        (day(13), day(13), 2),
        (day(14), day(20), 1),
        (day(21), day(31), 0),
    ]
    rows = [responsible("RESPONSIBLE", "D1", day(5), None)]
    assert list(accountable_ranges(rows)) == [(day(5), None, 0)]
    rows.append(responsible("ACCOUNTABLE", "OEM", day(7), None))
    assert list(accountable_ranges(rows)) == [(day(5), day(6), 0), (day(7), None, 1)]


@pytest.mark.parametrize(
    ("resolved_at", "is_breached"),
    [(NOON + 24 * HOUR, False), (NOON + 24 * HOUR + HOUR / 1000, True), (None, True)],
)
def test_a_service_level_is_breached_beyond_its_hours(
    resolved_at: datetime | None, is_breached: bool
) -> None:
    level = {"brand_code": "AURA", "case_type": "WARRANTY", "target_hours": 24}
    cases = [case(resolved_at=resolved_at), case(resolved_at=resolved_at, case_type="COMPLAINT")]
    found = routed([], *cases, oem__service_levels=[level])
    assert [row["is_service_level_breached"] for row in found] == [is_breached, False]


def test_the_dealer_now() -> None:
    def unit(day: date, status: str, since: date | None, brand_code: str = "AURA") -> Row:
        return {
            "dealer_id": "DA",
            "brand_code": brand_code,
            "snapshot_date": day,
            "stock_status": status,
            "in_stock_since": since,
        }

    june, may, july = date(2024, 6, 28), date(2024, 5, 31), date(2024, 7, 1)
    stock = [
        unit(june, "IN_STOCK", june - timedelta(days=90)),
        unit(june, "IN_STOCK", june - timedelta(days=181)),
        unit(june, "IN_STOCK", None),
        unit(june, "DEMO", date(2020, 1, 1)),
        unit(june, "IN_TRANSIT", None, "BOREA"),
        unit(may, "IN_STOCK", may),
        unit(july, "IN_STOCK", july),
    ]
    blank = {"dealer_id": "DA", "brand_code": "AURA", "campaign_id": None, "sold_vin": None}
    blank |= {"lost_at": None, "first_response_at": None}
    leads = [
        blank | {"created_at": NOW - 5 * HOUR, "campaign_id": "K1"},
        blank | {"created_at": NOW - 9 * HOUR, "first_response_at": NOW - HOUR},
        blank | {"created_at": NOW - 99 * HOUR, "sold_vin": "V", "campaign_id": "K1"},
        blank | {"created_at": NOW - 99 * HOUR, "lost_at": NOW, "campaign_id": None},
        # ninety days ago, and a day that is one of the last ninety: in Berlin
        blank | {"created_at": datetime(2024, 4, 1, 21, 59), "lost_at": NOW, "campaign_id": "K1"},
        blank | {"created_at": datetime(2024, 4, 1, 22), "lost_at": NOW, "campaign_id": "K1"},
        # of later: the lead is not there, is not lost, is not answered
        blank | {"created_at": NOW + HOUR, "campaign_id": "K1"},
        blank | {"created_at": NOW - 2 * HOUR, "lost_at": NOW + HOUR},
        blank | {"created_at": NOW - 6 * HOUR, "first_response_at": NOW + HOUR},
    ]
    cases = [
        case(opened_at=NOW - 23 * HOUR),
        case(opened_at=NOW - 24 * HOUR),
        case(opened_at=NOW - 7 * 24 * HOUR),
        case(opened_at=NOW - 8 * 24 * HOUR),
        case("10115", opened_at=NOW - 8 * 24 * HOUR),
        case(opened_at=NOW - 8 * 24 * HOUR, dealer_id="DX"),
        case(opened_at=NOW - 8 * 24 * HOUR, resolved_at=NOW),
        case(opened_at=NOW + HOUR),
        case(opened_at=NOW - HOUR, resolved_at=NOW + HOUR),
    ]
    given = facts(
        [rule("A", "8")],
        cases,
        dealers=[dealer("DA"), dealer("DA", brand_code="BOREA"), dealer("DB")],
        deliveries=[
            delivery("DA", "dealer__leads", NOW - HOUR, rows=3),
            delivery("da", "dealer__leads", NOW - 2 * HOUR, rows=4),
            delivery("DA", "dealer__cases", NOW, status="REJECTED"),
            delivery("DX", "dealer__cases", NOW),
        ],
        dealer__stock=stock,
        dealer__leads=leads,
        oem__service_levels=[{"brand_code": "AURA", "case_type": "WARRANTY", "target_hours": 168}],
    )
    aura, borea, without = rows_of("mart_dealer_now", given)
    assert aura == {
        "dealer_id": "DA",
        "brand_code": "AURA",
        "in_stock_units": 3,
        "in_transit_units": 0,
        "demo_units": 1,
        "median_stock_age_days": Decimal("135.5"),
        "units_over_90_days": 1,
        "units_over_180_days": 1,
        "stock_snapshot_on": june,
        "stock_days": None,
        "open_leads": 4,
        "oldest_unanswered_lead_hours": 6,
        "campaign_leads_90d": 3,
        "open_cases": 6,
        "open_cases_under_1_day": 2,
        "open_cases_1_to_7_days": 2,
        "open_cases_over_7_days": 2,
        "responsible_open_cases": 6,
        "breached_cases": 2,
        "data_as_of": NOW - HOUR,
    }
    assert (borea["in_stock_units"], borea["in_transit_units"], borea["open_cases"]) == (0, 1, 0)
    assert (borea["median_stock_age_days"], borea["data_as_of"]) == (None, NOW - HOUR)
    assert (without["in_stock_units"], without["data_as_of"]) == (None, None)
    assert rows_of("mart_dealer_feed_freshness", given) == [
        {
            "dealer_id": "DA",
            "feed": "dealer__leads",
            "last_delivered_at": NOW - HOUR,
            "last_file": f"dealer__leads {NOW - HOUR}",
            "last_sender": "DA",
            "hours_since": Decimal(1),
            "accepted_rows": 3,
        }
    ]


def test_a_dealer_is_as_fresh_as_the_newest_file_that_tells_of_him() -> None:
    def standing(dealer_id: str | None, hours_ago: int, sender: str = "dms") -> Row:
        instant = NOW - hours_ago * HOUR
        lineage = {"_delivered_at": instant, "_loaded_at": instant, "_source_file": f"{hours_ago}h"}
        return {"dealer_id": dealer_id, "_sender": sender} | lineage

    given = facts(
        dealers=[dealer("DA"), dealer("DB"), dealer("DC")],
        deliveries=[
            delivery("dms", "dealer__leads", NOW - HOUR, rows=9),
            delivery("DA", "dealer__leads", NOW - 3 * HOUR, rows=4),
            delivery("DA", "dealer__stock", NOW - 4 * HOUR, rows=0),
            delivery("DC", "oem__dealers", NOW),
        ],
    )
    rows = {
        "dealer__leads": [
            *(standing("DA", 2), standing("DA", 2), standing("DB", 5), standing(None, 1)),
            *(standing("DA", 3, "DA"), standing("DX", 1)),
        ],
        "dealer__stock": [standing("DA", 6)],
    }
    marts = service_marts(given, NOW, rows)
    found = {
        key: (row["last_file"], row["last_sender"], row["hours_since"], row["accepted_rows"])
        for key, row in marts["mart_dealer_feed_freshness"].items()
    }
    assert found == {
        ("DA", "dealer__leads"): ("2h", "dms", 2, 2),
        ("DA", "dealer__stock"): (f"dealer__stock {NOW - 4 * HOUR}", "DA", 4, 0),
        ("DB", "dealer__leads"): ("5h", "dms", 5, 1),
    }
    as_of = {key[0]: row["data_as_of"] for key, row in marts["mart_dealer_now"].items()}
    assert as_of == {"DA": NOW - 2 * HOUR, "DB": NOW - 5 * HOUR, "DC": None}


def delivery(
    sender: str, feed: str, delivered_at: datetime, status: str = "LOADED", rows: int = 1
) -> Delivery:
    return Delivery(
        feed=feed,
        source_file=f"{feed} {delivered_at}",
        sender=sender,
        delivered_at=delivered_at.replace(tzinfo=UTC),
        loaded_at=delivered_at.replace(tzinfo=UTC),
        batch_id="",
        status=status,
        reason_code=None,
        message=None,
        delivered_rows=rows,
        accepted_rows=rows,
        quarantined_rows=0,
        file_bytes=1,
        file_modified_ns=0,
        warnings=None,
    )


# -- random worlds, built by the warehouse ----------------------------------------------------


def steps(folder: Path, seed: int, loads: int) -> Iterator[Settings]:
    """A random world, seen on two days, nothing delivered in between; then what becomes of it load
    by load."""
    rng = random.Random(seed)
    settings = replace(new_settings(folder), as_of=AS_OF)
    lake = Lake(settings)
    lake.load(*random_service_world(rng))
    edge = rng.choice([datetime(2024, 8, 31, 22), datetime(2024, 10, 31, 23)])
    earlier = edge - timedelta(microseconds=rng.choice([0, 1]))
    yield replace(settings, as_of=earlier.replace(tzinfo=UTC))
    yield settings
    for _ in range(loads):
        lake.load(*random_service_load(rng), is_committed=rng.random() < 0.9)
        yield settings


def build_service(settings: Settings) -> None:
    """The marts of the service and all that they are made from, and nothing else."""
    marts = ("--select", "+path:models/marts/service")
    build(settings, "run", *marts, "--exclude", "source:computed+")
    rows = fetch(settings, "select * from intermediate.int_service__list_window_durations")
    durations = pd.DataFrame(rows, columns=["brand_code", "is_after", "duration_us"])
    path = settings.computed / "routing_intervals" / "all.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(routing_intervals(durations), path)
    build(settings, "run", "--select", "stg_computed__routing_intervals", "mart_routing_effect")


def differences(settings: Settings) -> list[str]:
    """What dbt made otherwise than the recomputation, one line per value, row or column."""
    found = []
    for mart, expected in recompute_service(settings).items():
        rows = fetch(settings, f"select * from marts.{mart}")
        made = {tuple(row[name] for name in SERVICE_KEYS[mart]): row for row in rows}
        assert len(made) == len(rows), f"{mart} has a key twice"
        found += [f"{mart} {key}: has no row" for key in expected.keys() - made.keys()]
        found += [f"{mart} {key}: is a row too many" for key in made.keys() - expected.keys()]
        for key in expected.keys() & made.keys():
            for column in expected[key].keys() ^ made[key].keys():
                found.append(f"{mart} {column}: is a column of one of both")
            for column in expected[key].keys() & made[key].keys():
                if expected[key][column] != made[key][column]:
                    values = f"expected {expected[key][column]}, found {made[key][column]}"
                    found.append(f"{mart} {key} {column}: {values}")
    return sorted(set(found))


def assert_equal_all_the_way(folder: Path, seed: int, loads: int) -> None:
    for number, settings in enumerate(steps(folder, seed, loads)):
        build_service(settings)
        found = differences(settings)
        assert not found, f"seed {seed}, step {number}: {len(found)}\n" + "\n".join(found[:40])


@pytest.mark.parametrize("seed", [pytest.param(1, marks=pytest.mark.slow), 2])
def test_marts_equal_the_recomputation_after_every_load(tmp_path: Path, seed: int) -> None:
    assert_equal_all_the_way(tmp_path, seed, loads=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SLOW_SEEDS)
def test_marts_equal_the_recomputation_over_long_histories(tmp_path: Path, seed: int) -> None:
    assert_equal_all_the_way(tmp_path, seed, loads=8)


def test_pairs_of_rules_are_not_held_against_every_day_of_cases() -> None:
    """A thousand that tie take a second or two; pair by day they would take a dozen."""
    found = time_conflicts(rules=1_000, cases=100_000)
    assert found["pairs"] == 1_000 * 999 // 2
    assert found["cpu_seconds"] < 5


def test_the_random_worlds_reach_every_branch(tmp_path: Path) -> None:
    """Those of the default run; without dbt."""
    reached: set[str] = set()
    for seed in SEEDS:
        for settings in steps(tmp_path / str(seed), seed, loads=1):
            as_of = settings.as_of.replace(tzinfo=None)
            service = Service(Facts.read(settings), as_of)
            marts = recompute_service(settings)
            reached |= {*branches_of_routing(service), *branches_of_cases(service)}
            reached |= {*branches_of_marts(marts), *branches_of_dealers(marts)}
            reached |= set(branches_of_what_is_apart(service, marts))
    assert sorted(EVERY_BRANCH - reached) == []


DEALER_FEEDS = ("cases", "financials", "leads", "stock", "surveys", "vehicle_events")
LEVELS = ("prefix", "category", "case type", "priority", "rule_id")
EVERY_BRANCH = {
    *(f"decided by {level}" for level in LEVELS),
    *(f"matched {length} digits" for length in (0, 1, 2, 3, 4, 5)),
    *(f"{name} {flag}" for name in ("ambiguous", "misrouted") for flag in (True, False)),
    "unrouted",
    "no runner-up",
    "equal rules of the same dealer",
    "rule_ids that differ in case decide",
    "the first day of a rule",
    "the last day of a rule",
    "the day before a rule",
    "the day after a rule",
    "a rule of a dealer not open yet",
    "a rule of a dealer who has closed",
    "the last day of a dealer",
    "a rule of an unknown dealer",
    "a rule that never holds",
    "no postal code",
    "an odd postal code",
    "at midnight in Berlin",
    "opened later than as_of",
    "resolved later than as_of",
    "resolved before it was opened",
    "open and breached",
    "open and not breached",
    "resolved and breached",
    "resolved at the target",
    "no service level",
    *(f"conflict {kind}" for kind in ("open", "ended", "disputed", "undisputed")),
    *(f"covered for {count} kinds" for count in range(4)),
    *(f"cycle {kind}" for kind in ("without hours", "with hours", "reopened", "backlog of others")),
    *(f"effect {kind}" for kind in ("measured", "without cases", "of nothing", "clipped")),
    *(f"gap of {count}" for count in (0, 2)),
    "gap without an end",
    "gap of one day",
    *(f"no {name}" for name in ("snapshot", "units", "median age", "stock days", "delivery")),
    *("median age", "stock days", "a unit over 180 days", "unanswered lead", "campaign lead"),
    *(f"open cases {age}" for age in ("under_1_day", "1_to_7_days", "over_7_days")),
    *(f"lead {what} later" for what in ("created", "lost", "answered")),
    *(f"{kind} file of {feed}" for kind in ("own", "hub") for feed in DEALER_FEEDS),
    "own file without rows",
    "equal rules whose dealers are never open together",
    *(f"a brand without rules, {kind}" for kind in ("with cases", "without cases")),
}


def branches_of_routing(service: Service) -> Iterator[str]:
    for case_ in service.cases:
        routing = service.routings[case_["case_id"]]
        yield f"misrouted {case_['dealer_id'] != routing.responsible_party}"
        if routing.rule is None:
            yield "unrouted"
            continue
        yield f"ambiguous {routing.is_ambiguous}"
        yield f"matched {len(routing.rule['postal_prefix'] or '')} digits"
        if len(routing.fitting) == 1:
            yield "no runner-up"
            continue
        first, second = routing.fitting[:2]
        levels = zip(LEVELS, up_to_priority(first), up_to_priority(second), strict=False)
        yield "decided by " + next((name for name, a, b in levels if a != b), "rule_id")
        if len(routing.top) > 1 and not routing.is_ambiguous:
            yield "equal rules of the same dealer"
        ids = [rule["rule_id"] for rule in routing.top]
        if ids != sorted(ids, key=str.lower):
            yield "rule_ids that differ in case decide"


def branches_of_cases(service: Service) -> Iterator[str]:
    one = timedelta(days=1)
    for rule_ in service.rules:
        first, last = rule_["valid_from"], rule_["valid_to"] or date.max
        if last < first:
            yield "a rule that never holds"
            continue
        dealer_id, brand_code = rule_["responsible_dealer_id"], rule_["brand_code"]
        known = service.facts.dealers.get((dealer_id, brand_code))
        always = rule_ | {"valid_from": date.min, "valid_to": None}
        for case_ in service.cases:
            day = berlin_day(case_["opened_at"])
            place = case_["customer_postal_code"], case_["product_category"], case_["case_type"]
            if known is None:
                yield "a rule of an unknown dealer"
            elif service.fits(always, brand_code, *place, day) and first - one <= day:
                edges = {first: "first day of", last: "last day of", first - one: "day before"}
                if day in edges:
                    yield f"the {edges[day]} a rule"
                if day - one == last:
                    yield "the day after a rule"
                if day == known["closed_on"]:
                    yield "the last day of a dealer"
            elif known and first <= day <= last and day < known["opened_on"]:
                yield "a rule of a dealer not open yet"
            elif known["closed_on"] and first <= day <= last and day > known["closed_on"]:
                yield "a rule of a dealer who has closed"
    for case_ in service.cases:
        opened_at, resolved_at = case_["opened_at"], case_["resolved_at"]
        code = case_["customer_postal_code"]
        if not is_postal_code(code):
            yield "an odd postal code" if code else "no postal code"
        if berlin_day(opened_at) != berlin_day(opened_at - timedelta(microseconds=1)):
            yield "at midnight in Berlin"
        if opened_at > service.as_of:
            yield "opened later than as_of"
        if resolved_at and resolved_at > service.as_of:
            yield "resolved later than as_of"
        if resolved_at and resolved_at < opened_at:
            yield "resolved before it was opened"
        target = service.targets.get((case_["brand_code"], case_["case_type"]))
        if target is None:
            yield "no service level"
        elif not service.is_resolved(case_):
            yield "open and breached" if service.is_breached(case_) else "open and not breached"
        elif service.is_breached(case_):
            yield "resolved and breached"
        elif microseconds(opened_at, resolved_at) == target * 3_600_000_000:
            yield "resolved at the target"


def branches_of_marts(marts: Marts) -> Iterator[str]:
    for row in marts["mart_routing_conflicts"].values():
        yield "conflict ended" if row["overlap_to"] else "conflict open"
        yield "conflict disputed" if row["case_count"] else "conflict undisputed"
    for row in marts["mart_routing_coverage"].values():
        yield f"covered for {row['covered_case_types']} kinds"
    for row in marts["mart_case_cycle_time"].values():
        yield "cycle without hours" if row["mean_hours"] is None else "cycle with hours"
        if row["reopened_rate"]:
            yield "cycle reopened"
        if row["backlog_count"] > row["open_count"]:
            yield "cycle backlog of others"
    for row in marts["mart_routing_effect"].values():
        if row["ci_low"] is not None:
            yield "effect measured"
        if not row["cases_before"]:
            yield "effect without cases"
        if row["mean_hours_before"] == 0:
            yield "effect of nothing"
        if any(day.day != row["go_live_on"].day for day in window_bounds(row["go_live_on"])):
            yield "effect clipped"
    for row in marts["mart_responsibility_gaps"].values():
        yield f"gap of {row['accountable_count']}"
        if row["gap_to"] is None:
            yield "gap without an end"
        if row["gap_to"] == row["gap_from"]:
            yield "gap of one day"


def branches_of_dealers(marts: Marts) -> Iterator[str]:
    for row in marts["mart_dealer_now"].values():
        if row["stock_snapshot_on"] is None:
            yield "no snapshot"
        elif row["in_stock_units"] == row["in_transit_units"] == row["demo_units"] == 0:
            yield "no units"
        yield "no median age" if row["median_stock_age_days"] is None else "median age"
        yield "no stock days" if row["stock_days"] is None else "stock days"
        if row["data_as_of"] is None:
            yield "no delivery"
        if row["units_over_180_days"]:
            yield "a unit over 180 days"
        if row["oldest_unanswered_lead_hours"] is not None:
            yield "unanswered lead"
        if row["campaign_leads_90d"]:
            yield "campaign lead"
        for age in ("under_1_day", "1_to_7_days", "over_7_days"):
            if row[f"open_cases_{age}"]:
                yield f"open cases {age}"


def branches_of_what_is_apart(service: Service, marts: Marts) -> Iterator[str]:
    """Dates of later, files of hubs, dealers that are never open together, brands without rules."""
    for lead in service.facts.feeds["dealer__leads"]:
        for column, what in (
            ("created_at", "created"),
            ("lost_at", "lost"),
            ("first_response_at", "answered"),
        ):
            if lead[column] and lead[column] > service.as_of:
                yield f"lead {what} later"
    for row in marts["mart_dealer_feed_freshness"].values():
        kind = "own" if row["last_sender"] == row["dealer_id"] else "hub"
        yield f"{kind} file of {row['feed'].removeprefix('dealer__')}"
        if not row["accepted_rows"]:
            yield "own file without rows"
    same = ("brand_code", "postal_prefix", "product_category", "case_type", "priority")
    for one, other in combinations(service.rules, 2):
        if (
            all(one[name] == other[name] for name in same)
            and one["responsible_dealer_id"] != other["responsible_dealer_id"]
            and one["valid_from"] <= (other["valid_to"] or date.max)
            and other["valid_from"] <= (one["valid_to"] or date.max)
            and tuple(sorted((one["rule_id"], other["rule_id"])))
            not in marts["mart_routing_conflicts"]
        ):
            yield "equal rules whose dealers are never open together"
    with_rules = {rule_["brand_code"] for rule_ in service.rules}
    with_cases = {case_["brand_code"] for case_ in service.cases}
    for brand_code, *_ in marts["mart_routing_coverage"]:
        if brand_code not in with_rules:
            kind = "with cases" if brand_code in with_cases else "without cases"
            yield f"a brand without rules, {kind}"
