"""Plain cells to values, column by column and straight from their bytes.

What belongs here: the forms in which nearly all cells come: digits with at most one separator, ISO
and German dates, ISO instants. Each function says which cells it has settled; the others are left
to `odd`, which knows all forms and decides alike. So a form may be left out here, but never read in
another way. What does not: the meaning of a column.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from orchestration.ingestion.cells import first_bytes, spans
from orchestration.settings import NETWORK_ZONE

_LONGEST_NUMBER = 15  # digits that a float holds exactly
_POINT, _COMMA, _MINUS, _MARK = b".,-\x01"
_EPOCH = date(1970, 1, 1)
_FIRST_YEAR, _END_YEAR = 1900, 2200
_FIRST_INSTANT_YEAR, _END_INSTANT_YEAR = 1996, 2100
_SECOND = np.int64(1_000_000)
_MINUTE, _HOUR = 60 * _SECOND, 3600 * _SECOND
_WEIGHTS = 10.0 ** np.arange(_LONGEST_NUMBER + 1)


@dataclass
class Numbers:
    """`values` in steps of the last decimal; cells with a decimal point or comma are evidence."""

    settled: np.ndarray
    values: np.ndarray
    point: np.ndarray
    comma: np.ndarray


def numbers(cells: pa.Array, scale: int, is_int: bool) -> Numbers:
    """Settle `-?[0-9]+`, and for decimals one or two digits behind a point or a comma.

    At most twelve digits stand before it: more are for the type to judge.
    """
    data, starts, ends = spans(cells)
    size = len(starts)
    first = first_bytes(data, starts, ends)
    marked = first == _MARK
    starts = starts + marked
    first = first_bytes(data, starts, ends)
    minus = first == _MINUS
    starts = starts + minus
    lengths = np.clip(ends - starts, 0, _LONGEST_NUMBER + 1)
    found = Numbers(*(np.zeros(size, dtype=t) for t in (bool, np.int64, bool, bool)))
    for length in np.flatnonzero(np.bincount(lengths, minlength=1)):
        if 0 < length <= _LONGEST_NUMBER:
            rows = np.flatnonzero(lengths == length)
            _numbers_of_length(found, rows, aligned(data, starts[rows], length), scale, is_int)
    np.negative(found.values, where=minus, out=found.values)
    found.point &= ~marked
    if marked.any():
        # A comma in what a typed format calls a number is not ours to judge.
        found.settled &= ~(marked & found.comma)
        found.comma &= ~marked
    return found


def _numbers_of_length(
    found: Numbers, rows: np.ndarray, windows: np.ndarray, scale: int, is_int: bool
) -> None:
    length = windows.shape[1]
    digits = windows - np.uint8(ord("0"))
    others = digits > 9
    count = np.count_nonzero(others, axis=1)
    digits[others] = 0
    whole = (digits @ _WEIGHTS[length - 1 :: -1] if length > 1 else digits[:, 0]).astype(np.int64)
    fits = (count == 0) & (is_int or length <= 12)
    found.settled[rows] = fits
    found.values[rows] = whole * (1 if is_int else 10**scale)
    if is_int or scale < 2:
        return
    for decimals in (1, 2):
        place = length - 1 - decimals
        if not 0 < place <= 12:
            continue
        separator = windows[:, place]
        is_point = separator == _POINT
        has = (count == 1) & (is_point | (separator == _COMMA))
        if not has.any():
            continue
        step = 10 ** (decimals + 1)
        before, behind = np.divmod(whole[has], step)
        at = rows[has]
        found.settled[at] = True
        found.values[at] = (before * 10**decimals + behind) * 10 ** (scale - decimals)
        found.point[at] = is_point[has]
        found.comma[at] = ~is_point[has]


def decimals(values: np.ndarray, precision: int, scale: int) -> pa.Array:
    """Steps of the last decimal as decimals."""
    words = np.empty((len(values), 2), dtype=np.int64)
    words[:, 0] = values
    words[:, 1] = values >> 63
    type_ = pa.decimal128(precision, scale)
    return pa.Array.from_buffers(type_, len(values), [None, pa.py_buffer(words)])


def dates(cells: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Settle `2024-03-01` and `01.03.2024`: which cells, and their days since 1970."""
    data, starts, ends = spans(cells)
    settled, days = np.zeros(len(starts), dtype=bool), np.zeros(len(starts), dtype=np.int64)
    rows = np.flatnonzero(ends - starts == 10)
    windows = aligned(data, starts[rows], 10)
    for separator, places, fields in (
        (ord("-"), (4, 7), ((0, 4), (5, 2), (8, 2))),
        (_POINT, (2, 5), ((6, 4), (3, 2), (0, 2))),
    ):
        fits = (windows[:, places] == separator).all(axis=1)
        if not fits.any():
            continue
        at, some = rows[fits], windows[fits]
        ok, (year, month, day) = _fields(some, fields)
        days[at], good = _days(year, month, day)
        settled[at] = ok & good
    return settled, days


def month_starts(days: np.ndarray) -> np.ndarray:
    """The first day of the month of each day."""
    return days.astype("M8[D]").astype("M8[M]").astype("M8[D]").astype(np.int64)


