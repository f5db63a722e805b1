"""Forgetting a person: what the lake knows of somebody is overwritten, and nothing else.

    forgotten = forget_person(settings, "jane@example.org")

A row that holds the person loses all its personal values; where one is part of the key, a made-up
one takes its place, the same in every file, so that the person still counts as one. No row goes,
batches keep their ids, lineage and order: the next run gives the same marts. Only files that hold
the person are written again, each in one step.

What was delivered lies in the drop zone, which is the senders': the answer names those files. A
file that names the person anew, delivered later, brings it back.
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from orchestration.dbt_runner import build_anew
from orchestration.ingestion import lake
from orchestration.ingestion.contract import Column, Feed, load_contracts
from orchestration.locking import warehouse_lock
from orchestration.settings import Settings, UsageError

REDACTED = "[forgotten]"
_LEAST = 3
"""Characters: less would be found in everybody."""


@dataclass
class Forgotten:
    """What was overwritten. `rows` counts rows by feed, `files` are files of the lake, and
    `delivered` those of the drop zone that they came from, as `<feed>/<file>`."""

    at: datetime
    person_hash: str
    rows: dict[str, int] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    delivered: list[str] = field(default_factory=list)


def forget_person(settings: Settings, person: str, now: datetime | None = None) -> Forgotten:
    """Overwrite what the lake holds of a person, named by e-mail address or person id (compared
    without case and surrounding blanks), and note it in `lake/forgotten.jsonl` by the hash only.

    The next run builds every table from the lake again.

    Raises:
        UsageError: the name is too short to tell somebody from others.
        WarehouseBusy: another process writes this warehouse.
    """
    sought = person.strip().lower()
    if len(sought) < _LEAST:
        raise UsageError(f"{person!r} has fewer than {_LEAST} characters: give the whole name")
    found = Forgotten(now or datetime.now(UTC), _hash(settings, sought))
    stand_in = f"forgotten-{secrets.token_hex(8)}"
    delivered: set[tuple[str, str]] = set()
    with warehouse_lock(settings, wait=False), lake.workspace(settings) as workspace:
        for feed in load_contracts().values():
            personal = [column for column in feed.columns if column.pii]
            for path in sorted((settings.raw / feed.name).glob("*.parquet")) if personal else ():
                table = pq.ParquetFile(path).read()
                touched = _rows_of(table, personal, sought)
                if pc.any(touched).as_py():
                    delivered |= _sources(table, feed.name, touched)
                    cleared = _cleared(table, personal, touched, stand_in)
                    lake.write_table(cleared, path, workspace, lake.raw_file_options(feed))
                    _count(found, settings, path, feed.name, pc.sum(touched).as_py())
        for path in _books(settings):
            table = pq.ParquetFile(path).read()
            if (redacted := _redacted(table, sought, load_contracts())) is not None:
                lake.write_table(redacted[0], path, workspace)
                _count(found, settings, path, path.relative_to(settings.lake).parts[0], redacted[1])
                delivered |= redacted[2]
        found.delivered = sorted("/".join(name) for name in delivered)
        if found.files:
            _note(settings, found)
            build_anew(settings)
    return found


def _hash(settings: Settings, sought: str) -> str:
    """The person under the key of personal data, for the log."""
    from orchestration.dbt_plugin import personal_data_key

    return hmac.new(personal_data_key(settings.warehouse), sought.encode(), "sha256").hexdigest()


def _count(found: Forgotten, settings: Settings, path: Path, name: str, rows: int) -> None:
    found.rows[name] = found.rows.get(name, 0) + rows
    found.files.append(str(path.relative_to(settings.lake)))


def _rows_of(table: pa.Table, personal: list[Column], sought: str) -> pa.ChunkedArray:
    """Whether a row holds the person: as a value, or named within a text."""
    touched = pa.chunked_array([np.zeros(len(table), dtype=bool)])
    for column in personal:
        if column.name in table.column_names:
            holds = pc.match_substring_regex(table[column.name].cast(pa.string()), _named(sought))
            if column.required:  # an id names a person whole, or not at all
                text = pc.utf8_lower(pc.utf8_trim_whitespace(table[column.name].cast(pa.string())))
                holds = pc.equal(text, sought)
            touched = pc.or_(touched, pc.fill_null(holds, False))
    return touched


def _cleared(
    table: pa.Table, personal: list[Column], touched: pa.ChunkedArray, stand_in: str
) -> pa.Table:
    for column in personal:
        if column.name in table.column_names:
            place = table.column_names.index(column.name)
            old = table[column.name].cast(pa.string())
            instead = pa.scalar(stand_in if column.required else None, pa.string())
            new = pc.if_else(touched, instead, old)
            table = table.set_column(place, pa.field(column.name, pa.string()), new)
    return table


def _sources(table: pa.Table, feed: str, touched: pa.ChunkedArray) -> set[tuple[str, str]]:
    names = pc.unique(table["_source_file"].cast(pa.string()).filter(touched))
    return {(feed, name) for name in names.to_pylist()}


def _books(settings: Settings) -> Iterator[Path]:
    """What the lake keeps of rows and files that it did not accept, and its registry."""
    yield from sorted(settings.quarantine.glob("*/*.parquet"))
    yield from sorted(settings.rejected.glob("*.parquet"))
    yield from sorted(settings.deliveries.glob("*.parquet"))


def _redacted(
    table: pa.Table, sought: str, feeds: dict[str, Feed]
) -> tuple[pa.Table, int, set[tuple[str, str]]] | None:
    """The table without the person, its rows touched and their deliveries; None if none is."""
    texts = [f.name for f in table.schema if pa.types.is_string(f.type) and f.name not in _KEPT]
    touched = np.zeros(len(table), dtype=bool)
    for name in texts:
        holds = pc.match_substring_regex(table[name], _named(sought))
        touched |= pc.fill_null(holds, False).to_numpy()
    if not touched.any():
        return None
    rows = table.take(np.flatnonzero(touched)).to_pylist()
    named = {(row["feed"], row["source_file"]) for row in rows}
    cleaned = [_clean(row, texts, sought, feeds.get(row["feed"])) for row in rows]
    for name in texts:
        values = table[name].to_pylist()
        for place, row in zip(np.flatnonzero(touched), cleaned, strict=True):
            values[place] = row[name]
        index = table.column_names.index(name)
        table = table.set_column(index, table.schema.field(name), pa.array(values, pa.string()))
    return table, int(touched.sum()), named


_KEPT = {"feed", "source_file", "batch_id", "sender", "status", "reason_code", "column_name"}
"""Texts of the books by which their rows are found; a file is named by its sender."""


def _clean(row: dict[str, Any], texts: list[str], sought: str, feed: Feed | None) -> dict[str, Any]:
    """A row of the books without the person; of a delivered row, without its personal values."""
    personal = {c.name for c in feed.columns if c.pii} if feed else set()
    cleaned = {name: _without(row[name], sought) for name in texts}
    if row.get("column_name") in personal:
        cleaned["value"] = REDACTED
    if row.get("raw_row") is not None:
        cleaned["raw_row"] = _clean_delivered(row["raw_row"], sought, personal)
    return cleaned


def _clean_delivered(raw_row: str, sought: str, personal: set[str]) -> str:
    try:
        cells = json.loads(raw_row)
    except ValueError:
        return REDACTED  # a line whose fields are not told apart
    if not isinstance(cells, dict):
        return REDACTED
    return json.dumps(
        {
            name: REDACTED
            if value is not None and name.strip().lower() in personal
            else _without(value, sought)
            for name, value in cells.items()
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _without(value: Any, sought: str) -> Any:
    """A text that names the person says nothing any more."""
    return REDACTED if isinstance(value, str) and re.search(_named(sought), value) else value


def _named(sought: str) -> str:
    """Pattern of the name within a text: not within a longer one, such as another address."""
    return rf"(?i)(?:^|[^\w.+-]){re.escape(sought)}(?:$|[^\w.-]|[.-](?:$|\W))"


def _note(settings: Settings, found: Forgotten) -> None:
    """A line in the log: when, by which hash, what was overwritten; never the person."""
    with (settings.lake / "forgotten.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps(asdict(found), default=str) + "\n")
