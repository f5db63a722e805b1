"""The ledger of refinancing: golden cases, every policy, and what always holds."""

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.calculations import money, refinancing
from orchestration.calculations.refinancing import LEDGER, refinance
from orchestration.calculations.repayment import AMOUNTS, STATUSES
from orchestration.calculations.schedules import plan
from tests.unit.calculations.investment_cases import (
    bonuses,
    case_of_all_policies,
    frame,
    investment,
    ledger,
    month,
    random_bonuses,
    random_investments,
    records,
    refinanced,
)
from tests.unit.calculations.slow_refinancing import slow_ledger

GOLDEN = bonuses(20_000, 16_000, 26_000)


def seen(rows, *names):
    """Figures of each row, single ones plain."""
    return [row[names[0]] if len(names) == 1 else tuple(row[n] for n in names) for row in rows]


# golden cases


@pytest.mark.parametrize("policy", ["NEXT", "LAST", "REAMORTISE"])
def test_the_third_month_covers_arrears_then_the_instalment_then_pays_ahead(policy):
    rows = ledger(investment(surplus_policy=policy), GOLDEN, 3)
    assert seen(rows, "status") == ["OPEN", "ARREARS", "OPEN"]
    assert seen(rows, "arrears_out") == [0, 4_000, 0]
    third = rows[2]
    assert (third["arrears_in"], third["scheduled"], third["due"]) == (4_000, 20_000, 24_000)
    assert (third["bonus_earned"], third["applied"], third["prepaid"]) == (26_000, 24_000, 2_000)
    assert third["closing"] == 658_000


def paid_on_time(policy, instalments):
    """The ledger, if after the first three months each instalment is paid as expected."""
    rows = ledger(
        investment(surplus_policy=policy), bonuses(20_000, 16_000, 26_000, *instalments), 36
    )
    assert seen(rows, "scheduled")[3:] == instalments
    assert rows[-1]["closing"] == rows[-1]["cash_called"] == 0
    assert sum(seen(rows, "paid_out")) == 0
    return rows


def test_next_lowers_the_fourth_instalment():
    assert len(paid_on_time("NEXT", [18_000] + 32 * [20_000])) == 36


def test_last_lowers_the_last_instalment():
    assert len(paid_on_time("LAST", 32 * [20_000] + [18_000])) == 36


def test_reamortise_spreads_the_balance_equally():
    instalments = 13 * [Decimal("19939.40")] + 20 * [Decimal("19939.39")]
    assert len(paid_on_time("REAMORTISE", instalments)) == 36


def test_pay_out_pays_the_surplus_to_the_dealer():
    rows = ledger(investment(surplus_policy="PAY_OUT"), GOLDEN, 4)
    assert seen(rows, "paid_out") == [0, 0, 2_000, 0]
    assert rows[2]["closing"] == 660_000
    assert rows[3]["scheduled"] == 20_000


def test_a_surplus_above_one_instalment_goes_on_to_the_next():
    rows = ledger(refinanced(60, 6), bonuses(35), 4)
    assert seen(rows, "scheduled") == [10, 0, 0, 5]
    rows = ledger(refinanced(60, 6, surplus_policy="LAST"), bonuses(35, 10, 10, 10), 6)
    assert seen(rows, "scheduled", "closing") == [(10, 25), (10, 15), (10, 5), (5, 0)]
    assert seen(rows, "paid_out") == [0, 0, 0, 5]


def test_interest_is_on_the_actual_balance_and_instalments_stay():
    terms = investment(annual_interest_rate=Decimal("0.036"), surplus_policy="PAY_OUT")
    rows = ledger(terms, bonuses(0, 50_000), 3)
    assert seen(rows, "scheduled") == 3 * [Decimal("21129.39")]
    assert seen(rows, "interest")[:2] == [2_160, Decimal("2166.48")]
    assert rows[1]["due"] == Decimal("42258.78")
    assert rows[1]["paid_out"] == Decimal("7741.22")
    on_time = [row["scheduled_eur"] for row in records(plan(frame(terms)))]
    rows = ledger(terms, bonuses(*on_time), 40)
    assert sum(seen(rows, "interest")) == Decimal("40658.14")
    assert seen(rows, "applied") == on_time
    assert rows[-1]["status"] == "SETTLED"
    assert len(rows) == 36


# shortfall


def test_carry_adds_what_is_missing_to_the_next_due():
    rows = ledger(refinanced(30, 3), bonuses(6, 8, 12), 4)
    assert seen(rows, "due", "arrears_out") == [(10, 4), (14, 6), (16, 0)]
    assert seen(rows, "cash_called", "status")[-1] == (4, "SETTLED")


