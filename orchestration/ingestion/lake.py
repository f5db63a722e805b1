"""The lake on disk: where its files lie, what columns they have, and how they are written.

What belongs here: paths, Arrow schemas (made from the contracts), the registry of deliveries,
atomic writes and the clean-up of what a killed load left. What does not: reading delivered files
or judging rows.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.ingestion.cells import DICTIONARY
from orchestration.ingestion.contract import Column, Feed, load_own_tables
from orchestration.settings import Settings

LOADED, DUPLICATE, REJECTED = "LOADED", "DUPLICATE", "REJECTED"

LINEAGE = pa.schema(
    [
        ("_batch_id", pa.string()),
        ("_source_file", pa.string()),
        ("_source_row", pa.int64()),
        ("_sender", pa.string()),
        ("_delivered_at", pa.timestamp("us")),
        ("_loaded_at", pa.timestamp("us")),
    ]
)
"""What every row of the raw lake carries beside the columns of its contract."""

PARQUET_OPTIONS = {
    "compression": "zstd",
    "compression_level": 1,
    # What a file repeats in every row is handed over as a dictionary; readers need not know.
    "store_schema": False,
    # Decimals as integers: half the size, and engines read them without unpacking bytes.
    "store_decimal_as_integer": True,
}

_STAMP_FORMAT = "%Y%m%dT%H%M%S%fZ"
_DECIMAL = re.compile(r"decimal\((\d+),\s*(\d+)\)")
_SIMPLE = {
    "varchar": pa.string(),
    "bigint": pa.int64(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "boolean": pa.bool_(),
}


def arrow_type(column: Column) -> pa.DataType:
    if match := _DECIMAL.fullmatch(column.data_type):
        return pa.decimal128(int(match[1]), int(match[2]))
    return _SIMPLE[column.data_type]


@cache
def raw_schema(feed: Feed) -> pa.Schema:
    """Schema of the feed's files in the raw lake: the contract's columns, then the lineage."""
    return pa.schema([(c.name, arrow_type(c)) for c in feed.columns] + list(LINEAGE))


@cache
def raw_file_schema(feed: Feed) -> pa.Schema:
    """The raw schema as rows are handed to the writer: texts that repeat are dictionaries, which
    the written file does not show."""
    once = {column.name for column in feed.columns if not feed.repeats(column)}
    return pa.schema(
        [
            (f.name, DICTIONARY if pa.types.is_string(f.type) and f.name not in once else f.type)
            for f in raw_schema(feed)
        ]
    )


@cache
def raw_file_options(feed: Feed) -> dict[str, object]:
    """Parquet options of a raw file: no dictionaries for what hardly repeats, differences for
    instants and row numbers, no statistics for texts. Writing takes little more than half as long,
    and files are half as large."""
    differences = {c.name for c in feed.columns if c.kind == "ts"} | {"_source_row"}
    once = {c.name for c in feed.columns if _hardly_repeats(feed, c)} | differences
    fields = raw_schema(feed)
    texts = {f.name for f in fields if pa.types.is_string(f.type)}
    return PARQUET_OPTIONS | {
        "use_dictionary": [name for name in fields.names if name not in once],
        "column_encoding": dict.fromkeys(differences, "DELTA_BINARY_PACKED"),
        "write_statistics": [name for name in fields.names if name not in texts],
    }


def _hardly_repeats(feed: Feed, column: Column) -> bool:
    return column.kind == "decimal" or (column.kind == "text" and not feed.repeats(column))


@cache
def table_schema(name: str) -> pa.Schema:
    """Schema of a table that is no feed: the lake's books, the ledger, what is computed."""
    return pa.schema([(c.name, arrow_type(c)) for c in load_own_tables()[name]])


def raw_path(settings: Settings, feed: str, batch_id: str) -> Path:
    return settings.raw / feed / f"{batch_id}.parquet"


def quarantine_path(settings: Settings, feed: str, batch_id: str) -> Path:
    return settings.quarantine / feed / f"{batch_id}.parquet"


def rejected_path(settings: Settings, feed: str, source_file: str, batch_id: str) -> Path:
    """One file per rejected delivery. A delivered name is only text, so it goes in as a hash."""
    digest = hashlib.sha256(f"{batch_id}\0{source_file}".encode()).hexdigest()
    return settings.rejected / f"{feed}-{digest[:32]}.parquet"


# -- the registry -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row of the registry; instants are aware and UTC. See `_lake__sources.yml`."""

    feed: str
    source_file: str
    sender: str
    delivered_at: datetime
    loaded_at: datetime
    batch_id: str
    status: str
    reason_code: str | None
    message: str | None
    delivered_rows: int
    accepted_rows: int
    quarantined_rows: int
    file_bytes: int
    file_modified_ns: int
    warnings: str | None


def naive_utc(instant: datetime) -> datetime:
    """The instant as the lake stores it: UTC without a zone."""
    return instant.astimezone(UTC).replace(tzinfo=None)


def read_deliveries(settings: Settings) -> list[Delivery]:
    """All committed deliveries, in the order of their loads."""
    rows = deliveries_table(settings).to_pylist()
    for row in rows:
        row["delivered_at"] = row["delivered_at"].replace(tzinfo=UTC)
        row["loaded_at"] = row["loaded_at"].replace(tzinfo=UTC)
    return [Delivery(**row) for row in rows]


