"""Excel workbooks: opened safely, and the first sheet as text cells.

What belongs here: bounds and safety of the archive, cells as text. What does not: the layout of the
KBA workbook (`kba`).
"""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from io import BytesIO
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from defusedxml import DTDForbidden, EntitiesForbidden, ExternalReferenceForbidden
from defusedxml.ElementTree import iterparse

from orchestration.ingestion.cells import BLANKS, BROKEN, blank_rows, number_text, unfolded
from orchestration.ingestion.contract import Feed
from orchestration.ingestion.readers import (
    Attempt,
    Chunk,
    Limits,
    Reading,
    Rejected,
    RowChunks,
    check_field_size,
    extra_columns,
    fold,
    match_columns,
    require_columns,
)
from orchestration.ingestion.sheet_xml import OddXml, Sheet, shared_strings
from orchestration.ingestion.sheets import Book, Columns
from orchestration.ingestion.sources import too_large

_LAST_ROW = 1_048_576  # of any worksheet, by the file format
_UNSAFE_XML = (DTDForbidden, EntitiesForbidden, ExternalReferenceForbidden)
# What zipfile, the XML parser and openpyxl raise over a damaged or forged workbook.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    OSError,
    EOFError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RuntimeError,
    TypeError,
    ValueError,
)


def read_workbook(handle: BinaryIO, feed: Feed, limits: Limits, attempt: Attempt) -> Reading:
    """Begin to read the first sheet of a workbook; its first row that is not blank is the header.

    Raises:
        Rejected: no readable workbook, an empty sheet, columns missing or doubled, too large.
    """
    with ExitStack() as stack:
        workbook = stack.enter_context(opened(handle, limits))
        if not workbook.worksheets:
            raise Rejected("EMPTY", "the workbook has no sheet")
        sheet = workbook.worksheets[0]
        number, header = next(_filled(sheet_rows(sheet)), (0, None))
        if header is None:
            raise Rejected("EMPTY", "the first sheet is empty: not even a header row")
        names = [("" if v is None else (cell_text(v) or "")).lstrip("\x01\x02") for v in header]
        while names and not names[-1].strip(BLANKS):
            names.pop()
        match_columns(feed, names, limits)
        require_columns(feed, {fold(name) for name in names})
        reading = Reading(iter(()), is_typed=True, warnings=extra_columns(feed, names))
        reading.chunks = _chunks(stack.pop_all(), sheet, number, names, limits, reading)
    return reading


def _chunks(
    stack: ExitStack, sheet: Any, header: int, names: list[str], limits: Limits, reading: Reading
) -> Iterator[Chunk]:
    beyond = 0
    done = header  # number of the last row that is given
    with stack:
        try:
            for columns, last, more in _plain_rows(sheet, header, len(names), limits):
                beyond += more
                yield from _cut(names, columns, limits, reading)
                done = last
        except OddXml:
            collected = RowChunks(names, limits, reading)
            for number, row in _filled(sheet_rows(sheet)):
                if number <= done:
                    continue
                cells = [cell_text(value) for value in row[: len(names)]]
                cells += [None] * (len(names) - len(cells))
                beyond += any(value is not None for value in row[len(names) :])
                is_row = any(cell and cell.strip(BLANKS) for cell in cells)
                if is_row and (chunk := collected.add(cells)):
                    yield chunk
            if chunk := collected.flush():
                yield chunk
    if beyond:
        reading.warnings.append(f"{beyond} rows have cells right of the header: kept out")


def _plain_rows(
    sheet: Any, header: int, width: int, limits: Limits
) -> Iterator[tuple[list[pa.Array], int, int]]:
    """Columns of some rows, the number of the last, and how many have cells beyond the header.

    Raises:
        OddXml: the sheet goes on in a form that only openpyxl knows.
    """
    columns = Columns(Book.of(sheet, cell_text, _error_codes()), width)
    last = header
    with sheet.parent._archive.open(sheet._worksheet_path) as source:
        xml = Sheet(source)
        for block in xml.blocks():
            columns.add(block.after(header))
            last = max(last, int(block.numbers[-1]))
            if columns.rows >= limits.chunk_rows:
                taken, beyond = columns.take()
                yield taken, last, beyond
    if columns.rows:
        taken, beyond = columns.take()
        yield taken, last, beyond
    _check_rest(xml.rest())


def _check_rest(rest: bytes) -> None:
    """Have openpyxl read what stands around the rows: it may be damaged too."""
    from openpyxl.worksheet._reader import WorkSheetParser

    deque(WorkSheetParser(BytesIO(rest), [], data_only=True).parse(), maxlen=0)


