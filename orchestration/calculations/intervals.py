"""How sure a mean, or a difference of two means, is: 95 % intervals of Student's t.

    found = difference_interval(changes_of_pilots, changes_of_controls)

A difference in differences is the difference of two mean changes, each unit (a dealer) counted
once; the changes of a unit hang together, so units are what is compared, never months. Both groups
may vary by themselves (Welch). Estimates are statistics, no money: they are reckoned in floats over
sorted values, so that nothing hangs on the order of rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

CONFIDENCE = 0.95
"""Share of such intervals that hold the true figure."""

Values = Sequence[Decimal] | Sequence[int] | NDArray[np.float64]


@dataclass(frozen=True)
class Interval:
    """An estimate with its 95 % interval, all in the unit of the values. What cannot be told is
    None: the estimate without a value in each group, the ends without two."""

    estimate: float | None
    low: float | None
    high: float | None


def mean_interval(values: Values) -> Interval:
    """The mean of the values, with n - 1 degrees of freedom."""
    return _interval([np.sort(np.asarray(values, dtype=np.float64))])


def difference_interval(treated: Values, control: Values) -> Interval:
    """Mean of `treated` - mean of `control`, with the degrees of freedom of Welch;
    where neither group varies the interval is the estimate itself."""
    groups = [np.sort(np.asarray(values, dtype=np.float64)) for values in (treated, control)]
    return _interval(groups)


def _interval(groups: Sequence[NDArray[np.float64]]) -> Interval:
    if any(len(group) == 0 for group in groups):
        return Interval(None, None, None)
    means = [group.mean() for group in groups]
    estimate = means[0] - sum(means[1:])
    if any(len(group) == 1 for group in groups):
        return Interval(estimate, None, None)
    variances = np.array([group.var(ddof=1) / len(group) for group in groups])
    total = variances.sum()
    if total == 0:
        return Interval(estimate, estimate, estimate)
    freedom = total**2 / sum(
        v**2 / (len(group) - 1) for v, group in zip(variances, groups, strict=True)
    )
    reach = student.ppf((1 + CONFIDENCE) / 2, freedom) * np.sqrt(total)
    return Interval(estimate, estimate - reach, estimate + reach)
