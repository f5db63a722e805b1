"""Publishing to PostgreSQL: what the serving file holds, in schema `marts`, swapped in one step.

Everything is loaded into a shadow schema beside it (COPY, a table at a time), given its comments
and its readers, and swapped in one transaction. That transaction drops the old tables, and so locks
every one of them before it commits: no statement reads one table of the old version and another of
the new. Where readers hold one for longer than a moment it lets go and tries again, so that nobody
queues behind it.

Needs the extra `postgres`, PostgreSQL 15 or newer, and a login that may create roles and schemas.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.duck import connect, quoted
from orchestration.serving.publish import PUBLICATION_TABLE, published_models
from orchestration.serving.readers import Readers, readers
from orchestration.settings import Settings

SCHEMA = "marts"
_SHADOW = "marts_next"
_OLD = "marts_before"
_OLDEST = 150_000
"""Server version: before 15 everybody may create tables in schema public."""
_ONE_AT_A_TIME = 7_262_026
"""Key of the advisory lock of a publication."""
_MOMENT = "200ms"
"""How long a swap waits for a lock, and so how long a reader may wait for the swap. Less than a
server takes to look for deadlocks."""
_PAUSE = 0.5
PATIENCE = 120.0
"""Seconds in which a swap is tried again while readers hold the old tables."""
_BLOCK = 1 << 20
_TYPES = {
    "BIGINT": "bigint",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DOUBLE": "double precision",
    "INTEGER": "integer",
    "TIMESTAMP": "timestamp",
    "VARCHAR": "text",
}


class PostgresError(RuntimeError):
    """Nothing was published to PostgreSQL; what was published there before stays."""


@dataclass(frozen=True)
class _Column:
    name: str
    type: str
    comment: str | None

    @property
    def postgres_type(self) -> str:
        if self.type.startswith("DECIMAL"):
            return self.type.replace("DECIMAL", "numeric")
        if self.type.startswith("MAP"):
            return "jsonb"
        if self.type not in _TYPES:
            raise PostgresError(
                f"column {self.name} has type {self.type}, which has no counterpart"
            )
        return _TYPES[self.type]

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


def publish_to_postgres(settings: Settings, patience: float = PATIENCE) -> dict[str, int]:
    """Publish what the serving file holds to the server of the settings; gives rows by table.

    Raises:
        PostgresError: nothing was published yet, the server is too old or cannot be reached, its
            login may not do this, or readers held the tables for longer than `patience` seconds.
    """
    if not settings.serving_file.is_file():
        raise PostgresError(f"nothing is published at {settings.serving_file}: run first")
    rules = readers(published_models(settings))
    with _server(settings) as server, closing(connect(settings)) as local:
        local.execute(f"attach {quoted(settings.serving_file)} as published (read_only)")
        tables = _tables(local)
        rows = _load_shadow(settings, server, local, tables, rules)
        _swap(server, patience)
    return rows


@contextmanager
def _server(settings: Settings) -> Iterator[Any]:
    """A connection that is the only one to publish, with the roles and books made."""
    import psycopg

    from orchestration.serving.postgres_access import prepare

    if settings.postgres_dsn is None:
        raise PostgresError("no server is named: set PARTNERDW_POSTGRES_DSN")
    try:
        with psycopg.connect(
            settings.postgres_dsn, autocommit=True, application_name="partnerdw"
        ) as connection:
            if connection.info.server_version < _OLDEST:
                raise PostgresError(
                    f"the server has version {connection.info.server_version // 10_000}: "
                    f"PostgreSQL {_OLDEST // 10_000} or newer is needed"
                )
            connection.execute("select pg_advisory_lock(%s)", [_ONE_AT_A_TIME])
            prepare(connection)
            yield connection
    except psycopg.Error as error:
        raise PostgresError(f"PostgreSQL: {str(error).strip()}") from error


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


def _load_shadow(
    settings: Settings,
    server: Any,
    local: duckdb.DuckDBPyConnection,
    tables: list[_Table],
    rules: Mapping[str, Readers],
) -> dict[str, int]:
    """Make the shadow schema anew, whole; nobody may read it yet."""
    from orchestration.serving.postgres_access import DEALER, OEM, grants

    exported = settings.tmp / "postgres.csv"
    try:
        with server.transaction():
            server.execute(f"drop schema if exists {_SHADOW} cascade")
            server.execute(f"create schema {_SHADOW}")
            rows = {
                table.name: _load(server, local, table, rules.get(table.name), exported)
                for table in tables
            }
            # a table that is read through another one comes after it
            for name in (PUBLICATION_TABLE, *(n for n in rules if n in rows)):
                for statement in grants(_SHADOW, name, rules.get(name)):
                    server.execute(statement)
            server.execute(f"grant usage on schema {_SHADOW} to {OEM}, {DEALER}")
    finally:
        exported.unlink(missing_ok=True)
    for name in rows:
        server.execute(f'analyze {_SHADOW}."{name}"')
    return rows


def _load(
    server: Any,
    local: duckdb.DuckDBPyConnection,
    table: _Table,
    rule: Readers | None,
    exported: Path,
) -> int:
    from psycopg import sql

    name = sql.Identifier(_SHADOW, table.name)
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(c.name), sql.SQL(c.postgres_type))
        for c in table.columns
    )
    server.execute(sql.SQL("create table {} ({})").format(name, columns))
    listed = ", ".join(c.exported for c in table.columns)
    rows = local.execute(
        f'copy (select {listed} from published."{table.name}") to {quoted(exported)} '
        r"(format csv, header false, nullstr '\N')"
    ).fetchone()[0]
    copying = sql.SQL(r"copy {} from stdin (format csv, null '\N')").format(name)
    with server.cursor() as cursor, exported.open("rb") as file, cursor.copy(copying) as copy:
        while block := file.read(_BLOCK):
            copy.write(block)
    for column in table.columns:
        if rule is not None and column.name in {*rule.dealer_columns, rule.key}:
            server.execute(
                sql.SQL("create index on {} ({})").format(name, sql.Identifier(column.name))
            )
        server.execute(
            sql.SQL("comment on column {} is {}").format(
                sql.Identifier(_SHADOW, table.name, column.name), sql.Literal(column.comment)
            )
        )
    server.execute(sql.SQL("comment on table {} is {}").format(name, sql.Literal(table.comment)))
    return rows


def _swap(server: Any, patience: float) -> None:
    """Put the shadow in place of what is published; old tables and what hangs on them go."""
    from psycopg import errors

    deadline = time.monotonic() + patience
    while True:
        try:
            with server.transaction():
                server.execute(f"set local lock_timeout = '{_MOMENT}'")
                if server.execute("select to_regnamespace(%s)", [SCHEMA]).fetchone()[0]:
                    server.execute(f"alter schema {SCHEMA} rename to {_OLD}")
                server.execute(f"alter schema {_SHADOW} rename to {SCHEMA}")
                # waits for whoever reads the old tables; the names are new at the commit
                server.execute(f"drop schema if exists {_OLD} cascade")
            return
        except (errors.LockNotAvailable, errors.DeadlockDetected) as error:
            if time.monotonic() > deadline:
                raise PostgresError(
                    f"readers have held the published tables for {patience:.0f} seconds: "
                    f"{_holders(server)}; end their transactions and publish again"
                ) from error
        time.sleep(_PAUSE)


def _holders(server: Any) -> str:
    """Who reads the published tables, in words."""
    found = server.execute(
        "select distinct a.usename, a.pid, coalesce(a.application_name, '') "
        "from pg_locks as l inner join pg_stat_activity as a using (pid) "
        "inner join pg_class as c on c.oid = l.relation "
        "where c.relnamespace = to_regnamespace(%s) and a.pid <> pg_backend_pid() order by 2",
        [SCHEMA],
    ).fetchall()
    return ", ".join(f"{user} (process {pid}, {program})" for user, pid, program in found) or "none"
