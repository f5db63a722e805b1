"""Governance in the sample: every way to adopt a standard and to escalate, rising requirements, and
a dialogue with gaps."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from statistics import mean, median

import pyarrow as pa
import pytest

from orchestration.sample import agreements
from orchestration.sample.geography import load_districts
from orchestration.sample.network import Network, build_network
from orchestration.sample.timeline import Span, to_day

from .conftest import Drop

SPAN = Span.of(None, 24)
LAST = date(2025, 12, 31)


@pytest.fixture(scope="module")
def net() -> Network:
    """That of the default sample."""
    return build_network(load_districts(), SPAN, 40, 42)


@pytest.fixture(scope="module")
def agreed(net: Network) -> agreements.Agreements:
    return agreements.agree(net, SPAN)


@pytest.fixture(scope="module")
def told(net: Network, agreed: agreements.Agreements, feeds: dict) -> dict[str, list[dict]]:
    """What the OEM has told by the end, the newest of each key, without what was withdrawn."""
    versions = agreements.versions(SPAN)
    of = {
        "contracts": agreements.contracts(feeds["oem__contracts"], net, SPAN, agreed),
        "technology_standards": agreements.standards(
            feeds["oem__technology_standards"], SPAN, versions
        ),
        "contract_events": agreements.events(
            feeds["oem__contract_events"], net, SPAN, agreed, versions
        ),
        "escalation_events": agreements.escalation_events(
            feeds["oem__escalation_events"], net, SPAN, agreed
        ),
    }
    return {name: newest(feeds[f"oem__{name}"].key, made) for name, made in of.items()}


def newest(key: tuple[str, ...], made: Iterator[tuple]) -> list[dict]:
    found: dict[tuple, dict] = {}
    days = []
    for table, day, *_ in made:
        assert isinstance(table, pa.Table)
        days.append(day)
        found |= {tuple(row[k] for k in key): row for row in table.to_pylist()}
    assert days == sorted(days)
    return [row for row in found.values() if not row["is_deleted"]]


def status(contract: dict, standard: dict, events: list[dict]) -> tuple[str, date | None]:
    """Status on the last day of the sample or of the contract, supersession left out, and the day
    of effect."""
    judged = min(LAST, contract["valid_to"] or LAST)
    window_ends = standard["published_on"] + timedelta(days=contract["objection_days"])
    past = [e for e in events if e["event_on"] <= judged]
    objected = [
        e["event_on"]
        for e in past
        if e["event_type"] == "OBJECTION"
        and standard["published_on"] <= e["event_on"] <= window_ends
    ]
    resolved = [
        e["event_on"]
        for e in past
        if e["event_type"] == "OBJECTION_RESOLVED" and objected and e["event_on"] >= max(objected)
    ]
    signed = [e["event_on"] for e in past if e["event_type"] == "ADOPTION"]
    is_objected = bool(objected and not resolved)
    if contract["auto_adopt_standards"] and not is_objected:
        window_over = window_ends + timedelta(days=1)
        effect = max(window_over, standard["mandatory_from"], contract["valid_from"], *resolved)
    else:
        effect = max(min(signed), contract["valid_from"]) if signed else None
    withdrawn = standard["withdrawn_on"]
    if withdrawn and effect and withdrawn <= effect:
        effect = None
    if withdrawn and withdrawn <= judged:
        return "WITHDRAWN", effect
    if effect and effect <= judged:
        return "IN_FORCE", effect
    if is_objected:
        return "OBJECTED", effect
    return ("PENDING_WINDOW" if contract["auto_adopt_standards"] else "NEEDS_SIGNATURE"), effect


def test_every_status_of_a_standard_occurs_but_most_are_in_force(told: dict) -> None:
    events = defaultdict(list)
    for event in told["contract_events"]:
        events[event["contract_id"], event["standard_code"], event["version"]].append(event)
    found = Counter[str]()
    in_force = defaultdict(list)
    for contract in told["contracts"]:
        for standard in told["technology_standards"]:
            key = contract["contract_id"], standard["standard_code"]
            ended = contract["valid_to"] or LAST
            if standard["brand_code"] == contract["brand_code"] and (
                standard["published_on"] <= ended
            ):
                name, effect = status(contract, standard, events[*key, standard["version"]])
                found[name] += 1
                if name == "IN_FORCE":
                    in_force[key].append(effect)
    superseded = sum(len(effects) - 1 for effects in in_force.values())
    found["IN_FORCE"] -= superseded
    assert superseded > 0.1 * found.total()
    assert set(found) == {
        "IN_FORCE",
        "WITHDRAWN",
        "OBJECTED",
        "PENDING_WINDOW",
        "NEEDS_SIGNATURE",
    }
    assert min(found.values()) >= 5 and found.most_common(1)[0][0] == "IN_FORCE"


def test_objections_are_resolved_signed_away_stand_and_come_too_late(told: dict) -> None:
    standards = {(s["standard_code"], s["version"]): s for s in told["technology_standards"]}
    contracts = {c["contract_id"]: c for c in told["contracts"]}
    ways, late = Counter[str](), 0
    events = defaultdict(set)
    for e in told["contract_events"]:
        events[e["contract_id"], e["standard_code"], e["version"]].add(e["event_type"])
        contract = contracts[e["contract_id"]]
        assert contract["valid_from"] <= e["event_on"] <= (contract["valid_to"] or LAST)
        waited = e["event_on"] - standards[e["standard_code"], e["version"]]["published_on"]
        assert waited >= timedelta(0)
        late += e["event_type"] == "OBJECTION" and waited.days > contract["objection_days"]
    for types in events.values():
        ways["+".join(sorted(types))] += 1
    assert set(ways) >= {
        "ADOPTION",
        "OBJECTION",
        "ADOPTION+OBJECTION",
        "OBJECTION+OBJECTION_RESOLVED",
    }
    assert 1 <= late <= 2
    assert ways["ADOPTION"] > 0.5 * sum(ways.values())


def test_contracts_end_are_renewed_overlap_and_outlive_their_dealer(
    net: Network, told: dict
) -> None:
    of = defaultdict(list)
    for contract in told["contracts"]:
        of[contract["dealer_id"], contract["brand_code"]].append(contract)
    assert len(of) == len(net.dealer)
    pairs = [sorted(c, key=lambda c: c["valid_from"]) for c in of.values() if len(c) == 2]
    gaps = Counter((b["valid_from"] - a["valid_to"]).days for a, b in pairs)
    assert gaps[1] > 5 and sum(gaps.values()) == gaps[1] + 1 and min(gaps) < 0, "one overlaps"
    closed = dict(zip(net.dealer_id, net.closed.tolist(), strict=True))
    last = [c[-1] for c in of.values()]
    of_closed = [c for c in last if closed[c["dealer_id"]] >= 0]
    assert {c["valid_to"] is None for c in of_closed} == {True, False}
    assert any(c["valid_to"] and closed[c["dealer_id"]] < 0 for c in last), "one just ends"
    assert {c["auto_adopt_standards"] for c in last} == {True, False}
    assert len({c["objection_days"] for c in last}) == 3
    assert {c["breach_quarters"] for c in last} == {1, 2, 3}


def test_a_contract_told_by_mistake_is_withdrawn(
    net: Network, agreed: agreements.Agreements, feeds: dict
) -> None:
    tables = list(agreements.contracts(feeds["oem__contracts"], net, SPAN, agreed))
    assert sum(withdrawn for *_, withdrawn in tables) == 1
    assert tables[-1][1] <= SPAN.end


def test_escalations_are_acknowledged_planned_closed_or_left_alone(
    told: dict, agreed: agreements.Agreements, net: Network
) -> None:
    """Which of them are open is reckoned from scores; here, that each way of dealing occurs."""
    steps = defaultdict(list)
    for event in sorted(told["escalation_events"], key=lambda e: e["event_on"]):
        steps[event["contract_id"]].append(event["event_type"])
    assert {tuple(s[:2]) for s in steps.values()} >= {
        ("ACKNOWLEDGED", "PLAN_AGREED"),
        ("ACKNOWLEDGED", "CLOSED"),
        ("PLAN_AGREED", "CLOSED"),
        ("ACKNOWLEDGED",),
    }
    assert any("CLOSED" in s[:-1] for s in steps.values()), "some open again"
    ambitious = {
        name
        for name, quantile in zip(agreed.ids(net).to_pylist(), agreed.quantile, strict=True)
        if quantile == 900_000
    }
    assert set(steps) < ambitious, "nothing is done about some"
    assert len(ambitious) < 0.4 * len(agreed.contract)


# -- requirements and pulse --------------------------------------------------------------------


def test_requirements_rise_over_two_years(long: Drop) -> None:
    rows = long.current("oem__requirements")
    assert {r["applies_to"] for r in rows} == {"ALL", "METRO", "CITY", "RURAL"}
    assert any(r["cost_eur"] is None for r in rows) and any(r["valid_to"] for r in rows)
    for brand in ("ARVA", "KOLDIS", "VESTRA"):
        before, now = (
            sum(
                r["brand_code"] == brand and r["valid_from"] <= day <= (r["valid_to"] or date.max)
                for r in rows
            )
            for day in (date(2023, 12, 31), LAST)
        )
        assert 1.2 < now / before < 2
    titles = Counter((r["brand_code"], r["title"], r["applies_to"]) for r in rows)
    assert max(titles.values()) == 1


def test_two_in_three_dealers_report_an_increase_in_the_last_wave(long: Drop) -> None:
    waves = defaultdict(list)
    for row in long.current("dealer__pulse_surveys"):
        waves[row["wave_month"]].append(row)
    assert sorted(waves) == [date(y, m, 1) for y in (2024, 2025) for m in (5, 11)]
    share = {w: mean(r["requirements_increased"] for r in rows) for w, rows in waves.items()}
    assert share[max(waves)] == pytest.approx(0.67, abs=0.08)
    assert share[max(waves)] > share[min(waves)]
    trust = [r["trust_score"] for rows in waves.values() for r in rows]
    assert None in trust and all(0 <= t <= 10 for t in trust if t is not None)


# -- dialogue ----------------------------------------------------------------------------------


def test_top_partners_meet_in_most_weeks_but_not_in_all(drop: Drop) -> None:
    top = {
        (d["dealer_id"], d["brand_code"])
        for d in drop.current("oem__dealers")
        if d["is_top_partner"]
    }
    weeks = defaultdict(set)
    for row in drop.current("dealer__meetings"):
        assert row["held_on"].isoweekday() <= 5
        weeks[row["dealer_id"], row["brand_code"]].add(row["held_on"].isocalendar()[:2])
    assert set(weeks) == top
    assert all(0.7 < len(met) / 35 < 1 for met in weeks.values())


def test_actions_of_both_owners_are_done_open_undecided_and_overdue(drop: Drop) -> None:
    meetings = {m["meeting_id"]: m for m in drop.current("dealer__meetings")}
    rows = [a for a in drop.current("dealer__actions") if a["meeting_id"] in meetings]
    for a in rows:
        assert a["raised_on"] == meetings[a["meeting_id"]]["held_on"]
        assert (a["due_on"] is None) == (a["decided_on"] is None)
        assert a["decided_on"] is None or a["raised_on"] <= a["decided_on"] < a["due_on"]
        assert a["done_on"] is None or a["decided_on"] <= a["done_on"] <= LAST
    for owner in ("OEM", "PARTNER"):
        own = [a for a in rows if a["owner"] == owner]
        assert 0.5 < sum(a["done_on"] is not None for a in own) / len(own) < 0.95
        assert any(a["done_on"] is None and a["due_on"] and a["due_on"] < LAST for a in own)
        assert any(a["decided_on"] is None for a in own)
    versions = Counter(row["action_id"] for _, row in drop.rows("dealer__actions") if row)
    assert {1, 2} <= set(versions.values()), "some are told again"


def test_modules_go_live_in_time_late_or_never(long: Drop) -> None:
    modules = {m["module_code"]: m for m in long.current("oem__business_modules")}
    rows = long.current("dealer__module_adoptions")
    assert len(modules) == 15 and {r["module_code"] for r in rows} <= set(modules)
    for r in rows:
        assert r["brand_code"] == modules[r["module_code"]]["brand_code"]
        assert r["decided_on"] >= modules[r["module_code"]]["available_from"]
    days = [(r["live_on"] - r["decided_on"]).days for r in rows if r["live_on"]]
    assert sum(d <= 181 for d in days) > 0.6 * len(rows) and max(days) > 190
    assert 60 < median(days) < 181
    assert any(r["abandoned_on"] for r in rows)
    assert any(not (r["live_on"] or r["abandoned_on"]) for r in rows)


def test_events_are_delivered_after_they_happened(long: Drop) -> None:
    for feed, name in (
        ("oem__contract_events", "event_on"),
        ("oem__escalation_events", "event_on"),
        ("dealer__meetings", "held_on"),
        ("dealer__actions", "done_on"),
        ("dealer__module_adoptions", "live_on"),
    ):
        contract = long.feeds[feed]
        column = next(c for c in contract.columns if c.name == name)
        for path, row in long.rows(feed):
            text = str(row[name]) if row and row[name] else ""
            if column.kind == "date" and text[:4].isdigit() and text[4] == "-":
                delivered = date.fromtimestamp(path.stat().st_mtime)
                assert to_day(date.fromisoformat(text[:10])) < to_day(delivered), (path.name, row)
