"""Frames: what a feed says, typed as its contract says, before any sender writes it.

A frame is an Arrow table with exactly the contract's columns, in its order. Decimals are int64 of
their smallest step (cents, millionths), timestamps the wall clock of the network's zone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.ingestion.contract import Column, Feed
from orchestration.sample.timeline import first_day, month_of

ARROW = {
    "text": pa.string(),
    "int": pa.int64(),
    "decimal": pa.int64(),
    "date": pa.date32(),
    "ts": pa.timestamp("us"),
    "bool": pa.bool_(),
}


class FrameError(AssertionError):
    """A generated frame that does not keep its contract: a fault of the generator."""


def texts(labels: Sequence[str | None], number: np.ndarray) -> pa.Array:
    """The label of each number; null where the number is negative."""
    return pa.array(labels, pa.string()).take(pa.array(number, pa.int64(), mask=number < 0))


def ints(values: np.ndarray, null: np.ndarray | None = None) -> pa.Array:
    return pa.array(np.asarray(values, dtype=np.int64), pa.int64(), mask=null)


def days(values: np.ndarray, null: np.ndarray | None = None) -> pa.Array:
    return pa.array(np.asarray(values, dtype=np.int32), pa.int32(), mask=null).cast(pa.date32())


def moments(seconds: np.ndarray, null: np.ndarray | None = None) -> pa.Array:
    micros = np.asarray(seconds, dtype=np.int64) * 1_000_000
    return pa.array(micros, pa.int64(), mask=null).cast(pa.timestamp("us"))


def flags(values: np.ndarray) -> pa.Array:
    return pa.array(np.asarray(values, dtype=bool))


def numbered(prefix: pa.Array | str, number: np.ndarray, width: int = 7) -> pa.Array:
    """Ids such as `D0042-0000017`."""
    digits = pc.utf8_lpad(pa.array(number, pa.int64()).cast(pa.string()), width, "0")
    return pc.binary_join_element_wise(prefix, digits, "-")


def day_numbers(column: pa.Array) -> np.ndarray:
    """Days of a date column or calendar days of a timestamp column; 0 where null."""
    return pc.fill_null(column.cast(pa.date32()).cast(pa.int32()), 0).to_numpy().astype(np.int64)


def frame(feed: Feed, columns: Mapping[str, pa.Array]) -> pa.Table:
    """The columns as a table that keeps the feed's contract; what is absent is null.

    Raises:
        FrameError: an undeclared column, another type, a null or a value that the contract forbids.
    """
    if unknown := sorted(set(columns) - {c.name for c in feed.columns}):
        raise FrameError(f"{feed.name}: {', '.join(unknown)} are not in the contract")
    length = len(next(iter(columns.values())))
    arrays = [
        columns[c.name] if c.name in columns else pa.nulls(length, ARROW[c.kind])
        for c in feed.columns
    ]
    table = pa.table(arrays, names=[c.name for c in feed.columns])
    for column in feed.columns:
        if problem := _problem(column, table[column.name]):
            raise FrameError(f"{feed.name}.{column.name}: {problem}")
    return table


def _problem(column: Column, values: pa.ChunkedArray) -> str | None:
    if values.type != ARROW[column.kind]:
        return f"is {values.type}, the contract's {column.data_type} is {ARROW[column.kind]}"
    if column.required and values.null_count:
        return f"required, yet {values.null_count} nulls"
    if column.values and (strange := set(pc.unique(values).to_pylist()) - {*column.values, None}):
        return f"{sorted(strange)} are not among {column.values}"
    if column.pattern:
        fits = pc.match_substring_regex(values, f"^(?:{column.pattern})$")
        if pc.any(pc.invert(fits)).as_py():
            return f"{values.filter(pc.invert(fits))[0]} is no {column.format}"
    if column.format == "month":
        day = day_numbers(values.combine_chunks())
        if (day != first_day(month_of(day))).any():
            return "not all are the first of a month"
    if len(values) - values.null_count and column.kind in ("int", "decimal"):
        span, unit = pc.min_max(values).as_py(), 10**column.scale
        if column.min is not None and span["min"] < column.min * unit:
            return f"{span['min']} is below {column.min}"
        if column.max is not None and span["max"] > column.max * unit:
            return f"{span['max']} is above {column.max}"
    return None
