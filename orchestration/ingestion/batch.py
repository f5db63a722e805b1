"""Many small files of one feed, converted as one.

A drop holds thousands of files with a few hundred rows: what looking at a column costs is shared by
all files of a batch, and only writing is done file by file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from orchestration.ingestion import lake
from orchestration.ingestion.contract import Feed
from orchestration.ingestion.convert import REASONS, Converter, Piece
from orchestration.ingestion.quarantine import failed_rows, misfit_rows, with_delivery
from orchestration.ingestion.readers import Chunk, Rejected
from orchestration.ingestion.settled import Guard
from orchestration.ingestion.taken import Taken, settle_locale
from orchestration.settings import Settings

_DUPLICATE = REASONS.index("DUPLICATE_KEY_IN_FILE")


@dataclass
class SmallFile:
    """A file that fits into one chunk. `failed` collects its quarantine rows."""

    taken: Taken
    chunk: Chunk | None
    positions: dict[str, int]
    is_german_by_default: bool
    delivered: int
    misfits: list[pa.RecordBatch]
    german: bool = False
    refusal: Rejected | None = None
    failed: list[pa.Table] = field(default_factory=list)
    accepted: pa.Table | None = None

    @property
    def rows(self) -> int:
        return len(self.chunk.rows) if self.chunk else 0

    @property
    def bytes(self) -> int:
        return sum(column.nbytes for column in self.chunk.columns) if self.chunk else 0


def load_batch(
    settings: Settings,
    workspace: Path,
    converter: Converter,
    guard: Guard,
    files: list[SmallFile],
    is_typed: bool,
) -> list[lake.Delivery]:
    """Convert small files of one feed and write them into the lake; gives their registry rows."""
    filled = [file for file in files if file.chunk]
    if filled:
        _convert(converter, guard, filled, is_typed)
    return [_write(settings, workspace, file) for file in files]


def _convert(
    converter: Converter,
    guard: Guard,
    files: list[SmallFile],
    is_typed: bool,
) -> None:
    pieces = [
        Piece(f.chunk, f.positions, f.taken.scope, f.taken.last_year)  # type: ignore[arg-type]
        for f in files
    ]
    rows = converter.judge(pieces, is_typed)
    for file, german, english in zip(files, *rows.evidence(), strict=True):
        try:
            file.german = settle_locale(file.is_german_by_default, bool(german), bool(english))
        except Rejected as refusal:
            file.refusal = refusal
    rows.settle([file.german for file in files])
    spans = _spans(rows.sizes)
    reasons = rows.reasons
    for file, span in zip(files, spans, strict=True):
        if file.refusal:
            reasons[span] = -1
    good = reasons == 0
    if guard.watches(converter.feed.name):
        for file, table, span in zip(files, rows.tables(good), spans, strict=True):
            rows.refuse(span.start + np.flatnonzero(good[span]), guard.refused(file.taken, table))
        good = reasons == 0
    repeated = rows.repeated(good)
    if len(repeated):
        reasons[repeated] = _DUPLICATE
        good = reasons == 0
    for file, accepted in zip(files, rows.tables(good), strict=True):
        file.accepted = accepted
    changes = rows.clock_changes()
    if changes.any():
        for file, span in zip(files, spans, strict=True):
            file.taken.note_instants(*(int(c[span][good[span]].sum()) for c in changes))
    for file, span in zip(files, spans, strict=True):
        _set_apart(converter.feed, file, reasons[span], rows.columns[span])


def _spans(sizes: np.ndarray) -> list[slice]:
    ends = np.cumsum(sizes)
    return [slice(int(a), int(b)) for a, b in zip(ends - sizes, ends, strict=True)]


def _set_apart(feed: Feed, file: SmallFile, reasons: np.ndarray, columns: np.ndarray) -> None:
    failing = np.flatnonzero(reasons > 0)
    if len(failing) and file.chunk:
        rows = failed_rows(
            feed, file.chunk, file.positions, failing, reasons[failing], columns[failing]
        )
        file.failed.append(rows)


def _write(settings: Settings, workspace: Path, file: SmallFile) -> lake.Delivery:
    taken = file.taken
    if file.refusal:
        return refuse(settings, workspace, taken, file.refusal)
    accepted = file.accepted
    if accepted is None:
        raw = lake.raw_file_schema(taken.feed).empty_table()
    else:
        raw = taken.raw_rows(accepted)
    failed = file.failed + [misfit_rows(batch) for batch in file.misfits]
    quarantined = sum(table.num_rows for table in failed)
    delivery = taken.loaded(file.delivered, raw.num_rows, quarantined)
    feed, batch_id = taken.feed.name, taken.batch_id
    if failed:
        rows = pa.concat_tables(failed, promote_options="permissive").sort_by("source_row")
        path = lake.quarantine_path(settings, feed, batch_id)
        lake.write_table(with_delivery(rows, delivery), path, workspace)
    path = lake.raw_path(settings, feed, batch_id)
    lake.write_table(raw, path, workspace, lake.raw_file_options(taken.feed))
    return delivery


def refuse(settings: Settings, workspace: Path, taken: Taken, refusal: Rejected) -> lake.Delivery:
    """Write down a file that is refused as a whole."""
    delivery = taken.ends(lake.REJECTED, reason=refusal)
    schema = lake.table_schema("rejected")
    row = {name: getattr(delivery, name) for name in schema.names}
    row["delivered_at"] = lake.naive_utc(delivery.delivered_at)
    table = pa.Table.from_pylist([row], schema=schema)
    name = lake.rejected_path(settings, delivery.feed, delivery.source_file, delivery.batch_id)
    lake.write_table(table, name, workspace)
    return delivery
