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

from orchestration.ingestion import odd
from orchestration.ingestion.cells import NUMBER, spans
from orchestration.settings import NETWORK_ZONE

_LONGEST_NUMBER = 24  # bytes
_MOST_DIGITS = 15  # which a float holds exactly
_MOST_SHAPES = 6  # of the cells of one length that are looked for
_ZERO, _NINE, _POINT, _MINUS = b"09.-"
_EPOCH = date(1970, 1, 1)
_FIRST_YEAR, _END_YEAR = 1900, 2200
_FIRST_INSTANT_YEAR, _END_INSTANT_YEAR = 1996, 2100
# What follows the minutes, by the length of the whole: digits as (place, length), and signs.
_TAILS: dict[int, tuple[list[tuple[int, int]], dict[int, bytes]]] = {
    16: ([], {}),
    19: ([(17, 2)], {16: b":"}),
    20: ([(17, 2)], {16: b":", 19: b"Z"}),
    22: ([(17, 2), (20, 2)], {16: b":", 19: b"+-"}),
    24: ([(17, 2), (20, 2), (22, 2)], {16: b":", 19: b"+-"}),
    25: ([(17, 2), (20, 2), (23, 2)], {16: b":", 19: b"+-", 22: b":"}),
    26: ([(17, 2), (20, 6)], {16: b":", 19: b"."}),
    27: ([(17, 2), (20, 6)], {16: b":", 19: b".", 26: b"Z"}),
}
_SECOND = np.int64(1_000_000)
_MINUTE, _HOUR = 60 * _SECOND, 3600 * _SECOND
_WEIGHTS = 10.0 ** np.arange(_MOST_DIGITS)[::-1]


@dataclass
class Numbers:
    """`values` in steps of the type's last decimal; which cells are evidence for a locale; and
    which are `open`: no evidence, but a number once the locale of their file is known."""

    settled: np.ndarray
    values: np.ndarray
    german: np.ndarray
    english: np.ndarray
    open: np.ndarray


@dataclass(frozen=True)
class _Shape:
    """What all numbers are that differ in their digits only: where these stand, by how much the
    whole number that they make is to be multiplied, and what the shape is evidence for."""

    digits: np.ndarray
    factor: int
    german: bool
    english: bool
    no_zero_first: bool


_OPEN = "open"


