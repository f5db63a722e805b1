"""Where a surplus goes: the instalments that are left after a payment ahead of time.

`instalments` is a matrix investments x periods (int64 cents, 0 beyond an investment's last period),
changed in place; `paid` of rows was paid ahead in period `periods`, and `lasts` are their last
periods.
"""

from __future__ import annotations

import numpy as np

from orchestration.calculations.investments import LAST, NEXT, REAMORTISE


def reschedule(
    instalments: np.ndarray,
    policies: np.ndarray,
    rows: np.ndarray,
    periods: np.ndarray,
    lasts: np.ndarray,
    paid: np.ndarray,
    balances: np.ndarray,
) -> None:
    """Lower the instalments after `periods` by what was paid ahead: the next ones first, the last
    ones first, or all of them to equal parts of the balance that is left, the odd cents in the
    earliest months."""
    for policy, lower in ((NEXT, _lower_next), (LAST, _lower_last)):
        at = np.flatnonzero((paid > 0) & (policies == policy))
        if len(at):
            lower(instalments, rows[at], periods[at], paid[at])
    at = np.flatnonzero((paid > 0) & (policies == REAMORTISE) & (lasts > periods))
    if len(at):
        _spread(instalments, rows[at], periods[at], lasts[at], balances[at])


def _lower_next(
    instalments: np.ndarray, rows: np.ndarray, periods: np.ndarray, paid: np.ndarray
) -> None:
    from_period = int(periods.min())
    part = instalments[rows, from_period:]
    ahead = np.where(_period_numbers(part, from_period) > periods[:, None], part, 0)
    before = np.cumsum(ahead, axis=1) - ahead
    instalments[rows, from_period:] = part - np.clip(paid[:, None] - before, 0, ahead)


def _lower_last(
    instalments: np.ndarray, rows: np.ndarray, periods: np.ndarray, paid: np.ndarray
) -> None:
    from_period = int(periods.min())
    part = instalments[rows, from_period:]
    ahead = np.where(_period_numbers(part, from_period) > periods[:, None], part, 0)
    behind = ahead.sum(axis=1, keepdims=True) - np.cumsum(ahead, axis=1)
    instalments[rows, from_period:] = part - np.clip(paid[:, None] - behind, 0, ahead)


def _spread(
    instalments: np.ndarray,
    rows: np.ndarray,
    periods: np.ndarray,
    lasts: np.ndarray,
    balances: np.ndarray,
) -> None:
    from_period = int(periods.min())
    part = instalments[rows, from_period:]
    place = _period_numbers(part, from_period) - periods[:, None]
    left = lasts - periods
    # equal parts as `apportion` gives them, but thousands of them in each month
    whole, odd = (column[:, None] for column in np.divmod(balances, left))
    equal = np.where(place <= left[:, None], whole + (place <= odd), 0)
    instalments[rows, from_period:] = np.where(place > 0, equal, part)


def _period_numbers(part: np.ndarray, from_period: int) -> np.ndarray:
    return np.arange(from_period + 1, from_period + 1 + part.shape[1])
