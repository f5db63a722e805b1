"""A worksheet as columns of text cells, from its XML and without an object a cell.

What belongs here: what cells show, which is what `workbooks.cell_text` makes of openpyxl's values.
What does not: XML (`sheet_xml`), workbooks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.ingestion import sheet_xml
from orchestration.ingestion.cells import BROKEN, NUMBER, spans, text_array
from orchestration.ingestion.sheet_xml import Block, OddXml, unescaped

# Numbers that a float holds exactly, so that nothing is to be rounded.
_DECIMAL = r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$"
_LONGEST = 16  # characters: fifteen digits and a point
_PLAIN, _DATE, _DURATION = range(3)  # what a number's style makes of it
_FIRST_SERIAL, _END_SERIAL = 61, 2_950_000  # days which Excel counts as the calendar does


@dataclass
class Book:
    """What the cells of a workbook refer to. `show` gives the text of one number that is not
    plain, by its style."""

    strings: pa.Array
    is_filled: np.ndarray
    styles: np.ndarray
    epoch: datetime
    error_codes: pa.Array
    show: Callable[[str, int], str | None]

    @classmethod
    def of(
        cls, sheet: Any, cell_text: Callable[[Any], str | None], error_codes: tuple[str, ...]
    ) -> Book:
        """The book of a sheet that openpyxl has opened; `cell_text` shows one of its values."""
        from openpyxl.utils.datetime import from_excel

        workbook = sheet.parent

        def show(text: str, style: int) -> str | None:
            """As openpyxl reads a number."""
            value: Any = float(text) if set(text) & set(".eE") else int(text)
            if style in workbook._date_formats:
                is_duration = style in workbook._timedelta_formats
                try:
                    value = from_excel(value, workbook.epoch, timedelta=is_duration)
                except (OverflowError, ValueError):
                    value = "#VALUE!"
            return cell_text(value)

        codes = pa.array(error_codes)
        # The last stands for all styles behind, which are those of numbers.
        styles = np.full(max(workbook._date_formats, default=0) + 2, _PLAIN)
        styles[list(workbook._date_formats)] = _DATE
        styles[list(workbook._timedelta_formats)] = _DURATION
        strings = text_array(sheet._shared_strings)
        is_filled = pc.greater(pc.binary_length(strings), 0).to_numpy(zero_copy_only=False)
        strings = without_errors(strings, codes)
        return cls(strings, is_filled, styles, workbook.epoch, codes, show)


class Columns:
    """Collects the cells of blocks until they make a chunk."""

    def __init__(self, book: Book, width: int) -> None:
        self._book = book
        self._width = width
        self.rows = 0
        self._beyond = 0
        self._parts: list[tuple[np.ndarray, ...]] = []
        self._pool: list[pa.Array] = []
        self._pool_size = 0

    def add(self, block: Block) -> None:
        book = self._book
        shared = np.full(len(block.row), -1, dtype=np.int64)
        place = np.full(len(block.row), -1, dtype=np.int64)
        _, starts, ends = spans(block.text)
        is_value = (ends > starts) | (block.type == sheet_xml.INLINE)
        at = np.flatnonzero((block.type == sheet_xml.SHARED) & is_value)
        shared[at] = _references(block.text.take(pa.array(at)), len(book.strings))
        style = book.styles[np.minimum(block.style, len(book.styles) - 1)]
        is_number = (block.type == sheet_xml.NUMBER) & is_value
        for mask, shown in (
            (is_number & (style == _PLAIN), _numbers),
            (is_number & (style == _DATE), _dates),
            (is_number & (style == _DURATION), _durations),
            ((block.type == sheet_xml.BOOL) & is_value, _bools),
            ((block.type >= sheet_xml.ERROR) & is_value, _texts),
        ):
            at = np.flatnonzero(mask)
            if len(at):
                indices = pa.array(at)
                self._pool.append(shown(block.text.take(indices), block.style[at], book))
                place[at] = self._pool_size + np.arange(len(at))
                self._pool_size += len(at)
        is_filled = ends > starts
        is_filled[shared >= 0] &= book.is_filled[shared[shared >= 0]]
        beyond = np.unique(block.row[is_value & (block.column >= self._width)])
        self._beyond += int(np.isin(beyond, block.row[is_filled]).sum())
        keep = is_value & (block.column < self._width)
        self._parts.append(
            (block.row[keep] + self.rows, block.column[keep], shared[keep], place[keep])
        )
        self.rows += len(block.numbers)

    def take(self) -> tuple[list[pa.Array], int]:
        """The columns of all rows so far as dictionaries (a shared text may be long, and stand in
        every row), and how many of the rows have cells right of the header. They are forgotten
        then."""
        row, column, shared, place = (np.concatenate(p) for p in zip(*self._parts, strict=True))
        pool = pa.concat_arrays(self._pool) if self._pool else pa.array([], pa.string())
        order = np.argsort(column, kind="stable")
        bounds = np.searchsorted(column[order], np.arange(self._width + 1))
        columns = []
        for start, end in zip(bounds[:-1], bounds[1:], strict=True):
            at = order[start:end]
            columns.append(self._column(row[at], shared[at], place[at], pool))
        beyond, self._beyond = self._beyond, 0
        self._parts, self._pool, self._pool_size, self.rows = [], [], 0, 0
        return columns, beyond

    def _column(
        self, row: np.ndarray, shared: np.ndarray, place: np.ndarray, pool: pa.Array
    ) -> pa.Array:
        is_shared = shared >= 0
        used, of_them = np.unique(shared[is_shared], return_inverse=True)
        strings = self._book.strings.take(pa.array(used))
        others = pool.take(pa.array(place[~is_shared]))
        indices = np.full(self.rows, -1, dtype=np.int64)
        indices[row[is_shared]] = of_them
        indices[row[~is_shared]] = len(used) + np.arange(len(others))
        return pa.DictionaryArray.from_arrays(
            _with_gaps(indices), pa.concat_arrays([strings, others])
        )


def _with_gaps(indices: np.ndarray) -> pa.Array:
    return pa.array(indices.astype(np.int32), mask=indices < 0)


def _references(texts: pa.Array, count: int) -> np.ndarray:
    if not len(texts):
        return np.empty(0, dtype=np.int64)
    data, starts, ends = spans(texts)
    used = data[starts[0] : ends[-1]]
    if (ends - starts).max() > 9 or (used < ord("0")).any() or (used > ord("9")).any():
        raise OddXml("a reference to a text")
    references = texts.cast(pa.int64()).to_numpy()
    if references.max() >= count:
        raise OddXml("a reference to no text")
    return references


def _numbers(texts: pa.Array, styles: np.ndarray, book: Book) -> pa.Array:
    """At most fifteen digits, as Excel shows them, without zeros at the end."""
    _, starts, ends = spans(texts)
    is_zero = pc.starts_with(texts, "-0").to_numpy(zero_copy_only=False)
    is_plain = _is_decimal(texts) & (ends - starts <= _LONGEST) & ~is_zero
    trimmed = pc.ascii_rtrim(pc.ascii_rtrim(texts, "0"), ".")
    shown = pc.if_else(pc.match_substring(texts, "."), trimmed, texts)
    shown = pc.binary_join_element_wise(pa.scalar(NUMBER), shown, "")
    return _with_odd(shown, is_plain, texts, styles, book)


def _dates(texts: pa.Array, styles: np.ndarray, book: Book) -> pa.Array:
    is_plain = _is_decimal(texts)
    serials = pc.if_else(pa.array(is_plain), texts, "0").cast(pa.float64()).to_numpy()
    is_plain &= (serials >= _FIRST_SERIAL) & (serials < _END_SERIAL)
    days = np.floor(serials)
    milliseconds = np.rint((serials - days) * 86_400 * 1000)
    is_plain &= milliseconds % 1000 == 0  # fractions of a second are shown otherwise
    seconds = days * 86_400 + milliseconds // 1000
    epoch = int(np.datetime64(book.epoch, "s").astype(np.int64))
    instants = pa.array(seconds.astype(np.int64) + epoch).cast(pa.timestamp("s"))
    shown = pc.binary_replace_slice(instants.cast(pa.string()), 10, 11, "T")
    return _with_odd(shown, is_plain, texts, styles, book)


def _durations(texts: pa.Array, styles: np.ndarray, book: Book) -> pa.Array:
    nothing = np.zeros(len(texts), dtype=bool)
    return _with_odd(pa.nulls(len(texts), pa.string()), nothing, texts, styles, book)


def _is_decimal(texts: pa.Array) -> np.ndarray:
    return pc.match_substring_regex(texts, _DECIMAL).to_numpy(zero_copy_only=False).copy()


def _with_odd(
    shown: pa.Array, is_plain: np.ndarray, texts: pa.Array, styles: np.ndarray, book: Book
) -> pa.Array:
    if is_plain.all():
        return shown
    left = ~is_plain
    odd = texts.filter(pa.array(left)).to_pylist()
    if any("&" in text for text in odd):
        raise OddXml("an entity in a number")
    odd = [book.show(text, style) for text, style in zip(odd, styles[left].tolist(), strict=True)]
    return pc.replace_with_mask(shown, pa.array(left), pa.array(odd, pa.string()))


def _bools(texts: pa.Array, styles: np.ndarray, book: Book) -> pa.Array:
    is_true = pc.equal(texts, "1")
    if not pc.all(pc.or_(is_true, pc.equal(texts, "0"))).as_py():
        raise OddXml("no truth value")
    return pc.if_else(is_true, "true", "false")


def _texts(texts: pa.Array, styles: np.ndarray, book: Book) -> pa.Array:
    if pc.any(pc.match_substring(texts, "&")).as_py():
        texts = pa.array([unescaped(t) for t in texts.to_pylist()], pa.string())
    return without_errors(texts, book.error_codes)


def without_errors(texts: pa.Array, codes: pa.Array) -> pa.Array:
    """An error code is no value, also where it is delivered as text."""
    is_error = pc.is_in(texts, value_set=codes)
    if not pc.any(is_error).as_py():
        return texts
    return pc.if_else(is_error, pc.binary_join_element_wise(pa.scalar(BROKEN), texts, ""), texts)
