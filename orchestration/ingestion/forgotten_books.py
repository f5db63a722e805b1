"""Forgetting in the lake's books: what it keeps of rows and files that it did not accept.

What belongs here: finding a person in rows as they were delivered, and taking it out of them. What
does not: accepted rows, files, the log.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.ingestion.contract import Feed
from orchestration.ingestion.forgotten import REDACTED, Sought
from orchestration.ingestion.readers import fold

_READ = ("value", "raw_row", "message", "warnings")
"""The texts that may quote what was delivered. By all others rows and files are found, and a file
is named by its sender."""


@dataclass(frozen=True)
class Cleaned:
    """A table of a book without somebody; `rows` of it are changed, which are of `deliveries`
    (feed and file name)."""

    table: pa.Table
    rows: int
    deliveries: set[tuple[str, str]]


def without_person(
    table: pa.Table, feeds: Mapping[str, Feed], sought: Sought, in_texts: bool
) -> Cleaned | None:
    """The table without whom is sought; None if it holds nothing of that person.

    `in_texts` is whether a text that names the person counts, beside ids.
    """
    names = [name for name in _READ if name in table.column_names]
    worth = np.zeros(len(table), dtype=bool)
    for name in names:
        worth |= sought.may_hold(table[name].cast(pa.string()))
    places = np.flatnonzero(worth)
    changed, cleaned = [], []
    for place, row in zip(places, table.take(pa.array(places)).to_pylist(), strict=True):
        new = _clean(row, names, feeds.get(row["feed"]), sought, in_texts)
        if new is not None:
            changed.append(place)
            cleaned.append(new)
    if not changed:
        return None
    mask = np.zeros(len(table), dtype=bool)
    mask[changed] = True
    for name in names:
        at = table.column_names.index(name)
        values = pa.array([row[name] for row in cleaned], pa.string())
        new = pc.replace_with_mask(table[name].combine_chunks(), pa.array(mask), values)
        table = table.set_column(at, table.schema.field(at), new)
    keys = table.select(["feed", "source_file"]).take(pa.array(changed)).to_pylist()
    return Cleaned(table, len(changed), {(key["feed"], key["source_file"]) for key in keys})


def _clean(
    row: dict[str, Any], names: list[str], feed: Feed | None, sought: Sought, in_texts: bool
) -> dict[str, Any] | None:
    """The texts of a row of the books without the person; None if they are without anyway."""
    columns = {c.name: c for c in feed.columns} if feed else {}
    personal = {name for name, column in columns.items() if column.pii}
    ids = {n for n in personal if columns[n].key or n.endswith("_id")}
    cells = _cells(row.get("raw_row"))
    quoted = [row[name] for name in names if name != "raw_row"]
    if cells is None:
        is_hers = bool(in_texts or ids) and _names(sought, [row.get("raw_row")])
    else:
        free = [v for n, v in cells.items() if fold(n) in personal - ids or fold(n) not in columns]
        stray = [v for n, v in cells.items() if fold(n) in columns and "@" in str(v)]
        is_hers = _means(sought, [v for n, v in cells.items() if fold(n) in ids]) or (
            in_texts and _names(sought, free + stray)
        )
    is_quoted = in_texts and _names(sought, quoted)
    if not (is_hers or is_quoted):
        return None
    new = {
        name: REDACTED if in_texts and _names(sought, [row[name]]) else row[name] for name in names
    }
    if is_hers and cells is None:
        new["raw_row"] = REDACTED
    elif cells is not None:
        new["raw_row"] = json.dumps(
            {
                name: _cell(value, fold(name) in personal or fold(name) not in columns, sought)
                for name, value in cells.items()
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )
    if row.get("value") and set((row.get("column_name") or "").split(", ")) & personal:
        new["value"] = REDACTED
    return new


def _cells(raw_row: str | None) -> dict[str, Any] | None:
    """A delivered row by its columns; None where they are not told apart."""
    try:
        cells = json.loads(raw_row or "")
    except ValueError:
        return None
    return cells if isinstance(cells, dict) else None


def _cell(value: Any, is_personal: bool, sought: Sought) -> Any:
    if value in (None, "") or not (is_personal or _names(sought, [value])):
        return value
    return REDACTED


def _texts(values: list[Any]) -> pa.Array:
    return pa.array([v if v is None else str(v) for v in values], pa.string())


def _names(sought: Sought, values: list[Any]) -> bool:
    return bool(values) and bool(sought.is_named(_texts(values)).any())


def _means(sought: Sought, values: list[Any]) -> bool:
    return bool(values) and bool(sought.is_meant(_texts(values)).any())
