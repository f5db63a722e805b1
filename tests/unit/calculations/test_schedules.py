"""Plans of repayment: golden cases, what always holds, and a second reckoning."""

import csv
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.calculations import money
from orchestration.calculations.schedules import PLAN, annuity, plan
from orchestration.settings import PROJECT_ROOT
from tests.unit.calculations.investment_cases import (
    frame,
    investment,
    random_investments,
    records,
    refinanced,
)
from tests.unit.calculations.slow_refinancing import SlowInvestment, due_on

LOANS = PROJECT_ROOT.parent / "shared" / "golden" / "loan_numpy_financial.csv"


def planned(terms, name):
    """One figure of all periods in EUR."""
    return [row[f"{name}_eur"] for row in records(plan(frame(terms)))]


def with_interest(euros, months, rate, **changes):
    rate = Decimal(rate)
    return refinanced(euros, months, annual_interest_rate=rate, surplus_policy="PAY_OUT", **changes)


@pytest.mark.parametrize(
    ("total", "financed", "instalments"),
    [
        ("1800000.00", "720000.00", 36 * ["20000.00"]),
        ("1000000.00", "400000.00", 4 * ["11111.12"] + 32 * ["11111.11"]),
        ("1234567.89", "493827.16", 4 * ["13717.43"] + 32 * ["13717.42"]),
        ("2345678.91", "938271.56", 32 * ["26063.10"] + 4 * ["26063.09"]),
    ],
)
def test_golden_cases_without_interest(total, financed, instalments):
    terms = investment(total_cost_eur=Decimal(total))
    assert planned(terms, "opening")[0] == Decimal(financed)
    assert planned(terms, "scheduled") == [Decimal(i) for i in instalments]
    assert planned(terms, "principal") == planned(terms, "scheduled")
    assert set(planned(terms, "interest")) == {0}


def test_golden_case_of_36_months_with_interest():
    terms = investment(annual_interest_rate=Decimal("0.036"), surplus_policy="PAY_OUT")
    closings, interest = planned(terms, "closing"), planned(terms, "interest")
    assert planned(terms, "scheduled") == 35 * [Decimal("21129.39")] + [Decimal("21129.49")]
    assert (interest[0], sum(interest)) == (2_160, Decimal("40658.14"))
    assert (closings[11], closings[23]) == (Decimal("488573.57"), Decimal("248676.94"))
    assert closings[35] == 0


def test_golden_case_of_six_months_by_30_360():
    terms = with_interest(100, 6, "0.094822", day_count="30/360")
    assert planned(terms, "scheduled")[:5] == 5 * [Decimal("17.13")]
    assert planned(terms, "interest") == [Decimal(f"0.{i}") for i in (79, 66, 53, 40, 27, 13)]
    closings = ("83.66", "67.19", "50.59", "33.86", "17.00", "0.00")
    assert planned(terms, "closing") == [Decimal(c) for c in closings]


@pytest.mark.parametrize(
    ("euros", "rate", "months", "instalment", "last", "interest"),
    [
        (100_000, "0.0999", 36, "3226.25", None, None),
        (100_000, "0.045", 60, "1864.30", "1864.43", None),
        (280_000, "0.084", 20, "15051.72", "15051.77", "21034.45"),
    ],
)
def test_golden_cases_of_annuities(euros, rate, months, instalment, last, interest):
    terms = with_interest(euros, months, rate)
    scheduled = planned(terms, "scheduled")
    assert set(scheduled[:-1]) == {Decimal(instalment)}
    assert last is None or scheduled[-1] == Decimal(last)
    assert interest is None or sum(planned(terms, "interest")) == Decimal(interest)


def test_interest_is_rounded_half_up():
    # 0.005 EUR exactly: half up
    assert planned(with_interest("1.00", 2, "0.06"), "interest")[0] == Decimal("0.01")
    assert planned(with_interest("0.99", 2, "0.06"), "interest")[0] == 0


def test_interest_by_days_of_the_calendar():
    terms = with_interest(36_500, 2, "0.1", day_count="ACT/365", start_date=date(2024, 1, 31))
    rows = records(plan(frame(terms)))
    assert [row["due_date"] for row in rows] == [date(2024, 2, 29), date(2024, 3, 31)]
    assert rows[0]["interest_eur"] == 290
    assert rows[1]["interest_eur"] == (rows[1]["opening_eur"] * 31 / 3650).quantize(Decimal("0.01"))


def loans(function, when="end"):
    with LOANS.open() as file:
        rows = [r for r in csv.DictReader(file) if r["function"] == function and r["when"] == when]
    return [
        (Fraction(top) / Fraction(bottom or 1), row)
        for row in rows
        for top, _, bottom in [row["rate_per_period"].partition("/")]
    ]


@pytest.mark.skipif(not LOANS.exists(), reason="the golden tables are not beside the project")
def test_the_loans_of_numpy_financial():
    cases = loans("pmt")
    assert len(cases) == 5
    for rate, row in cases:
        cents, months = int(row["pv"]) * 100, int(row["n_periods"])
        expected = -Fraction(row["expected"]) * 100
        if rate:
            yearly = rate * 12 * 1_000_000
            assert annuity(cents, int(yearly), months) == (expected + Fraction(1, 2)).__floor__()
        else:
            scheduled = planned(refinanced(row["pv"], months), "scheduled")
            assert abs(Fraction(scheduled[0]) * 100 - expected) < 1
            assert sum(scheduled) == int(row["pv"])
    for name, column in (("ppmt", "principal"), ("ipmt", "interest")):
        for rate, row in loans(name):
            terms = with_interest(row["pv"], int(row["n_periods"]), str(float(rate * 12)))
            paid = planned(terms, column)[int(row["period"]) - 1]
            # theirs is not rounded to cents
            assert abs(paid + Decimal(row["expected"])) <= Decimal("0.01"), row


