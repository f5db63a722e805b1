"""Investments against the spec written down a second time, in plain Python.

The recomputation in `tests/support/investments_recomputed.py` is held against the golden cases of
the spec, cases worked out by hand and random bonuses. Then random worlds are built by the
warehouse, load by load, and every column of every table has to be what the recomputation says.
"""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from orchestration.checks.gate import run_mart_gate
from orchestration.ledger.post import post_due_closes
from orchestration.settings import PROJECT_ROOT, Settings
from tests.pipeline.test_incentives_recomputed import (
    at,
    differences,
    forget_the_money,
    ledger_files,
)
from tests.support.incentives_recomputed import Row, Tables, facts_of, files_known
from tests.support.investments_recomputed import (
    INVESTMENT_KEYS,
    LEDGER_COLUMNS,
    ClosedState,
    as_text,
    bonuses_by_month,
    cents,
    corrections,
    equal_instalments,
    instalments,
    keyed,
    ledger_of_dealer,
    months_after,
    plan,
    pressure,
    recompute_investments,
    refinanced,
    refusal_reason,
    risk_level,
    shared_program_allocations,
    shared_program_returns,
    simulation,
    states_of_closes,
    status,
    upfront,
    year_fraction,
)
from tests.support.lake import FIRST_LOAD, File, Lake
from tests.support.random_incentives import World, write
from tests.support.random_investments import (
    DAY_COUNTS,
    POLICIES,
    random_investment_world,
)
from tests.support.recomputed import Facts, later
from tests.support.warehouse import build, fetch, new_settings, run_money

SEED = 12
"""A world of seven months that has every branch."""
SLOW_SEEDS = range(300, 306)
GOLDEN = PROJECT_ROOT.parent / "shared" / "golden"

JANUARY = date(2024, 1, 1)


def showroom(**changes: Any) -> Row:
    """1.8 M EUR over three years without interest, unless told otherwise."""
    return {
        "investment_id": "I1",
        "dealer_id": "D1",
        "brand_code": "AURA",
        "total_cost_eur": Decimal("1800000.00"),
        "upfront_rate": Decimal("0.6"),
        "refinance_months": 36,
        "annual_interest_rate": Decimal(0),
        "day_count": "30E/360",
        "start_date": date(2023, 12, 31),
        "surplus_policy": "NEXT",
        "shortfall_policy": "CARRY",
        "end_policy": "BALLOON",
        "max_extension_months": None,
        "terminated_on": None,
    } | changes


def small(total: str = "300.00", months: int = 3, **changes: Any) -> Row:
    """All of it refinanced."""
    cost = {"total_cost_eur": Decimal(total), "upfront_rate": Decimal(0)}
    return showroom(**cost, refinance_months=months, **changes)


def walked(investments: Row | list[Row], *bonuses: str, until: int | None = None) -> list[Row]:
    """The rows with these bonuses from January 2024 on, up to the last of them."""
    some = investments if isinstance(investments, list) else [investments]
    of_month = {later(JANUARY, n): cents(Decimal(bonus)) for n, bonus in enumerate(bonuses)}
    return ledger_of_dealer(some, of_month, later(JANUARY, (until or len(bonuses)) - 1))


def values(rows: list[Row], *names: str) -> list[tuple[str, ...]]:
    """Columns as text, amounts without the `_eur` of their name and without trailing zeros."""
    columns = [name if name in LEDGER_COLUMNS else f"{name}_eur" for name in names]
    return [tuple(_plain(row[column]) for column in columns) for row in rows]


def _plain(value: Any) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def runs(amounts: list[int]) -> list[tuple[int, str]]:
    """How often each amount stands in a row: (4, "11111.12")."""
    found: list[tuple[int, str]] = []
    for amount in amounts:
        text = str(Decimal(amount).scaleb(-2))
        count = found.pop()[0] if found and found[-1][1] == text else 0
        found.append((count + 1, text))
    return found


# -- the golden cases of the spec, on the recomputation ---------------------------------------


@pytest.mark.parametrize(
    ("total", "up_front", "rest", "expected"),
    [
        ("1800000.00", "1080000", "720000", [(36, "20000.00")]),
        ("1000000.00", "600000", "400000", [(4, "11111.12"), (32, "11111.11")]),
        ("1234567.89", "740740.73", "493827.16", [(4, "13717.43"), (32, "13717.42")]),
        ("2345678.91", "1407407.35", "938271.56", [(32, "26063.10"), (4, "26063.09")]),
    ],
)
def test_golden_instalments(
    total: str, up_front: str, rest: str, expected: list[tuple[int, str]]
) -> None:
    investment = showroom(total_cost_eur=Decimal(total))
    assert upfront(investment) == cents(Decimal(up_front))
    assert refinanced(investment) == cents(Decimal(rest))
    assert runs([cents(row["scheduled_eur"]) for row in plan(investment)]) == expected