def _cut(
    names: list[str], columns: list[pa.Array], limits: Limits, reading: Reading
) -> Iterator[Chunk]:
    check_field_size(columns, limits)
    keep = np.delete(np.arange(len(columns[0])), blank_rows(columns))
    kept = [column.take(pa.array(keep)) for column in columns]
    ends = np.cumsum(sum(map(_lengths, kept), start=np.zeros(len(keep), dtype=np.int64)))
    start = 0
    while start < len(keep):
        done = ends[start - 1] if start else 0
        size = int(np.searchsorted(ends, done + limits.block_bytes, side="right")) - start
        size = min(max(size, 1), limits.chunk_rows)
        rows = np.arange(
            reading.delivered + 1, reading.delivered + 1 + min(size, len(keep) - start)
        )
        reading.delivered += len(rows)
        parts = [_unfolded_if_long(column.slice(start, size)) for column in kept]
        yield Chunk(tuple(names), parts, rows)
        start += size


def _lengths(column: pa.DictionaryArray) -> np.ndarray:
    lengths = pc.binary_length(column.dictionary).take(column.indices)
    return lengths.fill_null(0).to_numpy().astype(np.int64)


def _unfolded_if_long(column: pa.DictionaryArray) -> pa.Array:
    """A dictionary helps only where values repeat."""
    return column if 2 * len(column.dictionary) < len(column) else unfolded(column)


def _filled(rows: Iterator[Sequence[Any]]) -> Iterator[tuple[int, Sequence[Any]]]:
    """Rows that hold anything, with their numbers."""
    for number, row in enumerate(rows, start=1):
        if any(v is not None and v != "" for v in row):
            yield number, row


@contextmanager
def opened(handle: BinaryIO, limits: Limits) -> Iterator[Any]:
    """A workbook, read only and with shown values, once its archive is found to be harmless.

    Raises:
        Rejected: UNREADABLE where it is none, damaged or holds a document type; TOO_LARGE.
    """
    warnings.filterwarnings("ignore", module="openpyxl")  # on styles and extensions we never use
    handle.seek(0)
    try:
        _check_archive(handle, limits)
        handle.seek(0)
        workbook = _load(handle)
        try:
            yield workbook
        finally:
            workbook.close()
    except _UNSAFE_XML as error:
        raise Rejected("UNREADABLE", "a document type in the workbook: save it anew") from error
    except _DAMAGE as error:
        detail = type(error).__name__
        if isinstance(error, zipfile.BadZipFile | ParseError):  # other errors quote cells
            detail += f": {error}"[:200]
        raise Rejected("UNREADABLE", f"not a readable workbook ({detail}): save it anew") from error


def _load(handle: BinaryIO) -> Any:
    """A workbook as openpyxl opens it, but with its shared texts read in a fraction of the time."""
    from openpyxl.reader.excel import SHARED_STRINGS, ExcelReader

    class Reader(ExcelReader):
        def read_strings(self) -> None:
            part = self.package.find(SHARED_STRINGS)
            try:
                if part is not None:
                    self.shared_strings = shared_strings(self.archive.read(part.PartName[1:]))
            except OddXml:
                super().read_strings()

    reader = Reader(handle, read_only=True, data_only=True, keep_links=False)
    reader.read()
    return reader.wb


def _check_archive(handle: BinaryIO, limits: Limits) -> None:
    with zipfile.ZipFile(handle) as archive:
        entries = archive.infolist()
        # zipfile never unpacks more of an entry than its directory declares.
        if sum(entry.file_size for entry in entries) > limits.max_file_bytes:
            raise too_large(limits, "unpacked")
        for entry in entries:
            if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
                with archive.open(entry) as content:
                    # A document type stands before the root element, so this reads little.
                    next(iter(iterparse(content, events=("start",), forbid_dtd=True)), None)


def sheet_rows(sheet: Any) -> Iterator[Sequence[Any]]:
    """All rows of a sheet as values, also where the file states a wrong size of the sheet."""
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number > _LAST_ROW:
            raise Rejected("UNREADABLE", f"the sheet claims more than {_LAST_ROW:,} rows")
        yield row


def cell_text(value: Any) -> str | None:
    """A cell's shown value as text: see `readers` for the marks."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return number_text(str(value))
    if isinstance(value, float):
        # Excel computes with 17 digits and shows at most 15.
        return number_text(format(value, ".15g"))
    if isinstance(value, str):
        text = value.lstrip("\x01\x02")
        return BROKEN + text if text in _error_codes() else text
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return BROKEN + str(value)  # a time of day, a duration


def _error_codes() -> tuple[str, ...]:
    from openpyxl.cell.cell import ERROR_CODES

    return ERROR_CODES
