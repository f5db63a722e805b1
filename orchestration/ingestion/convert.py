"""Text cells to typed rows, with a reason for each row that does not fit: one statement a feed.

What belongs here: the rules that feeds.md states for values, as expressions that are generated from
a contract and run by DuckDB over Arrow chunks. What does not: files, encodings, writing.

The statement works in layers of sub-selects, so that each expression is computed once. Each value
has a fast path for the plain form and a slow path, by regular expression, for the odd forms. Names
of delivered columns never enter the statement: cells are `c0`, `c1`, ... in contract order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.ingestion.contract import Column, Feed
from orchestration.ingestion.readers import BLANKS, Chunk, may_have_blanks
from orchestration.settings import NETWORK_ZONE

if TYPE_CHECKING:
    import duckdb

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

NULL_TOKENS = ("", "null", "n/a", "-")
TRUE_WORDS = ("true", "1", "yes", "ja", "wahr", "j", "x")
FALSE_WORDS = ("false", "0", "no", "nein", "falsch", "n")
FIRST_EVENT_YEAR = 1990

_B = "[ \\t\\x{a0}\\x{2007}\\x{202f}]*"
_NUMBER = rf"^([+-]?)({_B}(?:(?i:eur)|€){_B})?([+-]?)([0-9.,]+)([-]?)({_B}(?:(?i:eur)|€))?([-]?)$"
# Groups do not begin with 0: 0.125 in a German file is no 125, but a value that does not fit.
_ENGLISH = r"^(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)?(?:\.[0-9]+)?$"
_GERMAN = r"^(?:[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)?(?:,[0-9]+)?$"
_ENGLISH_EVIDENCE = r"^[0-9]*\.(?:[0-9]{1,2}|[0-9]{4,})$|^[1-9][0-9]{0,2}(?:,[0-9]{3})+\.[0-9]+$"
_GERMAN_EVIDENCE = r"^[0-9]*,(?:[0-9]{1,2}|[0-9]{4,})$|^[1-9][0-9]{0,2}(?:\.[0-9]{3})+,[0-9]+$"
_LOCAL = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?$"
_INSTANT = (
    r"^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]((?:[01][0-9]|2[0-3]):[0-5][0-9])(:[0-5][0-9])?(\.[0-9]+)?"
    r" ?(Z|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?)?$"
)
_MIDNIGHT = r"[T ]00:00(?::00(?:\.0+)?)?$"


def connect(folder: Path, memory_limit: str, threads: int) -> duckdb.DuckDBPyConnection:
    """An in-memory database that spills to `folder` and never reaches for the network."""
    import duckdb

    return duckdb.connect(
        config={
            "memory_limit": memory_limit,
            "threads": threads,
            "temp_directory": str(folder),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )


# -- input ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Piece:
    """Rows of one file with what their conversion depends on. `scope` is the dealer whose rows
    alone the file may carry, None for any."""

    chunk: Chunk
    positions: dict[str, int]
    german: bool
    scope: str | None
    last_year: int


def delivered_table(feed: Feed, pieces: Sequence[Piece]) -> pa.Table:
    """Pieces of files as one table: `_file` (index of the piece), `_row`, what the conversion
    depends on, and the cells `c0`, `c1`, ... in contract order."""
    sizes = [len(piece.chunk.rows) for piece in pieces]
    columns: dict[str, pa.Array | pa.ChunkedArray] = {
        "_file": pa.array(np.repeat(np.arange(len(pieces), dtype=np.int32), sizes)),
        "_row": pa.array(np.concatenate([piece.chunk.rows for piece in pieces])),
        "_german": pa.array(np.repeat([piece.german for piece in pieces], sizes)),
        "_scope": _repeated([piece.scope for piece in pieces], sizes),
        "_last_year": pa.array(np.repeat([piece.last_year for piece in pieces], sizes)),
    }
    for index, column in enumerate(feed.columns):
        cells = []
        for piece, size in zip(pieces, sizes, strict=True):
            position = piece.positions.get(column.name)
            cells.append(
                pa.nulls(size, pa.string()) if position is None else piece.chunk.columns[position]
            )
        joined = cells[0] if len(cells) == 1 else pa.concat_arrays(cells)
        columns[f"c{index}"] = _without_blanks(joined, keep_text=not column.is_stripped)
    return pa.table(columns)


def _repeated(values: Sequence[str | None], sizes: Sequence[int]) -> pa.Array:
    indices = np.repeat(np.arange(len(values), dtype=np.int32), sizes)
    return pa.DictionaryArray.from_arrays(pa.array(indices), pa.array(values, pa.string())).cast(
        pa.string()
    )


def _without_blanks(cells: pa.Array, keep_text: bool) -> pa.Array:
    """Cells without blanks around them. With `keep_text` text keeps them, and only what would be
    empty or a null token without them becomes null."""
    if not may_have_blanks(cells):
        return cells
    trimmed = pc.utf8_trim(cells, characters=BLANKS)
    if not keep_text:
        return trimmed
    is_null = pc.is_in(pc.utf8_lower(trimmed), value_set=pa.array(NULL_TOKENS))
    return pc.if_else(is_null, pa.scalar(None, pa.string()), cells)


# -- the statement ----------------------------------------------------------------------------


class Converter:
    """Converts rows of one feed.

    The result of `rows` has `_file`, `_row`, the typed columns under their contract names, and
    - `_reason`: position in REASONS, null for a good row; `_column`: position of the column;
    - `_german`, `_english`: whether the row holds evidence for a number locale;
    - `_twice`, `_moved`: how many of its instants fell into an hour that occurs twice, or not.
    """

    def __init__(self, feed: Feed) -> None:
        self.feed = feed
        self._parts = [_Part(index, column) for index, column in enumerate(feed.columns)]
        self._statements: dict[tuple[bool, bool], str] = {}

    @property
    def has_numbers(self) -> bool:
        return any(part.column.kind in ("int", "decimal") for part in self._parts)

    def rows(
        self, connection: duckdb.DuckDBPyConnection, table: pa.Table, is_typed: bool
    ) -> pa.Table:
        """Convert a table as `delivered_table` gives it."""
        converted = self._run(connection, table, is_typed, evidence=False)
        names = converted.column_names
        for part in self._parts:
            names[names.index(f"v{part.index}")] = part.column.name
        return converted.rename_columns(names)

    def evidence(
        self, connection: duckdb.DuckDBPyConnection, table: pa.Table, is_typed: bool
    ) -> list[tuple[int, bool, bool]]:
        """File index, and whether its numbers hold evidence for German and for English."""
        found = self._run(connection, table, is_typed, evidence=True).to_pydict()
        return list(zip(*found.values(), strict=True))

    def _run(
        self, connection: duckdb.DuckDBPyConnection, table: pa.Table, is_typed: bool, evidence: bool
    ) -> pa.Table:
        kind = (is_typed, evidence)
        if kind not in self._statements:
            build = _evidence_statement if evidence else _row_statement
            self._statements[kind] = build(self.feed, self._parts, is_typed)
        connection.register("delivered", table)
        try:
            return connection.execute(self._statements[kind]).to_arrow_table()
        finally:
            connection.unregister("delivered")


@dataclass(frozen=True)
class _Part:
    """Expressions of one column, by layers; a layer may use the names of those before it.

    Names: `t` the text (null where it is a null token), `m` a typed number, `e` a broken cell,
    `v` the value (null where the text is none), others as each kind needs them.
    """

    index: int
    column: Column

    def n(self, name: str) -> str:
        return f"{name}{self.index}"

    def text_layer(self, is_typed: bool) -> list[str]:
        cell = self.n("c")
        if not is_typed:
            return [f"{_null_tokens(cell)} AS {self.n('t')}"]
        tokens = _null_tokens("_text")
        text = f"CASE WHEN {cell} < chr(3) THEN substr({cell}, 2) ELSE {cell} END"
        return [
            f"coalesce(starts_with({cell}, chr(1)), false) AS {self.n('m')}",
            f"coalesce(starts_with({cell}, chr(2)), false) AS {self.n('e')}",
            f"CASE WHEN starts_with({cell}, chr(2)) THEN {text} ELSE "
            f"{tokens.replace('_text', f'({text})')} END AS {self.n('t')}",
        ]

    def layers(self, is_typed: bool) -> list[list[str]]:
        """Layers above the text, the last with `v` (and `w`, true where the value is bad)."""
        t = self.n("t")
        m = self.n("m") if is_typed else "false"
        kind = self.column.kind
        if kind == "text":
            value = f"upper({t})" if self.column.is_upper_cased else t
            return [[f"{value} AS {self.n('v')}"]]
        if kind == "bool":
            return [
                [
                    f"CASE WHEN lower({t}) IN {_in(TRUE_WORDS)} THEN true "
                    f"WHEN lower({t}) IN {_in(FALSE_WORDS)} THEN false END AS {self.n('v')}"
                ]
            ]
        if kind == "date":
            return self._date_layers()
        if kind == "ts":
            return self._instant_layers()
        return self._number_layers(m)

    def _number_layers(self, m: str) -> list[list[str]]:
        n = self.n
        t, f, q, p, b, s = n("t"), n("f"), n("q"), n("p"), n("b"), n("s")
        type_, scale = self.column.data_type, self.column.scale
        german = "_german" if m == "false" else f"(_german AND NOT {m})"
        plain = "-?[0-9]{1,18}" if self.column.kind == "int" else r"-?[0-9]{1,12}(\.[0-9]{1,2})?"
        fraction = f"rtrim(split_part({s}, '.', 2), '0')"
        if self.column.kind == "int":
            whole = f"coalesce(nullif(split_part({s}, '.', 1), ''), '0')"
            slow = f"CASE WHEN {fraction} = '' THEN try_cast({n('g')} || {whole} AS BIGINT) END"
            too_fine = "false"
        else:
            slow = f"try_cast({n('g')} || {s} AS {type_})"
            too_fine = f"NOT {q} AND strlen({fraction}) > {scale}"
        return [
            [
                f"CASE WHEN NOT {german} THEN {t} WHEN contains({t}, '.') THEN NULL "
                f"ELSE replace({t}, ',', '.') END AS {f}"
            ],
            [f"coalesce(regexp_full_match({f}, {_lit(plain)}), false) AS {q}"],
            [
                f"CASE WHEN {t} IS NULL OR {q} THEN NULL ELSE regexp_extract({t}, {_lit(_NUMBER)}, "
                f"['s1', 'c1', 's2', 'body', 's3', 'c2', 's4']) END AS {p}"
            ],
            [
                f"CASE WHEN {p}.body <> '' AND strlen({p}.s1) + strlen({p}.s2) + strlen({p}.s3) "
                f"+ strlen({p}.s4) <= 1 AND ({p}.c1 = '' OR {p}.c2 = '') THEN {p}.body END AS {b}",
                f"CASE WHEN contains({p}.s1 || {p}.s2 || {p}.s3 || {p}.s4, '-') "
                f"THEN '-' ELSE '' END AS {n('g')}",
            ],
            [
                f"CASE WHEN {b} IS NULL THEN NULL WHEN {german} THEN "
                f"CASE WHEN regexp_matches({b}, {_lit(_GERMAN)}) "
                f"THEN replace(replace({b}, '.', ''), ',', '.') END "
                f"WHEN regexp_matches({b}, {_lit(_ENGLISH)}) THEN replace({b}, ',', '') END AS {s}",
                f"CASE WHEN {m} THEN false WHEN {q} THEN _german AND contains({f}, '.') "
                f"ELSE coalesce(regexp_matches({b}, {_lit(_GERMAN_EVIDENCE)}), false) END "
                f"AS {n('de')}",
                f"CASE WHEN {m} THEN false WHEN {q} THEN NOT _german AND contains({f}, '.') "
                f"ELSE coalesce(regexp_matches({b}, {_lit(_ENGLISH_EVIDENCE)}), false) END "
                f"AS {n('en')}",
            ],
            [
                f"CASE WHEN {q} THEN try_cast({f} AS {type_}) ELSE {slow} END AS {n('v')}",
                f"coalesce({too_fine}, false) AS {n('w')}",
            ],
        ]

    def _date_layers(self) -> list[list[str]]:
        n = self.n
        t, i, d = n("t"), n("i"), n("d")
        iso = f"substr({t}, 7, 4) || '-' || substr({t}, 4, 2) || '-' || substr({t}, 1, 2)"
        german = r"^([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})(?:" + _MIDNIGHT[:-1] + ")?$"
        odd = (
            f"CASE WHEN regexp_matches({t}, {_lit(german)}) THEN "
            f"regexp_extract({t}, {_lit(german)}, 3) || '-' || "
            f"lpad(regexp_extract({t}, {_lit(german)}, 2), 2, '0') || '-' || "
            f"lpad(regexp_extract({t}, {_lit(german)}, 1), 2, '0') "
            f"WHEN regexp_matches({t}, {_lit('^[0-9]{4}-[0-9]{2}-[0-9]{2}' + _MIDNIGHT)}) "
            f"THEN substr({t}, 1, 10) END"
        )
        value = f"CASE WHEN {n('k')} THEN {d} ELSE try_cast({n('o')} AS DATE) END"
        if self.column.format == "month":
            value = f"CAST(date_trunc('month', {value}) AS DATE)"
        return [
            [
                f"CASE WHEN strlen({t}) <> 10 THEN NULL WHEN contains({t}, '.') THEN {iso} "
                f"ELSE {t} END AS {i}"
            ],
            [f"try_cast({i} AS DATE) AS {d}"],
            # Only the canonical form comes back as it was: the cast takes many others.
            [f"coalesce(CAST({d} AS VARCHAR) = {i}, false) AS {n('k')}"],
            [f"CASE WHEN {t} IS NULL OR {n('k')} THEN NULL ELSE {odd} END AS {n('o')}"],
            [f"{value} AS {n('v')}"],
        ]

    def _instant_layers(self) -> list[list[str]]:
        n = self.n
        t, q, p, x, z = n("t"), n("q"), n("p"), n("x"), n("z")
        offset = f"{p}.z"
        minutes = (
            f"CASE WHEN {offset} = 'Z' THEN 0 ELSE "
            f"(CASE WHEN starts_with({offset}, '-') THEN -1 ELSE 1 END) * "
            f"(CAST(substr({offset}, 2, 2) AS INTEGER) * 60 + "
            f"coalesce(try_cast(right(substr({offset}, 4), 2) AS INTEGER), 0)) END"
        )

        def shown(hours: int) -> str:
            """Whether the local time is what a clock in the zone shows at UTC = local - hours."""
            zone = _lit(NETWORK_ZONE)
            return f"({x} - INTERVAL {hours} HOUR) AT TIME ZONE 'UTC' AT TIME ZONE {zone} = {x}"

        # Since 1996 only March and October hold a change of time; asking the calendar is dear.
        summer = f"year({x}) >= 1996 AND month({x}) BETWEEN 4 AND 9"
        winter = f"year({x}) >= 1996 AND month({x}) IN (1, 2, 11, 12)"
        changing = f"{z} IS NULL AND hour({x}) = 2 AND month({x}) IN (3, 4, 9, 10)"
        return [
            [f"coalesce(regexp_matches({t}, {_lit(_LOCAL)}), false) AS {q}"],
            [
                f"CASE WHEN {t} IS NULL OR {q} THEN NULL ELSE regexp_extract({t}, "
                f"{_lit(_INSTANT)}, ['d', 'm', 's', 'f', 'z']) END AS {p}"
            ],
            [
                f"CASE WHEN {q} THEN try_cast({t} AS TIMESTAMP) WHEN {p}.d <> '' THEN "
                f"try_cast({p}.d || ' ' || {p}.m || CASE WHEN {p}.s = '' THEN ':00' ELSE {p}.s END "
                f"|| CASE WHEN {p}.s = '' THEN '' ELSE substr({p}.f, 1, 7) END AS TIMESTAMP) "
                f"END AS {x}",
                f"CASE WHEN {offset} <> '' THEN {minutes} END AS {z}",
            ],
            [
                f"CASE WHEN {z} IS NOT NULL THEN {x} - to_minutes({z}) "
                f"WHEN {summer} THEN {x} - INTERVAL 2 HOUR "
                f"WHEN {winter} THEN {x} - INTERVAL 1 HOUR "
                f"WHEN {shown(2)} THEN {x} - INTERVAL 2 HOUR "
                f"ELSE {x} - INTERVAL 1 HOUR END AS {n('v')}",
                f"CASE WHEN {changing} THEN {shown(2)} AND {shown(1)} ELSE false END AS {n('h')}",
                f"CASE WHEN {changing} THEN NOT {shown(2)} AND NOT {shown(1)} ELSE false END "
                f"AS {n('j')}",
            ],
        ]

    def bad_value(self) -> str | None:
        """Condition under which a value of the right type is not allowed, None if there is none."""
        column, v = self.column, self.n("v")
        conditions = []
        if column.kind == "decimal":
            conditions.append(self.n("w"))
        if column.values:
            conditions.append(f"{v} NOT IN {_in(column.values)}")
        if column.is_code:
            conditions.append(f"({v} >= '=' AND {v} < '>')")
        if column.pattern:
            # A dealer's own id is what nearly every row of his holds: it needs no pattern.
            own = f"{v} IS DISTINCT FROM _scope AND " if column.name == "dealer_id" else ""
            conditions.append(f"({own}NOT regexp_full_match({v}, {_lit(column.pattern)}))")
        if column.min is not None:
            conditions.append(f"{v} < {column.min}")
        if column.max is not None:
            conditions.append(f"{v} > {column.max}")
        if column.event_date:
            # At the turn of a year the clocks of the network are an hour ahead of UTC.
            local = f"{v} + INTERVAL 1 HOUR" if column.kind == "ts" else v
            conditions.append(f"year({local}) NOT BETWEEN {FIRST_EVENT_YEAR} AND _last_year")
        return " OR ".join(conditions) or None


def _null_tokens(cell: str) -> str:
    tokens = _in(NULL_TOKENS)
    longest = max(map(len, NULL_TOKENS))
    return (
        f"CASE WHEN strlen({cell}) > {longest} THEN {cell} "
        f"WHEN lower({cell}) IN {tokens} THEN NULL ELSE {cell} END"
    )


def _layered(parts: Sequence[_Part], is_typed: bool) -> str:
    """The delivered cells with all layers of the parts above them."""
    source = "delivered"
    texts = [part.text_layer(is_typed) for part in parts]
    layers = [[e for expressions in texts for e in expressions]]
    stacks = [part.layers(is_typed) for part in parts]
    for depth in range(max(map(len, stacks))):
        layers.append([e for stack in stacks if depth < len(stack) for e in stack[depth]])
    for expressions in layers:
        source = f"(SELECT *, {', '.join(expressions)} FROM {source})"
    return source


def _evidence_statement(feed: Feed, parts: Sequence[_Part], is_typed: bool) -> str:
    numbers = [part for part in parts if part.column.kind in ("int", "decimal")]
    return (
        f"SELECT _file, bool_or({_any(numbers, 'de')}) AS german, "
        f"bool_or({_any(numbers, 'en')}) AS english "
        f"FROM {_layered(numbers, is_typed)} GROUP BY _file ORDER BY _file"
    )


def _row_statement(feed: Feed, parts: Sequence[_Part], is_typed: bool) -> str:
    by_name = {part.column.name: part for part in parts}
    deleted = "false"
    if "is_deleted" in by_name:
        deleted = f"coalesce({by_name['is_deleted'].n('v')}, false)"
    missing, mistyped, forbidden = [], [], []
    for part in parts:
        column, t, v = part.column, part.n("t"), part.n("v")
        if column.required:
            spared = "" if column.key else f" AND NOT {deleted}"
            missing.append(f"WHEN {t} IS NULL{spared} THEN {part.index}")
        if is_typed:
            mistyped.append(f"WHEN {part.n('e')} THEN {part.index}")
        if column.kind != "text":
            mistyped.append(f"WHEN {t} IS NOT NULL AND {v} IS NULL THEN {part.index}")
        if condition := part.bad_value():
            forbidden.append(f"WHEN {condition} THEN {part.index}")
    dealer = by_name.get("dealer_id") if feed.is_dealer_feed else None
    foreign = f"WHEN {dealer.n('v')} <> _scope THEN {dealer.index}" if dealer else ""
    checks = [
        (_MISSING, _case(missing)),
        (_TYPE, _case(mistyped)),
        (_VALUE, _case(forbidden)),
        (_SCOPE, _case([foreign] if foreign else [])),
    ]
    failing = ", ".join(f"{case} AS r{reason}" for reason, case in checks)
    reason = " ".join(f"WHEN r{reason} IS NOT NULL THEN {reason}" for reason, _ in checks)
    column = ", ".join(f"r{reason}" for reason, _ in checks)
    numbers = [part for part in parts if part.column.kind in ("int", "decimal")]
    instants = [part for part in parts if part.column.kind == "ts"]
    values = []
    for part in parts:
        v = part.n("v")
        values.append(f"{deleted} AS {v}" if part.column.name == "is_deleted" else v)
    return (
        f"SELECT _file, _row, {', '.join(values)}, "
        f"CAST(CASE {reason} END AS TINYINT) AS _reason, "
        f"CAST(coalesce({column}) AS SMALLINT) AS _column, "
        f"{_any(numbers, 'de')} AS _german, {_any(numbers, 'en')} AS _english, "
        f"CAST({_sum(instants, 'h')} AS TINYINT) AS _twice, "
        f"CAST({_sum(instants, 'j')} AS TINYINT) AS _moved "
        f"FROM (SELECT *, {failing} FROM {_layered(parts, is_typed)})"
    )


def _case(branches: Sequence[str]) -> str:
    return f"CASE {' '.join(branches)} END" if branches else "CAST(NULL AS INTEGER)"


def _any(parts: Sequence[_Part], name: str) -> str:
    return " OR ".join(part.n(name) for part in parts) or "false"


def _sum(parts: Sequence[_Part], name: str) -> str:
    return " + ".join(f"CAST({part.n(name)} AS INTEGER)" for part in parts) or "0"


def _in(values: Sequence[str]) -> str:
    return f"({', '.join(map(_lit, values))})"


def _lit(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
