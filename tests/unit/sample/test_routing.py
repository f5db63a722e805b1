"""Service in the sample: rules that tie, end and leave gaps, and cases that routing shortens."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from statistics import mean

import numpy as np
import pytest

from orchestration.sample import generate, responsibilities, routing
from orchestration.sample.geography import load_districts
from orchestration.sample.network import Network, build_network
from orchestration.sample.routing import Routing
from orchestration.sample.timeline import Span, to_day

from .conftest import Drop

SPAN = Span.of(None, 24)
RANK = ("brand_code", "postal_prefix", "product_category", "case_type", "priority")


@pytest.fixture(scope="module")
def net() -> Network:
    """That of the default sample."""
    return build_network(load_districts(), SPAN, 40, 42)


@pytest.fixture(scope="module")
def routed(net: Network) -> Routing:
    return Routing(net, SPAN)


@pytest.fixture(scope="module")
def told(net: Network, routed: Routing, feeds: dict) -> dict[str, list[dict]]:
    """Each rule as told time after time, with the day."""
    found = defaultdict(list)
    for table, day, _ in routing.rules(feeds["oem__routing_rules"], routed, net):
        for row in table.to_pylist():
            found[row["rule_id"]].append(row | {"day": day})
    return found


def overlap(a: dict, b: dict) -> bool:
    last = date.max
    return a["valid_from"] <= (b["valid_to"] or last) and b["valid_from"] <= (a["valid_to"] or last)


def test_rules_of_every_kind_and_rank_occur(told: dict[str, list[dict]]) -> None:
    now = [rows[-1] for rows in told.values()]
    assert {len(r["postal_prefix"] or "") for r in now} == {0, 1, 2, 3, 4, 5}
    assert {(r["product_category"] is None, r["case_type"] is None) for r in now} == {
        (True, True),
        (True, False),
        (False, True),
        (False, False),
    }
    assert {r["priority"] for r in now} == {100, 200}


def test_some_rules_tie_and_name_different_dealers(told: dict[str, list[dict]]) -> None:
    ranked = defaultdict(list)
    for *_, row in told.values():
        if not row["is_deleted"]:
            ranked[tuple(row[name] for name in RANK)].append(row)
    ties = [
        (a, b)
        for rows in ranked.values()
        for n, a in enumerate(rows)
        for b in rows[n + 1 :]
        if overlap(a, b) and a["responsible_dealer_id"] != b["responsible_dealer_id"]
    ]
    assert {a["brand_code"] for a, _ in ties} == {"ARVA", "KOLDIS", "VESTRA"}
    assert len(ties) < 0.05 * len(told), "conflicts are rare"
    assert any(a["valid_to"] or b["valid_to"] for a, b in ties), "one is settled by a correction"
    assert any(not (a["valid_to"] or b["valid_to"]) for a, b in ties), "another is not"


def test_rules_are_told_in_time_but_for_those_of_heirs_and_some_are_changed_later(
    told: dict[str, list[dict]],
) -> None:
    late = [r for r, *_ in told.values() if r["day"] > to_day(r["valid_from"])]
    assert 0 < len(late) < 0.1 * len(told)
    again = [rows for rows in told.values() if len(rows) > 1]
    assert any(rows[-1]["is_deleted"] for rows in again)
    assert any(rows[-1]["valid_to"] for rows in again)


def test_a_closing_dealers_rules_go_to_heirs_and_not_all_are_ended(
    net: Network, told: dict[str, list[dict]]
) -> None:
    closed = {d: c for d, c in zip(net.dealer_id, net.closed.tolist(), strict=True) if c >= 0}
    own = [r[-1] for r in told.values() if r[-1]["responsible_dealer_id"] in closed]
    assert {r["valid_to"] is None for r in own} == {True, False}
    for dealer, last in closed.items():
        prefixes = {
            (r["brand_code"], r["postal_prefix"])
            for r in own
            if r["responsible_dealer_id"] == dealer
        }
        heirs = [
            r[0]
            for r in told.values()
            if to_day(r[0]["valid_from"]) == last + 1
            and (r[0]["brand_code"], r[0]["postal_prefix"]) in prefixes
        ]
        assert heirs and all(r["responsible_dealer_id"] not in closed for r in heirs)


def test_each_brand_leaves_areas_uncovered(net: Network, told: dict[str, list[dict]]) -> None:
    codes = set(net.districts.flat_postal_codes)
    for brand in ("ARVA", "KOLDIS", "VESTRA"):
        prefixes = {
            r[-1]["postal_prefix"]
            for r in told.values()
            if r[-1]["brand_code"] == brand
            and not (r[-1]["product_category"] or r[-1]["case_type"] or r[-1]["is_deleted"])
        }
        covered = {c for c in codes if any(c.startswith(p) for p in prefixes if p)}
        assert 0.5 < len(covered) / len(codes) < 0.97


def test_routing_goes_live_for_two_brands_with_half_a_year_on_either_side(long: Drop) -> None:
    lives = {r["brand_code"]: r["go_live_on"] for r in long.current("oem__routing_go_lives")}
    assert set(lives) == {"ARVA", "KOLDIS"}
    for day in lives.values():
        assert date(2024, 7, 1) <= day <= date(2025, 6, 30)
    first = {}
    for _, row in long.rows("oem__routing_go_lives"):
        first.setdefault(row["brand_code"], row["go_live_on"])
    moved = [b for b in lives if str(first[b])[:10] != lives[b].isoformat()]
    assert moved == ["KOLDIS"], "it was put off once"


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory, feeds: dict) -> dict[tuple, list[dict]]:
    """The cases opened in 180 days before and after the go-live, by brand and side, with who is
    responsible; of the brand without one those around new year 2025."""
    target = tmp_path_factory.mktemp("service")
    drop = Drop(target, generate(target, scale=0.7), feeds)
    lives = {r["brand_code"]: r["go_live_on"] for r in drop.current("oem__routing_go_lives")}
    rules = defaultdict(list)
    for row in drop.current("oem__routing_rules"):
        rules[row["brand_code"]].append(row)
    dealers = {(d["dealer_id"], d["brand_code"]): d for d in drop.current("oem__dealers")}
    found = defaultdict(list)
    for case in drop.current("dealer__cases"):
        opened, brand = case["opened_at"].replace(tzinfo=None), case["brand_code"]
        live = lives.get(brand, date(2025, 1, 1))
        if abs((opened.date() - live).days + 0.5) < 180:
            party = responsible(case, opened.date(), rules[brand], dealers)
            found[brand, opened.date() >= live].append(case | {"party": party, "opened": opened})
    return found


def responsible(case: dict, day: date, rules: list[dict], dealers: dict) -> str:
    def rank(rule: dict) -> tuple:
        named = rule["product_category"] is None, rule["case_type"] is None
        return -len(rule["postal_prefix"] or ""), *named, rule["priority"], rule["rule_id"]

    def fits(rule: dict) -> bool:
        dealer = dealers.get((rule["responsible_dealer_id"], rule["brand_code"]))
        return (
            (case["customer_postal_code"] or "").startswith(rule["postal_prefix"] or "")
            and rule["product_category"] in (None, case["product_category"])
            and rule["case_type"] in (None, case["case_type"])
            and rule["valid_from"] <= day <= (rule["valid_to"] or date.max)
            and dealer is not None
            and dealer["opened_on"] <= day <= (dealer["closed_on"] or date.max)
        )

    fitting = sorted(filter(fits, rules), key=rank)
    return fitting[0]["responsible_dealer_id"] if fitting else "OEM"


def hours(cases: list[dict]) -> float:
    return mean(
        (c["resolved_at"].replace(tzinfo=None) - c["opened"]) / timedelta(hours=1)
        for c in cases
        if c["resolved_at"]
    )


def test_cases_take_less_time_after_the_go_live(windows: dict) -> None:
    saved = {b: 1 - hours(windows[b, True]) / hours(windows[b, False]) for b, _ in windows}
    assert hours(windows["ARVA", False]) == pytest.approx(100, rel=0.1)
    assert saved["ARVA"] == pytest.approx(0.47, abs=0.06)
    assert 0.25 < saved["KOLDIS"] < saved["ARVA"]
    assert saved["VESTRA"] < 0.1, "it has not gone live"


def test_fewer_cases_come_to_the_wrong_dealer_after_the_go_live(windows: dict) -> None:
    wrong = {
        key: mean(case["party"] != case["dealer_id"] for case in cases)
        for key, cases in windows.items()
    }
    for brand in ("ARVA", "KOLDIS"):
        assert wrong[brand, False] > 0.1
        assert 0 < wrong[brand, True] < 0.6 * wrong[brand, False]
    assert wrong["VESTRA", True] > 0.6 * wrong["VESTRA", False]


def test_cases_of_a_brand_without_go_live_are_left_as_they_are(routed: Routing) -> None:
    contract, day = np.arange(40), np.full(40, SPAN.end)
    is_live = routed.is_live(contract, day)
    assert set(is_live.tolist()) == {True, False}
    pace = routed.pace(is_live, contract, np.zeros(40, dtype=bool))
    assert (pace[~is_live] == 1).all() and (pace[is_live] < 0.8).all()
    assert not routed.is_live(contract, np.full(40, SPAN.start)).any()


# -- responsibilities and service levels ------------------------------------------------------


def test_processes_have_gaps_and_double_accountability(long: Drop) -> None:
    accountable = defaultdict(list)
    processes = set()
    for row in long.current("oem__responsibilities"):
        processes.add((row["brand_code"], row["process_code"]))
        if row["role"] == "ACCOUNTABLE":
            accountable[row["brand_code"], row["process_code"]].append(row)
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(730)]
    counts = {
        process: Counter(
            sum(r["valid_from"] <= day <= (r["valid_to"] or date.max) for r in accountable[process])
            for day in days
        )
        for process in processes
    }
    assert {n for count in counts.values() for n in count} == {0, 1, 2}
    wrong = {process for process, count in counts.items() if set(count) != {1}}
    assert wrong == {
        ("ARVA", "COMPLAINT"),
        ("ARVA", "WARRANTY"),
        ("KOLDIS", "CAMPAIGN"),
        ("KOLDIS", "SERVICE_REQUEST"),
    }, "that of VESTRA's prices was corrected"
    parties = {r["party"] for rows in accountable.values() for r in rows}
    assert parties == {"OEM", "PARTNER", "D0001"}


def test_a_role_withdrawn_is_told_anew(net: Network, feeds: dict) -> None:
    feed = feeds["oem__responsibilities"]
    tables = list(responsibilities.responsibilities(feed, net, SPAN))
    assert [withdrawn for *_, withdrawn in tables] == [0, 0, 1]
    days = [day for _, day, _ in tables]
    assert days == sorted(days) and days[-1] <= SPAN.end


def test_all_but_one_kind_of_case_have_a_service_level(long: Drop) -> None:
    levels = {
        (r["brand_code"], r["case_type"]): r["target_hours"]
        for r in long.current("oem__service_levels")
    }
    assert len(levels) == 8 and ("KOLDIS", "COMPLAINT") not in levels
    assert levels["ARVA", "WARRANTY"] == 72, "it was made stricter"