def test_golden_bonuses_of_three_months() -> None:
    """20,000, 16,000 and 26,000: the third takes 4,000 arrears, 20,000 and 2,000 surplus."""
    rows = walked(showroom(), "20000", "16000", "26000")
    assert values(rows, "arrears_in", "due", "applied", "prepaid", "closing", "status") == [
        ("0", "20000", "20000", "0", "700000", "OPEN"),
        ("0", "20000", "16000", "0", "684000", "ARREARS"),
        ("4000", "24000", "24000", "2000", "658000", "OPEN"),
    ]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("NEXT", [(1, "18000.00"), (32, "20000.00")]),
        ("LAST", [(32, "20000.00"), (1, "18000.00")]),
        ("REAMORTISE", [(13, "19939.40"), (20, "19939.39")]),
    ],
)
def test_golden_surplus_policies(policy: str, expected: list[tuple[int, str]]) -> None:
    bonuses = ["20000", "16000", "26000"] + ["20000"] * 33
    rows = walked(showroom(surplus_policy=policy), *bonuses)
    if policy == "NEXT":
        # what is more than the 18,000 of the fourth month goes on to the fifth, and so on
        assert values(rows, "scheduled")[3:6] == [("18000",)] * 3
        rows = walked(showroom(), *bonuses[:3], "18000", *["20000"] * 32)
    if policy == "REAMORTISE":
        bonuses = bonuses[:3] + ["19939.40"] * 13 + ["19939.39"] * 20
        rows = walked(showroom(surplus_policy=policy), *bonuses)
    assert runs([cents(row["scheduled_eur"]) for row in rows[3:]]) == expected
    assert rows[-1]["closing_eur"] == 0


def test_golden_720_000_at_3_6_percent() -> None:
    rows = instalments(72_000_000, Fraction("0.036"), 36, "30E/360", date(2024, 1, 1))
    assert [row.scheduled for row in rows] == [2_112_939] * 35 + [2_112_949]
    assert rows[0].interest == 216_000
    assert (rows[11].closing, rows[23].closing, rows[35].closing) == (48_857_357, 24_867_694, 0)
    assert sum(row.interest for row in rows) == 4_065_814
    assert sum(row.principal for row in rows) == 72_000_000


def test_golden_100_at_9_4822_percent() -> None:
    rows = instalments(10_000, Fraction("0.094822"), 6, "30/360", date(2024, 1, 1))
    assert rows[0].scheduled == 1_713
    assert [row.interest for row in rows] == [79, 66, 53, 40, 27, 13]
    assert [row.closing for row in rows] == [8_366, 6_719, 5_059, 3_386, 1_700, 0]


@pytest.mark.parametrize(
    ("principal", "rate", "months", "instalment", "last", "interest"),
    [
        (10_000_000, "0.0999", 36, 322_625, None, None),
        (10_000_000, "0.045", 60, 186_430, 186_443, None),
        (28_000_000, "0.084", 20, 1_505_172, 1_505_177, 2_103_445),
    ],
)
def test_golden_loans(
    principal: int, rate: str, months: int, instalment: int, last: int | None, interest: int | None
) -> None:
    rows = instalments(principal, Fraction(rate), months, "30E/360", date(2024, 1, 1))
    assert rows[0].scheduled == instalment
    assert last is None or rows[-1].scheduled == last
    assert interest is None or sum(row.interest for row in rows) == interest


def test_golden_day_counts() -> None:
    if not GOLDEN.exists():
        pytest.skip("the golden files are not beside the project")
    names = {
        "30/360 Bond Basis (30A/360)": "30/360",
        "30E/360 Eurobond (German)": "30E/360",
    }
    checked = 0
    with (GOLDEN / "daycount_quantlib_isda.csv").open() as file:
        for row in csv.DictReader(file):
            if row["convention"] in names:
                days = [date.fromisoformat(row[name]) for name in ("start", "end")]
                share = year_fraction(names[row["convention"]], *days)
                assert share * 360 == int(row["expected"]), row
                checked += 1
    assert checked > 40


def test_due_dates_hang_on_the_anchor() -> None:
    rows = instalments(300, Fraction(0), 3, "ACT/365", date(2024, 1, 31))
    days = [date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30)]
    assert [row.due_date for row in rows] == days


# -- cases worked out by hand -----------------------------------------------------------------


def test_carry_to_the_end_bills_or_forgives_the_rest() -> None:
    names = ("arrears_in", "due", "cash_called", "written_off", "closing", "arrears_out", "status")
    last = ("150", "250", "250", "0", "0", "0", "SETTLED")
    forgiven = ("150", "250", "0", "250", "0", "0", "SETTLED")
    for policy, expected in (("BALLOON", last), ("WRITE_OFF", forgiven)):
        rows = walked(small(end_policy=policy), "50", "0", "0", "500")
        assert values(rows, *names)[1:] == [
            ("50", "150", "0", "0", "250", "150", "ARREARS"),
            expected,
        ]


def test_each_shortfall_adds_a_month_until_the_last_allowed() -> None:
    extended = small(shortfall_policy="EXTEND", max_extension_months=2)
    rows = walked(extended, "90", "80", "70", "0", "0", "0")
    assert values(rows, "scheduled", "arrears_in", "due", "cash_called", "closing", "status") == [
        ("100", "0", "100", "0", "210", "OPEN"),
        ("100", "0", "100", "0", "130", "OPEN"),
        ("100", "0", "100", "0", "60", "ARREARS"),
        ("10", "30", "40", "0", "60", "EXTENDED"),
        ("20", "40", "60", "60", "0", "SETTLED"),
    ]


