"""The effects of courses: means and their intervals, as shown."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

from orchestration.calculations.effects import course_effects
from orchestration.calculations.intervals import mean_interval


def effects(**changes: list[str]) -> dict[str, tuple]:
    rows = [(course, Decimal(value)) for course, values in changes.items() for value in values]
    frame = pd.DataFrame(rows, columns=["course_code", "net_change"]).astype(object)
    return {
        row["course_code"]: (row["effect"], row["ci_low"], row["ci_high"])
        for row in course_effects(frame).to_pylist()
    }


def test_a_mean_is_rounded_half_away_from_zero_once():
    found = effects(A=["0.000001", "0.000002"], B=["-0.000001", "-0.000002"])
    assert found["A"][0] == Decimal("0.000002")
    assert found["B"][0] == Decimal("-0.000002")


def test_one_dealer_has_an_effect_without_an_interval():
    assert effects(A=["0.120000"]) == {"A": (Decimal("0.120000"), None, None)}


def test_the_interval_is_students():
    values = ["0.100000", "0.120000", "0.050000", "-0.010000"]
    (effect, low, high) = effects(A=values, Z=["0.500000"])["A"]
    expected = mean_interval([Decimal(v) for v in values])
    assert effect == Decimal("0.065000")
    assert float(low) == pytest.approx(expected.low, abs=5e-7)
    assert float(high) == pytest.approx(expected.high, abs=5e-7)
    assert low < 0 < effect < high


def test_courses_without_dealers_have_no_rows():
    assert effects() == {}


def test_a_change_that_is_missing_is_refused():
    broken = pd.DataFrame({"course_code": ["A"], "net_change": [None]}, dtype=object)
    with pytest.raises(ValueError, match="net_change"):
        course_effects(broken)
