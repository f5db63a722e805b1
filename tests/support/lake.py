"""Writes a lake as the loader leaves it, from rows of Python values, to test what comes after.

    lake = Lake(settings)
    lake.load(File("oem__dealers", [{"dealer_id": "D1", ...}], delivered_at=datetime(2025, 1, 1)))
    lake.load(File("dealer__leads", [...], sender="D1"), File("dealer__leads", rejected="EMPTY"))

Each `load` is one load: its files get the same `loaded_at`, later than that of every load before.
Rows need only the columns that matter; the others are null. Money and rates are `Decimal`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.ingestion.contract import Column, Feed, load_contracts
from orchestration.settings import Settings

FIRST_LOAD = datetime(2025, 6, 1, 4, 0)
_TYPES = {
    "text": pa.string(),
    "int": pa.int64(),
    "date": pa.date32(),
    "ts": pa.timestamp("us"),
    "bool": pa.bool_(),
}
_LINEAGE = [
    pa.field("_batch_id", pa.string()),
    pa.field("_source_file", pa.string()),
    pa.field("_source_row", pa.int64()),
    pa.field("_sender", pa.string()),
    pa.field("_delivered_at", pa.timestamp("us")),
    pa.field("_loaded_at", pa.timestamp("us")),
]
_DELIVERIES = pa.schema(
    [(n, pa.string()) for n in ("feed", "source_file", "sender")]
    + [(n, pa.timestamp("us")) for n in ("delivered_at", "loaded_at")]
    + [(n, pa.string()) for n in ("batch_id", "status", "reason_code", "message")]
    + [(n, pa.int64()) for n in ("delivered_rows", "accepted_rows", "quarantined_rows")]
    + [(n, pa.int64()) for n in ("file_bytes", "file_modified_ns")]
    + [("warnings", pa.string())]
)
_QUARANTINE = pa.schema(
    [
        ("feed", pa.string()),
        ("source_file", pa.string()),
        ("source_row", pa.int64()),
        ("reason_code", pa.string()),
        ("column_name", pa.string()),
        ("value", pa.string()),
        ("raw_row", pa.string()),
        ("batch_id", pa.string()),
        ("delivered_at", pa.timestamp("us")),
    ]
)
_REJECTED = pa.schema(
    [
        ("feed", pa.string()),
        ("source_file", pa.string()),
        ("reason_code", pa.string()),
        ("message", pa.string()),
        ("sender", pa.string()),
        ("delivered_at", pa.timestamp("us")),
        ("batch_id", pa.string()),
    ]
)


@dataclass(frozen=True)
class File:
    """One delivered file.

    `quarantined` holds a reason code for each quarantined row, `rejected` the one of the file.
    """

    feed: str
    rows: Sequence[Mapping[str, Any]] = ()
    sender: str = "oem"
    delivered_at: datetime = datetime(2025, 1, 1)
    name: str | None = None
    quarantined: Sequence[str] = ()
    rejected: str | None = None
    is_duplicate: bool = False

    @property
    def source_file(self) -> str:
        return self.name or f"{self.sender}_{self.delivered_at:%Y%m%dT%H%M%S}.csv"

    @property
    def batch_id(self) -> str:
        content = (self.feed, self.source_file, [sorted(r.items()) for r in self.rows])
        return sha256(repr((content, tuple(self.quarantined))).encode()).hexdigest()


@dataclass
class Lake:
    """The lake of a warehouse. `is_committed=False` leaves a load as a killed run does."""

    settings: Settings
    feeds: dict[str, Feed] = field(default_factory=load_contracts)
    loads: int = 0

    def load(self, *files: File, is_committed: bool = True) -> datetime:
        """Writes the files as one load and returns its `loaded_at`."""
        loaded_at = FIRST_LOAD + timedelta(days=self.loads)
        self.loads += 1
        for file in files:
            if file.rejected:
                self._write_rejected(file)
            elif not file.is_duplicate:
                self._write_rows(file, loaded_at)
                self._write_quarantine(file)
        if is_committed:
            _write(
                self.settings.deliveries / f"{loaded_at:%Y%m%dT%H%M%S%f}Z.parquet",
                [_delivery(file, loaded_at) for file in files],
                _DELIVERIES,
            )
        return loaded_at

    def _write_rows(self, file: File, loaded_at: datetime) -> None:
        columns = self.feeds[file.feed].columns
        if unknown := {name for row in file.rows for name in row} - {c.name for c in columns}:
            raise ValueError(f"{file.feed} has no column {', '.join(sorted(unknown))}")
        lineage = {
            "_batch_id": file.batch_id,
            "_source_file": file.source_file,
            "_sender": file.sender,
            "_delivered_at": file.delivered_at,
            "_loaded_at": loaded_at,
        }
        rows = [{**r, **lineage, "_source_row": i} for i, r in enumerate(file.rows, start=1)]
        schema = pa.schema([pa.field(c.name, _type(c)) for c in columns] + _LINEAGE)
        _write(self.settings.raw / file.feed / f"{file.batch_id}.parquet", rows, schema)

    def _write_quarantine(self, file: File) -> None:
        rows = [
            {
                "feed": file.feed,
                "source_file": file.source_file,
                "source_row": len(file.rows) + i,
                "reason_code": code,
                "batch_id": file.batch_id,
                "delivered_at": file.delivered_at,
            }
            for i, code in enumerate(file.quarantined, start=1)
        ]
        if rows:
            path = self.settings.quarantine / file.feed / f"{file.batch_id}.parquet"
            _write(path, rows, _QUARANTINE)

    def _write_rejected(self, file: File) -> None:
        row = {
            "feed": file.feed,
            "source_file": file.source_file,
            "reason_code": file.rejected,
            "message": f"{file.source_file} is {file.rejected}",
            "sender": file.sender,
            "delivered_at": file.delivered_at,
            "batch_id": file.batch_id,
        }
        path = self.settings.rejected / f"{file.feed}-{file.batch_id[:16]}.parquet"
        _write(path, [row], _REJECTED)


def _type(column: Column) -> pa.DataType:
    return pa.decimal128(18, column.scale) if column.kind == "decimal" else _TYPES[column.kind]


def _delivery(file: File, loaded_at: datetime) -> dict[str, Any]:
    counts = not (file.rejected or file.is_duplicate)
    accepted, quarantined = len(file.rows) * counts, len(file.quarantined) * counts
    status = "REJECTED" if file.rejected else "DUPLICATE" if file.is_duplicate else "LOADED"
    return {
        "feed": file.feed,
        "source_file": file.source_file,
        "sender": file.sender,
        "delivered_at": file.delivered_at,
        "loaded_at": loaded_at,
        "batch_id": file.batch_id,
        "status": status,
        "reason_code": file.rejected,
        "message": f"{file.source_file} is {file.rejected}" if file.rejected else None,
        "delivered_rows": accepted + quarantined,
        "accepted_rows": accepted,
        "quarantined_rows": quarantined,
        "file_bytes": 1,
        "file_modified_ns": 0,
    }


def _write(path: Path, rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), path)