def test_the_end_is_extended_while_bonuses_come() -> None:
    extended = small(end_policy="EXTEND", max_extension_months=3)
    names = ("scheduled", "arrears_in", "due", "applied", "cash_called", "closing", "status")
    start = ("100", "200", "300", "0", "0", "300", "ARREARS")
    first = ("0", "300", "300", "50", "0", "250", "EXTENDED")
    without = ("0", "250", "250", "0", "250", "0", "SETTLED")
    assert values(walked(extended, "0", "0", "0", "50", "0"), *names)[2:] == [start, first, without]
    rows = values(walked(extended, "0", "0", "0", "50", "50", "50", "50"), *names)
    assert rows[-1] == ("0", "200", "200", "50", "150", "0", "SETTLED")
    assert len(rows) == 6


def test_a_cash_call_bills_the_shortfall_at_once() -> None:
    rows = walked(small(shortfall_policy="CASH_CALL"), "30", "100", "120")
    assert values(rows, "applied", "cash_called", "paid_out", "closing") == [
        ("30", "70", "0", "200"),
        ("100", "0", "0", "100"),
        ("100", "0", "20", "0"),
    ]


def test_a_termination_makes_all_due() -> None:
    terminated = small(terminated_on=date(2024, 2, 1))
    rows = walked(terminated, "60", "100", "100")
    assert values(rows, "due", "applied", "cash_called", "closing", "status") == [
        ("100", "60", "0", "240", "ARREARS"),
        ("240", "100", "140", "0", "TERMINATED"),
    ]


def test_a_bonus_before_the_first_due_month_waits_for_it() -> None:
    rows = walked(small(start_date=date(2024, 2, 29)), "10", "20", "5")
    assert values(rows, "ledger_month", "bonus_earned", "applied") == [("2024-03-01", "35", "35")]


def test_a_negative_bonus_adds_to_the_due_and_never_to_the_balance() -> None:
    names = ("due", "bonus_earned", "applied", "cash_called", "closing", "arrears_out")
    carried = values(walked(small(), "-40", "240", "60"), *names)
    assert carried == [
        ("140", "-40", "0", "0", "300", "140"),
        ("240", "240", "240", "0", "60", "0"),
        ("100", "60", "60", "0", "0", "0"),
    ]
    billed = values(walked(small(shortfall_policy="CASH_CALL"), "-40", "-900"), *names)
    assert billed == [
        ("140", "-40", "0", "140", "160", "0"),
        ("1000", "-900", "0", "160", "0", "0"),
    ]


def test_several_investments_take_their_due_before_the_first_takes_the_surplus() -> None:
    second = small("60.00", 3, investment_id="I2", surplus_policy="PAY_OUT")
    rows = walked([small(), second], "110", "150", "400")
    names = ("bonus_earned", "applied", "prepaid", "paid_out", "closing")
    assert values(rows, *names) == [
        ("100", "100", "0", "0", "200"),
        ("10", "10", "0", "0", "50"),
        ("120", "100", "20", "0", "80"),
        ("30", "30", "0", "0", "20"),
        ("80", "80", "0", "0", "0"),
        ("320", "20", "0", "300", "0"),
    ]


def test_what_none_can_take_is_paid_out_by_the_last_of_them() -> None:
    rows = walked([small(), small("30.00", investment_id="I2")], "110", "110", "500")
    assert values(rows, "applied", "prepaid", "paid_out", "status")[-2:] == [
        ("100", "0", "0", "SETTLED"),
        ("10", "0", "390", "SETTLED"),
    ]


def test_a_bonus_between_two_investments_waits_for_the_later() -> None:
    second = small("30.00", investment_id="I2", start_date=date(2024, 2, 29))
    rows = walked([small("50.00", 1), second], "60", "7", "4")
    assert values(rows, "ledger_month", "bonus_earned", "paid_out") == [
        ("2024-01-01", "60", "10"),
        ("2024-03-01", "11", "0"),
    ]


def test_a_termination_before_the_first_instalment_makes_all_due_with_it() -> None:
    (row,) = walked(small(terminated_on=date(2023, 12, 31)), "60", "10")
    assert values([row], "due", "applied", "cash_called", "status") == [
        ("300", "60", "240", "TERMINATED")
    ]


def test_a_clawback_lowers_the_month_of_the_first_posting() -> None:
    account = {
        "dealer_id": "D1",
        "brand_code": "AURA",
        "program_id": "P1",
        "program_version": 1,
        "period_start": JANUARY,
        "credits_refinancing": True,
    }
    amounts = {1: "100", 2: "50", 4: "-120"}
    postings = [
        account | {"posted_in_month": date(2024, month, 1), "amount_eur": Decimal(amount)}
        for month, amount in amounts.items()
    ]
    other = {"program_id": "P2", "credits_refinancing": False}
    found = bonuses_by_month([*postings, postings[0] | other])
    assert found == {("D1", "AURA"): {JANUARY: -2_000, date(2024, 2, 1): 5_000}}


