"""Annuities and day counts against maintained libraries, where they define the same."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import numpy_financial as npf
import QuantLib as ql
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.calculations.day_count import CONVENTIONS, day_counts, due_dates
from orchestration.calculations.schedules import annuity

DAY = st.dates(date(2000, 1, 1), date(2040, 12, 31))
LIBRARY = {
    "30E/360": ql.Thirty360(ql.Thirty360.European),
    "30/360": ql.Thirty360(ql.Thirty360.BondBasis),
    "ACT/365": ql.Actual365Fixed(),
}


def test_every_convention_is_compared():
    assert set(LIBRARY) == set(CONVENTIONS)


def quantlib_date(day):
    return ql.Date(day.day, day.month, day.year)


@settings(max_examples=500, deadline=None)
@given(start=DAY, span=st.integers(0, 800), convention=st.sampled_from(sorted(LIBRARY)))
def test_days_between_two_dates_are_those_of_quantlib(start, span, convention):
    end = start + timedelta(days=span)
    number = np.array([list(CONVENTIONS).index(convention)])
    days, year = day_counts(number, np.array([start], "M8[D]"), np.array([end], "M8[D]"))
    library = LIBRARY[convention]
    assert days[0] == library.dayCount(quantlib_date(start), quantlib_date(end))
    fraction = library.yearFraction(quantlib_date(start), quantlib_date(end))
    assert abs(days[0] / year[0] - fraction) < 1e-12


@settings(max_examples=300, deadline=None)
@given(start=DAY, months=st.integers(0, 240))
def test_due_dates_are_months_after_the_anchor_as_in_quantlib(start, months):
    found = due_dates(np.array([start], "M8[D]"), months)[0]
    expected = quantlib_date(start) + ql.Period(months, ql.Months)
    assert found == np.datetime64(expected.ISO())


@settings(max_examples=500, deadline=None)
@given(
    principal=st.integers(1, 10**10),
    rate=st.integers(1, 500_000),
    months=st.integers(1, 480),
)
def test_an_annuity_is_the_payment_of_numpy_financial(principal, rate, months):
    payment = -npf.pmt(Decimal(rate) / 12_000_000, months, Decimal(principal))
    # the library reckons with 28 digits and does not round: at most half a cent from ours
    assert abs(annuity(principal, rate, months) - payment) <= Decimal("0.5000001")
