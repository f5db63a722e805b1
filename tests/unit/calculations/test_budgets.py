"""Budgets by district: they follow the market and sum to the cent."""

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.calculations.budgets import allocate_budgets

CLAIM = Decimal("800000000.00")
CLAIM_CENTS = 80_000_000_000


def district(code, market_units, budget=CLAIM, budget_code="BRAND_POSITIONING_COST", brand=None):
    return {
        "budget_code": budget_code,
        "district_code": code,
        "brand_code": brand,
        "market_units": market_units,
        "budget_eur": Decimal(budget),
    }


def cents(*districts):
    rows = allocate_budgets(pd.DataFrame(districts))
    return dict(zip(rows["district_code"], rows["budget_cents"].tolist(), strict=True))


def test_800_million_follow_the_market_to_the_cent():
    found = cents(district("01001", 3), district("01002", 1), district("01003", 2))
    assert found == {"01001": 40_000_000_000, "01002": 13_333_333_333, "01003": 26_666_666_667}
    assert sum(found.values()) == CLAIM_CENTS


def test_equal_odd_cents_go_by_district_whatever_the_order_of_the_rows():
    one, two, three = (district(c, 1) for c in ("01001", "01002", "01003"))
    expected = {"01001": 26_666_666_667, "01002": 26_666_666_667, "01003": 26_666_666_666}
    assert cents(one, two, three) == cents(three, two, one) == expected


def test_a_district_without_a_market_gets_nothing_unless_no_district_has_one():
    assert cents(district("01001", 0), district("01002", 5)) == {"01001": 0, "01002": CLAIM_CENTS}
    assert cents(*(district(c, 0, "0.03") for c in ("01001", "01002"))) == {"01001": 2, "01002": 1}


def test_each_budget_is_split_by_itself_and_keeps_its_brand():
    rows = allocate_budgets(
        pd.DataFrame(
            [
                district("01001", 2, "10.00", "C2", "VELA"),
                district("01002", 1, "10.00", "C2", "VELA"),
            ]
            + [district("01001", 1, "1.00", "C1", "AURA")]
        )
    )
    assert rows.to_dict("records") == [
        {
            "budget_code": budget_code,
            "district_code": code,
            "brand_code": brand,
            "market_units": units,
            "budget_cents": amount,
        }
        for budget_code, code, brand, units, amount in (
            ("C1", "01001", "AURA", 1, 100),
            ("C2", "01001", "VELA", 2, 667),
            ("C2", "01002", "VELA", 1, 333),
        )
    ]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([district("01001", 1, "-1.00", "C1")], "budget C1 is negative"),
        ([district("01001", 1) | {"budget_eur": None}], "budget BRAND_POSITIONING_COST is missing"),
        (
            [district("01001", 1, "1.00", "C1"), district("01002", 1, "2.00", "C1")],
            "budget C1 is not the same in all its rows",
        ),
        ([district("01001", -1)], "negative"),
    ],
)
def test_what_cannot_be_split_is_refused(rows, message):
    with pytest.raises(ValueError, match=message):
        allocate_budgets(pd.DataFrame(rows))


def test_without_budgets_there_is_nothing():
    rows = allocate_budgets(pd.DataFrame([district("01001", 1)]).iloc[:0])
    assert rows.empty
    assert rows["budget_cents"].dtype == "int64"


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(0, 10**7), min_size=1, max_size=60),
    st.lists(
        st.tuples(st.integers(0, 10**14), st.lists(st.integers(0, 10**7), min_size=1, max_size=20)),
        max_size=4,
    ),
    st.randoms(),
)
def test_every_budget_sums_to_the_cent(of_claim, campaigns, random):
    rows = [district(f"{n:05}", units) for n, units in enumerate(of_claim)]
    for number, (budget, markets) in enumerate(campaigns):
        euro = Decimal(budget) / 100
        rows += [district(f"{n:05}", units, euro, f"C{number}") for n, units in enumerate(markets)]
    random.shuffle(rows)
    found = allocate_budgets(pd.DataFrame(rows))
    sums = found.groupby("budget_code")["budget_cents"].sum().to_dict()
    assert sums == {"BRAND_POSITIONING_COST": CLAIM_CENTS} | {
        f"C{number}": budget for number, (budget, _) in enumerate(campaigns)
    }
    assert (found["budget_cents"] >= 0).all()
    for _, rows in found.groupby("budget_code"):
        total, market = rows["budget_cents"].sum(), rows["market_units"].sum()
        if market:
            assert (
                abs(rows["budget_cents"] * market - rows["market_units"] * total) < market
            ).all()