def test_corrections_name_what_a_close_sees_otherwise() -> None:
    row = dict.fromkeys(LEDGER_COLUMNS, Decimal("1.00"))
    changed = row | {"due_eur": Decimal("2.50")}
    days = [date(2024, month, 1) for month in range(1, 6)]
    states = [{}, {("I1", 1): row}, {("I1", 1): changed}, {}, {("I1", 1): row}]
    found = corrections([ClosedState(*item, []) for item in zip(days, states, strict=True)])
    first = found[0]
    assert (first["as_known_at"], first["column_name"]) == (days[2], "due_eur")
    assert (first["old_value"], first["new_value"]) == ("1.00", "2.50")
    gone, back = found[1 : 1 + len(row)], found[1 + len(row) :]
    assert {(c["column_name"], c["new_value"]) for c in gone} == {(c, None) for c in row}
    assert {(c["old_value"], c["new_value"]) for c in back} == {(None, "1.00")}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, None),
        ({"dealer": None, "total_cost_eur": Decimal(0)}, "UNKNOWN_DEALER"),
        ({"dealer": {"contract_model": "AGENT_GENUINE"}}, "AGENT_GENUINE"),
        ({"dealer": {"contract_model": "AGENT_NON_GENUINE"}}, None),
        ({"annual_interest_rate": Decimal("0.01")}, "RATE_WITH_SURPLUS_POLICY"),
        ({"annual_interest_rate": Decimal("0.01"), "surplus_policy": "PAY_OUT"}, None),
        ({"annual_interest_rate": Decimal("-0.01")}, "RATE_NEGATIVE"),
        ({"total_cost_eur": Decimal(0)}, "NOTHING_TO_FINANCE"),
        ({"upfront_rate": Decimal("1.01")}, "NOTHING_TO_FINANCE"),
        ({"upfront_rate": Decimal(1)}, None),
        ({"refinance_months": 0}, "NOTHING_TO_FINANCE"),
    ],
)
def test_refusals_say_why(change: Row, reason: str | None) -> None:
    dealer = change.pop("dealer", {"contract_model": "DEALER"})
    assert refusal_reason(showroom(**change), dealer) == reason


def test_the_pace_is_that_of_the_last_six_months() -> None:
    """Of 1,200 in twelve instalments 90 came in each of eight months: 480 are left."""
    investment = small("1200.00", 12)
    rows = walked(investment, *["90"] * 8)
    row = status(investment, rows)
    assert row["outstanding_eur"] == 480
    assert row["paid_rate"] == Decimal("0.6")
    assert row["projected_end_month"] == date(2025, 2, 1)
    assert row["expected_balloon_eur"] == 480 - 4 * 90
    ends = [(r["projected_end_month"], r["balloon_eur"]) for r in simulation(investment, rows)]
    assert ends == [
        (date(2025, 7, 1), 300),
        (date(2025, 4, 1), 210),
        (date(2025, 2, 1), 120),
        (date(2025, 1, 1), 30),
    ]


def books(months: int, **values: str) -> dict[date, Row]:
    """The same figures in so many months up to December 2024."""
    row = {
        "new_vehicle_revenue_eur": "1000",
        "new_vehicle_gross_profit_eur": "140.8",
        "operating_result_eur": "10",
        "fixed_expenses_eur": "100",
        "liquid_funds_eur": "350",
        "equity_eur": "30",
        "total_assets_eur": "90",
    } | values
    whole = {name: Decimal(value) for name, value in row.items()}
    return {later(date(2024, 12, 1), -n): whole for n in range(months)}


def test_a_margin_that_falls_from_16_to_14_08_percent_fell_by_12() -> None:
    before = {later(month, -12): row for month, row in _of_last_year().items()}
    row = pressure(("D1", "AURA"), date(2024, 12, 1), books(12) | before, [])
    assert row["margin_rate_12m"] == Decimal("0.1408")
    assert row["margin_change_rate"] == Decimal("-0.12")
    assert row["margin_lost_eur"] == Decimal("230.4")
    assert (row["payback_months"], row["liquidity_buffer_eur"]) == (None, 50)
    assert row["equity_ratio"] == Decimal("0.333333")
    assert row["risk_level"] == "LOW"


def _of_last_year() -> dict[date, Row]:
    return books(12, new_vehicle_gross_profit_eur="160")


def test_what_is_not_known_for_twelve_months_is_null() -> None:
    row = pressure(("D1", "AURA"), date(2024, 12, 1), books(11), [showroom()])
    for name in ("margin_rate_12m", "margin_lost_eur", "payback_months", "liquidity_buffer_eur"):
        assert row[name] is None, name
    assert row["risk_level"] == "LOW"


@pytest.mark.parametrize(
    ("buffer", "open_upfront", "result", "payback", "change", "expected"),
    [
        (10, 1_000, 1, None, None, "LOW"),
        (10, 1_001, 1, None, None, "HIGH"),
        (10, 0, -1, None, None, "HIGH"),
        (10, 0, 0, 60, None, "LOW"),
        (10, 0, 1, 61, None, "WATCH"),
        (10, 0, 1, None, Fraction(-12, 100), "LOW"),
        (10, 0, 1, None, Fraction(-121, 1000), "WATCH"),
        (None, 5, None, None, None, "LOW"),
    ],
)
def test_risk_levels(
    buffer: int | None,
    open_upfront: int,
    result: int | None,
    payback: int | None,
    change: Fraction | None,
    expected: str,
) -> None:
    assert risk_level(buffer, open_upfront, result, payback, change) == expected


PROGRAM = {
    "program_id": "S1",
    "program_name": "Joint CRM",
    "total_cost_eur": Decimal("450000000.00"),
    "partner_share_rate": Decimal("0.3"),
    "allocation_key": "EQUAL",
    "min_share_eur": None,
    "max_share_eur": None,
    "decided_on": date(2024, 2, 29),
    "go_live_on": date(2024, 3, 15),
}


