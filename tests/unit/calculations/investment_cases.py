"""Investments and bonuses as their feeds give them, for tests to change, and random ones."""

from datetime import date
from decimal import Decimal
from itertools import product
from random import Random
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from orchestration.calculations.investments import END, SHORTFALL, SURPLUS
from orchestration.calculations.refinancing import refinance

START = date(2024, 1, 15)
TERMINATIONS = st.dates(date(2023, 10, 1), date(2025, 6, 30))


def investment(**changes: Any) -> dict[str, Any]:
    """1.8 million EUR, of which 720,000 are refinanced in 36 months from February 2024."""
    return {
        "investment_id": "I1",
        "dealer_id": "D1",
        "brand_code": "AURA",
        "total_cost_eur": Decimal("1800000.00"),
        "upfront_rate": Decimal("0.6"),
        "refinance_months": 36,
        "annual_interest_rate": Decimal(0),
        "day_count": "30E/360",
        "start_date": START,
        "surplus_policy": "NEXT",
        "shortfall_policy": "CARRY",
        "end_policy": "BALLOON",
        "max_extension_months": None,
        "terminated_on": None,
    } | changes


def refinanced(euros: Any, months: int, **changes: Any) -> dict[str, Any]:
    """An amount of which nothing is paid up front."""
    total = Decimal(str(euros)).quantize(Decimal("0.01"))
    changes = {"upfront_rate": Decimal(0), "refinance_months": months} | changes
    return investment(total_cost_eur=total, **changes)


def frame(*investments: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(list(investments), columns=list(investment()), dtype=object)


def month(number: int) -> date:
    """The first day of the month that is `number` months after January 2024."""
    return date(2024 + number // 12, number % 12 + 1, 1)


def bonuses(*of_months: Any, dealer_id: str = "D1", first: int = 1) -> pd.DataFrame:
    """EUR by month, from February 2024 on."""
    rows = [
        {"dealer_id": dealer_id, "brand_code": "AURA", "month": month(number)}
        | {"bonus_cents": int(Decimal(str(euros)) * 100)}
        for number, euros in enumerate(of_months, first)
    ]
    return pd.DataFrame(rows, columns=["dealer_id", "brand_code", "month", "bonus_cents"])


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {k: None if v is pd.NA or v is pd.NaT else v for k, v in row.items()}
        for row in table.to_dict("records")
    ]


def ledger(investments: Any, of_months: pd.DataFrame, closed: int) -> list[dict[str, Any]]:
    """Rows of the ledger up to the month that is `closed` months after January 2024, without the
    suffix of their amounts."""
    if isinstance(investments, dict):
        investments = [investments]
    rows = records(refinance(frame(*investments), of_months, month(closed)))
    return [{name.removesuffix("_eur"): value for name, value in row.items()} for row in rows]


@st.composite
def random_investments(draw: Any, most: int = 3, **changes: Any) -> list[dict[str, Any]]:
    """Small investments of two dealers, of all policies; small amounts make odd cents matter."""
    found = []
    for number in range(draw(st.integers(1, most))):
        surplus = draw(st.sampled_from(SURPLUS))
        rates = ["0", "0", "0.036", "0.094822", "0.6"] if surplus == "PAY_OUT" else ["0"]
        found.append(
            investment(
                investment_id=f"I{draw(st.integers(0, 9))}{number}",
                dealer_id=draw(st.sampled_from(["D1", "D1", "D2"])),
                total_cost_eur=Decimal(draw(st.integers(1, 100) | st.integers(500, 3_000))) / 100,
                upfront_rate=Decimal(draw(st.sampled_from(["0", "0", "0.6", "0.123456", "1"]))),
                refinance_months=draw(st.integers(1, 10)),
                annual_interest_rate=Decimal(draw(st.sampled_from(rates))),
                day_count=draw(st.sampled_from(["30E/360", "ACT/365"])),
                start_date=draw(st.dates(date(2023, 10, 28), date(2024, 6, 30))),
                surplus_policy=surplus,
                shortfall_policy=draw(st.sampled_from(SHORTFALL)),
                end_policy=draw(st.sampled_from(END)),
                max_extension_months=draw(st.sampled_from([None, 0, 1, 2, 5])),
                terminated_on=draw(st.none() | st.none() | st.none() | TERMINATIONS),
            )
            | changes
        )
    return found


@st.composite
def random_bonuses(draw: Any, lowest: int = -300) -> pd.DataFrame:
    """Bonuses of both dealers from August 2023 on, with months without one; a few EUR each, some
    of them taken back."""
    cents = st.one_of(
        st.none(),
        st.just(0),
        st.integers(0, 150),
        st.integers(0, 600),
        st.integers(lowest, 300),
        st.integers(0, 4_000),
    )
    rows = [
        {"dealer_id": dealer_id, "brand_code": "AURA", "month": month(number), "bonus_cents": bonus}
        for dealer_id in ("D1", "D2", "D3")
        for number, bonus in enumerate(
            draw(st.lists(cents, min_size=draw(st.integers(0, 18)), max_size=24)), -5
        )
        if bonus is not None
    ]
    return pd.DataFrame(rows, columns=["dealer_id", "brand_code", "month", "bonus_cents"])


def case_of_all_policies(seed: int) -> tuple[list[dict[str, Any]], pd.DataFrame]:
    """Investments of all policies, some with the same dealer, whose bonuses are now below what is
    due, now above, and sometimes taken back."""
    draw = Random(seed)
    found = []
    for number, policies in enumerate(4 * list(product(SURPLUS, SHORTFALL, END))):
        surplus, shortfall, end = policies
        found.append(
            refinanced(
                Decimal(draw.randint(1_000, 5_000)) / 100,
                draw.randint(3, 12),
                investment_id=f"I{draw.randint(0, 9)}{number}",
                dealer_id=f"D{draw.randint(1, 90)}",
                annual_interest_rate=Decimal(
                    draw.choice(["0", "0.036", "0.6"]) if surplus == "PAY_OUT" else "0"
                ),
                day_count=draw.choice(["30E/360", "ACT/365"]),
                start_date=date(2024, draw.randint(1, 6), draw.randint(1, 29)),
                surplus_policy=surplus,
                shortfall_policy=shortfall,
                end_policy=end,
                max_extension_months=draw.choice([None, 1, 3, 6]),
                terminated_on=month(draw.randint(2, 10)) if draw.random() < 0.15 else None,
            )
        )
    rows = []
    for dealer_id in sorted({i["dealer_id"] for i in found}):
        own = [i for i in found if i["dealer_id"] == dealer_id]
        each = sum(int(i["total_cost_eur"] * 100) // i["refinance_months"] for i in own)
        for number in range(26):
            part = draw.choice([0, 0, 0.4, 0.8, 1, 1.2, 1.6, -0.2])
            rows.append(
                {"dealer_id": dealer_id, "brand_code": "AURA", "month": month(number)}
                | {"bonus_cents": round(each * part)}
            )
    return found, pd.DataFrame(rows)
