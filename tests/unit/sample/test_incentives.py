"""Targets and incentives of the sample: in reach, of every kind, and kept once they are settled."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

from orchestration.sample import generate

from .conftest import Drop


def test_every_kind_of_programme_occurs(long: Drop) -> None:
    programs = long.current("oem__incentive_programs")
    found = {name: {p[name] for p in programs} for name in programs[0]}
    assert found["period_grain"] == {"MONTH", "QUARTER", "YEAR"}
    assert found["measure"] == {
        "UNITS_REGISTERED",
        "UNITS_INVOICED",
        "REVENUE_NET",
        "TARGET_ATTAINMENT",
        "KPI",
    }
    assert found["payout_basis"] == {
        "EUR_PER_UNIT",
        "RATE_OF_LIST_PRICE",
        "RATE_OF_NET_PRICE",
        "FIXED_EUR",
    }
    assert found["tier_mode"] == {"RETROACTIVE", "MARGINAL", "LINEAR"}
    assert found["requires_strong_market"] == found["credits_refinancing"] == {True, False}
    for name in ("gate_kpi_code", "cap_eur", "hold_days", "measure_kpi_code", "consented_on"):
        assert None in found[name] and len(found[name]) > 1, name


def test_programmes_are_approved_by_two_and_have_ascending_tiers(long: Drop) -> None:
    tiers = defaultdict(list)
    for tier in sorted(long.current("oem__incentive_tiers"), key=lambda t: t["tier_no"]):
        tiers[tier["program_id"], tier["version"]].append(tier["threshold"])
    without = set()
    for program in long.current("oem__incentive_programs"):
        assert program["approved_by_1"] != program["approved_by_2"]
        thresholds = tiers[program["program_id"], program["version"]]
        assert thresholds == sorted(set(thresholds))
        if not thresholds:
            without.add(program["program_id"])
    assert without == {"VESTRA-DEMO"}, "only what begins after the sample still lacks its tiers"


def test_what_a_close_has_settled_is_changed_once_and_too_late(long: Drop) -> None:
    assert long.report.bad_rows["oem__incentive_tiers"] == {"BAD_VALUE": 1}
    versions = Counter(
        (p["program_id"], p["version"]) for _, p in long.rows("oem__incentive_programs")
    )
    assert max(versions.values()) > 1, "what was delivered before comes again"


def test_targets_are_announced_before_their_quarter_or_by_a_later_version(long: Drop) -> None:
    targets = long.current("oem__sales_targets")
    assert {t["quarter_start"].month for t in targets} == {1, 4, 7, 10}
    for target in targets:
        assert (target["announced_on"] <= target["quarter_start"]) == (target["version"] == 1)
        assert target["min_purchase_units"] <= target["base_units"]
        assert target["max_units"] is None or target["max_units"] >= target["base_units"]
    late = [t for t in targets if t["version"] == 2]
    assert {t["consented_on"] is None for t in late} == {True, False}


def test_targets_are_in_reach(long: Drop) -> None:
    """Some dealers miss them, some exceed them, by what they register for others."""
    target: Counter[tuple] = Counter()
    for row in long.current("oem__sales_targets"):
        if row["version"] == 1:
            target[row["dealer_id"], row["brand_code"], row["quarter_start"]] += row["base_units"]
    sold: Counter[tuple] = Counter()
    for event in long.current("dealer__vehicle_events"):
        if event["event_type"] == "REGISTRATION" and event["holder_type"] not in ("DEALER", "OEM"):
            day = event["event_date"]
            quarter = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
            sold[event["dealer_id"], event["brand_code"], quarter] += 1
    attained = [sold[key] / units for key, units in target.items() if key[2] < date(2026, 1, 1)]
    for threshold in (0.9, 1.0, 1.1):
        assert 0.1 < sum(a >= threshold for a in attained) / len(attained) < 0.9, threshold


def test_units_are_taken_back_within_the_days_they_are_held(long: Drop) -> None:
    registered, taken_back = {}, Counter()
    events = sorted(long.current("dealer__vehicle_events"), key=lambda e: e["event_date"])
    for event in events:
        key = event["vin"], event["dealer_id"]
        if event["event_type"] == "REGISTRATION":
            registered.setdefault(key, (event["event_date"], event["holder_type"]))
        elif event["event_type"] in ("CANCELLATION", "DEREGISTRATION") and key in registered:
            day, holder = registered[key]
            if holder != "DEALER" and (event["event_date"] - day).days <= 30:
                taken_back[event["event_type"]] += 1
    assert all(taken_back[kind] for kind in ("CANCELLATION", "DEREGISTRATION"))


def test_some_vehicles_are_claimed_by_two_dealers_and_some_dealers_push_the_end_of_the_month(
    tmp_path: Path, feeds: dict
) -> None:
    drop = Drop(tmp_path, generate(tmp_path, months=6, scale=0.5), feeds)
    claims, last_days, all_days = defaultdict(set), Counter(), Counter()
    for event in drop.current("dealer__vehicle_events"):
        if event["event_type"] == "REGISTRATION":
            claims[event["vin"]].add(event["dealer_id"])
            all_days[event["dealer_id"]] += 1
            last_days[event["dealer_id"]] += event["event_date"].day >= 27
    twice = [vin for vin, dealers in claims.items() if len(dealers) > 1]
    assert 0 < len(twice) < 0.01 * len(claims)
    shares = {d: last_days[d] / all_days[d] for d in all_days}
    assert shares["D0007"] > 1.4 * sorted(shares.values())[len(shares) // 2]