def shared(
    members: dict[str, tuple[date, date | None]], *more: tuple[str, list[Row]], **changes: Any
) -> Facts:
    """A programme with members of AURA by dealer: the days on which they joined and left."""
    dealers = [
        {"dealer_id": name, "brand_code": "AURA", "contract_model": "DEALER"}
        for name in ("D1", "D2", "D3", "D4")
    ]
    joined = [
        {"program_id": "S1", "dealer_id": name, "brand_code": "AURA", "joined_on": a, "left_on": b}
        for name, (a, b) in members.items()
    ]
    feeds = [
        ("oem__dealers", dealers),
        ("oem__shared_programs", [PROGRAM | changes]),
        ("oem__shared_program_members", joined),
        *more,
    ]
    return facts_of([(FIRST_LOAD, File(feed, rows)) for feed, rows in feeds])


def shares_of(facts: Facts) -> dict[str, Decimal]:
    return {r["dealer_id"]: r["partner_share_eur"] for r in shared_program_allocations(facts)}


EARLY = date(2024, 1, 1)


def test_golden_450_million_are_carried_30_to_70() -> None:
    facts = shared({"D1": (EARLY, None), "D2": (EARLY, None), "D3": (EARLY, None)})
    for row in shared_program_allocations(facts):
        assert row["program_partner_total_eur"] == 135_000_000
        assert row["program_oem_total_eur"] == 315_000_000
        assert (row["allocation_weight"], row["partner_share_eur"]) == (1, 45_000_000)


def test_the_members_at_the_decision_share() -> None:
    decided_on, day = PROGRAM["decided_on"], timedelta(days=1)
    facts = shared(
        {
            "D1": (decided_on, None),
            "D2": (EARLY, decided_on + day),
            "D3": (EARLY, decided_on),
            "D4": (decided_on + day, None),
            "D9": (EARLY, None),
        },
        total_cost_eur=Decimal("0.10"),
    )
    # three cents; the odd one goes to the smaller id, an unknown dealer gets none
    assert shares_of(facts) == {"D1": Decimal("0.02"), "D2": Decimal("0.01")}


def test_leads_of_the_year_before_the_decision_are_the_key() -> None:
    """From 28 February 2023, in Berlin, up to the day before."""
    instants = {
        "D1": [datetime(2023, 2, 27, 23), datetime(2024, 2, 28, 22, 59)],
        "D2": [datetime(2023, 2, 27, 22, 59), datetime(2023, 6, 1), datetime(2024, 2, 28, 23)],
    }
    leads = [
        {"lead_id": f"{name}{at}", "dealer_id": name, "brand_code": "AURA", "created_at": at}
        for name, times in instants.items()
        for at in times
    ]
    members = {"D1": (EARLY, None), "D2": (EARLY, None), "D3": (EARLY, None)}
    facts = shared(members, ("dealer__leads", leads), allocation_key="LEADS")
    assert shares_of(facts) == {"D1": 90_000_000, "D2": 45_000_000, "D3": 0}
    assert {r["allocation_weight"] for r in shared_program_allocations(facts)} == {0, 1, 2}


@pytest.mark.parametrize(
    ("floor", "cap", "expected"),
    [
        ("45000000", "45000000", [45_000_000] * 3),
        ("45000000.01", None, []),
        (None, "44999999.99", []),
        ("2", "1", []),
    ],
)
def test_what_floors_and_caps_do_not_allow_is_refused(
    floor: str | None, cap: str | None, expected: list[int]
) -> None:
    bounds = {"min_share_eur": floor, "max_share_eur": cap}
    facts = shared(
        {name: (EARLY, None) for name in ("D1", "D2", "D3")},
        **{name: value and Decimal(value) for name, value in bounds.items()},
    )
    assert list(shares_of(facts).values()) == expected


def test_the_return_of_a_programme_compares_the_years_around_its_go_live() -> None:
    """The months from April 2023 to March 2024 against those from April 2024 on."""
    profits = {later(date(2023, 4, 1), n): "100" if n < 12 else "350.5" for n in range(24)}
    books_of_d1 = [
        {
            "dealer_id": "D1",
            "brand_code": "AURA",
            "fiscal_month": month,
            "new_vehicle_gross_profit_eur": Decimal(profit),
        }
        for month, profit in profits.items()
    ]
    facts = shared(
        {"D1": (EARLY, None)},
        ("dealer__financials", books_of_d1),
        total_cost_eur=Decimal("5010.00"),
    )
    rows = {row["dealer_id"]: row for row in shared_program_returns(facts)}
    assert {name: row["is_member"] for name, row in rows.items()} == {
        "D1": True,
        "D2": False,
        "D3": False,
        "D4": False,
    }
    names = ("gross_profit_gain_eur", "partner_share_eur", "return_per_eur")
    assert [rows["D1"][name] for name in names] == [3006, 1503, 2]
    assert [rows["D2"][name] for name in names] == [None, None, None]


