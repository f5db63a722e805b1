"""Intervals of means and of differences of means."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from orchestration.calculations.intervals import Interval, difference_interval, mean_interval

values = st.lists(
    st.decimals(min_value=-1000, max_value=1000, places=3), min_size=2, max_size=40
).filter(lambda drawn: len(set(drawn)) > 1)


def _ends(found: Interval) -> list[float | None]:
    return [found.estimate, found.low, found.high]


@given(values, values)
def test_the_difference_is_what_statsmodels_gives(
    treated: list[Decimal], control: list[Decimal]
) -> None:
    a, b = (DescrStatsW(np.array(v, dtype=float)) for v in (treated, control))
    expected = CompareMeans(a, b).tconfint_diff(alpha=0.05, usevar="unequal")
    found = difference_interval(treated, control)
    assert _ends(found) == pytest.approx([a.mean - b.mean, *expected], rel=1e-9, abs=1e-9)


@given(values)
def test_the_mean_is_what_statsmodels_gives(drawn: list[Decimal]) -> None:
    described = DescrStatsW(np.array(drawn, dtype=float))
    expected = [described.mean, *described.tconfint_mean(alpha=0.05)]
    assert _ends(mean_interval(drawn)) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(values, st.randoms())
def test_the_order_of_values_does_not_matter(drawn: list[Decimal], random) -> None:
    shuffled = list(drawn)
    random.shuffle(shuffled)
    assert mean_interval(shuffled) == mean_interval(drawn)


def test_without_values_nothing_is_known() -> None:
    assert difference_interval([], [Decimal(1)]) == Interval(None, None, None)
    assert mean_interval([]) == Interval(None, None, None)


def test_one_value_in_a_group_has_no_interval() -> None:
    found = difference_interval([Decimal("0.5")], [Decimal("0.25"), Decimal("0.25")])
    assert _ends(found) == [0.25, None, None]


def test_groups_that_do_not_vary_are_sure() -> None:
    assert _ends(difference_interval([1, 1], [0, 0])) == [1.0, 1.0, 1.0]
