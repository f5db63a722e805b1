"""Rows and files that did not pass, kept as they were delivered.

What belongs here: making quarantine rows from delivered cells, and reading quarantine and refused
files back for people and machines. What does not: the judgement itself (`convert`, `readers`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.ingestion import lake
from orchestration.ingestion.cells import BLANKS, BROKEN, NUMBER, unfolded
from orchestration.ingestion.contract import Feed, load_contracts
from orchestration.ingestion.convert import REASONS
from orchestration.ingestion.readers import Chunk, fold
from orchestration.settings import Settings

_DUPLICATE = REASONS.index("DUPLICATE_KEY_IN_FILE")


def failed_rows(
    feed: Feed,
    chunk: Chunk,
    positions: dict[str, int],
    selected: np.ndarray,
    reasons: np.ndarray,
    columns: np.ndarray,
) -> pa.Table:
    """Quarantine rows (`source_row` to `raw_row`) of the selected rows of a chunk.

    `reasons` are positions in REASONS, `columns` positions in the contract; for a duplicate key the
    key's columns are meant, whatever `columns` says.
    """
    indices = pa.array(selected)
    texts = [
        [text and text.lstrip(_MARKS) for text in unfolded(column.take(indices)).to_pylist()]
        for column in chunk.columns
    ]
    names, values = [], []
    keys = [texts[positions[name]] for name in feed.key if name in positions]
    for row, (reason, column) in enumerate(zip(reasons.tolist(), columns.tolist(), strict=True)):
        if reason == _DUPLICATE:
            names.append(", ".join(feed.key))
            values.append(", ".join(key[row] for key in keys if key[row] is not None))
        else:
            name = feed.columns[column].name
            names.append(name)
            values.append(texts[positions[name]][row] if name in positions else None)
    return pa.table(
        {
            "source_row": pa.array(chunk.rows[selected]),
            "reason_code": pa.array([REASONS[reason] for reason in reasons], pa.string()),
            "column_name": pa.array(names, pa.string()),
            "value": pa.array(values, pa.string()),
            "raw_row": _objects(chunk.names, texts)
            if chunk.raw is None
            else chunk.raw.take(indices),
        }
    )


_MARKS = NUMBER + BROKEN
_TO_ESCAPE = re.compile('[\x00-\x1f"\\\\]')
_ESCAPES = {chr(code): f"\\u{code:04X}" for code in range(32)}
_ESCAPES |= {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r"}
_ESCAPES["\t"] = "\\t"


def _quoted(text: str | None) -> str:
    if text is None:
        return "null"
    return '"' + _TO_ESCAPE.sub(lambda match: _ESCAPES[match[0]], text) + '"'


def _objects(names: Sequence[str], texts: Sequence[Sequence[str | None]]) -> pa.Array:
    """Rows as they were delivered, as JSON objects."""
    keys = [name.strip(BLANKS).encode("utf-8", "replace").decode() for name in names]
    members = [
        [f"{_quoted(key)}:{_quoted(text)}" for text in column]
        for key, column in zip(keys, texts, strict=True)
    ]
    rows = zip(*members, strict=True)
    return pa.array(["{" + ",".join(row) + "}" for row in rows], pa.string())


def misfit_rows(batch: pa.RecordBatch) -> pa.Table:
    """Quarantine rows of lines whose number of fields is not the header's."""
    size = batch.num_rows
    nothing = pa.nulls(size, pa.string())
    return pa.table(
        {
            "source_row": batch.column("row"),
            "reason_code": _repeat("WRONG_COLUMN_COUNT", size),
            "column_name": nothing,
            "value": nothing,
            "raw_row": batch.column("line"),
        }
    )


def with_delivery(rows: pa.Table, delivery: lake.Delivery) -> pa.Table:
    """The rows as the lake stores them, with what they share: feed, file, batch, time."""
    schema = lake.table_schema("quarantine")
    size = rows.num_rows
    shared = {
        "feed": _repeat(delivery.feed, size),
        "source_file": _repeat(delivery.source_file, size),
        "batch_id": _repeat(delivery.batch_id, size),
        "delivered_at": pa.repeat(
            pa.scalar(lake.naive_utc(delivery.delivered_at), pa.timestamp("us")), size
        ),
    }
    columns = [shared[name] if name in shared else rows[name] for name in schema.names]
    return pa.table(columns, schema=schema)