def test_cash_call_bills_what_is_missing():
    rows = ledger(refinanced(30, 3, shortfall_policy="CASH_CALL"), bonuses(6, 8, 12), 4)
    assert seen(rows, "due", "cash_called", "arrears_out") == [(10, 4, 0), (10, 2, 0), (10, 0, 0)]


def test_extend_moves_what_is_missing_to_an_added_month_then_carries_it():
    terms = refinanced(30, 3, shortfall_policy="EXTEND", max_extension_months=1)
    rows = ledger(terms, bonuses(6, 8, 12, 3), 6)
    assert seen(rows, "scheduled", "arrears_in", "due") == [
        (10, 0, 10),
        (10, 0, 10),
        (10, 2, 12),
        (4, 0, 4),
    ]
    assert rows[3]["cash_called"] == 1
    assert seen(rows, "status") == ["OPEN", "ARREARS", "OPEN", "SETTLED"]
    assert ledger(terms, bonuses(6, 8, 12), 3)[-1]["status"] == "OPEN"


@pytest.mark.parametrize(
    ("policy", "instalments"),
    [("NEXT", [4, 10, 6]), ("LAST", [10, 10, 0]), ("REAMORTISE", ["6.67", "6.67", "6.66"])],
)
def test_a_surplus_counts_on_the_added_months_too(policy, instalments):
    terms = refinanced(
        40, 4, surplus_policy=policy, shortfall_policy="EXTEND", max_extension_months=9
    )
    expected = [Decimal(i) for i in instalments]
    rows = ledger(terms, bonuses(4, 16, *expected), 5)
    assert seen(rows, "prepaid")[1] == 6
    assert seen(rows, "scheduled")[2:] == [i for i in expected if i]
    assert (rows[-1]["closing"], rows[-1]["cash_called"]) == (0, 0)


def test_an_added_month_without_limit_is_none():
    rows = ledger(refinanced(20, 2, shortfall_policy="EXTEND"), bonuses(4), 5)
    assert seen(rows, "arrears_out", "cash_called") == [(6, 0), (0, 16)]


# the end


@pytest.mark.parametrize(
    ("policy", "column"), [("BALLOON", "cash_called"), ("WRITE_OFF", "written_off")]
)
def test_the_last_row_takes_the_rest(policy, column):
    rows = ledger(refinanced(30, 3, end_policy=policy), bonuses(10), 9)
    assert seen(rows, column, "closing") == [(0, 20), (0, 20), (20, 0)]
    assert seen(rows, "status") == ["OPEN", "ARREARS", "SETTLED"]


def test_the_end_waits_for_bonuses_as_long_as_they_come():
    terms = refinanced(20, 2, end_policy="EXTEND", max_extension_months=9)
    rows = ledger(terms, bonuses(0, 0, 5, 5, 0, 5), 9)
    assert seen(rows, "scheduled", "due", "closing") == [
        (10, 10, 20),
        (10, 20, 20),
        (0, 20, 15),
        (0, 15, 10),
        (0, 10, 0),
    ]
    assert rows[-1]["cash_called"] == 10
    assert seen(rows, "status")[2:] == ["EXTENDED", "EXTENDED", "SETTLED"]


def test_the_last_allowed_month_bills_the_rest():
    terms = refinanced(20, 2, end_policy="EXTEND", max_extension_months=1)
    rows = ledger(terms, bonuses(0, 0, 5, 5), 9)
    assert seen(rows, "closing", "cash_called") == [(20, 0), (20, 0), (0, 15)]
    assert len(ledger(terms | {"max_extension_months": None}, bonuses(0, 0, 5), 9)) == 2


def test_months_of_both_extensions_count_together():
    terms = refinanced(
        20, 2, shortfall_policy="EXTEND", end_policy="EXTEND", max_extension_months=2
    )
    rows = ledger(terms, bonuses(1, 1, 1, 1, 1), 9)
    assert seen(rows, "scheduled", "arrears_out", "cash_called") == [
        (10, 0, 0),
        (10, 0, 0),
        (9, 8, 0),
        (9, 0, 16),
    ]


def test_in_months_of_the_end_policy_the_rest_is_arrears_whatever_the_shortfall_policy():
    terms = refinanced(
        100,
        2,
        annual_interest_rate=Decimal("0.6"),
        surplus_policy="PAY_OUT",
        shortfall_policy="EXTEND",
        end_policy="EXTEND",
        max_extension_months=5,
    )
    # what was paid late has borne interest, which no instalment covers
    rows = ledger(terms, bonuses(0, "53.78", "53.78", 2, 0), 9)
    assert seen(rows, "scheduled", "arrears_in", "closing")[2:] == [
        tuple(map(Decimal, row))
        for row in (("53.78", "0", "5.51"), ("0", "5.51", "3.79"), ("0", "3.79", "0"))
    ]
    assert rows[-1]["cash_called"] == Decimal("3.98")