# -- random bonuses, on the recomputation -----------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_the_books_balance_on_random_bonuses(seed: int) -> None:
    rng = random.Random(seed)
    for policy in POLICIES:
        dealers = [_random_showroom(rng, policy, f"I{n}") for n in range(rng.choice([1, 1, 2, 3]))]
        dealers.sort(key=lambda row: (row["start_date"], row["investment_id"]))
        bonuses = {
            later(JANUARY, n): rng.choice([0, 0, 5_000, 20_000, -3_000, rng.randint(0, 60_000)])
            for n in range(-3, 30)
        }
        rows = ledger_of_dealer(dealers, bonuses, later(JANUARY, 29))
        assert_rows_balance(rows, {row["investment_id"]: row for row in dealers})
        # every bonus is in a row, also of months in which nothing is due: it waits
        earned = sum(cents(row["bonus_earned_eur"]) for row in rows)
        last = max(row["ledger_month"] for row in rows)
        assert earned == sum(amount for month, amount in bonuses.items() if month <= last)


def _random_showroom(rng: random.Random, policy: tuple[str, str, str], name: str) -> Row:
    surplus, shortfall, end = policy
    row = small(
        str(Decimal(rng.randint(100, 250_000)) / 100),
        rng.choice([1, 2, 3, 7, 12, 20]),
        investment_id=name,
        start_date=rng.choice([date(2023, 11, 30), date(2024, 1, 31), date(2024, 9, 30)]),
        surplus_policy=surplus,
        shortfall_policy=shortfall,
        end_policy=end,
        day_count=rng.choice(DAY_COUNTS),
        max_extension_months=rng.choice([None, 0, 1, 3]),
        terminated_on=rng.choice([None] * 4 + [date(2024, 6, 15)]),
    )
    if surplus == "PAY_OUT":
        row["annual_interest_rate"] = Decimal(rng.choice(["0", "0.036", "0.12"]))
    return row


def assert_rows_balance(rows: list[Row], investments: dict[str, Row]) -> None:
    """The invariants of the spec, on ledger rows of some investments."""
    of_investment: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row["investment_id"], row["period_no"])):
        of_investment[row["investment_id"]].append(row)
        paid = ("applied_eur", "prepaid_eur", "written_off_eur", "cash_called_eur")
        left = row["opening_eur"] + row["interest_eur"] - sum(row[name] for name in paid)
        assert left == row["closing_eur"] >= row["arrears_out_eur"] >= 0, row
        used = row["applied_eur"] + row["prepaid_eur"] + row["paid_out_eur"]
        assert used == max(row["bonus_earned_eur"], 0), row
        assert min(row[name] for name in (*paid, "scheduled_eur", "paid_out_eur")) >= 0, row
    for name, chain in of_investment.items():
        investment = investments[name]
        assert cents(chain[0]["opening_eur"]) == refinanced(investment), name
        for number, row in enumerate(chain, start=1):
            assert row["period_no"] == number, row
            due_on = months_after(investment["start_date"], number)
            assert row["ledger_month"] == due_on.replace(day=1), row
            is_last = number == len(chain)
            assert is_last or row["closing_eur"] > 0, row
            if not is_last:
                assert chain[number]["opening_eur"] == row["closing_eur"], row
                assert chain[number]["arrears_in_eur"] == row["arrears_out_eur"], row


def test_principal_sums_to_what_is_refinanced() -> None:
    rng = random.Random(5)
    for _ in range(60):
        principal, months = rng.randint(1, 9_000_000), rng.randint(1, 60)
        rate = Fraction(rng.choice(["0", "0", "0.0001", "0.036", "0.2"]))
        anchor = rng.choice([date(2024, 1, 31), date(2023, 2, 28), date(2024, 8, 30)])
        rows = instalments(principal, rate, months, rng.choice(DAY_COUNTS), anchor)
        assert sum(row.principal for row in rows) == principal
        assert rows[-1].closing == 0
        if not rate:
            assert [row.scheduled for row in rows] == equal_instalments(principal, months)


# -- the random worlds ------------------------------------------------------------------------


def built(settings: Settings) -> Tables:
    """The tables as the warehouse made them, in the shape of the recomputation."""
    return {
        table: keyed(table, fetch(settings, f"select * from marts.{table}"))
        for table in INVESTMENT_KEYS
    }


def checked_steps(
    lake: Lake, world: World, numbers: list[int], loaded: int = 0
) -> Iterator[Settings]:
    """Builds the warehouse after so many loads each, and compares all tables."""
    settings = lake.settings
    files: dict[str, str] = {}
    made: Tables = {}
    for number in numbers:
        for load in world.loads[loaded:number]:
            write(lake, load)
        loaded = number
        now = at(settings, world, number)
        run_money(now)
        earlier, made = made, built(now)
        found = differences(recompute_investments(world.loads[:number], world.as_of(number)), made)
        assert not found, f"after load {number}: {len(found)}\n" + "\n".join(found[:60])
        assert_the_marts_agree(made)
        if earlier:
            assert_corrections_explain(earlier, made)
        before, files = files, ledger_files(settings)
        assert {name: files.get(name) for name in before} == before, "a ledger file has changed"
        yield now