def _repeat(text: str, size: int) -> pa.Array:
    return pa.repeat(pa.scalar(text, pa.string()), size)


# -- reading back -----------------------------------------------------------------------------


HIDDEN = "(personal data, kept in the lake)"
"""Stands for what never leaves the lake in clear."""
_EXTRA = "extra columns"
"""How the warning of a file begins whose lines hold columns that no contract knows."""
_ADDRESS = re.compile(r"[^\s@\"';,<>()]+@[^\s@\"';,<>()]+")


def read_quarantine(settings: Settings, feed: str | None = None) -> list[dict[str, Any]]:
    """What did not pass, of committed deliveries, the newest delivery first.

    Keys: feed, file, sender, delivered_at (ISO, UTC), level (FILE or ROW), row_number, reason_code,
    column, value (for a file the reason in words), raw_row. Hidden is what may be personal: columns
    of personal data, also where they are part of a key; columns that no contract knows; e-mail
    addresses wherever they stand; and a whole line where its columns could not be told.
    """
    contracts = load_contracts()
    deliveries = [d for d in lake.read_deliveries(settings) if feed in (None, d.feed)]
    deliveries.sort(key=lambda d: (d.delivered_at, d.loaded_at, d.source_file), reverse=True)
    return [
        _without_personal_data(entry, contracts.get(delivery.feed), delivery.warnings)
        for delivery in deliveries
        for entry in _entries(settings, delivery)
    ]


def _without_personal_data(
    entry: dict[str, Any], feed: Feed | None, warnings: str | None
) -> dict[str, Any]:
    public = {c.name for c in feed.columns if not c.pii} if feed else set()
    shown = dict(entry)
    if entry["value"] is not None:
        named = set((entry["column"] or "").split(", ")) - {""}
        shown["value"] = HIDDEN if named - public else _without_addresses(entry["value"])
    line = entry["raw_row"]
    if line is None:
        return shown
    if entry["reason_code"] == "WRONG_COLUMN_COUNT":
        is_private = feed is None or any(c.pii for c in feed.columns) or _EXTRA in (warnings or "")
        return shown | {"raw_row": HIDDEN if is_private else _without_addresses(line)}
    cells = json.loads(line)
    seen = {
        name: _without_addresses(value) if fold(name) in public else value and HIDDEN
        for name, value in cells.items()
    }
    if seen != cells:
        shown["raw_row"] = json.dumps(seen, ensure_ascii=False)
    return shown


def _without_addresses(value: Any) -> Any:
    return _ADDRESS.sub(HIDDEN, value) if isinstance(value, str) else value


def _entries(settings: Settings, delivery: lake.Delivery) -> list[dict[str, Any]]:
    if delivery.status == lake.REJECTED:
        return [_entry(delivery, "FILE", reason_code=delivery.reason_code, value=delivery.message)]
    if not delivery.quarantined_rows:
        return []
    path = lake.quarantine_path(settings, delivery.feed, delivery.batch_id)
    table = pq.ParquetFile(path).read().sort_by("source_row")
    return [
        _entry(
            delivery,
            "ROW",
            row_number=row["source_row"],
            reason_code=row["reason_code"],
            column=row["column_name"],
            value=row["value"],
            raw_row=row["raw_row"],
        )
        for row in table.to_pylist()
    ]


def _entry(delivery: lake.Delivery, level: str, **fields: Any) -> dict[str, Any]:
    return {
        "feed": delivery.feed,
        "file": delivery.source_file,
        "sender": delivery.sender,
        "delivered_at": delivery.delivered_at.isoformat(),
        "level": level,
        "row_number": None,
        "reason_code": None,
        "column": None,
        "value": None,
        "raw_row": None,
    } | fields
