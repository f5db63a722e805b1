"""The scorecard's marts against the spec written down a second time, in plain Python.

Random worlds are built by dbt and recomputed by `tests/support/recomputed.py`; every row and every
column has to be the same, after each of a sequence of loads.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from orchestration.settings import NETWORK_ZONE, Settings
from tests.support.lake import Lake
from tests.support.random_loads import random_load, random_world
from tests.support.recomputed import (
    KPIS,
    MART_KEYS,
    Cell,
    Facts,
    Marts,
    dealer_months,
    differences_to_recomputation,
    last_day,
    later,
    recompute,
)
from tests.support.warehouse import build_what_leads_to, new_settings

SEEDS = (1, 7)
SLOW_SEEDS = range(200, 206)


def steps(folder: Path, seed: int, loads: int) -> Iterator[Settings]:
    """A random world, seen in two nights before its data ends, nothing delivered in between; then
    what becomes of it load by load."""
    rng = random.Random(seed)
    settings = new_settings(folder)
    lake = Lake(settings)
    lake.load(*random_world(rng))
    for month in sorted(rng.sample(range(6, 13), k=2)):
        midnight = datetime(2024, month, 1, tzinfo=ZoneInfo(NETWORK_ZONE))
        yield replace(settings, as_of=midnight - timedelta(minutes=rng.choice([0, 1])))
    for _ in range(loads):
        lake.load(*random_load(rng), is_committed=rng.random() < 0.9)
        yield settings


def assert_equal_all_the_way(folder: Path, seed: int, loads: int) -> None:
    for number, settings in enumerate(steps(folder, seed, loads)):
        build_what_leads_to(settings, MART_KEYS)
        found = differences_to_recomputation(settings)
        assert not found, f"seed {seed}, step {number}: {len(found)}\n" + "\n".join(found[:40])


@pytest.mark.parametrize("seed", [1, pytest.param(7, marks=pytest.mark.slow)])
def test_marts_equal_the_recomputation_after_every_load(tmp_path: Path, seed: int) -> None:
    assert_equal_all_the_way(tmp_path, seed, loads=2)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SLOW_SEEDS)
def test_marts_equal_the_recomputation_over_long_histories(tmp_path: Path, seed: int) -> None:
    assert_equal_all_the_way(tmp_path, seed, loads=6)


def test_the_random_worlds_reach_every_branch(tmp_path: Path) -> None:
    """Those of `make test`; without dbt."""
    reached = set()
    for seed in SEEDS:
        for settings in steps(tmp_path / str(seed), seed, loads=2):
            reached |= set(branches(settings, recompute(settings)))
    assert sorted(EVERY_BRANCH - reached) == []


EVERY_BRANCH = {
    *(f"{kpi} {state}" for kpi in KPIS for state in ("SCORED", "NO_DATA", "NO_TARGET")),
    *(
        f"{kpi} SMALL_SAMPLE"
        for kpi in KPIS
        if kpi not in ("RETURN_ON_SALES", "SERVICE_ABSORPTION")
    ),
    *(f"{kpi} clipped {at}" for kpi in KPIS for at in ("at floor", "at cap", "nowhere")),
    *(
        f"{state} {policy}"
        for state in ("NO_TARGET", "NO_DATA", "SMALL_SAMPLE", "SCORED")
        for policy in ("EXCLUDE", "ZERO")
    ),
    "STOCK_DAYS of 0",
    "CASE_CYCLE_HOURS of 0",
    "a negative attainment",
    "a negative target",
    "a KPI that the catalog does not know",
    *(f"diverging {flag}" for flag in (True, False, None)),
    "a rank shared",
    "a rank after a shared one",
    "another peer group",
    "no score",
    "no score though peers have one",
    "no snapshot of stock though registrations",
    "nothing but missing KPIs that count",
    "a score that changed",
    "no score the month before",
    "no row the month before",
    "no weights in force",
    "the higher of two valid versions",
    "another version than the month before",
    "opened later than the first data",
    "closed before the last data",
    "opened on the last day of the month",
    "closed on the last day of the month",
    "a month without any data",
    "data after as_of",
    "data of an unknown dealer",
    *(f"registration {reason}" for reason in ("SELF_REGISTRATION", "CANCELLED", None)),
    "registration of an unknown model",
    "registration after a cancelled one",
    "growth",
    "no growth over nothing",
    "invoices a year earlier only",
    "no market in the territory",
    "no market in the network",
    "nothing expected",
    "sales effectiveness",
}


def branches(settings: Settings, marts: Marts) -> Iterator[str]:
    """The cases of the spec that a lake holds; see `EVERY_BRANCH`."""
    facts = Facts.read(settings)
    yield from _branches_of_kpis(marts)
    yield from _branches_of_scores(marts)
    yield from _branches_of_versions(facts, marts)
    yield from _branches_of_months(facts, settings.as_of)
    yield from _branches_of_segments(marts)
    yield from _branches_of_registrations(facts)


def _branches_of_kpis(marts: Marts) -> Iterator[str]:
    for row in marts["mart_partner_scorecard_kpi"].values():
        kpi, attainment, clipped = row["kpi_code"], row["attainment"], row["clipped_attainment"]
        state = row["missing_reason"] or "SCORED"
        yield f"{kpi} {state}"
        yield f"{state} {row['missing_policy']}"
        if (kpi, state) == ("STOCK_DAYS", "NO_DATA") and row["sample_count"]:
            yield "no snapshot of stock though registrations"
        if kpi not in KPIS:
            yield "a KPI that the catalog does not know"
        if (row["target_value"] or 0) < 0:
            yield "a negative target"
        if state == "SCORED":
            at = "at floor" if attainment < clipped else "at cap" if attainment > clipped else None
            yield f"{kpi} clipped {at or 'nowhere'}"
            if attainment < 0:
                yield "a negative attainment"
            if row["actual_value"] == 0:
                yield f"{kpi} of 0"


def _branches_of_scores(marts: Marts) -> Iterator[str]:
    ranks: dict[tuple, list[int]] = defaultdict(list)
    scorecard = marts["mart_partner_scorecard"]
    for (dealer_id, brand_code, month), row in scorecard.items():
        yield f"diverging {row['is_diverging']}"
        if row["peer_group"] != "CITY":
            yield "another peer group"
        if row["score"] is None:
            yield "no score though peers have one" if row["peer_count"] else "no score"
            continue
        ranks[brand_code, month, row["peer_group"]].append(row["score_rank"])
        if row["missing_count"] == row["kpi_count"]:
            yield "nothing but missing KPIs that count"
        before = scorecard.get((dealer_id, brand_code, later(month, -1)))
        if before is None:
            yield "no row the month before"
        else:
            yield "no score the month before" if before["score"] is None else "a score that changed"
    for of_peers in ranks.values():
        for rank in {r for r in of_peers if of_peers.count(r) > 1}:
            yield "a rank shared"
            if rank + 1 in of_peers:
                yield "a rank after a shared one"


def _branches_of_versions(facts: Facts, marts: Marts) -> Iterator[str]:
    versions = {
        Cell(*key[:3]): row["weights_version"]
        for key, row in marts["mart_partner_scorecard_kpi"].items()
    }
    for cell, version in versions.items():
        day = last_day(cell.month)
        if any(
            rule["brand_code"] == cell.brand_code
            and rule["version"] < version
            and rule["valid_from"] <= day <= (rule["valid_to"] or date.max)
            for rule in facts.feeds["oem__kpi_weights"]
        ):
            yield "the higher of two valid versions"
        before = cell._replace(month=later(cell.month, -1))
        if versions.get(before, version) != version:
            yield "another version than the month before"


def _branches_of_months(facts: Facts, as_of: datetime | None) -> Iterator[str]:
    today = as_of.date() if as_of else date.max
    cells = set(dealer_months(facts, today))
    if any(not facts.weights(cell.brand_code, cell.month) for cell in cells):
        yield "no weights in force"
    for key, months in facts.months_with_data().items():
        if key not in facts.dealers:
            yield "data of an unknown dealer"
            continue
        if max(months) > today:
            yield "data after as_of"
        of_dealer = {cell.month for cell in cells if cell[:2] == key}
        if of_dealer - months:
            yield "a month without any data"
        opened_on = facts.dealers[key]["opened_on"]
        closed_on = facts.dealers[key]["closed_on"] or date.max
        if min(months) < opened_on:
            yield "opened later than the first data"
        if closed_on < max(months):
            yield "closed before the last data"
        ends = {last_day(month) for month in of_dealer}
        if opened_on in ends:
            yield "opened on the last day of the month"
        if closed_on in ends:
            yield "closed on the last day of the month"


def _branches_of_segments(marts: Marts) -> Iterator[str]:
    for row in marts["mart_segment_growth"].values():
        yield "no growth over nothing" if row["growth_rate"] is None else "growth"
        if row["invoiced_units"] == 0:
            yield "invoices a year earlier only"
    for row in marts["mart_market_penetration"].values():
        if row["market_units"] == 0:
            yield "no market in the territory"
        elif row["expected_units"] == 0:
            yield "nothing expected"
        if row["network_penetration"] is None:
            yield "no market in the network"
        if row["sales_effectiveness"]:
            yield "sales effectiveness"


def _branches_of_registrations(facts: Facts) -> Iterator[str]:
    first_days: dict[str, date] = {}
    for event in facts.feeds["dealer__vehicle_events"]:
        if event["event_type"] == "REGISTRATION":
            day = first_days.get(event["vin"], date.max)
            first_days[event["vin"]] = min(day, event["event_date"])
    for row in facts.registrations:
        yield f"registration {row['not_counted_reason']}"
        if row["model_code"] not in facts.models:
            yield "registration of an unknown model"
        if first_days[row["vin"]] < row["registration_date"]:
            yield "registration after a cancelled one"
