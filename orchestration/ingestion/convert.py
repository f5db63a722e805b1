"""Delivered cells to typed rows, with a reason for each row that does not fit.

What belongs here: the rules that feeds.md states for values, column by column over the rows of many
small files or of one chunk. What does not: files, encodings, writing.

Everything is decided for whole columns. A column whose values repeat is a dictionary, of which each
value is judged once; plain cells are read from their bytes (`plain`), and only the few that are
left are read text by text (`odd`). Rows are looked at one by one only where a column says that it
has bad ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.ingestion import plain
from orchestration.ingestion.columns import Cells, Judged, Piece, sliced
from orchestration.ingestion.contract import Feed

REASONS = (
    "WRONG_COLUMN_COUNT",
    "MISSING_REQUIRED",
    "BAD_TYPE",
    "BAD_VALUE",
    "UNKNOWN_SENDER_SCOPE",
    "DUPLICATE_KEY_IN_FILE",
)
"""Reasons for quarantine, the first that applies counts."""
_MISSING, _TYPE, _VALUE, _SCOPE = 1, 2, 3, 4  # positions in REASONS
_GOOD = np.iinfo(np.int32).max
_COLUMN_BITS = 16


class Converter:
    """Converts rows of one feed."""

    def __init__(self, feed: Feed) -> None:
        self.feed = feed
        types = {(c.scale, c.precision) for c in feed.columns if c.kind in ("int", "decimal")}
        self._readers = {type_: plain.NumberReader(*type_) for type_ in types}

    def judge(self, pieces: Sequence[Piece], is_typed: bool) -> Rows:
        """Read the cells of pieces of files; `Rows.settle` is to follow."""
        columns = []
        for column in self.feed.columns:
            cells = Cells(column, pieces, self.feed.repeats(column))
            cells.prepare(column, is_typed)
            judged = Judged(column, cells)
            judged.judge(self._readers.get((column.scale, column.precision)))
            columns.append(judged)
        return Rows(self.feed, pieces, columns)


class Rows:
    """Rows of some pieces, judged. After `settle`:

    - `reasons`: position in REASONS for each row, 0 for a good one;
    - `columns`: position of the column that is the reason.
    """

    def __init__(self, feed: Feed, pieces: Sequence[Piece], columns: Sequence[Judged]) -> None:
        self.feed = feed
        self._pieces = pieces
        self._columns = columns
        self.sizes = np.array([len(piece.chunk.rows) for piece in pieces])
        self.starts = np.cumsum(self.sizes) - self.sizes
        self.reasons = self.columns = np.empty(0, dtype=np.int32)

    def __len__(self) -> int:
        return int(self.sizes.sum())

    def evidence(self) -> tuple[np.ndarray, np.ndarray]:
        """For each piece, whether its numbers are evidence for German and for English."""
        german, english = (np.zeros(len(self._pieces), dtype=bool) for _ in range(2))
        for judged in self._columns:
            for found, mask in ((german, judged.german), (english, judged.english)):
                if mask is not None and mask.any():
                    found |= np.logical_or.reduceat(mask, self.starts)
        return german, english

    def settle(self, german: Sequence[bool]) -> None:
        """Judge the rows, once the number locale of each piece is known."""
        last_years = [piece.last_year for piece in self._pieces]
        # The first reason counts, and of one reason the first column.
        codes = np.full(len(self), _GOOD, dtype=np.int32)
        for position, judged in enumerate(self._columns):
            judged.settle(german, last_years)
            for reason, rows in self._failures(judged):
                if len(rows):
                    code = (reason << _COLUMN_BITS) + position
                    codes[rows] = np.minimum(codes[rows], code)
        is_good = codes == _GOOD
        codes[is_good] = 0
        self.reasons = codes >> _COLUMN_BITS
        self.columns = codes & ((1 << _COLUMN_BITS) - 1)

    def refuse(self, rows: np.ndarray, breaches: Iterable[tuple[int, str]]) -> None:
        """Set rows apart that settled rows forbid: positions in `rows`, each with a column."""
        position = {column.name: i for i, column in enumerate(self.feed.columns)}
        for at, column in breaches:
            self.reasons[rows[at]] = _VALUE
            self.columns[rows[at]] = position[column]

    def _failures(self, judged: Judged) -> list[tuple[int, np.ndarray]]:
        column, cells = judged.column, judged.cells
        failures = [
            (_TYPE, cells.rows(judged.mistyped())),
            (_VALUE, cells.rows(judged.forbidden)),
        ]
        if column.required:
            missing = cells.null_rows()
            if len(missing) and not column.key:
                missing = missing[~self._deleted[missing]]
            failures.append((_MISSING, missing))
        if column.name == "dealer_id" and self.feed.is_dealer_feed:
            failures.append((_SCOPE, cells.rows(self._foreign(judged))))
        return failures

    def _foreign(self, judged: Judged) -> np.ndarray | None:
        """Entries with another dealer than the one whose rows alone a file may carry."""
        if not any(piece.scope for piece in self._pieces):
            return None
        pieces = pa.array(judged.cells.by_entry(np.arange(len(self._pieces))))
        scopes = pa.array([piece.scope for piece in self._pieces], pa.string()).take(pieces)
        foreign = pc.fill_null(pc.not_equal(judged.values, scopes), False)
        return foreign.to_numpy(zero_copy_only=False) & ~judged.cells.nulls

    @cached_property
    def _deleted(self) -> np.ndarray:
        """Rows that withdraw their key."""
        deleted = np.zeros(len(self), dtype=bool)
        for judged in self._columns:
            if judged.column.name == "is_deleted":
                is_true = judged.values.fill_null(False).to_numpy(zero_copy_only=False)  # type: ignore[union-attr]
                deleted[judged.cells.rows(is_true)] = True
        return deleted

    def clock_changes(self) -> np.ndarray:
        """How many instants of each row fell into an hour that occurs twice, and that does not
        exist."""
        counts = np.zeros((2, len(self)), dtype=np.int8)
        for judged in self._columns:
            for count, mask in zip(counts, (judged.twice, judged.moved), strict=True):
                if mask is not None:
                    count[judged.cells.rows(mask)] += 1
        return counts

    def repeated(self, good: np.ndarray) -> np.ndarray:
        """Positions of `good` rows (a mask) whose key comes again in a later one of the same piece.

        A key is a number: the piece and the number of each key column's value, combined.
        """
        keys = np.repeat(np.arange(len(self.sizes)), self.sizes)[good]
        count = len(self.sizes)
        for judged in self._columns:
            if judged.column.key:
                numbers, of_them = judged.numbered(good)
                if count * of_them >= 2**62:
                    keys = np.unique(keys, return_inverse=True)[1]
                    count = len(keys)
                keys = keys * of_them + numbers
                count *= of_them
        ordered = np.sort(keys)
        if not (ordered[1:] == ordered[:-1]).any():
            return np.empty(0, dtype=np.int64)
        order = np.argsort(keys, kind="stable")
        again = keys[order[1:]] == keys[order[:-1]]
        return np.flatnonzero(good)[order[:-1][again]]

    def tables(self, good: np.ndarray) -> list[pa.Table]:
        """The `good` rows (a mask) of each piece: `_row`, and the contract's columns."""
        chosen = None if good.all() else np.flatnonzero(good)
        counts = np.add.reduceat(good, self.starts, dtype=np.int64)
        bounds = np.concatenate([[0], np.cumsum(counts)])
        numbers = np.concatenate([piece.chunk.rows for piece in self._pieces])
        columns = {"_row": sliced(pa.array(numbers if chosen is None else numbers[chosen]), bounds)}
        for judged in self._columns:
            columns[judged.column.name] = judged.column_of(chosen, bounds)
        return [
            pa.table({name: parts[piece] for name, parts in columns.items()})
            for piece in range(len(self._pieces))
        ]
