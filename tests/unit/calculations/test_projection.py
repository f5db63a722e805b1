"""Where investments stand, and the pace at which they will be repaid."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.calculations import money
from orchestration.calculations.projection import SIMULATION, STATUS, simulate, status
from orchestration.calculations.refinancing import LEDGER, refinance
from tests.unit.calculations.investment_cases import (
    bonuses,
    frame,
    investment,
    month,
    random_bonuses,
    random_investments,
    records,
    refinanced,
)
from tests.unit.calculations.slow_refinancing import due_on, rounded


def standing(terms, of_months, closed):
    ledger = refinance(frame(terms), of_months, month(closed))
    return records(status(ledger, frame(terms)))[0], records(simulate(ledger, frame(terms)))


def test_the_pace_is_the_mean_of_the_last_six_months():
    terms = investment(surplus_policy="LAST")
    seen, simulated = standing(terms, bonuses(40_000, *(6 * [15_000])), 7)
    assert seen["upfront_eur"] == 1_080_000
    assert seen["outstanding_eur"] == 720_000 - 40_000 - 90_000
    # what bonuses of six months missed, beside the surplus of the first, which lowered the last
    assert seen["arrears_eur"] == 30_000
    assert seen["paid_rate"] == Decimal("0.180556")
    # 590,000 at 15,000 a month take 40 months after August 2024; 29 are left in the plan
    assert seen["projected_end_month"] == month(7 + 40)
    assert seen["expected_balloon_eur"] == 590_000 - 29 * 15_000
    assert [(r["pace_factor"], r["balloon_eur"]) for r in simulated] == [
        (Decimal("0.5"), Decimal(372_500)),
        (Decimal("0.75"), Decimal(263_750)),
        (Decimal(1), Decimal(155_000)),
        (Decimal("1.25"), Decimal(46_250)),
    ]
    assert [r["projected_end_month"] for r in simulated] == [month(7 + n) for n in (79, 53, 40, 32)]


def test_fewer_months_than_six_are_their_mean():
    seen, _ = standing(refinanced(100, 10), bonuses(10, 5), 2)
    assert seen["projected_end_month"] == month(2 + 12)
    assert seen["expected_balloon_eur"] == 85 - 8 * Decimal("7.50")


def test_without_a_closed_month_there_is_no_pace():
    seen, simulated = standing(refinanced(100, 10), bonuses(10), 0)
    assert (seen["outstanding_eur"], seen["paid_rate"], seen["arrears_eur"]) == (100, 0, 0)
    assert seen["projected_end_month"] is None
    assert {r["balloon_eur"] for r in simulated} == {100}


def test_without_a_bonus_no_end_is_projected():
    seen, _ = standing(refinanced(100, 10), bonuses(), 3)
    assert seen["projected_end_month"] is None
    assert (seen["expected_balloon_eur"], seen["arrears_eur"]) == (100, 30)


def test_what_is_settled_ended_in_its_last_month():
    seen, simulated = standing(refinanced(20, 2), bonuses(12, 30), 9)
    assert (seen["outstanding_eur"], seen["paid_rate"]) == (0, 1)
    assert (seen["projected_end_month"], seen["expected_balloon_eur"]) == (month(2), 0)
    assert {r["projected_end_month"] for r in simulated} == {month(2)}


def test_where_nothing_is_refinanced_nothing_is_projected():
    seen, _ = standing(investment(upfront_rate=Decimal(1)), bonuses(9), 3)
    assert (seen["outstanding_eur"], seen["expected_balloon_eur"]) == (0, 0)
    assert seen["paid_rate"] is seen["projected_end_month"] is None


def test_after_the_planned_end_the_balloon_is_what_is_outstanding():
    terms = refinanced(20, 2, end_policy="EXTEND", max_extension_months=9)
    seen, _ = standing(terms, bonuses(5, 5, 1), 3)
    assert (seen["outstanding_eur"], seen["expected_balloon_eur"]) == (9, 9)
    assert seen["projected_end_month"] == month(3 + 3)


def test_an_end_beyond_the_calendar_is_none():
    seen, _ = standing(refinanced("1000000", 10), bonuses("0.01"), 3)
    assert seen["projected_end_month"] is None


def test_tables_have_the_columns_of_their_marts():
    ledger = refinance(frame(investment()), bonuses(9), month(2))
    for make, schema in ((status, STATUS), (simulate, SIMULATION)):
        assert list(make(ledger, frame(investment())).columns) == schema.names
        assert len(make(ledger, frame())) == 0
        assert len(make(ledger.iloc[:0], frame(investment()))) > 0
    assert list(ledger.columns) == LEDGER.names


@settings(max_examples=60, deadline=None)
@given(random_investments(), random_bonuses(), st.integers(0, 20), st.randoms())
def test_status_and_simulation_are_what_fractions_give(investments, of_months, closed, draw):
    ledger = refinance(frame(*investments), of_months, month(closed))
    rows = records(ledger)
    shuffled = ledger.sample(frac=1, random_state=draw.randrange(99)).astype(object)
    with pytest.MonkeyPatch.context() as patch:
        if draw.random() < 0.5:
            patch.setattr(money, "_SAFE", -1.0)
        seen = records(status(pd.DataFrame(shuffled), frame(*investments)))
        simulated = records(simulate(shuffled, frame(*investments)))
    ordered = sorted(investments, key=lambda i: i["investment_id"])
    assert [row["investment_id"] for row in seen] == [i["investment_id"] for i in ordered]
    for at, (terms, row) in enumerate(zip(ordered, seen, strict=True)):
        own = [r for r in rows if r["investment_id"] == terms["investment_id"]]
        owed = own[-1]["closing_eur"] if own else row["refinanced_eur"]
        assert row["outstanding_eur"] == owed
        assert row["arrears_eur"] == (own[-1]["arrears_out_eur"] if own else 0)
        paid = [Fraction(r["applied_eur"] + r["prepaid_eur"]) for r in own[-6:]]
        pace = sum(paid, Fraction(0)) / max(len(paid), 1)
        for number, factor in enumerate(("0.5", "0.75", "1", "1.25")):
            found = simulated[4 * at + number]
            assert found["pace_factor"] == Decimal(factor)
            end, balloon = projected(terms, own, Fraction(owed), pace * Fraction(factor))
            assert (found["projected_end_month"], found["balloon_eur"] * 100) == (end, balloon)
            if factor == "1":
                assert row["projected_end_month"] == end
                assert row["expected_balloon_eur"] * 100 == balloon


def projected(terms, own, owed, pace):
    """The month of the end and the balloon in cents."""
    end = None
    if own and not owed:
        end = own[-1]["ledger_month"]
    elif pace:
        end = due_on(own[-1]["ledger_month"], -((-owed / pace).__floor__()))
    left = terms["refinance_months"] - (own[-1]["period_no"] if own else 0)
    return end, rounded(max(owed - pace * max(left, 0), Fraction(0)) * 100)


def test_the_last_month_of_a_year_is_no_exception():
    terms = refinanced(24, 4, start_date=date(2024, 9, 30))
    seen, _ = standing(terms, bonuses(6, 6, first=9), 10)
    assert seen["projected_end_month"] == date(2025, 1, 1)
