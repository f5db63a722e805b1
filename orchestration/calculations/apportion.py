"""The one function that splits a whole number: targets, caps, shared costs, instalments.

The exact shares of a group are `clamp(k * weight, floor, cap)` with the one factor k for which they
sum to the total. Each is rounded down, and what is left goes, one each, to the largest fractional
parts. All of it is exact: in 64 bits where no product can overflow, in Python integers elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# Products stay below this in 64 bits; half of what fits, since the estimate is a float.
_SAFE = float(2**62)
_INT64 = 2**63 - 1


@dataclass(frozen=True)
class Apportioned:
    """`shares`: one integer per row, in the order given (int64, Python integers where one does not
    fit). `is_feasible`: whether they sum to the total; a bool, or an array by group."""

    shares: np.ndarray
    is_feasible: Any


@dataclass(frozen=True)
class _Rows:
    """Rows sorted by group, all groups non-empty. `caps` are never below `floors`."""

    weights: np.ndarray
    floors: np.ndarray
    caps: np.ndarray
    ties: np.ndarray
    totals: np.ndarray
    sizes: np.ndarray

    @property
    def starts(self) -> np.ndarray:
        return np.cumsum(self.sizes) - self.sizes

    def by_row(self, values: np.ndarray) -> np.ndarray:
        return np.repeat(values, self.sizes)

    def sum(self, values: np.ndarray) -> np.ndarray:
        """The sums of the groups."""
        if not len(self.sizes):
            return self.totals[:0]
        return np.add.reduceat(values, self.starts)

    def only(self, groups: np.ndarray, dtype: Any = None) -> tuple[np.ndarray, _Rows]:
        """The rows of some groups (a mask), and a mask of them among the rows."""
        rows = self.by_row(groups)
        columns = (self.weights, self.floors, self.caps)
        weights, floors, caps = (c[rows].astype(dtype or c.dtype) for c in columns)
        totals = self.totals[groups].astype(dtype or self.totals.dtype)
        return rows, _Rows(weights, floors, caps, self.ties[rows], totals, self.sizes[groups])


def apportion(
    total: Any,
    weights: Any,
    floors: Any = None,
    caps: Any = None,
    tie_keys: Any = None,
    groups: Any = None,
) -> Apportioned:
    """Split a total among rows in proportion to their weights, within floors and caps.

    All figures are integers of one unit (cents, cars), weights of any. With `groups`, the number
    (0 .. G-1, in any order) of each row's group, `total` is an array of G totals.

    - Weights that are all zero count as equal. Once all rows of positive weight are at their caps
      the rest goes to the rows of weight zero equally.
    - Equal fractional parts: the larger weight first, then the smaller tie key (anything that
      sorts; an Arrow array sorts by value), then the earlier row.
    - Floors default to 0; no caps, or a cap of None: none.
    - Floors that sum to more than the total are the shares, and so are caps that sum to less:
      `is_feasible` is then False.

    Raises:
        ValueError: a negative weight or floor, a floor above its cap (the row is named, 0 is the
            first), columns of different lengths, or a group number without a total.
        TypeError: a value that is no integer.
    """
    weights = _integers(weights, "weight")
    count = len(weights)
    totals = _integers([total] if groups is None else total, "total")
    numbers = np.zeros(count, np.int64) if groups is None else _integers(groups, "group")
    floors = np.zeros(count, np.int64) if floors is None else _integers(floors, "floor")
    ties = np.arange(count) if tie_keys is None else _ranks(tie_keys)
    for name, column in (("groups", numbers), ("floors", floors), ("tie_keys", ties)):
        _check(len(column) == count, f"{len(column)} {name} for {count} weights")
    if count:
        bad = (numbers < 0) | (numbers >= len(totals))
        _check_rows(~bad, lambda i: f"there is no total for group {numbers[i]}")
    _check_rows(weights >= 0, lambda i: f"the weight {weights[i]} is negative")
    _check_rows(floors >= 0, lambda i: f"the floor {floors[i]} is negative")
    uncapped = np.maximum(totals[numbers], floors)
    _check(caps is None or len(caps) == count, f"there is no cap for each of {count} weights")
    caps = uncapped if caps is None else _integers(caps, "cap", uncapped)
    _check_rows(floors <= caps, lambda i: f"the floor {floors[i]} is above the cap {caps[i]}")

    order = None
    if np.any(numbers[1:] < numbers[:-1]):
        order = np.argsort(numbers, kind="stable")
        weights, floors, caps, ties = (c[order] for c in (weights, floors, caps, ties))
    sizes = np.bincount(numbers, minlength=len(totals))
    is_used = sizes > 0
    rows = _Rows(weights, floors, caps, ties, totals[is_used], sizes[is_used])
    shares, used_feasible = _split_each(rows)
    feasible = np.equal(totals, 0)
    feasible[is_used] = used_feasible
    if order is not None:
        back = np.empty_like(shares)
        back[order] = shares
        shares = back
    return Apportioned(shares, bool(feasible[0]) if groups is None else feasible)


def _split_each(rows: _Rows) -> tuple[np.ndarray, np.ndarray]:
    """Shares and feasibility, by 64-bit integers in the groups that allow them."""
    is_safe = _is_safe(rows)
    if is_safe.all():
        _, rows = rows.only(is_safe, np.int64)
        return _split(rows)
    shares = np.empty(len(rows.weights), object)
    feasible = np.empty(len(rows.sizes), bool)
    for groups, dtype in ((is_safe, np.int64), (~is_safe, object)):
        at, part = rows.only(groups, dtype)
        # asked for as objects: numpy integers in an object array would overflow silently
        part_shares, feasible[groups] = _split(part)
        shares[at] = part_shares.astype(object)
    return _narrowed(shares), feasible


def _is_safe(rows: _Rows) -> np.ndarray:
    """Groups of which every sum and every product of a total and a sum of weights fits. Estimated
    in floating point, which cannot overflow, with half of the 64 bits' range to spare; no share is
    reckoned from it."""
    weights, floors, caps = map(_magnitudes, (rows.weights, rows.floors, rows.caps))
    weight_sums = np.maximum(rows.sum(weights), rows.sizes)
    highest = np.abs(_magnitudes(rows.totals)) + 1
    largest_cap = np.maximum.reduceat(caps, rows.starts) if len(rows.sizes) else highest
    return (weight_sums * highest < _SAFE) & (rows.sum(floors) < _SAFE) & (largest_cap < _SAFE)


def _split(rows: _Rows) -> tuple[np.ndarray, np.ndarray]:
    totals = rows.by_row(rows.totals)
    is_low = rows.sum(rows.floors) > rows.totals
    # A cap above the total binds nobody; cut to it, sums and products stay small.
    caps = np.minimum(rows.caps, np.maximum(totals, rows.floors))
    is_high = ~is_low & (rows.sum(caps) < rows.totals)
    feasible = ~(is_low | is_high)
    if feasible.all():
        return _share(_Rows(rows.weights, rows.floors, caps, rows.ties, rows.totals, rows.sizes)), (
            feasible
        )
    shares = np.where(rows.by_row(is_low), rows.floors, rows.caps)
    cut = _Rows(rows.weights, rows.floors, caps, rows.ties, rows.totals, rows.sizes)
    at, part = cut.only(feasible)
    shares[at] = _share(part)
    return shares, feasible


def _share(rows: _Rows) -> np.ndarray:
    """Shares of groups that are feasible, and whose caps are not above their total."""
    weights, fixed = _effective_weights(rows)
    is_free = weights > 0
    shares = np.where(is_free, rows.weights * 0, fixed)
    rest, weight_sum = _fix_those_out_of_bounds(rows, weights, is_free, shares)
    products = rows.by_row(rest) * weights
    divisors = rows.by_row(np.where(weight_sum > 0, weight_sum, 1))
    whole = products // divisors
    parts = np.where(is_free, products - whole * divisors, 0)
    shares = np.where(is_free, whole, shares)
    _hand_out(rows, shares, parts, weights)
    return shares


def _effective_weights(rows: _Rows) -> tuple[np.ndarray, np.ndarray]:
    """Weights by which the rest is split, 0 for rows that have their fixed share already."""
    is_zero = rows.weights == 0
    if not is_zero.any():
        return rows.weights, rows.floors
    most = rows.sum(np.where(is_zero, rows.floors, rows.caps))
    # where all are zero no total is too high for those with a weight, so none is in `is_short`
    is_equal = rows.by_row(rows.sum(rows.weights) == 0)
    is_short = rows.by_row(most < rows.totals) & ~is_equal
    weights = np.where(is_equal, 1, np.where(is_short, is_zero.astype(np.int64), rows.weights))
    fixed = np.where(is_short & ~is_zero, rows.caps, rows.floors)
    return weights.astype(rows.weights.dtype), fixed


def _fix_those_out_of_bounds(
    rows: _Rows, weights: np.ndarray, is_free: np.ndarray, shares: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Fix rows at a bound (in `is_free` and `shares`) until the free ones share what is left within
    their bounds; returns what is left and the sum of the free weights, by group.

    In each round all rows below their floor are fixed if the bounds would give too much in all, and
    all above their cap if too little: the direction in which the factor still moves keeps them out.
    """
    rest = rows.totals - rows.sum(np.where(is_free, 0, shares))
    weight_sum = rows.sum(np.where(is_free, weights, 0))
    pending, open_groups = rows, np.ones(len(rows.sizes), bool)
    while len(pending.sizes):
        at = rows.by_row(open_groups)
        free, weight = is_free[at], weights[at]
        product = pending.by_row(rest[open_groups]) * weight
        divisor = pending.by_row(weight_sum[open_groups])
        missing = pending.floors * divisor - product
        excess = product - pending.caps * divisor
        is_low, is_high = free & (missing > 0), free & (excess > 0)
        balance = pending.sum(np.where(is_low, missing, 0) - np.where(is_high, excess, 0))
        fix_low = is_low & pending.by_row(balance >= 0)
        fix_high = is_high & pending.by_row(balance <= 0)
        fixed = fix_low | fix_high
        if not fixed.any():
            break
        values = np.where(fix_low, pending.floors, pending.caps)
        where = np.flatnonzero(at)[fixed]
        is_free[where], shares[where] = False, values[fixed]
        rest[open_groups] -= pending.sum(np.where(fixed, values, 0))
        weight_sum[open_groups] -= pending.sum(np.where(fixed, weight, 0))
        changed = np.logical_or.reduceat(fixed, pending.starts)
        open_groups = open_groups.copy()
        open_groups[open_groups] = changed
        _, pending = rows.only(open_groups)
    return rest, weight_sum