def last_loaded_at(settings: Settings) -> datetime | None:
    """Instant of the newest committed load (aware, UTC), from its file's name; None without one."""
    stamps = [path.stem for path in settings.deliveries.glob("*.parquet")]
    if not stamps:
        return None
    return datetime.strptime(max(stamps), _STAMP_FORMAT).replace(tzinfo=UTC)


def deliveries_table(settings: Settings) -> pa.Table:
    """The registry as a table, in the order of the loads; empty if there are none."""
    schema = table_schema("deliveries")
    if not settings.deliveries.is_dir():
        return schema.empty_table()
    paths = sorted(settings.deliveries.glob("*.parquet"))
    # One file is opened at a time, without a dataset: names may contain what globs interpret.
    parts = [pq.ParquetFile(path).read() for path in paths]
    return pa.concat_tables([schema.empty_table(), *parts])


class Registry:
    """What earlier loads have taken, and which stats of unchanged files are known."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        columns = deliveries_table(settings).to_pydict()
        feeds, names, batches = columns["feed"], columns["source_file"], columns["batch_id"]
        self._stats = set(
            zip(feeds, names, columns["file_bytes"], columns["file_modified_ns"], strict=True)
        )
        self._same_stats = _read_same_stats(settings)
        self._files = set(zip(feeds, names, batches, strict=True))
        # Files with a header only always count: two senders may both empty their snapshot.
        self._with_rows = {
            (feed, batch)
            for feed, batch, rows in zip(feeds, batches, columns["delivered_rows"], strict=True)
            if rows
        }
        self._last = last_loaded_at(settings)

    def knows_stat(self, feed: str, name: str, size: int, modified_ns: int) -> bool:
        """Whether a file of this name, size and time was taken, so that it need not be read."""
        stat = (feed, name, size, modified_ns)
        return stat in self._stats or stat in self._same_stats

    def knows_file(self, feed: str, name: str, batch_id: str) -> bool:
        """Whether these bytes were taken under this very name: nothing is to be done."""
        return (feed, name, batch_id) in self._files

    def holds_rows(self, feed: str, batch_id: str) -> bool:
        """Whether these bytes brought rows into the feed, under whatever name."""
        return (feed, batch_id) in self._with_rows

    def add(self, delivery: Delivery) -> None:
        """Note what the running load takes, for the files after it."""
        key = (delivery.feed, delivery.batch_id)
        self._files.add((delivery.feed, delivery.source_file, delivery.batch_id))
        if delivery.delivered_rows:
            self._with_rows.add(key)

    def next_loaded_at(self, now: datetime) -> datetime:
        """The instant of a load that begins now; instants of loads rise strictly."""
        now = now.astimezone(UTC)
        return now if self._last is None else max(now, self._last + timedelta(microseconds=1))

    def remember_stats(self, stats: Iterable[tuple[str, str, int, int]]) -> None:
        """Note files whose time changed but not their bytes, so that the next scan skips them.

        Only a shortcut: without the note they would be read, and found known, again.
        """
        new = set(stats) - self._same_stats
        if not new:
            return
        self._same_stats |= new
        path = _same_stats_path(self._settings)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        partial.write_text(json.dumps(sorted(self._same_stats)), encoding="utf-8")
        os.replace(partial, path)


def _same_stats_path(settings: Settings) -> Path:
    return settings.state / "unchanged_files.json"


def _read_same_stats(settings: Settings) -> set[tuple[str, str, int, int]]:
    path = _same_stats_path(settings)
    if not path.is_file():
        return set()
    return {tuple(entry) for entry in json.loads(path.read_text(encoding="utf-8"))}


def commit_deliveries(settings: Settings, deliveries: list[Delivery], workspace: Path) -> None:
    """Write the registry file that makes a load count: the last write of a load, and atomic."""
    rows = [asdict(d) for d in deliveries]
    for row in rows:
        row["delivered_at"] = naive_utc(row["delivered_at"])
        row["loaded_at"] = naive_utc(row["loaded_at"])
    stamp = deliveries[0].loaded_at.strftime(_STAMP_FORMAT)
    table = pa.Table.from_pylist(rows, schema=table_schema("deliveries"))
    write_table(table, settings.deliveries / f"{stamp}.parquet", workspace)


def repeated(value: object, type_: pa.DataType, size: int) -> pa.Array:
    """One value for all rows, as a dictionary where that spares writing it again and again."""
    if not pa.types.is_string(type_):
        return pa.repeat(pa.scalar(value, type_), size)
    indices = pa.array(np.zeros(size, dtype=np.int32))
    return pa.DictionaryArray.from_arrays(indices, pa.array([value], type_))


# -- writing ----------------------------------------------------------------------------------


def write_table(
    table: pa.Table, path: Path, workspace: Path, options: dict[str, object] | None = None
) -> None:
    """Write a Parquet file so that a reader sees all of it or none."""
    partial = workspace / f"{path.parent.name}-{path.name}"
    pq.write_table(table, partial, **(options or PARQUET_OPTIONS))
    move_into_lake(partial, path)


def move_into_lake(partial: Path, path: Path) -> None:
    try:
        os.replace(partial, path)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.replace(partial, path)


@contextmanager
def workspace(settings: Settings) -> Iterator[Path]:
    """A folder for what a load writes before it is renamed into the lake.

    Leftovers of killed loads are removed first: runs on a warehouse exclude each other, so nobody
    else works in them.
    """
    settings.tmp.mkdir(parents=True, exist_ok=True)
    for leftover in settings.tmp.glob("load-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix="load-", dir=settings.tmp))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
