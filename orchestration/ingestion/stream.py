"""One large file, chunk by chunk: reading, conversion and writing overlap, memory is bounded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.dataset as pads
import pyarrow.parquet as pq

from orchestration.ingestion import lake
from orchestration.ingestion.ahead import ahead
from orchestration.ingestion.convert import REASONS, Converter, Piece
from orchestration.ingestion.quarantine import failed_rows, misfit_rows, with_delivery
from orchestration.ingestion.readers import (
    Attempt,
    Chunk,
    Limits,
    Reading,
    Restart,
    match_columns,
)
from orchestration.ingestion.settled import Guard
from orchestration.ingestion.taken import Taken, settle_locale
from orchestration.settings import Settings

if TYPE_CHECKING:
    import duckdb

_DUPLICATE = REASONS.index("DUPLICATE_KEY_IN_FILE")
_serial = count()


def load_stream(
    settings: Settings,
    workspace: Path,
    connection: duckdb.DuckDBPyConnection,
    converter: Converter,
    guard: Guard,
    taken: Taken,
    reading: Reading,
    chunks: Iterator[Chunk],
    attempt: Attempt,
    reopen: Callable[[], Reading],
    limits: Limits,
) -> lake.Delivery:
    """Convert a large file and write it into the lake.

    `chunks` are those of `reading`, `reopen` reads the same file once more.

    Raises:
        Restart: the number locale that was assumed is not the file's.
        Rejected: the file is refused as a whole.
    """
    with _Output(settings, workspace, taken) as output:
        judge = _Judge(converter, guard, taken, reading, attempt, limits)
        judged = ahead(judge.rows(chunk) for chunk in ahead(chunks))
        twice = moved = 0
        for rows in judged:
            twice += rows.twice
            moved += rows.moved
            output.accept(rows.accepted)
            output.set_apart(rows.failed)
        for batch in reading.misfits.batches() if reading.misfits else ():
            output.set_apart(misfit_rows(batch))
        output.close()
        duplicates = _duplicates(connection, taken, output.raw)
        if len(duplicates):
            output.drop(duplicates)
            for failed in judge.duplicates(reopen(), duplicates):
                output.set_apart(failed)
        taken.warnings += reading.warnings
        taken.note_instants(twice, moved)
        delivery = taken.loaded(reading.delivered, output.accepted, output.quarantined)
        output.commit(delivery)
    return delivery


@dataclass
class Judged:
    """A chunk's good rows, its quarantine rows, and how many instants of the good ones fell on a
    change of time."""

    accepted: pa.Table
    failed: pa.Table | None
    twice: int
    moved: int


class _Judge:
    """Converts the chunks of one file under one number locale, and watches for evidence against
    it."""

    def __init__(
        self,
        converter: Converter,
        guard: Guard,
        taken: Taken,
        reading: Reading,
        attempt: Attempt,
        limits: Limits,
    ) -> None:
        self._converter = converter
        self._guard = guard
        self._taken = taken
        self._reading = reading
        self._limits = limits
        self._german = attempt.german
        self._seen = [False, False]  # evidence for German, for English

    def rows(self, chunk: Chunk) -> Judged:
        """Good rows, and quarantine rows if there are any."""
        feed = self._converter.feed
        positions = match_columns(feed, chunk.names, self._limits)
        piece = Piece(chunk, positions, self._taken.scope, self._taken.last_year)
        rows = self._converter.judge([piece], self._reading.is_typed)
        rows.settle([self._locale(*rows.evidence())])
        good = rows.reasons == 0
        (accepted,) = rows.tables(good)
        if breaches := self._guard.refused(self._taken, accepted):
            rows.refuse(np.flatnonzero(good), breaches)
            good = rows.reasons == 0
            (accepted,) = rows.tables(good)
        twice, moved = (int(counts[good].sum()) for counts in rows.clock_changes())
        failed = None
        if not good.all():
            selected = np.flatnonzero(~good)
            failed = failed_rows(
                feed,
                chunk,
                positions,
                selected,
                rows.reasons[selected],
                rows.columns[selected],
            )
        return Judged(accepted, failed, twice, moved)

    def _locale(self, german: np.ndarray, english: np.ndarray) -> bool:
        """The file's number locale, from all evidence so far.

        Raises:
            Restart: rows before were read under another.
        """
        self._seen[0] |= bool(german[0])
        self._seen[1] |= bool(english[0])
        default = self._reading.is_german_by_default
        settled = settle_locale(default, *self._seen)
        if self._german is None:
            self._german = settled
        if any(self._seen) and settled != self._german:
            raise Restart(german=settled)
        return self._german

    def duplicates(self, reading: Reading, rows: np.ndarray) -> Iterator[pa.Table]:
        """Quarantine rows of the given source rows, from the file read once more."""
        for chunk in reading.chunks:
            selected = np.flatnonzero(_is_in(chunk.rows, rows))
            if len(selected):
                yield failed_rows(
                    self._converter.feed,
                    chunk,
                    match_columns(self._converter.feed, chunk.names, self._limits),
                    selected,
                    np.full(len(selected), _DUPLICATE),
                    np.zeros(len(selected), dtype=np.int32),
                )


def _is_in(numbers: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Membership in a sorted array, without copying it for every chunk."""
    at = np.searchsorted(wanted, numbers)
    return wanted[np.minimum(at, len(wanted) - 1)] == numbers