class NumberReader:
    """Reads the numbers of one type. A sender writes numbers in few shapes (`9.999,99 EUR`): what a
    shape means is asked of `odd` once, with ones for its digits, and holds for all cells of it."""

    def __init__(self, scale: int, precision: int) -> None:
        self._type = (scale, precision)
        self._shapes: dict[tuple[bytes, bool | None], _Shape | str | None] = {}

    def read(self, cells: pa.Array, german: bool | None = None) -> Numbers:
        """Settle numbers of at most 15 digits, `german` by the locale of their file; while that is
        not known those whose shape means the same in every file that it may stand in."""
        data, starts, ends = spans(cells)
        found = Numbers(*(np.zeros(len(starts), t) for t in (bool, np.int64, bool, bool, bool)))
        lengths = np.minimum(ends - starts, _LONGEST_NUMBER + 1)
        for length in np.flatnonzero(np.bincount(lengths, minlength=1)):
            if 0 < length <= _LONGEST_NUMBER:
                rows = np.flatnonzero(lengths == length)
                self._read_some(found, rows, aligned(data, starts[rows], length), german)
        return found

    def _read_some(
        self, found: Numbers, rows: np.ndarray, windows: np.ndarray, german: bool | None
    ) -> None:
        shapes = np.where(windows - _ZERO <= _NINE - _ZERO, _NINE, windows)
        for _ in range(_MOST_SHAPES):
            if not len(rows):
                break
            alike = (shapes == shapes[0]).all(axis=1)
            shape = self._shape(shapes[0].tobytes(), german)
            if shape == _OPEN:
                found.open[rows[alike]] = True
            elif isinstance(shape, _Shape):
                fits = alike
                if shape.no_zero_first:
                    fits = alike & (windows[:, shape.digits[0]] != _ZERO)
                some = windows if fits.all() else windows[fits]
                digits = some[:, shape.digits] - np.uint8(_ZERO)
                whole = digits @ _WEIGHTS[_MOST_DIGITS - len(shape.digits) :]
                at = rows[fits]
                found.settled[at] = True
                found.values[at] = whole.astype(np.int64) * shape.factor
                found.german[at] = shape.german
                found.english[at] = shape.english
            rows, windows, shapes = rows[~alike], windows[~alike], shapes[~alike]

    def _shape(self, shape: bytes, german: bool | None) -> _Shape | str | None:
        key = (shape, german)
        if key not in self._shapes:
            if len(self._shapes) >= 10_000:
                self._shapes.clear()
            try:
                self._shapes[key] = self._understood(shape, german)
            except UnicodeDecodeError:
                self._shapes[key] = None
        return self._shapes[key]

    def _understood(self, shape: bytes, german: bool | None) -> _Shape | str | None:
        digits = np.flatnonzero(np.frombuffer(shape, np.uint8) == _NINE)
        if not 0 < len(digits) <= _MOST_DIGITS:
            return None
        ones = shape.replace(b"9", b"1")
        with_zero = ones.replace(b"1", b"0", 1)  # which may be another kind of number
        reading, zero_first = (self._settled(text, german) for text in (ones, with_zero))
        if reading is None or reading.value is None:
            is_open = german is None and self._is_open(ones) and self._is_open(with_zero)
            return _OPEN if is_open else None
        factor, rest = divmod(reading.value, int("1" * len(digits)))
        if rest:
            return None
        of_zero = factor * int("0" + "1" * (len(digits) - 1))
        no_zero_first = zero_first is None or zero_first.value != of_zero
        return _Shape(digits, factor, reading.german, reading.english, no_zero_first)

    def _readings(self, shape: bytes) -> tuple[odd.Number, odd.Number]:
        """As English and as German."""
        text = shape.decode("utf-8")
        marked = text.startswith(NUMBER)
        text = text.removeprefix(NUMBER)
        english, german = (odd.number(text, *self._type, g, marked) for g in (False, True))
        return english, german

    def _settled(self, shape: bytes, is_german: bool | None) -> odd.Number | None:
        """The reading of a number that is the same in all files: because both locales agree, or
        because the number itself settles the locale."""
        english, german = self._readings(shape)
        if is_german is not None:
            chosen = german if is_german else english
        elif english == german:
            chosen = english
        else:
            chosen = german if german.german else english
            if not (chosen.german or chosen.english):
                return None
        return None if chosen.too_fine else chosen

    def _is_open(self, shape: bytes) -> bool:
        return not any(reading.german or reading.english for reading in self._readings(shape))


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
    """Settle ISO instants: which cells, and microseconds of UTC. Hours in which the clocks change
    are left to `odd`."""
    data, starts, ends = spans(cells)
    settled, micros = np.zeros(len(starts), dtype=bool), np.zeros(len(starts), dtype=np.int64)
    lengths = ends - starts
    for length in _TAILS:
        rows = np.flatnonzero(lengths == length)
        if len(rows):
            settled[rows], micros[rows] = _instants_of(aligned(data, starts[rows], length))
    return settled, micros


def _instants_of(windows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    length = windows.shape[1]
    parts = [(0, 4), (5, 2), (8, 2), (11, 2), (14, 2)]
    literals = {4: b"-", 7: b"-", 10: b"T ", 13: b":"}
    more, others = _TAILS[length]
    parts += more
    literals |= others
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
    if length in (26, 27):
        micros += fields[6]
    if length in (20, 27):
        return ok, micros
    if length in (16, 19, 26):
        ahead, changes = _hours_ahead(hours)
        return ok & ~changes, micros - ahead * _HOUR
    offset = fields[6] * _HOUR
    ok &= fields[6] <= 14
    if len(fields) > 7:
        offset += fields[7] * _MINUTE
        ok &= fields[7] <= 59
    return ok, micros - np.where(windows[:, 19] == _MINUS, -offset, offset)


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
