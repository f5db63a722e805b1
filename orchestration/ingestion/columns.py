"""One column of delivered cells: its typed values, and which cells are none or not allowed.

What belongs here: null tokens, blanks, marks, types, and the rules that a contract states for a
column. What does not: which of its faults makes a row fail (`convert`), what a text means
(`plain`, `odd`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.ingestion import odd, plain
from orchestration.ingestion.cells import (
    BLANKS,
    BROKEN,
    DICTIONARY,
    NUMBER,
    first_bytes,
    folded,
    may_have_blanks,
    spans,
    unfolded,
    valid,
    with_nulls,
)
from orchestration.ingestion.contract import Column
from orchestration.ingestion.readers import Chunk

NULL_TOKENS = ("", "null", "n/a", "-")
TRUE_WORDS = ("true", "1", "yes", "ja", "wahr", "j", "x")
FALSE_WORDS = ("false", "0", "no", "nein", "falsch", "n")
FIRST_EVENT_YEAR = 1990

_LONGEST_NULL = max(map(len, NULL_TOKENS))
_NULLS, _TRUES, _FALSES = map(pa.array, (NULL_TOKENS, TRUE_WORDS, FALSE_WORDS))


@dataclass(frozen=True)
class Piece:
    """Rows of one file with what their conversion depends on. `scope` is the dealer whose rows
    alone the file may carry, None for any."""

    chunk: Chunk
    positions: dict[str, int]
    scope: str | None
    last_year: int


class Cells:
    """The cells of one contract column in all pieces. `texts` are its entries: the values of a
    dictionary, to which `indices` point (-1 where a cell is null), or the cells themselves."""

    def __init__(self, column: Column, pieces: Sequence[Piece], repeats: bool) -> None:
        parts = [self._part(column, piece, repeats) for piece in pieces]
        self.indices: np.ndarray | None = None
        if repeats:
            sizes = [len(part.dictionary) for part in parts]
            self.bounds = np.concatenate([[0], np.cumsum(sizes)])
            self.indices = np.concatenate(
                [_indices(part, start) for part, start in zip(parts, self.bounds, strict=False)]
            )
            parts = [part.dictionary for part in parts]
        else:
            self.bounds = np.concatenate([[0], np.cumsum([len(part) for part in parts])])
        self.texts: pa.Array = parts[0] if len(parts) == 1 else pa.concat_arrays(parts)
        self.is_as_delivered = True
        self.broken: np.ndarray | None = None

    @staticmethod
    def _part(column: Column, piece: Piece, repeats: bool) -> pa.Array:
        position = piece.positions.get(column.name)
        if position is None:
            return pa.nulls(len(piece.chunk.rows), DICTIONARY if repeats else pa.string())
        cells = piece.chunk.columns[position]
        return folded(cells) if repeats else unfolded(cells)

    def prepare(self, column: Column, is_typed: bool) -> None:
        """Take off blanks and marks, and find what is null."""
        if may_have_blanks(self.texts):
            self._set(_without_blanks(self.texts, keep_text=not column.is_stripped))
        if is_typed:
            first = first_bytes(*spans(self.texts))
            broken = first == ord(BROKEN)
            self.broken = broken if broken.any() else None
            is_number = column.kind in ("int", "decimal")
            if self.broken is not None or (not is_number and (first == ord(NUMBER)).any()):
                marks = BROKEN if is_number else NUMBER + BROKEN
                self._set(pc.utf8_ltrim(self.texts, characters=marks))
        self.nulls = _null_tokens(self.texts)
        if self.broken is not None:
            self.nulls &= ~self.broken

    def _set(self, texts: pa.Array) -> None:
        self.texts, self.is_as_delivered = texts, False

    def upper(self) -> None:
        data, starts, ends = spans(self.texts)
        if len(starts) and ends[-1] > starts[0]:
            used = data[starts[0] : ends[-1]]
            if (used >= ord("a")).any():  # also what is not ASCII
                self._set(pc.utf8_upper(self.texts))

    def rows(self, entries: np.ndarray | None) -> np.ndarray:
        """The rows to which some entries (a mask) belong."""
        if entries is None or not entries.any():
            return np.empty(0, dtype=np.int64)
        if self.indices is None:
            return np.flatnonzero(entries)
        return np.flatnonzero(np.append(entries, False)[self.indices])

    def null_rows(self) -> np.ndarray:
        if self.indices is None:
            return np.flatnonzero(self.nulls)
        return np.flatnonzero(np.append(self.nulls, True)[self.indices])

    def by_entry(self, values: Sequence[int]) -> np.ndarray:
        """A value of each piece, for the entries."""
        return np.repeat(np.asarray(values), np.diff(self.bounds))


def _indices(part: pa.DictionaryArray, start: int) -> np.ndarray:
    indices = part.indices
    if indices.null_count:
        found = indices.fill_null(0).to_numpy() + np.int32(start)
        found[~valid(indices)] = -1
        return found
    return indices.to_numpy() + np.int32(start)


def _without_blanks(cells: pa.Array, keep_text: bool) -> pa.Array:
    """Cells without blanks around them. With `keep_text` text keeps them, and only what would be
    empty or a null token without them becomes null."""
    trimmed = pc.utf8_trim(cells, characters=BLANKS)
    if not keep_text:
        return trimmed
    is_null = pc.is_in(pc.utf8_lower(trimmed), value_set=_NULLS)
    return pc.if_else(is_null, pa.scalar(None, pa.string()), cells)


def _null_tokens(texts: pa.Array) -> np.ndarray:
    _, starts, ends = spans(texts)
    lengths = ends - starts
    nulls = lengths == 0
    short = np.flatnonzero((lengths <= _LONGEST_NULL) & ~nulls)
    if len(short):
        words = pc.utf8_lower(texts.take(pa.array(short)))
        nulls[short] = pc.is_in(words, value_set=_NULLS).to_numpy(zero_copy_only=False)
    return nulls


# -- one column -------------------------------------------------------------------------------


class Judged:
    """One column: typed `values` of its entries, null where a text is none, and what is wrong.

    Numbers that no form settles depend on the locale: `settle` completes them.
    """

    def __init__(self, column: Column, cells: Cells) -> None:
        self.column = column
        self.cells = cells
        self.values: pa.Array | None = None
        self.forbidden: np.ndarray | None = None
        self.german = self.english = None  # masks of entries that are evidence
        self.twice = self.moved = None  # masks of entries: instants on a change of time
        self._numbers: plain.Numbers | None = None
        self._odd: dict[int, list[odd.Number]] = {}  # read as English and as German

    def judge(self, reader: plain.NumberReader | None) -> None:
        kind, cells = self.column.kind, self.cells
        if kind == "text":
            if self.column.is_upper_cased:
                cells.upper()
            self.values = cells.texts
        elif kind == "bool":
            words = pc.utf8_lower(cells.texts)
            is_true, is_false = (pc.is_in(words, value_set=w) for w in (_TRUES, _FALSES))
            self.values = with_nulls(is_true, ~pc.or_(is_true, is_false).to_numpy(False))
        elif kind == "date":
            self._judge_dates()
        elif kind == "ts":
            self._judge_instants()
        elif reader:
            self._judge_numbers(reader)

    def _left(self, settled: np.ndarray) -> tuple[np.ndarray, list[str]]:
        """Entries that are not settled, and their texts."""
        left = np.flatnonzero(~settled & ~self.cells.nulls)
        return left, self.cells.texts.take(pa.array(left)).to_pylist()

    def _judge_dates(self) -> None:
        settled, days = plain.dates(self.cells.texts)
        for entry, text in zip(*self._left(settled), strict=True):
            day = odd.day(text)
            if day is not None:
                settled[entry], days[entry] = True, day
        if self.column.format == "month":
            days = plain.month_starts(days)
        self.values = with_nulls(pa.array(days.astype(np.int32)).cast(pa.date32()), ~settled)

    def _judge_instants(self) -> None:
        settled, micros = plain.instants(self.cells.texts)
        left, texts = self._left(settled)
        if texts:
            self.twice, self.moved = np.zeros_like(settled), np.zeros_like(settled)
        for entry, text in zip(left, texts, strict=True):
            instant, self.twice[entry], self.moved[entry] = odd.instant(text)
            if instant is not None:
                settled[entry], micros[entry] = True, instant
        self.values = with_nulls(pa.array(micros).cast(pa.timestamp("us")), ~settled)

    def _judge_numbers(self, reader: plain.NumberReader) -> None:
        self._reader = reader
        self._numbers = found = reader.read(self.cells.texts)
        self.german, self.english = found.german, found.english
        for entry, text in zip(*self._left(found.settled | found.open), strict=True):
            readings = [self._odd_number(text, german) for german in (False, True)]
            self._odd[int(entry)] = readings
            self.german[entry], self.english[entry] = readings[0].german, readings[0].english

    def _odd_number(self, text: str, german: bool) -> odd.Number:
        type_ = self.column.scale, self.column.precision
        return odd.number(text.removeprefix(NUMBER), *type_, german, text.startswith(NUMBER))

    def settle(self, german: Sequence[bool], last_years: Sequence[int]) -> None:
        """Complete values and what is forbidden, once the locale of each piece is known."""
        too_fine = None
        if self._numbers:
            too_fine = self._settle_numbers(self._numbers, german)
        self.forbidden = self._forbidden(too_fine, last_years)

    def _settle_numbers(self, found: plain.Numbers, german: Sequence[bool]) -> np.ndarray:
        """Complete the values; gives the entries with more decimals than the type has."""
        too_fine = np.zeros_like(found.settled)
        is_german = self.cells.by_entry(german)
        readings = {entry: both[int(is_german[entry])] for entry, both in self._odd.items()}
        for locale in (False, True):
            at = np.flatnonzero(found.open & (is_german == locale))
            if not len(at):
                continue
            texts = self.cells.texts.take(pa.array(at))
            again = self._reader.read(texts, locale)
            found.settled[at], found.values[at] = again.settled, again.values
            for i in np.flatnonzero(~again.settled):
                readings[int(at[i])] = self._odd_number(texts[int(i)].as_py(), locale)
        for entry, reading in readings.items():
            if reading.value is not None:
                found.settled[entry], found.values[entry] = True, reading.value
                too_fine[entry] = reading.too_fine
        if self.column.kind == "int":
            values = pa.array(found.values)
        else:
            values = plain.decimals(found.values, self.column.precision, self.column.scale)
        self.values = with_nulls(values, ~found.settled)
        return too_fine

    def mistyped(self) -> np.ndarray | None:
        """Entries that are no value of the type."""
        bad = self.cells.broken
        if self.column.kind != "text" and self.values is not None and self.values.null_count:
            no_value = ~valid(self.values) & ~self.cells.nulls
            bad = no_value if bad is None else bad | no_value
        return bad

    def _forbidden(
        self, too_fine: np.ndarray | None, last_years: Sequence[int]
    ) -> np.ndarray | None:
        """Entries of the right type that are not allowed."""
        column, values = self.column, self.values
        conditions: list[pa.Array | np.ndarray] = [] if too_fine is None else [too_fine]
        if column.values:
            conditions.append(pc.invert(pc.is_in(values, value_set=pa.array(column.values))))
        if column.is_code:
            conditions.append(first_bytes(*spans(values)) == ord("="))
        if column.pattern and not self._fits_vin():
            whole = rf"^(?:{column.pattern})$"
            conditions.append(pc.invert(pc.match_substring_regex(values, whole)))
        if column.min is not None:
            conditions.append(pc.less(values, pa.scalar(column.min)))
        if column.max is not None:
            conditions.append(pc.greater(values, pa.scalar(column.max)))
        if column.event_date:
            conditions.append(self._out_of_time(last_years))
        bad: np.ndarray | None = None
        for condition in conditions:
            if isinstance(condition, pa.Array):
                condition = pc.fill_null(condition, False).to_numpy(zero_copy_only=False)
            bad = condition if bad is None else bad | condition
        return None if bad is None else bad & ~self.cells.nulls

    def _fits_vin(self) -> bool:
        """Whether all are VINs: seventeen of the right bytes, which is soon seen."""
        if self.column.format != "vin":
            return False
        data, starts, ends = spans(self.values)
        filled = ends - starts == _VIN_LENGTH
        if not (filled | self.cells.nulls).all() or not filled.any():
            return False
        return bool(_VIN_BYTES[plain.aligned(data, starts[filled], _VIN_LENGTH)].all())

    def _out_of_time(self, last_years: Sequence[int]) -> np.ndarray:
        """Days of the business before 1990, or after the year that follows the delivery."""
        assert self.values is not None
        ends = np.array([f"{year + 1}-01-01" for year in last_years], dtype="M8[D]")
        first, end = np.datetime64(f"{FIRST_EVENT_YEAR}-01-01", "D"), self.cells.by_entry(ends)
        if self.column.kind == "ts":
            # At the turn of a year the clocks of the network are an hour ahead of UTC.
            local = self.values.fill_null(0).to_numpy() + np.timedelta64(1, "h")
            return valid(self.values) & ((local < first) | (local >= end))
        days = self.values.cast(pa.int32()).fill_null(0).to_numpy().astype("M8[D]")
        return valid(self.values) & ((days < first) | (days >= end))

    # -- its rows ---------------------------------------------------------------------------

    def numbered(self, rows: np.ndarray) -> tuple[np.ndarray, int]:
        """A number for the value of each of some rows (a mask), and how many there are."""
        values, indices = self.values, self.cells.indices
        assert values is not None
        if indices is None:
            values = values if rows.all() else values.filter(pa.array(rows))
        encoded = values.dictionary_encode()
        numbers = encoded.indices.fill_null(0).to_numpy().astype(np.int64)
        return (numbers if indices is None else numbers[indices[rows]]), len(encoded.dictionary)

    def column_of(self, rows: np.ndarray | None, bounds: np.ndarray) -> list[pa.Array]:
        """The values of some rows (None for all), cut at the bounds of the pieces."""
        cells, values = self.cells, self.values
        assert values is not None
        values = with_nulls(values, cells.nulls)
        if cells.indices is None:
            return sliced(values if rows is None else values.take(pa.array(rows)), bounds)
        indices = cells.indices if rows is None else cells.indices[rows]
        if self.column.kind == "text":
            return self._folded(indices, bounds)
        values = values.take(_index_array(indices, indices < 0))
        if self.column.name == "is_deleted":
            values = values.fill_null(False)
        return sliced(values, bounds)

    def _folded(self, indices: np.ndarray, bounds: np.ndarray) -> list[pa.Array]:
        """Text that repeats, as a dictionary for each piece."""
        cells = self.cells
        nulls = np.append(cells.nulls, True)[indices]
        parts = []
        for piece, (start, end) in enumerate(zip(bounds[:-1], bounds[1:], strict=True)):
            first, behind = cells.bounds[piece : piece + 2]
            part = pa.DictionaryArray.from_arrays(
                _index_array(indices[start:end] - first, nulls[start:end]),
                cells.texts.slice(first, behind - first),
            )
            # Values that were two as delivered may be one now.
            parts.append(part if cells.is_as_delivered else folded(unfolded(part)))
        return parts


def _index_array(indices: np.ndarray, nulls: np.ndarray) -> pa.Array:
    if not nulls.any():
        return pa.array(indices.astype(np.int32, copy=False))
    return pa.array(np.where(nulls, 0, indices).astype(np.int32), mask=nulls)


_VIN_LENGTH = 17
_VIN_BYTES = np.zeros(256, dtype=bool)
_VIN_BYTES[[ord(c) for c in "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"]] = True


def sliced(values: pa.Array, bounds: np.ndarray) -> list[pa.Array]:
    return [values.slice(a, b - a) for a, b in zip(bounds[:-1], bounds[1:], strict=True)]