def test_at_a_termination_everything_falls_due():
    rows = ledger(refinanced(30, 3, terminated_on=date(2024, 3, 1)), bonuses(6, 8, 12), 9)
    assert seen(rows, "due", "applied", "cash_called", "status") == [
        (10, 6, 0, "ARREARS"),
        (24, 8, 16, "TERMINATED"),
    ]
    assert seen(rows, "closing", "arrears_out")[-1] == (0, 0)


def test_a_termination_before_the_first_due_month_counts_in_it():
    rows = ledger(refinanced(30, 3, terminated_on=date(2024, 1, 20)), bonuses(6), 9)
    assert seen(rows, "due", "cash_called", "status") == [(30, 24, "TERMINATED")]


# bonuses


def test_bonuses_before_the_first_due_month_wait_for_it():
    rows = ledger(refinanced(30, 3), bonuses(4, 5, 6, first=-1), 2)
    assert seen(rows, "bonus_earned", "closing") == [(15, 15), (0, 15)]


def test_what_is_above_the_balance_is_paid_out():
    rows = ledger(refinanced(30, 3), bonuses(10, 25), 9)
    assert seen(rows, "applied", "prepaid", "paid_out", "closing") == [
        (10, 0, 0, 20),
        (10, 10, 5, 0),
    ]


def test_a_bonus_taken_back_falls_due_but_does_not_raise_the_balance():
    rows = ledger(refinanced(40, 4), bonuses(10, -3, 20), 3)
    assert seen(rows, "bonus_earned", "due", "applied", "closing", "arrears_out") == [
        (10, 10, 10, 30, 0),
        (-3, 13, 0, 30, 13),
        (20, 23, 20, 10, 3),
    ]


def test_arrears_are_never_above_the_balance():
    rows = ledger(refinanced(20, 2), bonuses(10, -50, first=0), 1)
    assert seen(rows, "bonus_earned", "due", "closing", "arrears_out") == [(-40, 50, 20, 20)]
    billed = ledger(refinanced(20, 2, shortfall_policy="CASH_CALL"), bonuses(-50), 3)
    assert seen(billed, "due", "cash_called", "closing") == [(60, 20, 0)]


def test_investments_of_a_dealer_take_their_dues_in_turn_and_the_first_takes_the_surplus():
    later = refinanced(40, 4, investment_id="A", start_date=date(2024, 1, 16))
    first = refinanced(20, 2, investment_id="B")
    rows = ledger([later, first], bonuses(15, 27, 20), 3)
    a, b = (
        seen([r for r in rows if r["investment_id"] == i], "applied", "prepaid", "arrears_out")
        for i in "AB"
    )
    assert b == [(10, 0, 0), (10, 0, 0)]
    assert a == [(5, 0, 5), (15, 2, 0), (8, 10, 0)]
    same_day = [later | {"start_date": date(2024, 1, 15)}, first]
    rows = ledger(same_day, bonuses(15), 1)
    assert seen(rows, "investment_id", "applied") == [("A", 10), ("B", 5)]


def test_a_surplus_that_one_balance_does_not_take_goes_to_the_next():
    both = [refinanced(20, 2), refinanced(30, 3, investment_id="I2")]
    rows = ledger(both, bonuses(45), 3)
    assert seen(rows, "applied", "prepaid", "paid_out", "closing") == [
        (10, 10, 0, 0),
        (10, 15, 0, 5),
        (0, 0, 0, 5),
        (0, 0, 0, 0),
    ]
    rows = ledger(both, bonuses(55), 1)
    assert seen(rows, "prepaid", "paid_out") == [(10, 0), (20, 5)]
    due_in_full = [refinanced(10, 1), refinanced(10, 1, investment_id="I2")]
    assert seen(ledger(due_in_full, bonuses(23), 1), "paid_out") == [0, 3]
    settled_last = [refinanced(20, 2), refinanced(10, 1, investment_id="I2")]
    assert seen(ledger(settled_last, bonuses(35), 1), "prepaid", "paid_out") == [(10, 5), (0, 0)]


def test_a_bonus_between_two_investments_waits_for_the_second():
    second = refinanced(30, 3, investment_id="I2", start_date=date(2024, 3, 10))
    rows = ledger([refinanced(10, 1), second], bonuses(10, 7, 2, 6), 4)
    assert seen(rows, "investment_id", "bonus_earned") == [("I1", 10), ("I2", 9), ("I2", 6)]


def test_other_brands_and_dealers_repay_nothing():
    other = bonuses(99).assign(brand_code="VELO")
    rows = ledger(refinanced(30, 3), pd.concat([bonuses(99, dealer_id="D2"), other]), 1)
    assert seen(rows, "bonus_earned") == [0]