def test_a_plan_has_the_columns_of_its_mart_and_stands_by_investment():
    terms = [refinanced(1, 3, investment_id=name, dealer_id="D" + name[::-1]) for name in "CAB"]
    table = plan(frame(*terms))
    assert list(table.columns) == PLAN.names
    assert table["investment_id"].tolist() == list("AAABBBCCC")
    assert table["dealer_id"].tolist()[::3] == ["DA", "DB", "DC"]
    assert table["period_no"].tolist() == [1, 2, 3] * 3
    assert records(plan(frame(terms[2], terms[0], terms[1]))) == records(table)
    assert list(plan(frame()).columns) == PLAN.names


def test_what_is_paid_up_front_is_not_planned():
    assert len(plan(frame(investment(upfront_rate=Decimal(1))))) == 0


def test_an_instalment_is_never_above_what_is_owed():
    # 0.59 cents a month, rounded to one: paid after 20 months
    scheduled = planned(with_interest("0.20", 36, "0.036"), "scheduled")
    assert scheduled == 20 * [Decimal("0.01")] + 16 * [0]


@settings(max_examples=150, deadline=None)
@given(random_investments(most=4), st.booleans())
def test_a_plan_is_what_a_slow_reckoning_gives(investments, in_python):
    with pytest.MonkeyPatch.context() as patch:
        if in_python:
            patch.setattr(money, "_SAFE", -1.0)
        found = records(plan(frame(*investments)))
    expected = []
    for terms in sorted(investments, key=lambda i: i["investment_id"]):
        for row in SlowInvestment(terms).plan:
            cents = {f"{k}_eur": Decimal(v) / 100 for k, v in row.items() if k != "period_no"}
            due = due_on(terms["start_date"], row["period_no"])
            names = ("investment_id", "dealer_id", "brand_code")
            own = {name: terms[name] for name in names} | {"due_date": due}
            expected.append(own | {"period_no": row["period_no"]} | cents)
    assert found == expected


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 10**9),
    st.integers(1, 130),
    st.sampled_from(["0", "0.000001", "0.036", "0.25"]),
    st.sampled_from(["30E/360", "ACT/365", "30/360"]),
    st.dates(date(2000, 1, 1), date(2030, 12, 31)),
)
def test_the_principal_sums_to_what_is_refinanced(cents, months, rate, day_count, start):
    financed = Decimal(cents) / 100
    terms = with_interest(financed, months, rate, day_count=day_count, start_date=start)
    rows = records(plan(frame(terms)))
    assert sum(row["principal_eur"] for row in rows) == financed
    assert rows[-1]["closing_eur"] == 0
    for row in rows:
        assert row["opening_eur"] + row["interest_eur"] - row["scheduled_eur"] == row["closing_eur"]
        assert min(row["closing_eur"], row["scheduled_eur"]) >= 0
    if rate == "0":
        each = [row["scheduled_eur"] for row in rows]
        assert each == sorted(each, reverse=True)
        assert each[0] - each[-1] <= Decimal("0.01")


def test_annuities_are_exact_at_any_size():
    principal, months = 10**17, 1_200
    factor = 1 / (1 + Fraction(36_000, 12_000_000))
    discounted = factor * (1 - factor**months) / (1 - factor)
    assert annuity(principal, 36_000, months) == round(principal / discounted)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"investment_id": None}, "names no dealer or brand, or has no id"),
        ({"dealer_id": None}, "names no dealer"),
        ({"total_cost_eur": Decimal(0)}, "investment I1 costs nothing"),
        ({"total_cost_eur": None}, "has no total_cost_eur"),
        ({"upfront_rate": Decimal("1.1")}, "has an upfront_rate beyond"),
        ({"refinance_months": 0}, "is not refinanced in 1 to 1200 months"),
        ({"refinance_months": 1201}, "is not refinanced in 1 to 1200 months"),
        ({"annual_interest_rate": Decimal("-0.1")}, "has a negative interest rate"),
        ({"annual_interest_rate": Decimal("0.1")}, "surplus can only be paid out"),
        ({"max_extension_months": -1}, "has negative max_extension_months"),
        ({"start_date": None}, "has no start_date"),
        ({"surplus_policy": "KEEP"}, "has a surplus_policy that is none of NEXT, LAST"),
        ({"end_policy": None}, "has a end_policy that is none of"),
        ({"day_count": "ACT/360"}, "has a day_count that is none of"),
    ],
)
def test_an_investment_that_cannot_be_reckoned_is_refused_by_name(changes, message):
    with pytest.raises(ValueError, match=message):
        plan(frame(investment(investment_id="I0"), investment(**changes)))


def test_an_investment_that_is_there_twice_is_refused():
    with pytest.raises(ValueError, match="investment I1 is there twice"):
        plan(frame(investment(), investment(dealer_id="D2")))


def test_columns_may_be_of_any_type_that_holds_them():
    table = frame(investment(), investment(investment_id="I2", max_extension_months=3))
    narrow = table.astype({"refinance_months": np.int32, "max_extension_months": "Int64"})
    narrow["start_date"] = narrow["start_date"].astype("datetime64[ns]")
    narrow["terminated_on"] = narrow["terminated_on"].astype("datetime64[us]")
    assert records(plan(narrow)) == records(plan(table))
