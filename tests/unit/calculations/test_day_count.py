"""Due dates and the days between them."""

import csv
from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.calculations.day_count import (
    ACT_365,
    CONVENTIONS,
    THIRTY_360,
    THIRTY_E_360,
    day_counts,
    due_dates,
)
from orchestration.settings import PROJECT_ROOT
from tests.unit.calculations.slow_refinancing import due_on, part_of_year

ISDA = PROJECT_ROOT.parent / "shared" / "golden" / "daycount_quantlib_isda.csv"
NAMES = {"30E/360 Eurobond (German)": THIRTY_E_360, "30/360 Bond Basis (30A/360)": THIRTY_360}


def array(*days):
    return np.array(days, "datetime64[D]")


def days_between(convention, start, end):
    days, basis = day_counts([convention], array(start), array(end))
    return int(days[0]), int(basis[0])


@pytest.mark.skipif(not ISDA.exists(), reason="the golden tables are not beside the project")
def test_the_examples_of_isda():
    with ISDA.open() as file:
        rows = [row for row in csv.DictReader(file) if row["convention"] in NAMES]
    assert len(rows) > 50
    for row in rows:
        days, basis = days_between(NAMES[row["convention"]], row["start"], row["end"])
        assert (days, basis) == (int(row["expected"]), 360), row


@pytest.mark.parametrize(
    ("convention", "start", "end", "days"),
    [
        (THIRTY_E_360, "2006-08-31", "2007-02-28", 178),
        (THIRTY_E_360, "2007-02-28", "2007-08-31", 182),
        (THIRTY_360, "2007-02-28", "2007-08-31", 183),
        (THIRTY_360, "2006-08-30", "2006-10-31", 60),
        (THIRTY_E_360, "2008-02-28", "2008-02-29", 1),
        (ACT_365, "2008-02-01", "2008-03-01", 29),
        (ACT_365, "2007-02-01", "2008-02-01", 365),
    ],
)
def test_days_by_convention(convention, start, end, days):
    assert days_between(convention, start, end) == (days, 365 if convention == ACT_365 else 360)


DAYS = st.dates(date(1999, 12, 1), date(2031, 1, 31))


@given(st.lists(st.tuples(st.sampled_from(range(3)), DAYS, DAYS), max_size=20))
def test_each_row_is_counted_by_its_convention(rows):
    conventions, starts, ends = (list(c) for c in zip(*rows, strict=True)) if rows else ([], [], [])
    found = zip(*day_counts(conventions, array(*starts), array(*ends)), strict=True)
    parts = [Fraction(int(days), int(basis)) for days, basis in found]
    assert parts == [part_of_year(CONVENTIONS[c], start, end) for c, start, end in rows]


def test_an_unknown_convention_is_refused():
    with pytest.raises(ValueError, match="no such day-count convention"):
        days_between(3, "2024-01-01", "2024-02-01")


def test_due_dates_hang_on_the_anchor_alone():
    dates = due_dates(np.repeat(array("2024-01-31"), 4), np.arange(1, 5))
    assert dates.tolist() == array("2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31").tolist()


@given(st.lists(st.tuples(DAYS, st.integers(0, 130)), max_size=20))
def test_due_dates_are_clipped_to_the_end_of_the_month(rows):
    anchors, months = (list(c) for c in zip(*rows, strict=True)) if rows else ([], [])
    assert due_dates(array(*anchors), months).tolist() == [due_on(a, m) for a, m in rows]