def instants(cells: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Settle ISO instants of minutes or seconds with `Z`, an offset of hours and minutes, or none:
    which cells, and microseconds of UTC. Hours in which the clocks change are left to `odd`."""
    data, starts, ends = spans(cells)
    settled, micros = np.zeros(len(starts), dtype=bool), np.zeros(len(starts), dtype=np.int64)
    lengths = ends - starts
    for length in (16, 19, 20, 25):
        rows = np.flatnonzero(lengths == length)
        if len(rows):
            settled[rows], micros[rows] = _instants_of(aligned(data, starts[rows], length))
    return settled, micros


def _instants_of(windows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    length = windows.shape[1]
    parts = [(0, 4), (5, 2), (8, 2), (11, 2), (14, 2)]
    literals = {4: b"-", 7: b"-", 10: b"T ", 13: b":"}
    if length > 16:
        parts.append((17, 2))
        literals[16] = b":"
    if length == 20:
        literals[19] = b"Z"
    if length == 25:
        parts += [(20, 2), (23, 2)]
        literals |= {19: b"+-", 22: b":"}
    ok, fields = _fields(windows, parts)
    for place, allowed in literals.items():
        byte = windows[:, place]
        ok &= (byte == allowed[0]) | (byte == allowed[-1])
    year, month, day, hour, minute = fields[:5]
    second = fields[5] if length > 16 else 0
    days, good = _days(year, month, day)
    ok &= good & (year >= _FIRST_INSTANT_YEAR) & (year < _END_INSTANT_YEAR)
    ok &= (hour <= 23) & (minute <= 59) & (second <= 59)
    hours = days * 24 + hour
    micros = hours * _HOUR + minute * _MINUTE + second * _SECOND
    if length <= 19:
        ahead, changes = _hours_ahead(hours)
        return ok & ~changes, micros - ahead * _HOUR
    if length == 25:
        sign = np.where(windows[:, 19] == _MINUS, -1, 1)
        ok &= (fields[6] <= 14) & (fields[7] <= 59)
        micros -= sign * (fields[6] * 60 + fields[7]) * _MINUTE
    return ok, micros


def aligned(data: np.ndarray, starts: np.ndarray, length: int) -> np.ndarray:
    """The bytes of cells of one length, a row for each."""
    if not len(starts):
        return np.empty((0, length), dtype=np.uint8)
    first, size = int(starts[0]), len(starts) * length
    if int(starts[-1]) == first + size - length and np.all(np.diff(starts) == length):
        return data[first : first + size].reshape(-1, length)
    return np.lib.stride_tricks.sliding_window_view(data, length)[starts]


def _fields(
    windows: np.ndarray, fields: list[tuple[int, int]] | tuple[tuple[int, int], ...]
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Whole numbers at (place, length) of each row, and whether all of them are digits."""
    ok = np.ones(len(windows), dtype=bool)
    numbers = []
    for place, length in fields:
        number = np.zeros(len(windows), dtype=np.int32)
        for byte in windows[:, place : place + length].T:
            digit = byte - np.uint8(ord("0"))
            ok &= digit <= 9
            number *= 10
            number += digit
        numbers.append(number)
    return ok, numbers


# -- calendar ---------------------------------------------------------------------------------


@cache
def _months() -> tuple[np.ndarray, np.ndarray]:
    """First day and number of days of each month since January 1900."""
    first = np.arange(f"{_FIRST_YEAR}-01", f"{_END_YEAR + 1}-01", dtype="M8[M]")
    days = first.astype("M8[D]").astype(np.int64)
    return days[:-1], np.diff(days)


def _days(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Days since 1970, and whether there is such a day."""
    first, sizes = _months()
    ok = (year >= _FIRST_YEAR) & (year < _END_YEAR) & (month >= 1) & (month <= 12)
    at = np.where(ok, (year.astype(np.int64) - _FIRST_YEAR) * 12 + month - 1, 0)
    return first[at] + day - 1, ok & (day >= 1) & (day <= sizes[at])


@cache
def _clock_changes() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Local hours (since 1970) from which on the network's clocks are another number of hours
    ahead of UTC, these numbers, and the hours that occur twice or not at all."""
    zone = ZoneInfo(NETWORK_ZONE)
    breaks, ahead, odd = [-(2**40)], [], []
    noon = datetime(_FIRST_INSTANT_YEAR, 1, 1, 12, tzinfo=zone)
    ahead.append(_ahead(noon))
    day = noon
    while day.year < _END_INSTANT_YEAR:
        following = day + timedelta(days=1)
        if day.utcoffset() != following.utcoffset():
            for hour in range(24):
                start = following.replace(hour=hour)
                at = (start.date() - _EPOCH).days * 24 + hour
                if start.utcoffset() != start.replace(fold=1).utcoffset():
                    odd.append(at)
                elif _ahead(start) != ahead[-1]:
                    breaks.append(at)
                    ahead.append(_ahead(start))
        day = following
    return np.array(breaks), np.array(ahead), np.array(odd)


def _ahead(instant: datetime) -> int:
    offset = instant.utcoffset()
    assert offset is not None
    return offset // timedelta(hours=1)


def _hours_ahead(hours: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How far the clocks are ahead at local hours, and which of these hours are odd."""
    breaks, ahead, odd = _clock_changes()
    at = np.minimum(np.searchsorted(odd, hours), len(odd) - 1)
    return ahead[np.searchsorted(breaks, hours, side="right") - 1], odd[at] == hours