def test_nothing_is_shown_before_the_first_close_or_of_nothing_refinanced():
    assert ledger(investment(), GOLDEN, 0) == []
    assert ledger(investment(upfront_rate=Decimal(1)), GOLDEN, 9) == []
    none = refinance(frame(), GOLDEN, month(9))
    assert list(none.columns) == LEDGER.names
    assert len(none) == 0


def test_amounts_that_a_decimal_does_not_hold_are_refused():
    most = Decimal("9999999999999999.99")
    with pytest.raises(ValueError, match="I1 is beyond decimal"):
        ledger(
            refinanced(most, 3, annual_interest_rate=Decimal(3), surplus_policy="PAY_OUT"),
            GOLDEN,
            3,
        )
    with pytest.raises(ValueError, match="the dealer of investment I0 are too large"):
        ledger([refinanced(most, 3, investment_id=f"I{n}") for n in range(6)], GOLDEN, 3)
    assert ledger(refinanced(most, 1), bonuses(0), 1)[0]["cash_called"] == most


# what always holds


def compare(investments, of_months, closed):
    found = ledger(investments, of_months, closed)
    assert found == slow_ledger(investments, records(of_months), month(closed))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_the_ledger_of_all_policies_is_what_a_slow_reckoning_gives(seed):
    rows = compare(*case_of_all_policies(seed), 36)
    assert {row["status"] for row in rows} == set(STATUSES)


@settings(max_examples=120, deadline=None)
@given(random_investments(), random_bonuses(), st.integers(-3, 30))
def test_the_ledger_is_what_a_slow_reckoning_gives(investments, of_months, closed):
    compare(investments, of_months, closed)


@settings(max_examples=80, deadline=None)
@given(random_investments(), random_bonuses(), st.integers(4, 30))
def test_every_row_balances(investments, of_months, closed):
    rows = ledger(investments, of_months, closed)
    before = {}
    for row in rows:
        paid = row["applied"] + row["prepaid"]
        gone = paid + row["written_off"] + row["cash_called"]
        assert row["opening"] + row["interest"] - gone == row["closing"] >= 0
        if row["bonus_earned"] >= 0:
            assert row["bonus_earned"] == paid + row["paid_out"]
        else:
            assert paid + row["paid_out"] == 0
        assert 0 <= row["arrears_out"] <= row["closing"]
        assert all(row[name] >= 0 for name in AMOUNTS if name != "bonus_earned")
        previous = before.get(row["investment_id"])
        if previous:
            assert previous["closing"] == row["opening"] > 0
            assert previous["arrears_out"] == row["arrears_in"]
            assert previous["period_no"] + 1 == row["period_no"]
        before[row["investment_id"]] = row


@settings(max_examples=60, deadline=None)
@given(random_investments(), random_bonuses(), st.integers(4, 30))
def test_no_cent_of_a_bonus_is_lost(investments, of_months, closed):
    rows = ledger(investments, of_months, closed)
    for dealer_id in {row["dealer_id"] for row in rows}:
        own = [row for row in rows if row["dealer_id"] == dealer_id]
        last = max(row["ledger_month"] for row in own)
        given_to = of_months[(of_months["dealer_id"] == dealer_id) & (of_months["month"] <= last)]
        assert sum(seen(own, "bonus_earned")) * 100 == sum(given_to["bonus_cents"].tolist())


@settings(max_examples=40, deadline=None)
@given(random_investments(most=6), random_bonuses(), st.randoms(use_true_random=False))
def test_neither_order_nor_chunks_nor_64_bits_matter(investments, of_months, draw):
    expected = ledger(investments, of_months, 20)
    shuffled = draw.sample(investments, len(investments))
    order = draw.sample(range(len(of_months)), len(of_months))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(refinancing, "_CELLS", draw.choice([1, 8, 20]))
        patch.setattr(money, "_SAFE", -1.0)
        assert ledger(shuffled, of_months.iloc[order], 20) == expected
    apart = [
        ledger([i for i in investments if i["dealer_id"] == d], of_months, 20) for d in ("D1", "D2")
    ]
    together = sorted(sum(apart, []), key=lambda r: (r["investment_id"], r["period_no"]))
    assert together == expected


@settings(max_examples=40, deadline=None)
@given(random_investments(), random_bonuses(), st.integers(0, 20))
def test_a_later_close_changes_no_earlier_row(investments, of_months, closed):
    earlier = ledger(investments, of_months, closed)
    later = ledger(investments, of_months, closed + 6)
    last = month(closed)
    assert [row for row in later if row["ledger_month"] <= last] == earlier