def _duplicates(connection: duckdb.DuckDBPyConnection, taken: Taken, raw: Path) -> np.ndarray:
    """Source rows, sorted, whose key comes again later in the file.

    Eight bytes of hash a row are grouped, which DuckDB spills where memory is short; only rows that
    share a hash are compared.
    """
    keys = ", ".join(f'"{name}"' for name in taken.feed.key)
    cursor = connection.cursor()
    # A dataset, not a path in SQL: folders may have names that globs interpret.
    cursor.register("rows", pads.dataset(str(raw), format="parquet"))
    cursor.execute(
        f"CREATE OR REPLACE TEMP TABLE repeated AS SELECT hash({keys}) AS h FROM rows "
        "GROUP BY h HAVING count(*) > 1"
    )
    found = cursor.execute(
        "SELECT _source_row FROM rows WHERE (SELECT count(*) FROM repeated) > 0 "
        f"AND hash({keys}) IN (SELECT h FROM repeated) "
        f"QUALIFY _source_row < max(_source_row) OVER (PARTITION BY {keys}) ORDER BY _source_row"
    ).to_arrow_table()
    cursor.close()
    return found["_source_row"].to_numpy()


class _Output:
    """The Parquet files of one delivered file, under temporary names until `commit`."""

    def __init__(self, settings: Settings, workspace: Path, taken: Taken) -> None:
        self._settings = settings
        self._taken = taken
        self._schema = lake.raw_file_schema(taken.feed)
        self._options = lake.raw_file_options(taken.feed)
        stem = workspace / f"{next(_serial)}-{taken.batch_id}"
        self.raw = stem.with_suffix(".raw")
        self._kept = stem.with_suffix(".kept")
        self._failed = stem.with_suffix(".failed")
        self._raw_writer: pq.ParquetWriter | None = None
        self._failed_writer: pq.ParquetWriter | None = None
        self.accepted = self.quarantined = 0
        self._pending = taken.ends(lake.LOADED)  # what quarantine rows share

    def __enter__(self) -> _Output:
        self._raw_writer = pq.ParquetWriter(self.raw, self._schema, **self._options)
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
        if self._failed_writer:
            self._failed_writer.close()
        for path in (self.raw, self._kept, self._failed):
            path.unlink(missing_ok=True)

    def accept(self, rows: pa.Table) -> None:
        assert self._raw_writer is not None
        if rows.num_rows:
            self._raw_writer.write_table(self._taken.raw_rows(rows))
            self.accepted += rows.num_rows

    def set_apart(self, rows: pa.Table | None) -> None:
        if rows is None or not rows.num_rows:
            return
        if self._failed_writer is None:
            schema = lake.table_schema("quarantine")
            self._failed_writer = pq.ParquetWriter(self._failed, schema, **lake.PARQUET_OPTIONS)
        self._failed_writer.write_table(with_delivery(rows, self._pending))
        self.quarantined += rows.num_rows

    def close(self) -> None:
        """End the raw file, so that it can be read."""
        if self._raw_writer:
            self._raw_writer.close()
            self._raw_writer = None

    def drop(self, rows: np.ndarray) -> None:
        """Take the given source rows out of the raw file."""
        self.accepted = 0
        with (
            pq.ParquetFile(self.raw) as file,
            pq.ParquetWriter(self._kept, file.schema_arrow, **self._options) as writer,
        ):
            for batch in file.iter_batches(131_072):
                dropped = _is_in(batch.column("_source_row").to_numpy(), rows)
                kept = batch.filter(pa.array(~dropped))
                writer.write_batch(kept)
                self.accepted += kept.num_rows
        self._kept.replace(self.raw)

    def commit(self, delivery: lake.Delivery) -> None:
        self.close()
        feed, batch_id = delivery.feed, delivery.batch_id
        if self._failed_writer:
            self._failed_writer.close()
            path = lake.quarantine_path(self._settings, feed, batch_id)
            lake.move_into_lake(self._failed, path)
        lake.move_into_lake(self.raw, lake.raw_path(self._settings, feed, batch_id))
