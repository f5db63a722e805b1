"""Values as text: numbers, days and instants in the spellings that senders use.

Whole columns at a time: the few distinct days, times and cents are spelled once and looked up.
"""

from __future__ import annotations

from datetime import datetime, time
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample.timeline import DAY, from_day
from orchestration.settings import NETWORK_ZONE


def _join(*parts: pa.Array | str) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")


@lru_cache
def _padded(width: int) -> pa.Array:
    return pc.utf8_lpad(pa.array(np.arange(10**width)).cast(pa.string()), width, "0")


def _grouped(whole: np.ndarray, group: str) -> pa.Array:
    if not group or not len(whole) or whole.max() < 1000:
        return pa.array(whole).cast(pa.string())
    low = _padded(3).take(pa.array(whole % 1000))
    long = _join(_grouped(whole // 1000, group), group, low)
    return pc.if_else(pa.array(whole < 1000), pa.array(whole).cast(pa.string()), long)


def decimal_text(
    column: pa.Array,
    scale: int,
    *,
    point: str = ".",
    group: str = "",
    unit: str = "",
    trailing_minus: bool = False,
) -> pa.Array:
    """Amounts of 10**-scale with all their decimals, e.g. `1.234,50 EUR` or `12.00-`."""
    steps = pc.fill_null(column, 0).to_numpy()
    size = np.abs(steps)
    whole = _grouped(size // 10**scale, group)
    low = size % 10**scale
    decimals = _padded(3).take(pa.array(low // 1000)) if scale > 3 else None
    tail = _padded(min(scale, 3)).take(pa.array(low % 1000))
    text = _join(whole, point, tail) if decimals is None else _join(whole, point, decimals, tail)
    if (steps < 0).any():
        signed = _join(text, "-") if trailing_minus else _join("-", text)
        text = pc.if_else(pa.array(steps < 0), signed, text)
    if unit:
        text = _join(text, unit)
    return _nulls_of(column, text)


def date_text(column: pa.Array, german: bool = False) -> pa.Array:
    """`2024-03-01` or `01.03.2024`."""
    return _nulls_of(column, _day_text(_filled(column.cast(pa.int32())), german))


def moment_text(column: pa.Array, style: str = "blank") -> pa.Array:
    """Instants: `blank` and `T` without a zone, `offset` with `+01:00`, `utc` with `Z`."""
    seconds = _filled(column.cast(pa.int64())) // 1_000_000
    if style == "utc":
        seconds = seconds - utc_offset(seconds)
    day = _day_text(seconds // DAY, False)
    clock = _times().take(pa.array(seconds % DAY))
    if style == "blank":
        text = _join(day, " ", clock)
    elif style == "utc":
        text = _join(day, "T", clock, "Z")
    elif style == "offset":
        hours = pa.array(["+00:00", "+01:00", "+02:00"]).take(pa.array(utc_offset(seconds) // 3600))
        text = _join(day, "T", clock, hours)
    else:
        text = _join(day, "T", clock)
    return _nulls_of(column, text)


def bool_text(column: pa.Array, yes: str, no: str) -> pa.Array:
    return pc.if_else(column, yes, no)


def utc_offset(seconds: np.ndarray) -> np.ndarray:
    """Offset in seconds of wall-clock instants, as it is at noon of their day.

    Nothing of the sample happens in the night in which the clock changes.
    """
    distinct, place = np.unique(seconds // DAY, return_inverse=True)
    return np.array([_offset_on(day) for day in distinct.tolist()], dtype=np.int64)[place]


@cache
def _offset_on(day: int) -> int:
    noon = datetime.combine(from_day(day), time(12), ZoneInfo(NETWORK_ZONE))
    return int(noon.utcoffset().total_seconds())


@lru_cache
def _times() -> pa.Array:
    clock = np.datetime_as_string(np.arange(DAY).astype("datetime64[s]"))
    return pc.utf8_slice_codeunits(pa.array(clock.tolist()), 11)


def _day_text(values: np.ndarray, german: bool) -> pa.Array:
    distinct, place = np.unique(values, return_inverse=True)
    text = pa.array(np.datetime_as_string(distinct.astype("datetime64[D]")).tolist(), pa.string())
    if german:
        year, month, day = (pc.utf8_slice_codeunits(text, a, b) for a, b in _PARTS)
        text = pc.binary_join_element_wise(day, month, year, ".")
    return text.take(pa.array(place))


def _filled(column: pa.Array) -> np.ndarray:
    """The values, nulls replaced by the least: so the distinct days stay few."""
    if column.null_count:
        least = pc.min(column)
        column = pc.fill_null(column, least if least.is_valid else 0)
    return column.to_numpy()


_PARTS = ((0, 4), (5, 7), (8, 10))


def _nulls_of(column: pa.Array, text: pa.Array) -> pa.Array:
    return (
        pc.if_else(column.is_null(), pa.scalar(None, pa.string()), text)
        if (column.null_count)
        else text
    )