def assert_the_marts_agree(made: Tables) -> None:
    """What a mart says of another, without the recomputation."""
    plans: dict[str, Decimal] = defaultdict(Decimal)
    for row in made["mart_refinancing_plan"].values():
        assert row["opening_eur"] - row["principal_eur"] == row["closing_eur"], row
        assert row["principal_eur"] + row["interest_eur"] == row["scheduled_eur"], row
        plans[row["investment_id"]] += row["principal_eur"]
    for row in made["mart_refinancing_ledger"].values():
        paid = ("applied_eur", "prepaid_eur", "written_off_eur", "cash_called_eur")
        left = row["opening_eur"] + row["interest_eur"] - sum(row[name] for name in paid)
        assert left == row["closing_eur"] >= 0, row
        used = row["applied_eur"] + row["prepaid_eur"] + row["paid_out_eur"]
        assert used == max(row["bonus_earned_eur"], 0), row
    for (name,), row in made["mart_refinancing_status"].items():
        assert plans[name] == row["refinanced_eur"], row
        assert row["upfront_eur"] + row["refinanced_eur"] == row["total_cost_eur"], row
    refused = {name for (name,) in made["mart_refinancing_refusal"]}
    assert not refused & {name for (name,) in made["mart_refinancing_status"]}
    shares: dict[str, Decimal] = defaultdict(Decimal)
    for row in made["mart_shared_program_allocation"].values():
        shares[row["program_id"]] += row["partner_share_eur"]
    for row in made["mart_shared_program_allocation"].values():
        assert shares[row["program_id"]] == row["program_partner_total_eur"], row


def assert_corrections_explain(before: Tables, now: Tables) -> None:
    """The older state, with what has been corrected since, is the newer one."""
    ledger = "mart_refinancing_ledger"
    old, new = before[ledger], now[ledger]
    seen = before["mart_refinancing_correction"].keys()
    since = [c for k, c in now["mart_refinancing_correction"].items() if k not in seen]
    explained = {k: {c: as_text(row[c]) for c in LEDGER_COLUMNS} for k, row in old.items()}
    for correction in sorted(since, key=lambda c: c["as_known_at"]):
        key = correction["investment_id"], correction["period_no"]
        if key in explained or correction["old_value"] is None:
            row = explained.setdefault(key, dict.fromkeys(LEDGER_COLUMNS))
            assert row[correction["column_name"]] == correction["old_value"], correction
            row[correction["column_name"]] = correction["new_value"]
    shown = {name for (name,) in now["mart_refinancing_status"]}
    for key in (key for key in old if key[0] in shown):
        there = new.get(key, {})
        assert explained[key] == {c: as_text(there.get(c)) for c in LEDGER_COLUMNS}, key


def test_tables_equal_the_recomputation(tmp_path: Path) -> None:
    """The closes halfway are posted before the rest is loaded; then all are once more, from the
    raw lake alone."""
    world = random_investment_world(SEED, months=7)
    half = len(world.loads) // 2
    settings = at(new_settings(tmp_path), world, half)
    lake = Lake(settings)
    for load in world.loads[:half]:
        write(lake, load)
    post_due_closes(settings)
    files = ledger_files(settings)
    assert any(name.startswith("refinancing") for name in files)
    *_, settings = checked_steps(lake, world, [len(world.loads)], loaded=half)
    halfway = recompute_investments(world.loads[:half], world.as_of(half))
    assert_corrections_explain(halfway, built(settings))
    assert files.items() <= ledger_files(settings).items()
    files = ledger_files(settings)
    forget_the_money(settings)
    post_due_closes(settings)
    assert ledger_files(settings) == files


@pytest.mark.slow
def test_what_is_refused_or_withdrawn_passes_all_tests_and_gates(tmp_path: Path) -> None:
    """Before the next close and after it: in no mart, and nothing is stopped."""
    world = random_investment_world(SEED, months=7)
    lake = Lake(new_settings(tmp_path))
    count = len(world.loads)
    for load in world.loads[: count - 3]:
        write(lake, load)
    settings = at(lake.settings, world, count - 3)
    run_money(settings)
    begun = built(settings)["mart_refinancing_ledger"].values()
    investments = sorted({row["investment_id"] for row in begun})
    gone, agent = investments[0], next(r for r in begun if r["investment_id"] == investments[-1])
    agent_at = {name: agent[name] for name in ("dealer_id", "brand_code")}
    columns = [column.name for column in lake.feeds["oem__dealers"].columns]
    dealers = [
        {name: row[name] for name in columns if name in row}
        for row in facts_of(files_known(world.loads[: count - 3])).dealers.values()
    ]
    for row in dealers:
        if row | agent_at == row:
            row["contract_model"] = "AGENT_GENUINE"
    today = world.as_of(count - 3).replace(tzinfo=None)
    withdrawal = {"investment_id": gone, "is_deleted": True}
    lake.load(
        File("oem__showroom_investments", [withdrawal], delivered_at=today),
        File("oem__dealers", dealers, delivered_at=today),
    )
    for number in (count - 3, count):
        for load in world.loads[count - 3 : number]:
            write(lake, load)
        now = at(lake.settings, world, number)
        run_money(now)
        build(now, "test", "--exclude", "resource_type:unit_test")
        assert run_mart_gate(now).critical_failures == []
        tables = built(now)
        shown = {
            row["investment_id"]
            for mart in INVESTMENT_KEYS
            for row in tables[mart].values()
            if "investment_id" in row and mart != "mart_refinancing_refusal"
        }
        assert shown and not shown & {gone, agent["investment_id"]}


