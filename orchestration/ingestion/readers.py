"""What every reader of delivered files gives: chunks of text columns, whatever the format.

What belongs here: the shape that readers and the converter share, the refusal of a whole file, and
the matching of delivered column names with a contract. What does not: any format, and what cells
look like (`cells`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from orchestration.ingestion.cells import BLANKS, is_dictionary, text_array
from orchestration.ingestion.contract import Feed
from orchestration.settings import Settings


class Rejected(Exception):
    """A whole file is refused; `code` is the reason, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Restart(Exception):
    """The file must be read again from its start with these changes to the attempt."""

    def __init__(self, **changes: Any) -> None:
        super().__init__(str(changes))
        self.changes = changes


@dataclass(frozen=True)
class Limits:
    """Bounds of one file, in bytes, and the sizes in which it is worked through."""

    max_file_bytes: int
    max_columns: int
    max_field_bytes: int
    block_bytes: int = 16 * 1024**2
    """Text of a CSV file that is parsed at once."""
    chunk_rows: int = 20_000
    """Rows of the other formats that are read at once."""

    @classmethod
    def of(cls, settings: Settings, **sizes: int) -> Limits:
        return cls(settings.max_file_bytes, settings.max_columns, settings.max_field_bytes, **sizes)


@dataclass(frozen=True)
class Attempt:
    """How a file is read this time. `german` is the settled number locale, None if still open;
    `block_bytes` overrides the limits' where a row did not fit into a block."""

    german: bool | None = None
    block_bytes: int | None = None


@dataclass
class Chunk:
    """Some rows of a file: `columns` are arrays of text or dictionaries of it, named as delivered,
    `rows` their numbers (1 is the first data row), `raw` the delivered rows where the format has
    rows of text."""

    names: tuple[str, ...]
    columns: list[pa.Array]
    rows: np.ndarray
    raw: pa.Array | None = None


@dataclass
class Reading:
    """A file being read. `delivered`, `misfits` and `warnings` are complete once `chunks` are
    used up; `positions` tells at which delivered position each contract column stands."""

    chunks: Iterator[Chunk]
    is_typed: bool
    is_german_by_default: bool = False
    delivered: int = 0
    warnings: list[str] = field(default_factory=list)
    misfits: Misfits | None = None


