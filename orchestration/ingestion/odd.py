"""Odd cells to values: all forms that feeds.md allows, as expressions that DuckDB evaluates.

What belongs here: the full grammar of numbers, dates and instants. What does not: blanks, null
tokens and marks, which are taken off before, and the plain forms' fast way (`plain`).

A statement works in layers of sub-selects, so that each expression is computed once. It reads `t`
(the text), `german` (the number locale) and `marked` (a number of a typed format).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from orchestration.ingestion.contract import Column
from orchestration.settings import NETWORK_ZONE

if TYPE_CHECKING:
    import duckdb

_B = "[ \\t\\x{a0}\\x{2007}\\x{202f}]*"
_NUMBER = rf"^([+-]?)({_B}(?:(?i:eur)|€){_B})?([+-]?)([0-9.,]+)([-]?)({_B}(?:(?i:eur)|€))?([-]?)$"
# Groups do not begin with 0: 0.125 in a German file is no 125, but a value that does not fit.
_ENGLISH = r"^(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)?(?:\.[0-9]+)?$"
_GERMAN = r"^(?:[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)?(?:,[0-9]+)?$"
_ENGLISH_EVIDENCE = r"^[0-9]*\.(?:[0-9]{1,2}|[0-9]{4,})$|^[1-9][0-9]{0,2}(?:,[0-9]{3})+\.[0-9]+$"
_GERMAN_EVIDENCE = r"^[0-9]*,(?:[0-9]{1,2}|[0-9]{4,})$|^[1-9][0-9]{0,2}(?:\.[0-9]{3})+,[0-9]+$"
_INSTANT = (
    r"^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]((?:[01][0-9]|2[0-3]):[0-5][0-9])(:[0-5][0-9])?(\.[0-9]+)?"
    r" ?(Z|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?)?$"
)
_MIDNIGHT = r"(?:[T ]00:00(?::00(?:\.0+)?)?)?$"


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


def numbers(
    connection: duckdb.DuckDBPyConnection, column: Column, texts: pa.Array, marked: np.ndarray
) -> tuple[pa.Table, pa.Table]:
    """Cells read as English and as German numbers: `v` the value (null where it is none), `w`
    whether it has more decimals than the type; `de` and `en`, the evidence, are the same in
    both."""
    size = len(texts)
    table = pa.table(
        {
            "t": pa.concat_arrays([texts, texts]),
            "german": pa.array(np.repeat([False, True], size)),
            "marked": pa.array(np.tile(marked, 2)),
        }
    )
    both = _run(connection, table, _number_layers(column), "v, w, de, en")
    return both.slice(0, size), both.slice(size)


def dates(connection: duckdb.DuckDBPyConnection, texts: pa.Array) -> pa.Array:
    """Days, null where the text is none."""
    found = _run(connection, pa.table({"t": texts}), _date_layers(), "v")
    return found["v"].combine_chunks()


def instants(connection: duckdb.DuckDBPyConnection, texts: pa.Array) -> pa.Table:
    """`v` the instant (UTC, null where the text is none), `h` whether its hour occurs twice, `j`
    whether it does not exist."""
    return _run(connection, pa.table({"t": texts}), _instant_layers(), "v, h, j")


def _run(
    connection: duckdb.DuckDBPyConnection,
    table: pa.Table,
    layers: Sequence[Sequence[str]],
    wanted: str,
) -> pa.Table:
    source = "odd"
    for expressions in layers:
        source = f"(SELECT *, {', '.join(expressions)} FROM {source})"
    connection.register("odd", table)
    try:
        return connection.execute(f"SELECT {wanted} FROM {source}").to_arrow_table()
    finally:
        connection.unregister("odd")


def _number_layers(column: Column) -> list[list[str]]:
    fraction = "rtrim(split_part(s, '.', 2), '0')"
    if column.kind == "int":
        whole = "coalesce(nullif(split_part(s, '.', 1), ''), '0')"
        value = f"CASE WHEN {fraction} = '' THEN try_cast(sign || {whole} AS BIGINT) END"
        too_fine = "false"
    else:
        value = f"try_cast(sign || s AS {column.data_type})"
        too_fine = f"coalesce(strlen({fraction}) > {column.scale}, false)"
    return [
        [f"regexp_extract(t, {_lit(_NUMBER)}, ['s1', 'c1', 's2', 'body', 's3', 'c2', 's4']) AS p"],
        [
            "CASE WHEN p.body <> '' AND strlen(p.s1) + strlen(p.s2) + strlen(p.s3) "
            "+ strlen(p.s4) <= 1 AND (p.c1 = '' OR p.c2 = '') THEN p.body END AS b",
            "CASE WHEN contains(p.s1 || p.s2 || p.s3 || p.s4, '-') THEN '-' ELSE '' END AS sign",
        ],
        [
            "CASE WHEN b IS NULL THEN NULL WHEN german AND NOT marked THEN "
            f"CASE WHEN regexp_matches(b, {_lit(_GERMAN)}) "
            "THEN replace(replace(b, '.', ''), ',', '.') END "
            f"WHEN regexp_matches(b, {_lit(_ENGLISH)}) THEN replace(b, ',', '') END AS s",
            f"NOT marked AND coalesce(regexp_matches(b, {_lit(_GERMAN_EVIDENCE)}), false) AS de",
            f"NOT marked AND coalesce(regexp_matches(b, {_lit(_ENGLISH_EVIDENCE)}), false) AS en",
        ],
        [f"{value} AS v", f"{too_fine} AS w"],
    ]


def _date_layers() -> list[list[str]]:
    german = r"^([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})" + _MIDNIGHT
    iso = "^([0-9]{4}-[0-9]{2}-[0-9]{2})" + _MIDNIGHT
    return [
        [
            f"CASE WHEN regexp_matches(t, {_lit(german)}) THEN "
            f"regexp_extract(t, {_lit(german)}, 3) || '-' || "
            f"lpad(regexp_extract(t, {_lit(german)}, 2), 2, '0') || '-' || "
            f"lpad(regexp_extract(t, {_lit(german)}, 1), 2, '0') "
            f"WHEN regexp_matches(t, {_lit(iso)}) THEN substr(t, 1, 10) END AS o"
        ],
        # DuckDB knows a year 0, the calendar does not.
        ["CASE WHEN NOT starts_with(o, '0000') THEN try_cast(o AS DATE) END AS v"],
    ]


def _instant_layers() -> list[list[str]]:
    minutes = (
        "CASE WHEN p.z = 'Z' THEN 0 ELSE (CASE WHEN starts_with(p.z, '-') THEN -1 ELSE 1 END) * "
        "(CAST(substr(p.z, 2, 2) AS INTEGER) * 60 + "
        "coalesce(try_cast(right(substr(p.z, 4), 2) AS INTEGER), 0)) END"
    )

    def shown(hours: int) -> str:
        """Whether the local time is what a clock in the zone shows at UTC = local - hours."""
        zone = _lit(NETWORK_ZONE)
        return f"(x - INTERVAL {hours} HOUR) AT TIME ZONE 'UTC' AT TIME ZONE {zone} = x"

    return [
        [f"regexp_extract(t, {_lit(_INSTANT)}, ['d', 'm', 's', 'f', 'z']) AS p"],
        [
            "CASE WHEN p.d <> '' THEN try_cast(p.d || ' ' || p.m || "
            "CASE WHEN p.s = '' THEN ':00' ELSE p.s END || "
            "CASE WHEN p.s = '' THEN '' ELSE substr(p.f, 1, 7) END AS TIMESTAMP) END AS x",
            f"CASE WHEN p.z <> '' THEN {minutes} END AS z",
        ],
        [
            f"CASE WHEN z IS NULL THEN coalesce({shown(2)}, false) ELSE false END AS summer",
            f"CASE WHEN z IS NULL THEN coalesce({shown(1)}, false) ELSE false END AS winter",
            # Only in this hour of these months do the clocks of the network change.
            "coalesce(z IS NULL AND hour(x) = 2 AND month(x) IN (3, 4, 9, 10), false) AS changing",
        ],
        [
            "CASE WHEN z IS NOT NULL THEN x - to_minutes(z) WHEN summer THEN x - INTERVAL 2 HOUR "
            "ELSE x - INTERVAL 1 HOUR END AS v",
            "changing AND summer AND winter AS h",
            "changing AND NOT summer AND NOT winter AS j",
        ],
    ]


def _lit(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