@pytest.mark.slow
@pytest.mark.parametrize("seed", SLOW_SEEDS)
def test_tables_equal_the_recomputation_over_long_histories(tmp_path: Path, seed: int) -> None:
    world = random_investment_world(seed)
    count = len(world.loads)
    # after every load of the first world, of the others after every fourth
    step = 1 if seed == SLOW_SEEDS[0] else 4
    lake = Lake(new_settings(tmp_path))
    *_, settings = checked_steps(lake, world, [*range(step, count, step), count])
    files, made = ledger_files(settings), built(settings)
    forget_the_money(settings)
    run_money(settings)
    assert ledger_files(settings) == files
    assert built(settings) == made


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(310, 312))
def test_one_load_gives_the_ledger_of_many_where_no_file_is_late(tmp_path: Path, seed: int) -> None:
    world = random_investment_world(seed, late=False)
    lakes = [Lake(new_settings(tmp_path / name)) for name in ("many", "one")]
    count = len(world.loads)
    *_, many = checked_steps(lakes[0], world, [count // 2, count])
    *_, one = checked_steps(lakes[1], world.in_one_load(), [1])
    assert ledger_files(many) == ledger_files(one)


def test_the_states_of_closes_do_not_hang_on_the_loads_where_no_file_is_late() -> None:
    """Without the warehouse."""
    for seed in range(2):
        world = random_investment_world(seed, late=False, months=6)
        end = world.as_of(len(world.loads))
        one = world.in_one_load()
        assert states_of_closes(world.loads, end) == states_of_closes(one.loads, end)


@pytest.mark.parametrize("seed", [SEED, 1])
def test_the_rows_of_a_world_balance(seed: int) -> None:
    """Without the warehouse: of every close."""
    world = random_investment_world(seed, months=7)
    for state in states_of_closes(world.loads, world.as_of(len(world.loads))):
        for row in state.rows.values():
            paid = ("applied_eur", "prepaid_eur", "written_off_eur", "cash_called_eur")
            left = row["opening_eur"] + row["interest_eur"] - sum(row[name] for name in paid)
            assert left == row["closing_eur"] >= row["arrears_out_eur"] >= 0, row


def test_the_random_world_reaches_every_branch() -> None:
    """That of the default run; without the warehouse."""
    world = random_investment_world(SEED, months=7)
    tables = recompute_investments(world.loads, world.as_of(len(world.loads)))
    assert sorted(EVERY_BRANCH - {*branches(tables)}) == []


EVERY_BRANCH = {
    *(f"ledger {s}" for s in ("OPEN", "ARREARS", "SETTLED", "EXTENDED", "TERMINATED")),
    *(f"some {name}" for name in LEDGER_COLUMNS if name.endswith("_eur")),
    "a bonus below zero",
    "two investments in a month with a bonus",
    "a corrected value",
    "a row that is no more",
    "no projected end",
    "a projected end",
    "no balloon",
    "a balloon",
    "nothing repaid",
    *(
        f"refused {reason}"
        for reason in (
            *("UNKNOWN_DEALER", "AGENT_GENUINE", "RATE_WITH_SURPLUS_POLICY"),
            *("NOTHING_TO_FINANCE", "RATE_NEGATIVE"),
        )
    ),
    *(f"risk {level}" for level in ("LOW", "WATCH", "HIGH")),
    *(
        f"{has} {name}"
        for has in ("some", "no")
        for name in (
            *("margin_rate_12m", "margin_change_rate", "margin_lost_eur", "open_upfront_eur"),
            *("payback_months", "liquidity_buffer_eur", "equity_ratio"),
        )
    ),
    "shares that differ",
    "a member",
    "no member",
    "a return",
    "no gain",
}


def branches(tables: Tables) -> Iterator[str]:
    """The cases of the spec that a world holds; see `EVERY_BRANCH`."""
    with_bonus: dict[tuple, int] = defaultdict(int)
    for row in tables["mart_refinancing_ledger"].values():
        yield f"ledger {row['status']}"
        yield from (
            f"some {name}" for name in LEDGER_COLUMNS if name.endswith("_eur") and row[name]
        )
        if row["bonus_earned_eur"] < 0:
            yield "a bonus below zero"
        if row["bonus_earned_eur"]:
            with_bonus[row["dealer_id"], row["brand_code"], row["ledger_month"]] += 1
    if max(with_bonus.values(), default=0) > 1:
        yield "two investments in a month with a bonus"
    for row in tables["mart_refinancing_correction"].values():
        yield "a row that is no more" if row["new_value"] is None else "a corrected value"
    for row in tables["mart_refinancing_refusal"].values():
        yield f"refused {row['reason']}"
    for row in tables["mart_refinancing_status"].values():
        yield "a projected end" if row["projected_end_month"] else "no projected end"
        yield "a balloon" if row["expected_balloon_eur"] else "no balloon"
        if row["paid_rate"] == 0:
            yield "nothing repaid"
    for row in tables["mart_investment_pressure"].values():
        yield f"risk {row['risk_level']}"
        yield from (f"some {name}" for name, value in row.items() if value)
        yield from (f"no {name}" for name, value in row.items() if not value)
    shares: dict[str, set] = defaultdict(set)
    for row in tables["mart_shared_program_allocation"].values():
        shares[row["program_id"]].add(row["partner_share_eur"])
    if max(map(len, shares.values()), default=0) > 1:
        yield "shares that differ"
    for row in tables["mart_shared_program_return"].values():
        yield "a member" if row["is_member"] else "no member"
        if row["return_per_eur"] is not None:
            yield "a return"
        if row["gross_profit_gain_eur"] is None:
            yield "no gain"
