"""Delimited text as dealers really send it.

What belongs here: header, delimiter, quoting, row numbers of `.csv` and `.txt` files. Parsing is
Arrow's; this module finds the dialect and accounts for every line.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from orchestration.ingestion.cells import BLANKS, DICTIONARY, blank_rows
from orchestration.ingestion.contract import Feed
from orchestration.ingestion.readers import (
    Attempt,
    Chunk,
    Growing,
    Limits,
    Misfits,
    Reading,
    Rejected,
    Restart,
    check_field_size,
    extra_columns,
    fold,
    match_columns,
    require_columns,
)
from orchestration.ingestion.sources import Slice, Text

DELIMITERS = (";", ",", "\t", "|")
_SEP_LINE = re.compile(r'"?sep=(.)"?[ \t]*\r?\n?', re.I)
_FIRST_LOOK = 16 * 1024
"""Bytes at the beginning of a text in which nearly all headers end."""
_END_MARK = "\x02end of file\x02"
"""First field of a row that is added behind the text: a quote that never closes swallows it."""


@dataclass(frozen=True)
class Header:
    """Names as delivered, and where the data begins (bytes behind the start of the text)."""

    delimiter: str
    names: tuple[str, ...]
    length: int


def read_csv(text: Text, feed: Feed, limits: Limits, attempt: Attempt, workspace: Path) -> Reading:
    """Begin to read a delimited file.

    Raises:
        Rejected: no header, columns missing or doubled, too many columns, CR alone ends lines.
    """
    header = find_header(text, feed, limits)
    positions = match_columns(feed, header.names, limits)
    require_columns(feed, {fold(name) for name in header.names})
    if text.has_lone_cr:
        _refuse_lone_cr(text, header, limits)
    reading = Reading(
        iter(()),
        is_typed=False,
        is_german_by_default=header.delimiter == ";",
        warnings=extra_columns(feed, header.names),
        misfits=Misfits(workspace),
    )
    repeating = {
        position
        for name, position in positions.items()
        if position and feed.repeats(feed.column(name))
    }
    reading.chunks = _chunks(text, header, limits, attempt, reading, repeating)
    return reading


# -- header -----------------------------------------------------------------------------------


def find_header(text: Text, feed: Feed, limits: Limits) -> Header:
    """The first line that is not blank, cut by the delimiter that fits the contract best.

    Raises:
        Rejected: UNREADABLE if the content is no delimited text, TOO_LARGE if the line is.
    """
    size = min(text.size, max(limits.max_field_bytes, 64 * 1024) + limits.max_columns * 256)
    if size > 2 * _FIRST_LOOK:
        try:
            return _find_header(text.head(_FIRST_LOOK), feed, is_whole=False, is_first_look=True)
        except Rejected:
            pass  # it may look otherwise when more is seen
    return _find_header(text.head(size), feed, size == text.size)


def _find_header(head: str, feed: Feed, is_whole: bool, is_first_look: bool = False) -> Header:
    if is_first_look:
        head = head[: head.rfind("\n") + 1]  # whole lines only
    skipped = 0
    delimiters: tuple[str, ...] = DELIMITERS
    while True:
        line, newline, rest = head.partition("\n")
        if newline and not line.strip(BLANKS):
            skipped += len((line + newline).encode())
            head = rest
        elif delimiters is DELIMITERS and (match := _SEP_LINE.fullmatch(line + newline)):
            if match[1] not in DELIMITERS:
                raise Rejected("UNREADABLE", f"sep={match[1]}: only ; , tab and | are known")
            delimiters = (match[1],)
            skipped += len((line + newline).encode())
            head = rest
        else:
            break
    if not head.strip(BLANKS):
        raise Rejected("EMPTY", "the file has no header line")
    if head.lstrip(BLANKS)[0] in "<{[":
        raise Rejected("UNREADABLE", "the content is JSON or XML, not delimited text")
    known = {column.name for column in feed.columns}
    headers: list[Header] = []
    refusals: list[Rejected] = []
    for delimiter in delimiters:
        try:
            headers.append(_cut_header(head, delimiter, is_whole))
        except Rejected as refusal:
            refusals.append(refusal)
    if is_first_look and refusals:
        raise refusals[0]
    if not headers:
        raise refusals[0]
    best = max(headers, key=lambda h: _fitness(h, known))
    return Header(best.delimiter, best.names, skipped + best.length)


def _fitness(header: Header, known: set[str]) -> tuple[int, int]:
    """Most names of the contract, and then least else: blanks may be tabs, names hold commas."""
    found = len(known & set(map(fold, header.names)))
    return found, found - len(header.names)


def _cut_header(head: str, delimiter: str, is_whole: bool) -> Header:
    lines = head.split("\n")
    ends = [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    if not is_whole and len(ends) == 1:
        raise Rejected("TOO_LARGE", f"the first line is longer than {len(head):,} characters")
    rows = csv.reader(iter([*ends, _END_MARK]), delimiter=delimiter)
    try:
        names = next(rows)
    except csv.Error as error:
        if "new-line" in str(error):
            raise _lone_cr() from error
        raise Rejected("TOO_LARGE", f"a column name is too long ({error})") from error
    if rows.line_num > len(ends):
        raise Rejected("UNREADABLE", "a quote in the header line never closes")
    length = len("".join(ends[: rows.line_num]).encode())
    return Header(delimiter, tuple(names), length)


def _lone_cr() -> Rejected:
    return Rejected("UNREADABLE", "lines end with CR alone: export with LF or CR LF")


def _refuse_lone_cr(text: Text, header: Header, limits: Limits) -> None:
    """A CR alone is fine inside quotes."""
    try:
        _walk(text, header, limits)
    except csv.Error as error:
        if "field larger" in str(error):
            raise Rejected("TOO_LARGE", f"a field is too large ({error})") from error
        raise _lone_cr() from error


def _walk(text: Text, header: Header, limits: Limits) -> None:
    """Read the text once with a slower parser that tells what Arrow cannot. Only odd files pay.

    Raises:
        csv.Error: a field beyond the limit, or a CR alone outside quotes.
    """
    previous = csv.field_size_limit(limits.max_field_bytes)
    try:
        deque(csv.reader(text.lines(), delimiter=header.delimiter), maxlen=0)
    finally:
        csv.field_size_limit(previous)


# -- rows -------------------------------------------------------------------------------------


def _chunks(
    text: Text,
    header: Header,
    limits: Limits,
    attempt: Attempt,
    reading: Reading,
    repeating: Collection[int] = (),
) -> Iterator[Chunk]:
    """The rows, with the columns at the `repeating` positions (not the first) as dictionaries."""
    width = len(header.names)
    fields = [str(i) for i in range(width)]
    end_row = f"\n{_END_MARK}{header.delimiter * (width - 1)}\n".encode()
    body = Slice(text.handle, text.begin + header.length, text.end, end_row)
    misfits = reading.misfits
    assert misfits is not None
    lines = _Lines(header.delimiter, limits, misfits)
    block_bytes = attempt.block_bytes or limits.block_bytes
    types = {
        name: DICTIONARY if position in repeating else pa.string()
        for position, name in enumerate(fields)
    }
    try:
        batches = pacsv.open_csv(
            body,
            # One thread: only then does Arrow tell the number of a line that does not fit.
            pacsv.ReadOptions(use_threads=False, block_size=block_bytes, column_names=fields),
            pacsv.ParseOptions(
                delimiter=header.delimiter,
                newlines_in_values=True,
                invalid_row_handler=lines.misfit,
            ),
            pacsv.ConvertOptions(check_utf8=False, column_types=types, strings_can_be_null=False),
        )
        last: pa.RecordBatch | None = None
        for batch in batches:
            if not batch.num_rows:
                continue  # a block of misfits only
            if last is not None:
                yield from lines.chunk(header.names, last.columns, reading)
            last = batch
        if last is None or last.column(0)[-1].as_py() != _END_MARK:
            raise _open_quote()
        lines.check_sizes()
        yield from lines.chunk(header.names, last.slice(0, last.num_rows - 1).columns, reading)
    except pa.ArrowInvalid as error:
        raise _refusal(error, text, header, limits, block_bytes) from error
    finally:
        body.close()  # Arrow reads ahead: it must not move a handle that is read anew
    lines.finish(reading)


def _open_quote() -> Rejected:
    return Rejected("UNREADABLE", "a quote is opened and never closed: double quotes in values")


def _refusal(
    error: pa.ArrowInvalid, text: Text, header: Header, limits: Limits, block_bytes: int
) -> Exception:
    """What follows from an error of the parser: a row that does not fit into a block needs larger
    ones, unless it is a quote that never closes."""
    if "straddling" not in str(error):
        return Rejected("UNREADABLE", f"the rows cannot be told apart ({error})")
    try:
        _walk(text, header, limits)
    except csv.Error:
        if text.has_odd_quotes:
            return _open_quote()
        return Rejected("TOO_LARGE", f"a field of more than {limits.max_field_bytes:,} bytes")
    return Restart(block_bytes=min(block_bytes * 8, text.size + block_bytes))


class _Lines:
    """Keeps account of the lines of a file: Arrow numbers all that are not empty; those with
    blank fields only are no rows, those with another number of fields than the header are set
    apart."""

    def __init__(self, delimiter: str, limits: Limits, misfits: Misfits) -> None:
        self._nothing = delimiter + BLANKS + '"'
        self._delimiter = delimiter
        self._limits = limits
        self._misfits = misfits
        self._blank = Growing()
        self._next = 1
        self._too_large = 0

    def misfit(self, row: pacsv.InvalidRow) -> str:
        if not row.text.strip(self._nothing) and self._is_blank(row.text):
            # It takes a number from Arrow, and gets none from us.
            self._misfits.numbers.append(row.number)
            self._blank.append(row.number)
            return "skip"
        if len(row.text) > self._limits.max_field_bytes // 4:
            longest = max(len(f.encode()) for f in row.text.split(self._delimiter))
            self._too_large = max(self._too_large, longest)
        self._misfits.add(row.number, row.text)
        return "skip"

    def _is_blank(self, line: str) -> bool:
        fields = next(csv.reader(line.split("\n"), delimiter=self._delimiter), [])
        return not any(field.strip(BLANKS) for field in fields)

    def check_sizes(self) -> None:
        if self._too_large > self._limits.max_field_bytes:
            raise Rejected(
                "TOO_LARGE",
                f"a field of {self._too_large:,} bytes, at most "
                f"{self._limits.max_field_bytes:,} are taken",
            )

    def chunk(
        self, names: tuple[str, ...], columns: list[pa.Array], reading: Reading
    ) -> Iterator[Chunk]:
        self.check_sizes()
        size = len(columns[0])
        if not size:
            return
        check_field_size(columns, self._limits)
        numbers = self._numbers(size)
        blank = blank_rows(columns)
        if len(blank):
            self._blank.extend(numbers[blank])
            keep = np.delete(np.arange(size), blank)
            numbers = numbers[keep]
            columns = [column.take(pa.array(keep)) for column in columns]
        if len(numbers):
            reading.delivered += len(numbers)
            yield Chunk(names, columns, self._source_rows(numbers))

    def _numbers(self, size: int) -> np.ndarray:
        """Physical numbers of the next rows that fit: those that misfits did not take."""
        taken = self._misfits.numbers.values()
        taken = taken[np.searchsorted(taken, self._next) :]
        numbers = np.arange(self._next, self._next + size)
        # Each misfit before a row pushes it, and all after it, on by one.
        numbers += np.searchsorted(taken - np.arange(len(taken)), numbers, side="right")
        self._next = int(numbers[-1]) + 1
        return numbers

    def _source_rows(self, numbers: np.ndarray) -> np.ndarray:
        blank = self._blank.values()
        if not len(blank):
            return numbers
        return numbers - np.searchsorted(np.sort(blank), numbers)

    def finish(self, reading: Reading) -> None:
        """Count the misfits, and let them be numbered like the other rows."""
        misfits = self._misfits
        blank = np.sort(self._blank.values())
        reading.delivered += len(misfits.numbers.values()) - int(
            np.isin(misfits.numbers.values(), blank).sum()
        )
        misfits.blank = blank