class Misfits:
    """Lines whose number of fields is not the header's, spooled to disk where there are many."""

    _IN_MEMORY = 20_000
    _SCHEMA = pa.schema([("row", pa.int64()), ("line", pa.string())])
    _serial = count()

    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace
        self._rows: list[int] = []
        self._lines: list[str] = []
        self._spool: Path | None = None
        self._writer: pq.ParquetWriter | None = None
        self.numbers = Growing()
        self.blank = np.empty(0, dtype=np.int64)
        """Sorted physical numbers of the lines that are no rows; complete at the end."""

    def add(self, number: int, line: str) -> None:
        self._rows.append(number)
        self._lines.append(line)
        self.numbers.append(number)
        if len(self._rows) >= self._IN_MEMORY:
            self._flush()

    def _flush(self) -> None:
        if self._writer is None:
            self._spool = self._workspace / f"misfits-{next(self._serial)}.parquet"
            self._writer = pq.ParquetWriter(self._spool, self._SCHEMA)
        self._writer.write_batch(self._batch())
        self._rows, self._lines = [], []

    def _batch(self) -> pa.RecordBatch:
        return pa.record_batch([pa.array(self._rows, pa.int64()), self._lines], self._SCHEMA)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """All misfits in the order of the file: `row` (1 is the first data row) and `line`."""
        if self._writer is not None:
            self._writer.close()
            with pq.ParquetFile(self._spool) as spooled:
                for batch in spooled.iter_batches(self._IN_MEMORY):
                    yield self._numbered(batch)
        if self._rows:
            yield self._numbered(self._batch())

    def _numbered(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        numbers = batch.column(0).to_numpy()
        rows = numbers - np.searchsorted(self.blank, numbers)
        return pa.record_batch([pa.array(rows), batch.column(1)], self._SCHEMA)


class Growing:
    """A growing array of int64, eight bytes a number."""

    def __init__(self) -> None:
        self._data = np.empty(1024, dtype=np.int64)
        self._size = 0

    def append(self, number: int) -> None:
        self._reserve(1)
        self._data[self._size] = number
        self._size += 1

    def extend(self, numbers: np.ndarray) -> None:
        self._reserve(len(numbers))
        self._data[self._size : self._size + len(numbers)] = numbers
        self._size += len(numbers)

    def _reserve(self, more: int) -> None:
        if self._size + more > len(self._data):
            grown = np.empty(max(2 * len(self._data), self._size + more), dtype=np.int64)
            grown[: self._size] = self._data[: self._size]
            self._data = grown

    def values(self) -> np.ndarray:
        return self._data[: self._size]


# -- column names -----------------------------------------------------------------------------


def fold(name: str) -> str:
    """A column name as it compares: without blanks around it and in lower case."""
    return name.strip(BLANKS).lower()


def match_columns(feed: Feed, names: Sequence[str], limits: Limits) -> dict[str, int]:
    """Position of each contract column among the delivered names.

    Raises:
        Rejected: a contract column stands twice, or there are too many columns.
    """
    if len(names) > limits.max_columns:
        raise Rejected("TOO_LARGE", f"{len(names)} columns, at most {limits.max_columns} are taken")
    known = {column.name for column in feed.columns}
    positions: dict[str, int] = {}
    for position, name in enumerate(map(fold, names)):
        if name not in known:
            continue
        if name in positions:
            raise Rejected("UNREADABLE", f"column {name} stands twice: leave one of them")
        positions[name] = position
    return positions


def require_columns(feed: Feed, found: Sequence[str] | dict[str, int]) -> None:
    """Refuse a file that lacks a required column.

    Raises:
        Rejected: a required column is missing.
    """
    missing = [c.name for c in feed.columns if c.required and c.name not in found]
    if missing:
        raise Rejected(
            "MISSING_COLUMN",
            f"required columns are missing: {', '.join(missing)}; "
            f"expected are {', '.join(c.name for c in feed.columns)}",
        )


def extra_columns(feed: Feed, names: Sequence[str]) -> list[str]:
    """A warning that names the delivered columns that the contract does not know, if any."""
    known = {column.name for column in feed.columns}
    extra = [name.strip(BLANKS) or "(no name)" for name in names if fold(name) not in known]
    if not extra:
        return []
    # a file without a header line may begin with somebody's address
    shown = ", ".join("(an address)" if "@" in name else name[:40] for name in extra[:10])
    more = f" and {len(extra) - 10} more" if len(extra) > 10 else ""
    return [f"extra columns kept out: {shown}{more}"]


# -- cells ------------------------------------------------------------------------------------


def check_field_size(columns: Sequence[pa.Array], limits: Limits) -> None:
    """Refuse a file with a field beyond the limit.

    Raises:
        Rejected: a field is too large.
    """
    for column in columns:
        # Only a column with more text than a field may have can contain such a field.
        texts = column.dictionary if is_dictionary(column) else column
        if texts.nbytes <= limits.max_field_bytes:
            continue
        longest = pc.max(pc.binary_length(texts)).as_py() or 0
        if longest > limits.max_field_bytes:
            raise Rejected(
                "TOO_LARGE",
                f"a field of {longest:,} bytes, at most {limits.max_field_bytes:,} are taken",
            )


class RowChunks:
    """Collects rows of one Python value per column into chunks; wholly blank rows are no rows."""

    def __init__(self, names: Sequence[str], limits: Limits, reading: Reading) -> None:
        self._names = tuple(names)
        self._limits = limits
        self._reading = reading
        self._cells: list[list[str | None]] = [[] for _ in names]
        self._raw: list[str] = []
        self._size = 0
        self._bytes = 0

    def add(self, cells: Sequence[str | None], raw: str | None = None) -> Chunk | None:
        """Take a row; gives a chunk when one is full."""
        for column, cell in zip(self._cells, cells, strict=True):
            column.append(cell)
            self._bytes += len(cell) if cell else 1
        if raw is not None:
            self._raw.append(raw)
            self._bytes += len(raw)
        self._size += 1
        full = self._size >= self._limits.chunk_rows or self._bytes >= self._limits.block_bytes
        return self.flush() if full else None

    def flush(self) -> Chunk | None:
        """The rows collected so far as a chunk, None if there are none."""
        if not self._size:
            return None
        columns = [text_array(cells) for cells in self._cells]
        check_field_size(columns, self._limits)
        raw = text_array(self._raw) if self._raw else None
        first = self._reading.delivered + 1
        self._reading.delivered += self._size
        chunk = Chunk(self._names, columns, np.arange(first, first + self._size), raw)
        self._cells = [[] for _ in self._names]
        self._raw, self._size, self._bytes = [], 0, 0
        return chunk


Reader = Callable[..., Reading]
