"""Loading the tables of the serving file into a schema of PostgreSQL, with comments and readers.

A table goes as CSV by COPY, a block at a time. It is created and filled in one transaction, so its
rows are written as frozen: nothing visits them again, and whoever has a snapshot from before the
publication finds the new tables full, not empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from psycopg import sql

from orchestration.duck import connect, quoted
from orchestration.serving.postgres_access import (
    DEALER,
    OEM,
    grants,
    without_statistics,
)
from orchestration.serving.publish import PUBLICATION_TABLE
from orchestration.serving.readers import Readers
from orchestration.settings import Settings

_BLOCK = 1 << 20
"""Bytes."""
_TYPES = {
    "BIGINT": "bigint",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DOUBLE": "double precision",
    "INTEGER": "integer",
    "TIMESTAMP": "timestamp",
    "VARCHAR": "text",
}


class TypeWithoutCounterpart(ValueError):
    """A column of the serving file has a type that PostgreSQL has not; the message names it."""


@dataclass(frozen=True)
class _Column:
    name: str
    type: str
    comment: str | None

    @property
    def exported(self) -> str:
        """How DuckDB writes it for PostgreSQL, which knows no character 0."""
        if self.type == "VARCHAR":
            return f"replace(\"{self.name}\", chr(0), '')"
        return f'to_json("{self.name}")' if self.type.startswith("MAP") else f'"{self.name}"'


@dataclass(frozen=True)
class _Table:
    name: str
    comment: str | None
    columns: tuple[_Column, ...]

    @property
    def types(self) -> dict[str, str]:
        """Column -> its type in PostgreSQL."""
        return {column.name: _type(self.name, column) for column in self.columns}


def _type(table: str, column: _Column) -> str:
    if column.type.startswith("DECIMAL"):
        return column.type.replace("DECIMAL", "numeric")
    if column.type.startswith("MAP"):
        return "jsonb"
    if column.type not in _TYPES:
        raise TypeWithoutCounterpart(
            f"{table}.{column.name} has type {column.type}, which has no counterpart; "
            "cast it in the model"
        )
    return _TYPES[column.type]


def load_tables(
    settings: Settings, server: Any, schema: str, rules: Mapping[str, Readers]
) -> dict[str, int]:
    """Make `schema` anew, whole or not at all, from what the serving file holds; gives rows by
    table. A table that `rules` does not name is read by the manufacturer only.

    Raises:
        TypeWithoutCounterpart: a column that cannot be loaded.
    """
    exported = settings.tmp / "postgres.csv"
    with closing(connect(settings)) as local:
        local.execute(f"attach {quoted(settings.serving_file)} as published (read_only)")
        tables = {table.name: table for table in _tables(local)}
        # a table that is read through another one comes after it
        order = [PUBLICATION_TABLE, *(name for name in rules if name in tables)]
        order += [name for name in tables if name not in order]
        readers = {name: rules.get(name, Readers(name)) for name in order}
        readers[PUBLICATION_TABLE] = Readers(PUBLICATION_TABLE, is_network=True)
        try:
            with server.transaction():
                server.execute(f"drop schema if exists {schema} cascade")
                server.execute(f"create schema {schema}")
                rows = {
                    name: _load(server, local, schema, tables[name], readers[name], exported)
                    for name in order
                }
                server.execute(f"grant usage on schema {schema} to {OEM}, {DEALER}")
        finally:
            exported.unlink(missing_ok=True)
    for name in rows:
        server.execute(sql.SQL("analyze {}").format(sql.Identifier(schema, name)))
    return rows


def _tables(local: duckdb.DuckDBPyConnection) -> list[_Table]:
    """The tables of the serving file by name."""
    columns: dict[str, list[_Column]] = {}
    for table, name, kind, comment in local.execute(
        "select table_name, column_name, data_type, comment from duckdb_columns() "
        "where database_name = 'published' and not internal order by table_name, column_index"
    ).fetchall():
        columns.setdefault(table, []).append(_Column(name, kind, comment))
    return [
        _Table(name, comment, tuple(columns[name]))
        for name, comment in local.execute(
            "select table_name, comment from duckdb_tables() "
            "where database_name = 'published' order by table_name"
        ).fetchall()
    ]


def _load(
    server: Any,
    local: duckdb.DuckDBPyConnection,
    schema: str,
    table: _Table,
    readers: Readers,
    exported: Path,
) -> int:
    name = sql.Identifier(schema, table.name)
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(kind))
        for column, kind in table.types.items()
    )
    server.execute(sql.SQL("create table {} ({})").format(name, columns))
    rows = _copy(server, local, name, table, exported)
    for column in without_statistics(readers, table.types):
        server.execute(
            sql.SQL("alter table {} alter column {} set statistics 0").format(
                name, sql.Identifier(column)
            )
        )
    server.execute(sql.SQL("comment on table {} is {}").format(name, sql.Literal(table.comment)))
    for column in table.columns:
        server.execute(
            sql.SQL("comment on column {} is {}").format(
                sql.Identifier(schema, table.name, column.name), sql.Literal(column.comment)
            )
        )
    for statement in grants(schema, table.name, readers):
        server.execute(statement)
    return rows


def _copy(
    server: Any,
    local: duckdb.DuckDBPyConnection,
    name: sql.Identifier,
    table: _Table,
    exported: Path,
) -> int:
    """Fill a table that this transaction has made; gives its rows."""
    listed = ", ".join(column.exported for column in table.columns)
    rows = local.execute(
        f'copy (select {listed} from published."{table.name}") to {quoted(exported)} '
        r"(format csv, header false, nullstr '\N')"
    ).fetchone()[0]
    copying = sql.SQL(r"copy {} from stdin (format csv, null '\N', freeze)").format(name)
    with server.cursor() as cursor, exported.open("rb") as file, cursor.copy(copying) as copy:
        while block := file.read(_BLOCK):
            copy.write(block)
    return rows
