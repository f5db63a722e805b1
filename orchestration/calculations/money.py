"""Amounts and rates as whole numbers: cents and millionths, and the one rounding of money.

A column of `decimal(18,s)` is read and written as its 64-bit integers, never through Python
objects. A product that could leave 64 bits is taken with Python integers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

CENTS = pa.decimal128(18, 2)
MILLIONTHS = pa.decimal128(18, 6)
MILLION = 1_000_000
LIMIT = 10**18  # what a decimal of 18 digits no longer holds

_SAFE = 2**62


def whole_numbers(values: Any, kind: pa.Decimal128Type) -> tuple[np.ndarray, np.ndarray]:
    """Decimals (Arrow, or pandas with Decimal objects) as int64 in units of their last digit, and
    which of them are null (0 there).

    Raises:
        pa.ArrowInvalid: a value that `kind` does not hold exactly.
    """
    array = _arrow(values, kind)
    if len(array) == 0:
        return np.empty(0, np.int64), np.empty(0, bool)
    nulls = np.asarray(array.is_null())
    pairs = np.frombuffer(array.buffers()[1], np.int64)
    low = pairs[2 * array.offset :: 2][: len(array)]
    return np.where(nulls, 0, low), nulls


def decimals(
    values: np.ndarray, kind: pa.Decimal128Type, nulls: np.ndarray | None = None
) -> pa.Array:
    """Whole numbers (int64) in units of the last digit as a decimal column."""
    pairs = np.empty((len(values), 2), np.int64)
    pairs[:, 0] = values
    pairs[:, 1] = pairs[:, 0] >> 63  # the sign, through the upper half
    validity = None
    if nulls is not None and nulls.any():
        validity = pa.py_buffer(np.packbits(~nulls, bitorder="little"))
    return pa.Array.from_buffers(kind, len(values), [validity, pa.py_buffer(pairs)])


def decimal_objects(values: np.ndarray, kind: pa.Decimal128Type, nulls: Any = None) -> pd.Series:
    """Whole numbers as a pandas column of Decimal, None where null."""
    return pd.Series(decimals(values, kind, nulls).to_numpy(zero_copy_only=False), dtype=object)


def _arrow(values: Any, kind: pa.DataType) -> pa.Array:
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    if isinstance(values, pa.Array):
        return values if values.type == kind else values.cast(kind)
    if isinstance(values, pd.Series) and values.dtype != object:
        return pa.array(values, from_pandas=True).cast(kind)
    return pa.array(values, kind, from_pandas=True)


def product(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The exact product: int64, or Python integers where one could leave 64 bits."""
    if _largest(left) * _largest(right) < _SAFE:
        return left.astype(np.int64, copy=False) * right.astype(np.int64, copy=False)
    return left.astype(object) * right.astype(object)


def rounded_amounts(basis: np.ndarray, rate: np.ndarray) -> np.ndarray:
    """basis (cents) x rate (millionths), rounded half up to the cent; neither is negative. int64,
    or Python integers where an amount does not fit."""
    is_large = rate > _SAFE // np.maximum(basis, 1)
    if not is_large.any():
        return (basis * rate + MILLION // 2) // MILLION
    amounts = np.empty(len(basis), object)
    small = ~is_large
    amounts[small] = (basis[small] * rate[small] + MILLION // 2) // MILLION
    products = basis[is_large].astype(object) * rate[is_large].astype(object)
    amounts[is_large] = (products + MILLION // 2) // MILLION
    return narrowed(amounts)


def rounded_quotients(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """numerator / denominator (positive), rounded half up; int64 if all fit."""
    if _largest(numerator) * 2 + _largest(denominator) >= _SAFE:
        numerator = numerator.astype(object)
    return narrowed((2 * numerator + denominator) // (2 * denominator))


def group_sums(values: np.ndarray, groups: np.ndarray, count: int) -> np.ndarray:
    """The exact sums of groups 0 .. count-1: int64, or Python integers where one could not fit."""
    if _largest(values) * max(len(values), 1) >= _SAFE:
        values = values.astype(object)
    sums = np.zeros(count, values.dtype)
    np.add.at(sums, groups, values)
    return sums


def running_sums(values: np.ndarray) -> np.ndarray:
    """The exact running sums: int64, or Python integers where one could not fit."""
    if _largest(values) * max(len(values), 1) >= _SAFE:
        values = values.astype(object)
    return np.cumsum(values)


def narrowed(values: np.ndarray) -> np.ndarray:
    """int64 if all values fit, else as they are."""
    if values.dtype == object and all(abs(v) < 2**63 for v in values):
        return values.astype(np.int64)
    return values


def _largest(values: Any) -> int:
    if not np.size(values):
        return 0
    return max(abs(int(np.max(values))), abs(int(np.min(values))))
