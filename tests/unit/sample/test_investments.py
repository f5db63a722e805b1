"""Investments of the sample: under all terms, sized by the bonuses that repay them, and shared."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest

from orchestration.calculations.refinancing import refinance
from orchestration.sample import incentives, investments, shared
from orchestration.sample.catalog import load_models
from orchestration.sample.geography import load_districts
from orchestration.sample.network import Network, build_network
from orchestration.sample.timeline import Span, to_day

from .conftest import Drop

SPAN = Span.of(None, 24)
CENTS = 100


@pytest.fixture(scope="module")
def net() -> Network:
    """That of the default sample."""
    return build_network(load_districts(), SPAN, 40, 42)


@pytest.fixture(scope="module")
def volumes(net: Network) -> incentives.Volumes:
    return incentives.Volumes(net, load_models(), SPAN, 1.0)


@pytest.fixture(scope="module")
def told(net: Network, volumes: incentives.Volumes, feeds: dict) -> dict[str, list[dict]]:
    """The investments of the default sample, each as told time after time, with the day."""
    found = defaultdict(list)
    feed = feeds["oem__showroom_investments"]
    for table, day in investments.deliveries(feed, net, volumes, SPAN, 1.0):
        for row in table.to_pylist():
            found[row["investment_id"]].append(row | {"day": day})
    return found


@pytest.fixture(scope="module")
def agreed(net: Network, told: dict[str, list[dict]]) -> list[dict]:
    """The newest state of those that are not refused."""
    return [
        row
        for *_, row in told.values()
        if not _is_agents(net, row)
        and (row["annual_interest_rate"] == 0 or row["surplus_policy"] == "PAY_OUT")
    ]


def _is_agents(net: Network, row: dict) -> bool:
    contract = _contract(net, row)
    return net.contract_model[contract] == "AGENT_GENUINE"


def _contract(net: Network, row: dict) -> int:
    brands = ("ARVA", "KOLDIS", "VESTRA")
    return next(
        c
        for c in range(len(net.dealer))
        if net.dealer_id[net.dealer[c]] == row["dealer_id"]
        and brands[net.brand[c]] == row["brand_code"]
    )


def test_all_terms_occur(agreed: list[dict]) -> None:
    begun = [a for a in agreed if a["start_date"] < date(2025, 1, 1)]
    for name, values in (
        ("surplus_policy", {"NEXT", "LAST", "REAMORTISE", "PAY_OUT"}),
        ("shortfall_policy", {"CARRY", "EXTEND", "CASH_CALL"}),
        ("end_policy", {"BALLOON", "EXTEND", "WRITE_OFF"}),
        ("day_count", {"30E/360", "ACT/365"}),
    ):
        assert {a[name] for a in begun} == values
    met = {(a["surplus_policy"], a["shortfall_policy"], a["end_policy"]) for a in agreed}
    assert len(met) > 25, "policies meet each other"
    assert {a["day_count"] for a in begun if a["annual_interest_rate"]} == {"30E/360", "ACT/365"}
    assert {a["max_extension_months"] is None for a in begun} == {True, False}
    assert {31, 30, 29, 15, 1} <= {a["start_date"].day for a in agreed}


def test_the_showroom_of_the_article_is_among_them(agreed: list[dict]) -> None:
    assert any(
        a["total_cost_eur"] == 1_800_000 * CENTS
        and a["upfront_rate"] == 600_000
        and a["refinance_months"] == 36
        for a in agreed
    )
    assert min(a["total_cost_eur"] for a in agreed) < 100_000 * CENTS


def test_some_are_refused(net: Network, told: dict[str, list[dict]]) -> None:
    agents = [rows[-1] for rows in told.values() if _is_agents(net, rows[-1])]
    assert 0 < len(agents) < 0.2 * len(told)
    assert any(
        rows[-1]["annual_interest_rate"] and rows[-1]["surplus_policy"] != "PAY_OUT"
        for rows in told.values()
    )


def test_investments_are_told_before_they_begin_and_some_changed_after_a_close(
    told: dict[str, list[dict]],
) -> None:
    changes = Counter()
    for first, *later in told.values():
        assert first["day"] < to_day(first["start_date"])
        before = first
        for row in later:
            changes.update(k for k in row if row[k] != before[k])
            assert row["day"] > before["day"] and row["start_date"] == first["start_date"]
            before = row
    assert all(changes[k] for k in ("total_cost_eur", "shortfall_policy", "terminated_on"))
    assert (
        max(Counter((r[0]["dealer_id"], r[0]["brand_code"]) for r in told.values()).values()) == 2
    )


def test_dealers_have_no_investment_outside_of_their_days(
    net: Network, told: dict[str, list[dict]]
) -> None:
    for *_, row in told.values():
        dealer = net.dealer[_contract(net, row)]
        assert net.opened[dealer] <= to_day(row["start_date"])
        if net.closed[dealer] >= 0:
            assert row["terminated_on"] is not None
            assert to_day(row["start_date"]) < to_day(row["terminated_on"]) <= net.closed[dealer]


def test_instalments_are_sized_by_the_bonuses_that_dealers_earn(
    net: Network, volumes: incentives.Volumes, agreed: list[dict]
) -> None:
    """Some are below them, some above, none out of all proportion."""
    demands = []
    for row in (a for a in agreed if a["investment_id"].endswith("-1")):
        contract = _contract(net, row)
        bonus = volumes.by_contract[contract] * (430, 800, 580)[net.brand[contract]]
        refinanced = row["total_cost_eur"] / CENTS * (1 - row["upfront_rate"] / 1_000_000)
        demands.append(refinanced / row["refinance_months"] / bonus)
    assert 0.2 < sum(d < 0.9 for d in demands) / len(demands) < 0.8
    assert 0.2 < sum(d > 1.1 for d in demands) / len(demands) < 0.8
    assert max(demands) < 4


def test_bonuses_repay_some_early_and_leave_others_behind(
    long: Drop,
) -> None:
    """With what a typical dealer earns, paid by quarter, all that may happen happens."""
    models = {
        (d["dealer_id"], d["brand_code"]): d["contract_model"] for d in long.current("oem__dealers")
    }
    found = [
        row
        for row in long.current("oem__showroom_investments")
        if models[row["dealer_id"], row["brand_code"]] != "AGENT_GENUINE"
        and (not row["annual_interest_rate"] or row["surplus_policy"] == "PAY_OUT")
    ]
    of_dealer = defaultdict(list)
    for row in found:
        of_dealer[row["dealer_id"], row["brand_code"]].append(row)
    bonuses = pd.DataFrame(
        [
            {
                "dealer_id": dealer,
                "brand_code": brand,
                "month": date(year, month, 1),
                "bonus_cents": int(3 * CENTS * rows[0]["total_cost_eur"] // 110),
            }
            for (dealer, brand), rows in of_dealer.items()
            for year in (2024, 2025)
            for month in (3, 6, 9, 12)
        ]
    )
    ledger = refinance(pd.DataFrame(found), bonuses, date(2025, 11, 1))
    assert set(ledger["status"]) >= {"OPEN", "ARREARS", "SETTLED", "TERMINATED"}
    for name in ("applied_eur", "prepaid_eur", "paid_out_eur", "cash_called_eur", "interest_eur"):
        assert (ledger[name] > 0).any(), name


def test_margins_melt_and_reserves_are_short_for_some(long: Drop) -> None:
    months = defaultdict(dict)
    for row in long.current("dealer__financials"):
        months[row["dealer_id"], row["brand_code"]][row["fiscal_month"]] = row
    melted, short = [], []
    for books in months.values():
        if len(books) < 24:
            continue
        years = [[b for m, b in books.items() if m.year == year] for year in (2024, 2025)]
        before, now = (
            _sum(y, "new_vehicle_gross_profit_eur") / _sum(y, "new_vehicle_revenue_eur")
            for y in years
        )
        melted.append(now / before < Decimal("0.88"))
        fixed = _sum(years[1], "fixed_expenses_eur") / 12
        short.append(books[date(2025, 12, 1)]["liquid_funds_eur"] < 3 * fixed)
    assert set(melted) == set(short) == {True, False}
    assert sum(short) < len(short) / 2


def _sum(rows: list[dict], name: str) -> Decimal:
    return sum((_number(r[name]) for r in rows), Decimal(0))


def _number(value: object) -> Decimal:
    """A number as delivered: a workbook holds floats."""
    return Decimal(str(value))


def _partners_total(program: dict) -> Decimal:
    return _number(program["total_cost_eur"]) * _number(program["partner_share_rate"])


# -- shared programmes ------------------------------------------------------------------------


def test_shared_programmes_have_every_key_and_bounds_that_can_be_kept(long: Drop) -> None:
    programs = long.current("oem__shared_programs")
    assert {p["allocation_key"] for p in programs} == {"EQUAL", "UNITS", "LEADS"}
    joint = next(p for p in programs if p["program_id"] == "SHARED-CRM")
    assert _number(joint["partner_share_rate"]) == Decimal("0.3")
    assert joint["go_live_on"] == date(2025, 1, 1), "twelve months before and after"
    members = long.current("oem__shared_program_members")
    for program in programs:
        assert program["go_live_on"] is None or program["decided_on"] < program["go_live_on"]
        counted = sum(
            m["program_id"] == program["program_id"]
            and m["joined_on"] <= program["decided_on"]
            and (m["left_on"] is None or m["left_on"] > program["decided_on"])
            for m in members
        )
        total = _partners_total(program)
        if program["min_share_eur"] is not None:
            floor, cap = _number(program["min_share_eur"]), _number(program["max_share_eur"])
            assert floor * counted < total < cap * counted


def test_members_join_late_and_leave_before_and_after_the_decision(
    net: Network, feeds: dict
) -> None:
    rows = {}
    for table, _ in shared.members(feeds["oem__shared_program_members"], net, SPAN):
        for row in table.to_pylist():
            rows[row["program_id"], row["dealer_id"], row["brand_code"]] = row
    decided = {}
    for table, day in shared.programs(feeds["oem__shared_programs"], net, SPAN):
        for row in table.to_pylist():
            decided[row["program_id"]] = row["decided_on"]
            assert to_day(row["decided_on"]) <= day
    late = [r for r in rows.values() if r["joined_on"] > decided[r["program_id"]]]
    left = [r["left_on"] > decided[r["program_id"]] for r in rows.values() if r["left_on"]]
    assert 0 < len(late) < 0.2 * len(rows)
    assert set(left) == {True, False}
    assert all(r["left_on"] is None or r["left_on"] > r["joined_on"] for r in rows.values())


def test_floor_and_cap_of_the_joint_crm_bind(long: Drop) -> None:
    program = next(
        p for p in long.current("oem__shared_programs") if p["program_id"] == "SHARED-CRM"
    )
    counted = {
        (m["dealer_id"], m["brand_code"])
        for m in long.current("oem__shared_program_members")
        if m["program_id"] == "SHARED-CRM"
        and m["joined_on"] <= program["decided_on"]
        and (m["left_on"] is None or m["left_on"] > program["decided_on"])
    }
    leads: Counter[tuple] = Counter()
    for lead in long.current("dealer__leads"):
        key = lead["dealer_id"], lead["brand_code"]
        at = lead["created_at"]
        day = at.date() if hasattr(at, "date") else at
        if key in counted and program["decided_on"] - timedelta(365) <= day < program["decided_on"]:
            leads[key] += 1
    total = _partners_total(program)
    shares = [total * leads[key] / leads.total() for key in counted]
    assert min(shares) < program["min_share_eur"]
    assert max(shares) > program["max_share_eur"]
