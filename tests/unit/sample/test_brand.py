"""Brands in the sample: discounts that tiers push, changed campaigns, pilots of each kind."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import mean

import numpy as np
import pandas as pd
import pytest

from orchestration.calculations.intervals import Interval, difference_interval
from orchestration.sample import campaigns, customers, generate, vehicles
from orchestration.sample.campaigns import Campaigns, LocalCampaigns
from orchestration.sample.catalog import BRANDS, load_models
from orchestration.sample.discounts import LAST_DAYS, Discounts
from orchestration.sample.geography import load_districts
from orchestration.sample.network import Network, build_network
from orchestration.sample.pilots import HARMS, PILOTS, WORKS, Pilot, Pilots
from orchestration.sample.timeline import Schedule, Span, first_day, from_day, month_of, to_day

from .conftest import Drop

SPAN, SEED = Span.of(None, 24), 42
LAST = date(2025, 12, 31)


@dataclass
class World:
    """The default sample, made without files; invoices and leads have a row each."""

    net: Network
    campaigns: Campaigns
    local: LocalCampaigns
    pilots: Pilots
    invoices: pd.DataFrame
    leads: pd.DataFrame


@pytest.fixture(scope="module")
def world(feeds: dict) -> World:
    net, models = build_network(load_districts(), SPAN, 40, SEED), load_models()
    discounts = Discounts(net, models, SPAN, 1.0, SEED)
    told = Campaigns.of(SPAN)
    local, pilots = LocalCampaigns(net, SPAN, told, 1.0, SEED), Pilots(net, SPAN, SEED)
    contracts = np.arange(len(net.dealer))
    v = vehicles.simulate(net, models, contracts, SPAN, 1.0, np.random.default_rng(1), 0, discounts)
    sold = (v.invoice >= SPAN.start) & (v.invoice <= SPAN.end) & (v.cancellation < 0)
    counted = np.where(~v.is_self & (v.cancellation < 0), v.registration, -1)
    discount = (v.list_cents - v.net_cents) / v.list_cents
    quarter_ends = first_day(month_of(np.maximum(v.invoice, 0)) // 3 * 3 + 3)
    invoices = pd.DataFrame(
        {
            "brand": net.brand[v.contract],
            "day": v.invoice,
            "is_near": discounts.is_near(v.contract, v.invoice, counted, 1),
            "is_late": quarter_ends - v.invoice <= LAST_DAYS,
            "is_beyond": discount > models.max_discount[v.model] / 1e6,
            "discount": discount,
        }
    )[sold]
    means = vehicles.expected(net, contracts, SPAN, 1.0)[:, vehicles.LEAD_IN : -vehicles.TAIL]
    table, *_ = customers.leads(
        feeds["dealer__leads"], net, models, v, contracts, means, local, pilots,
        Schedule(SPAN, 1, 3), np.random.default_rng(2), "L",
    )  # fmt: skip
    leads = table.to_pandas().drop_duplicates("lead_id", keep="last")
    return World(net, told, local, pilots, invoices, leads)


# -- discounts ---------------------------------------------------------------------------------


def test_discounts_pass_the_limit_before_a_quarter_ends_where_few_units_lack(world: World) -> None:
    share = world.invoices.groupby(["is_late", "is_near"])["is_beyond"].mean()
    usual = [share[False, False], share[False, True], share[True, False]]
    assert share[True, True] > max(usual) + 0.2
    assert max(usual) - min(usual) < 0.1, "elsewhere they are as ever"
    mean_discount = world.invoices.groupby(["is_late", "is_near"])["discount"].mean()
    assert mean_discount[True, True] > mean_discount[True, False] + 0.02


def test_premium_windows_of_every_brand_hold_discounts_beyond_the_limit(world: World) -> None:
    told, invoices = world.campaigns, world.invoices
    for brand in range(len(BRANDS)):
        windows = np.flatnonzero((told.kind == 1) & (told.brand == brand))
        within = invoices["brand"].eq(brand) & np.logical_or.reduce(
            [invoices["day"].between(told.starts[n], told.ends[n]) for n in windows]
        )
        assert within.sum() > 50, BRANDS[brand]
        assert 0.2 < invoices[within]["is_beyond"].mean() < 0.9, BRANDS[brand]


# -- campaigns ---------------------------------------------------------------------------------


def test_elements_of_a_campaign_sum_to_100_and_are_told_with_it(feeds: dict) -> None:
    told = Campaigns.of(SPAN)
    days: dict[str, int] = {}
    for table, day in campaigns.brand_campaigns(feeds["oem__brand_campaigns"], SPAN, told):
        for row in table.to_pylist():
            days.setdefault(row["campaign_id"], day)
    weights, locked = Counter(), defaultdict(set)
    for table, day in campaigns.campaign_elements(feeds["oem__campaign_elements"], told):
        for row in table.to_pylist():
            assert days[row["campaign_id"]] == day
            weights[row["campaign_id"]] += row["weight"]
            locked[row["campaign_id"]].add(row["is_locked"])
    assert set(weights) == set(days) and set(weights.values()) == {100}
    assert all(found == {True, False} for found in locked.values())


def test_budgets_of_a_year_are_of_the_size_that_the_article_claims(feeds: dict) -> None:
    rows = {}
    for table, _ in campaigns.brand_campaigns(
        feeds["oem__brand_campaigns"], SPAN, Campaigns.of(SPAN)
    ):
        rows |= {row["campaign_id"]: row for row in table.to_pylist()}
    total = sum(r["budget_eur"] for r in rows.values() if r["starts_on"].year == 2025) / 100
    assert total == pytest.approx(800e6, rel=0.1)
    assert {r["brand_code"] for r in rows.values() if r["is_premium"]} == set(BRANDS)


@dataclass
class Judged:
    """Local campaigns read back: the row, the weight changed, whether an element is locked."""

    rows: list[dict]
    changed: dict[str, int]
    has_locked: dict[str, bool]
    unknown: int


@pytest.fixture(scope="module")
def judged(long: Drop) -> Judged:
    elements = {
        (e["campaign_id"], e["element_code"]): e for e in long.current("oem__campaign_elements")
    }
    rows = long.current("dealer__local_campaigns")
    made_of = {r["local_campaign_id"]: r["campaign_id"] for r in rows}
    changed, has_locked, unknown = Counter(), defaultdict(bool), 0
    for row in long.current("dealer__campaign_changes"):
        name = row["local_campaign_id"]
        element = elements.get((made_of.get(name), row["element_code"]))
        unknown += name in made_of and element is None
        if row["is_changed"] and element:
            changed[name] += element["weight"]
            has_locked[name] |= element["is_locked"]
    return Judged(rows, changed, has_locked, unknown)


def test_campaigns_are_changed_in_every_degree_up_to_30_31_and_what_is_locked(
    world: World, judged: Judged
) -> None:
    found = {judged.changed[r["local_campaign_id"]] for r in judged.rows}
    assert {0, 1, 10, 11, 20, 21, 30} <= found
    style, kind = world.local.style, world.campaigns.kind[world.local.campaign]
    counts = Counter(campaigns._changed_weight(style, kind).tolist())
    assert counts[30] > 20 and counts[31] > 10, "in the default sample"
    assert judged.unknown and any(judged.has_locked.values())


def test_approvals_are_in_time_late_missing_and_still_to_come(world: World) -> None:
    local = world.local
    began = local.starts <= SPAN.end
    in_time = (local.approved >= 0) & (local.approved <= local.starts)
    assert 0.75 < in_time[began].mean() < 0.95
    assert (began & (local.approved > local.starts)).sum() > 5
    assert (began & (local.approved < 0)).sum() > 20
    assert (~began & ((local.approved < 0) | (local.approved > SPAN.end))).sum() >= 2
    assert (~began & in_time).sum() > 2


def test_a_little_too_much_is_taken_back_by_some_and_then_approved(feeds: dict) -> None:
    net = build_network(load_districts(), SPAN, 40, SEED)
    local = LocalCampaigns(net, SPAN, Campaigns.of(SPAN), 1.0, SEED)
    back = np.flatnonzero((local.taken_back >= 0) & (local.taken_back <= SPAN.end))
    assert len(back) >= 5 and (local.approved[back] > local.taken_back[back]).all()
    table, *_ = local.changes(
        feeds["dealer__campaign_changes"], np.arange(len(net.dealer)), Schedule(SPAN, 1, 1)
    )
    told = defaultdict(list)
    for row in table.to_pylist():
        told[row["local_campaign_id"], row["element_code"]].append(row["is_changed"])
    for name in local.ids(back).to_pylist():
        assert told[name, "CONTACT"][-1] is False
    assert any(told[name, "CONTACT"] == [True, False] for name in local.ids(back).to_pylist())


def test_local_campaigns_run_within_those_that_they_are_made_of(long: Drop, judged: Judged) -> None:
    made_of = {c["campaign_id"]: c for c in long.current("oem__brand_campaigns")}
    for row in judged.rows:
        campaign = made_of[row["campaign_id"]]
        assert row["brand_code"] == campaign["brand_code"]
        assert campaign["starts_on"] <= row["starts_on"] <= row["ends_on"] <= campaign["ends_on"]
        assert row["approved_on"] is None or row["submitted_on"] <= row["approved_on"] <= LAST
        assert row["clicks"] is None or 0 < row["clicks"] < row["impressions"]
        if row["ends_on"] > LAST:
            assert row["clicks"] is None, "not known yet"
    flights = [r for r in judged.rows if r["local_campaign_id"][-2:] in ("-1", "-2")]
    first = {r["local_campaign_id"][:-2]: r for r in flights if r["local_campaign_id"][-1] == "1"}
    second = [r for r in flights if r["local_campaign_id"][-1] == "2"]
    assert second
    for row in second:
        if before := first.get(row["local_campaign_id"][:-2]):
            assert before["ends_on"] < row["starts_on"]


def test_leads_name_what_runs_by_the_dealers_id_or_the_oems_or_what_nobody_knows(
    long: Drop, judged: Judged
) -> None:
    own = {r["local_campaign_id"]: r for r in judged.rows}
    general = {c["campaign_id"]: c for c in long.current("oem__brand_campaigns")}
    kinds = Counter()
    leads = long.current("dealer__leads")
    for lead in leads:
        name = lead["campaign_id"]
        kind = "own" if name in own else "general" if name in general else str(name)[:5]
        kinds[kind] += 1
        if campaign := own.get(name) or general.get(name):
            day = pd.Timestamp(lead["created_at"]).tz_localize(None).date()
            slack = timedelta(days=1)  # of instants in UTC
            assert campaign["starts_on"] - slack <= day <= campaign["ends_on"] + slack
            assert campaign["brand_code"] == lead["brand_code"]
            assert campaign.get("dealer_id") in (None, lead["dealer_id"])
    assert min(kinds["own"], kinds["general"]) > 0.05 * len(leads)
    assert 0 < kinds["SOMME"] < 0.01 * len(leads)
    assert kinds["None"] > 0.5 * len(leads)


def test_a_lead_costs_less_where_a_campaign_is_made_the_dealers_own(world: World) -> None:
    local = world.local
    over = np.flatnonzero(local.ends <= SPAN.end)
    leads = world.leads.groupby("campaign_id").size()
    found = leads.reindex(local.ids(over).to_pylist()).fillna(0).to_numpy()
    weight = campaigns._changed_weight(local.style, world.campaigns.kind[local.campaign])[over]

    def cost(low: int, high: int) -> float:
        band = (weight >= low) & (weight <= high)
        return local.cost[over][band].sum() / found[band].sum()

    assert cost(21, 30) < cost(1, 10) < cost(0, 0)


# -- pilots ------------------------------------------------------------------------------------


def measured(world: World, pilot: Pilot, figure: pd.Series) -> Interval:
    """Difference in differences of a share of the leads by dealer and month."""
    begins, ends = (from_day(d) if d >= 0 else LAST for d in world.pilots.days(pilot))
    after = pd.period_range(begins, ends, freq="M")
    before = pd.period_range(after[0] - len(after), after[0] - 1, freq="M")
    leads = world.leads[world.leads["brand_code"] == BRANDS[pilot.brand]]
    month = leads["created_at"].dt.to_period("M")
    shares = figure[leads.index].groupby([leads["dealer_id"], month]).mean().unstack()
    gain = shares[after].mean(axis=1) - shares[before].mean(axis=1)
    members = world.pilots.members(pilot)
    in_time = members.joined <= to_day(begins)
    ids = np.array(world.net.dealer_id)[world.net.dealer[members.contract]]
    arms = [gain[ids[in_time & (members.arm == arm)]].to_numpy() for arm in (0, 1)]
    assert min(map(len, arms)) >= pilot.min_dealers
    return difference_interval(*arms)


def test_the_showroom_works(world: World) -> None:
    found = measured(world, WORKS, world.leads["sold_vin"].notna().astype(float))
    assert found.low > 0 and found.estimate > WORKS.success


def test_the_assistant_does_harm(world: World) -> None:
    waited = world.leads["first_response_at"] - world.leads["created_at"]
    found = measured(world, HARMS, (waited <= pd.Timedelta(hours=24)).astype(float))
    assert found.high < 0


def test_one_pilot_is_too_small_one_is_to_begin_and_one_moves_a_dealer(
    world: World, feeds: dict
) -> None:
    arms = {p.pilot_id: Counter(world.pilots.members(p).arm.tolist()) for p in PILOTS}
    small = [p.pilot_id for p in PILOTS if min(arms[p.pilot_id].values()) < p.min_dealers]
    assert small == ["PILOT-HOME"]
    assert [p.pilot_id for p in PILOTS if world.pilots.days(p)[0] > SPAN.end] == ["PILOT-REMOTE"]
    assert all(abs(found[0] - found[1]) <= 1 for found in arms.values())
    told = defaultdict(list)
    for table, day in world.pilots.pilot_members(feeds["oem__pilot_members"]):
        for row in table.to_pylist():
            told[row["pilot_id"], row["dealer_id"]].append(row["arm"])
            assert day <= SPAN.end
    assert [set(rows) for rows in told.values() if len(rows) > 1] == [{"PILOT", "CONTROL"}]


def test_the_showroom_is_rolled_out_after_the_pilot_on_time_late_or_not_yet(
    world: World, feeds: dict
) -> None:
    rows = {}
    for table, day in world.pilots.pilot_rollouts(feeds["oem__pilot_rollouts"]):
        for row in table.to_pylist():
            assert row["live_on"] is None or to_day(row["live_on"]) <= day
            rows[row["dealer_id"]] = row
    begins, ends = (from_day(d) for d in world.pilots.days(WORKS))
    pilots = [r for r in rows.values() if r["planned_on"] <= ends]
    others = [r for r in rows.values() if r["planned_on"] > ends]
    assert len(pilots) == Counter(world.pilots.members(WORKS).arm.tolist())[0]
    assert all(r["live_on"] == r["planned_on"] >= begins for r in pilots)
    late = [r for r in others if r["live_on"] and r["live_on"] > r["planned_on"]]
    waiting = [r for r in others if not r["live_on"] and r["planned_on"] <= LAST]
    on_time = [r for r in others if r["live_on"] and r["live_on"] <= r["planned_on"]]
    assert late and waiting and on_time
    assert any(r["planned_on"] > LAST for r in others), "some are planned beyond the sample"
    brand = np.flatnonzero(world.net.brand == WORKS.brand)
    assert len(rows) > 0.8 * len(brand)


# -- deliveries --------------------------------------------------------------------------------


def test_campaigns_of_a_large_sender_are_told_once_though_his_vehicles_come_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, feeds: dict
) -> None:
    monkeypatch.setattr("orchestration.sample.vehicles.MAX_VEHICLES", 300)
    drop = Drop(tmp_path, generate(tmp_path, dealers=4, months=3, scale=1.0), feeds)
    parts = Counter(p.name.split("_")[0] for p in drop.files("dealer__vehicle_events"))
    assert max(parts.values()) > 9, "several files a month"
    rows = [row for _, row in drop.rows("dealer__local_campaigns") if row]
    versions = Counter(row["local_campaign_id"] for row in rows)
    assert versions and mean(versions.values()) < 2
    ids = set(versions)
    named = {lead["campaign_id"] for lead in drop.current("dealer__leads")}
    assert {name for name in named if name and name[0] == "D"} <= ids


@pytest.mark.parametrize(("dealers", "months"), [(1, 1), (2, 3), (3, 13)])
def test_small_networks_and_short_spans_have_campaigns_too(
    tmp_path: Path, dealers: int, months: int
) -> None:
    report = generate(tmp_path, dealers=dealers, months=months, scale=0.05)
    assert report.rows_per_feed["oem__brand_campaigns"] >= 3