def _hand_out(rows: _Rows, shares: np.ndarray, parts: np.ndarray, weights: np.ndarray) -> None:
    """Add one to the largest fractional parts until the shares (changed here) sum to the totals.

    A row with a fractional part is below its cap, and there are more of them than units left.
    """
    left = rows.totals - rows.sum(shares)
    at = np.flatnonzero((parts > 0) & rows.by_row(left > 0))
    if not len(at):
        return
    group = np.repeat(np.arange(len(rows.sizes)), rows.sizes)[at]
    keys = (rows.ties[at], -_sortable(weights[at]), -_sortable(parts[at]), group)
    order = np.lexsort(keys)
    sizes = np.bincount(group, minlength=len(rows.sizes))
    place = np.arange(len(at)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    gets = place < np.repeat(left, sizes)
    shares[at[order[gets]]] += 1


def _sortable(values: np.ndarray) -> np.ndarray:
    """Numbers in the order of the values."""
    if values.dtype != object:
        return values
    return np.unique(values, return_inverse=True)[1]


def _ranks(keys: Any) -> np.ndarray:
    """Numbers in the order of the keys."""
    if isinstance(keys, pa.Array | pa.ChunkedArray):
        return pc.rank(keys, tiebreaker="dense").to_numpy().astype(np.int64)
    array = np.asarray(keys)
    if array.dtype.kind in "iu" and array.ndim == 1:
        return array
    keys = list(keys)
    numbers = {key: number for number, key in enumerate(sorted(set(keys)))}
    return np.array([numbers[key] for key in keys], np.int64)


def _integers(values: Any, name: str, none: Sequence[int] | None = None) -> np.ndarray:
    """int64, or Python integers in an object array where one does not fit; `none` holds what
    stands for a None."""
    array = np.asarray(values)
    if array.dtype.kind == "i":
        return array.astype(np.int64, copy=False)
    given = values.tolist() if isinstance(values, np.ndarray) else list(values)
    found = np.empty(len(given), object)
    for row, value in enumerate(given):
        if value is None and none is not None:
            found[row] = int(none[row])
        elif isinstance(value, int | np.integer) and not isinstance(value, bool):
            found[row] = int(value)
        else:
            raise TypeError(f"row {row}: the {name} {value!r} is not an integer")
    return _narrowed(found)


def _narrowed(values: np.ndarray) -> np.ndarray:
    if all(-_INT64 <= v <= _INT64 for v in values):
        return values.astype(np.int64)
    return values


def _magnitudes(values: np.ndarray) -> np.ndarray:
    if values.dtype == object:
        values = np.clip(values, -(2**80), 2**80)
    return values.astype(np.float64)


def _check(is_right: bool, message: str) -> None:
    if not is_right:
        raise ValueError(message)


def _check_rows(is_right: np.ndarray, message: Any) -> None:
    if not np.all(is_right):
        row = int(np.argmin(is_right))
        raise ValueError(f"row {row}: {message(row)}")
