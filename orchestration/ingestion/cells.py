"""Delivered cells as Arrow arrays of text, looked at byte by byte without a Python object a cell.

What belongs here: where the cells of an array begin and end, blanks around them, arrays from Python
values. What does not: what a cell means.

Cells are text. Formats with types of their own (Excel, JSON, Parquet) mark the first character of
a cell: `NUMBER` before the plain decimal digits of a number, so that it is no evidence for a number
locale, and `BROKEN` before what is no value at all (an error cell, a nested object). A column whose
values repeat may come as a dictionary: each value is then judged once.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

NUMBER, BROKEN = "\x01", "\x02"
BLANKS = " \t\r\n\v\f\u00a0\u2007\u202f\ufeff"
"""What counts as blank around a value or a column name."""
DICTIONARY = pa.dictionary(pa.int32(), pa.string())


def is_dictionary(cells: pa.Array) -> bool:
    return pa.types.is_dictionary(cells.type)


def unfolded(cells: pa.Array) -> pa.Array:
    """The cells as an array with the text of each."""
    return cells.dictionary_decode() if is_dictionary(cells) else cells


def folded(cells: pa.Array) -> pa.Array:
    """The cells as a dictionary."""
    return cells if is_dictionary(cells) else cells.dictionary_encode()


def spans(cells: pa.Array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The bytes of an array of text, and where each cell begins and ends in them; a null is
    empty."""
    _, offsets_buffer, data_buffer = cells.buffers()
    if data_buffer is None or not data_buffer.size:
        nowhere = np.zeros(len(cells), dtype=np.int32)
        return np.zeros(1, dtype=np.uint8), nowhere, nowhere
    offsets = np.frombuffer(offsets_buffer, np.int32)[cells.offset : cells.offset + len(cells) + 1]
    starts, ends = offsets[:-1], offsets[1:]
    if cells.null_count:
        ends = np.where(valid(cells), ends, starts)
    return np.frombuffer(data_buffer, np.uint8), starts, ends


def first_bytes(data: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """The first byte of each cell, 0 for an empty one."""
    first = data[np.minimum(starts, len(data) - 1)]  # a start behind the text: an empty cell
    return np.where(ends > starts, first, np.uint8(0))


def valid(cells: pa.Array) -> np.ndarray:
    return pc.is_valid(cells).to_numpy(zero_copy_only=False)


def with_nulls(values: pa.Array, nulls: np.ndarray) -> pa.Array:
    """The values, null where `nulls` says so or they were; the bytes are not copied."""
    if not nulls.any():
        return values
    if values.offset:
        return pc.if_else(pa.array(nulls), pa.scalar(None, values.type), values)
    if values.null_count:
        nulls = nulls | ~valid(values)
    buffers = [pa.array(~nulls).buffers()[1], *values.buffers()[1:]]
    return pa.Array.from_buffers(values.type, len(values), buffers)


def cut_out(data: pa.Buffer, starts: np.ndarray, ends: np.ndarray) -> pa.Array:
    """Pieces of a text in the order in which they stand there, as an array."""
    if not len(starts):
        return pa.array([], pa.string())
    offsets = np.empty(2 * len(starts), dtype=np.int32)
    offsets[0::2], offsets[1::2] = starts, ends
    # Every second cell is what lies between two pieces.
    all_cells = pa.StringArray.from_buffers(2 * len(starts) - 1, pa.py_buffer(offsets), data)
    return all_cells.take(pa.array(np.arange(0, 2 * len(starts), 2)))


# -- blanks -----------------------------------------------------------------------------------


def _byte_table(characters: str, last: bool) -> np.ndarray:
    """Which first (or last) bytes can belong to one of these characters."""
    table = np.zeros(256, dtype=bool)
    for character in characters:
        table[character.encode()[-1 if last else 0]] = True
    return table


_FIRST_BYTES, _LAST_BYTES = _byte_table(BLANKS, last=False), _byte_table(BLANKS, last=True)


def may_have_blanks(cells: pa.Array) -> bool:
    """Whether any cell can begin or end with a blank. Blanks are rare and taking them off is dear,
    so the first and last bytes are looked at first."""
    data, starts, ends = spans(cells)
    filled = ends > starts
    if not filled.all():
        starts, ends = starts[filled], ends[filled]
    return bool(_FIRST_BYTES[data[starts]].any() or _LAST_BYTES[data[ends - 1]].any())


def blank_rows(columns: Sequence[pa.Array]) -> np.ndarray:
    """Indices of the rows in which every field is null or blank: they are no rows."""
    if not columns or not len(columns[0]):
        return np.empty(0, dtype=np.int64)
    data, starts, ends = spans(unfolded(columns[0]))
    first = first_bytes(data, starts, ends)
    candidates = np.flatnonzero((ends == starts) | _FIRST_BYTES[first])
    for column in columns:
        if not len(candidates):
            break
        cells = unfolded(column.take(pa.array(candidates)))
        trimmed = pc.utf8_trim(cells, characters=BLANKS)
        is_blank = pc.fill_null(pc.equal(pc.binary_length(trimmed), 0), True)
        candidates = candidates[is_blank.to_numpy(zero_copy_only=False)]
    return candidates


# -- from Python values -----------------------------------------------------------------------


def number_text(text: str) -> str:
    """A number as a marked cell; an exponent is written out where that stays short."""
    if "e" in text or "E" in text:
        try:
            number = Decimal(text)
        except InvalidOperation:
            return BROKEN + text
        if abs(number.adjusted()) < 60:
            text = format(number, "f")
    return NUMBER + text


def text_array(values: Sequence[str | None]) -> pa.Array:
    """Cells as an array. Text that no encoding can write (a lone surrogate) becomes broken."""
    try:
        return pa.array(values, pa.string())
    except UnicodeEncodeError:
        return pa.array([_encodable(v) for v in values], pa.string())


def _encodable(value: str | None) -> str | None:
    if value is None:
        return None
    try:
        value.encode()
    except UnicodeEncodeError:
        return BROKEN + value.encode("utf-8", "backslashreplace").decode()
    return value
