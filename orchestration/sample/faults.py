"""What goes wrong in deliveries: a known number of bad rows, each bad in one way only.

Every planted row has exactly one fault, so that its reason is certain and the report can say what
the quarantine must hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.ingestion.contract import Column, Feed
from orchestration.sample.dialects import Cells

MISSING_REQUIRED = "MISSING_REQUIRED"
BAD_TYPE = "BAD_TYPE"
BAD_VALUE = "BAD_VALUE"
WRONG_COLUMN_COUNT = "WRONG_COLUMN_COUNT"
DUPLICATE_KEY_IN_FILE = "DUPLICATE_KEY_IN_FILE"
UNKNOWN_SENDER_SCOPE = "UNKNOWN_SENDER_SCOPE"

_UNREADABLE = {
    "date": "31.02.2024",
    "ts": "gestern 10:15",
    "decimal": "k.A.",
    "int": "k.A.",
    "bool": "vielleicht",
}
_LONG_AGO = 5_630
"""The first of June 1985: no day of this business."""


@dataclass(frozen=True)
class Faulty:
    """A frame with its faults, and what a repair would deliver."""

    table: pa.Table
    file: np.ndarray
    """Number of the file in which each row stands, ascending."""
    cells: tuple[Cells, ...]
    crooked: np.ndarray
    reasons: Counter[str]
    bad_rows: np.ndarray
    """Rows of the frame as it was given that were spoilt (doubled ones are not among them)."""


def reasons_for(feed: Feed, is_text: bool, has_scope: bool) -> tuple[str, ...]:
    """What can go wrong: only what has a set, a range or a form can have another value, only
    delimited text has crooked rows and unreadable values, only a dealer's own file has a scope, if
    its rows name dealers."""
    return (
        *((BAD_VALUE,) if _fallible(feed) else ()),
        MISSING_REQUIRED,
        *((BAD_TYPE, WRONG_COLUMN_COUNT) if is_text else ()),
        DUPLICATE_KEY_IN_FILE,
        *((UNKNOWN_SENDER_SCOPE,) if has_scope else ()),
    )


def plant(
    feed: Feed,
    table: pa.Table,
    file: np.ndarray,
    rng: np.random.Generator,
    *,
    count: int,
    reasons: Sequence[str],
    stranger: str = "",
    twice: np.ndarray | None = None,
) -> Faulty:
    """Spoil `count` rows, the reasons in turn. `stranger` is the dealer of rows out of scope,
    `twice` says which rows stand twice in their file besides, unless they are spoilt already.

    Rows are drawn without replacement; `count` is lowered to half of the rows.
    """
    length = table.num_rows
    count = min(count, length // 2)
    rows = rng.choice(length, count, replace=False)
    turn = (np.arange(count) + rng.integers(len(reasons))) % len(reasons)
    chosen = {reason: np.sort(rows[turn == i]) for i, reason in enumerate(reasons)}
    none = rows[:0]

    table = _without_required(feed, table, chosen.get(MISSING_REQUIRED, none))
    table = _with_bad_values(feed, table, chosen.get(BAD_VALUE, none))
    table = _spoil(table, "dealer_id", chosen.get(UNKNOWN_SENDER_SCOPE, none), stranger)

    # A doubled row stands twice in its file; the first of the two is the bad one.
    if twice is not None and (more := np.setdiff1d(np.flatnonzero(twice), rows)).size:
        drawn = chosen.get(DUPLICATE_KEY_IN_FILE, none)
        chosen[DUPLICATE_KEY_IN_FILE] = np.sort(np.concatenate([drawn, more]))
    doubled = chosen.get(DUPLICATE_KEY_IN_FILE, none)
    order = np.sort(np.concatenate([np.arange(length), doubled]))
    shift = np.searchsorted(doubled, np.arange(length), side="left")

    readable = [c for c in feed.declared if c.kind in _UNREADABLE]
    unreadable = chosen.get(BAD_TYPE, none)
    cells = tuple(
        Cells(column.name, at + shift[at], _UNREADABLE[column.kind])
        for column, at in _groups(readable, unreadable)
        if len(at)
    )
    crooked = chosen.get(WRONG_COLUMN_COUNT, none)
    return Faulty(
        table=table.take(pa.array(order)),
        file=file[order],
        cells=cells,
        crooked=crooked + shift[crooked],
        reasons=Counter({reason: len(at) for reason, at in chosen.items() if len(at)}),
        bad_rows=np.setdiff1d(rows, doubled),
    )


def _groups(columns: Sequence[Column], rows: np.ndarray) -> list[tuple[Column, np.ndarray]]:
    """The rows dealt out to the columns in turn."""
    return [(column, rows[i :: len(columns)]) for i, column in enumerate(columns)]


def _without_required(feed: Feed, table: pa.Table, rows: np.ndarray) -> pa.Table:
    required = [c for c in feed.declared if c.required and c.name != "dealer_id"]
    for column, at in _groups(required, rows):
        table = _spoil(table, column.name, at, None)
    return table


def _with_bad_values(feed: Feed, table: pa.Table, rows: np.ndarray) -> pa.Table:
    """Values outside the allowed set, the range or the form, as the contract knows them."""
    for column, at in _groups(_fallible(feed), rows):
        if column.format == "vin":
            name, column_type = column.name, table[column.name].type
            given = pc.fill_null(table[name].combine_chunks(), "0AVCA000X00000000")
            wrong = pc.utf8_replace_slice(given, 4, 5, "O")
            values = pc.if_else(_mask(len(given), at), wrong, table[name].combine_chunks())
            table = table.set_column(table.column_names.index(name), name, values.cast(column_type))
        elif column.values:
            table = _spoil(table, column.name, at, "UNBEKANNT")
        elif column.kind == "date":
            table = _spoil(table, column.name, at, _LONG_AGO)
        else:
            table = _spoil(table, column.name, at, (column.max or 0) + 1)
    return table


def _fallible(feed: Feed) -> list[Column]:
    return [
        c
        for c in feed.declared
        if c.values or c.format == "vin" or c.event_date and c.kind == "date" or c.max is not None
    ]


def _mask(length: int, rows: np.ndarray) -> pa.Array:
    mask = np.zeros(length, dtype=bool)
    mask[rows] = True
    return pa.array(mask)


def _spoil(table: pa.Table, name: str, rows: np.ndarray, value: object) -> pa.Table:
    if not len(rows):
        return table
    column = table[name].combine_chunks()
    if pa.types.is_date32(column.type):
        scalar = pa.scalar(value, pa.int32()).cast(pa.date32())
    else:
        scalar = pa.scalar(value, column.type)
    spoilt = pc.if_else(_mask(len(column), rows), scalar, column)
    return table.set_column(table.column_names.index(name), name, spoilt)
