"""Where a surplus goes: the instalments that are left after a payment ahead of time.

`instalments` is a matrix investments x periods (int64 cents, 0 beyond an investment's last period),
changed in place; `paid` of rows was paid ahead in period `periods`, and `lasts` are their last
periods.
"""

from __future__ import annotations

import numpy as np

from orchestration.calculations.apportion import apportion
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
    at = np.flatnonzero((paid > 0) & ((policies == NEXT) | (policies == LAST)))
    if len(at):
        _lower(instalments, rows[at], periods[at], paid[at], policies[at] == LAST)
    at = np.flatnonzero((paid > 0) & (policies == REAMORTISE) & (lasts > periods))
    if len(at):
        _spread(instalments, rows[at], periods[at], lasts[at], balances[at])


def _lower(
    instalments: np.ndarray,
    rows: np.ndarray,
    periods: np.ndarray,
    paid: np.ndarray,
    from_last: np.ndarray,
) -> None:
    from_period = int(periods.min())
    part = instalments[rows, from_period:]
    ahead = np.where(_period_numbers(part, from_period) > periods[:, None], part, 0)
    up_to = np.cumsum(ahead, axis=1)
    # what is lowered first: the instalments before each, or those behind it
    sooner = np.where(from_last[:, None], up_to[:, -1:] - up_to, up_to - ahead)
    instalments[rows, from_period:] = part - np.clip(paid[:, None] - sooner, 0, ahead)


def _spread(
    instalments: np.ndarray,
    rows: np.ndarray,
    periods: np.ndarray,
    lasts: np.ndarray,
    balances: np.ndarray,
) -> None:
    from_period = int(periods.min())
    part = instalments[rows, from_period:]
    numbers = _period_numbers(part, from_period)
    is_ahead = (numbers > periods[:, None]) & (numbers <= lasts[:, None])
    group, place = np.nonzero(is_ahead)
    equal = np.ones(len(group), np.int64)
    shares = apportion(balances, equal, tie_keys=place, groups=group).shares
    spread = np.where(numbers > periods[:, None], 0, part)
    spread[group, place] = shares
    instalments[rows, from_period:] = spread


def _period_numbers(part: np.ndarray, from_period: int) -> np.ndarray:
    return np.arange(from_period + 1, from_period + 1 + part.shape[1])
