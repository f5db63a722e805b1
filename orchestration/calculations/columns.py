"""Columns of Arrow tables and pandas frames as the numbers that calculations work on.

Strings of many rows stay in Arrow; what is compared are their numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc


def column(rows: pa.Table | pd.DataFrame, name: str, kind: pa.DataType) -> pa.Array:
    """One column as one Arrow array of a type.

    Raises:
        pa.ArrowInvalid: a value that the type does not hold.
        KeyError: there is no such column.
    """
    values = rows[name]
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    elif values.dtype == object:
        return pa.array(values, kind, from_pandas=True)
    else:
        values = pa.array(values, from_pandas=True)
    return values if values.type == kind else values.cast(kind)


def days(rows: pa.Table | pd.DataFrame, name: str) -> np.ndarray:
    """Dates as days since 1970, int64."""
    return column(rows, name, pa.date32()).cast(pa.int32()).to_numpy().astype(np.int64)


def dates(values: np.ndarray, nulls: np.ndarray | None = None) -> pa.Array:
    """Days since 1970 as dates."""
    return pa.array(values.astype(np.int32), mask=nulls).cast(pa.date32())


def codes(values: pa.Array, numbers: Mapping[str | None, int]) -> np.ndarray:
    """The number of each string, -1 where it has none."""
    encoded = values.dictionary_encode(null_encoding="encode")
    known = [numbers.get(value, -1) for value in encoded.dictionary.to_pylist()]
    return np.array(known, np.int64)[encoded.indices.to_numpy()]


def ordered(leading: np.ndarray, *names: pa.Array) -> np.ndarray:
    """The order by a number, then by strings (as bytes, nulls last)."""
    order = np.argsort(leading, kind="stable")
    placed = leading[order]
    same = placed[1:] == placed[:-1]
    tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
    if len(tied):
        rows = order[tied]
        # the order of the ties as numbers: strings are compared within few rows at a time
        table = pa.table(
            [pa.array(leading[rows]), *(n.take(pa.array(rows)) for n in names)],
            names=[str(i) for i in range(len(names) + 1)],
        )
        keys = [(name, "ascending") for name in table.column_names]
        order[tied] = rows[pc.sort_indices(table, sort_keys=keys).to_numpy()]
    return order


def picked(values: pa.Array, at: np.ndarray) -> pa.Array:
    """Values at positions, null at a negative one."""
    is_none = at < 0
    return values.take(pa.array(at, mask=is_none if is_none.any() else None))


def objects(values: Any) -> pd.Series:
    """An Arrow array or list as a pandas column of Python objects."""
    values = values.to_pylist() if isinstance(values, pa.Array) else list(values)
    return pd.Series(values, dtype=object)
