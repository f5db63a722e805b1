"""Publishing to PostgreSQL: what the serving file holds, in schema `marts`, swapped in one step.

Everything is loaded into a shadow schema beside it (see `postgres_load`), with its comments and its
readers, and swapped in one transaction. That transaction locks every old table before it drops
them: no statement reads one table of the old version and another of the new. Where readers hold one
for longer than a moment it lets go and tries again, so that nobody queues behind it.

Needs the extra `postgres`, PostgreSQL 15 or newer, and a login that may create roles and schemas.
It need not be, and should not be, a superuser.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from orchestration.serving.publish import PUBLICATION_TABLE, published_models
from orchestration.serving.readers import readers
from orchestration.settings import Settings

SCHEMA = "marts"
_SHADOW = "marts_next"
_OLD = "marts_before"
_OLDEST = 150_000
"""Server version: before 15 everybody may create tables in schema public."""
_ONE_AT_A_TIME = 7_262_026
"""Key of the advisory lock of a publication."""
_MOMENT = "200ms"
"""How long a swap waits for the lock of one table. Less than a server takes to look for deadlocks,
so that of a reader and the swap who wait for each other the swap gives way."""
_MOMENTS = "1s"
"""How long it waits for all of them, and so how long a reader may wait for the swap."""
_PAUSE = 0.5
PATIENCE = 120.0
"""Seconds in which a swap is tried again while readers hold the old tables."""
_SESSION = """
set search_path = pg_catalog, pg_temp;
set statement_timeout = 0;
set lock_timeout = 0;
set idle_in_transaction_session_timeout = 0;
set default_transaction_isolation = 'read committed';
"""
"""What the login's own settings must not decide. With no other schema in the search path, nobody
who may create functions somewhere can put one in front of those that a publication calls."""


class PostgresError(RuntimeError):
    """Nothing was published to PostgreSQL; what was published there before stays."""


def publish_to_postgres(settings: Settings, patience: float = PATIENCE) -> dict[str, int]:
    """Publish what the serving file holds to the server of the settings; gives rows by table.

    Raises:
        PostgresError: nothing was published yet, the server is too old or cannot be reached, its
            login may not do this, schema `marts` holds something else, another publication runs or
            readers held the tables for longer than `patience` seconds.
    """
    if not settings.serving_file.is_file():
        raise PostgresError(f"nothing is published at {settings.serving_file}: run first")
    rules = readers(published_models(settings))
    with _server(settings, patience) as server:
        from orchestration.serving.postgres_load import TypeWithoutCounterpart, load_tables

        try:
            rows = load_tables(settings, server, _SHADOW, rules)
        except TypeWithoutCounterpart as error:
            raise PostgresError(str(error)) from error
        try:
            _swap(server, patience)
        except PostgresError:
            server.execute(f"drop schema if exists {_SHADOW} cascade")
            raise
    return rows


@contextmanager
def _server(settings: Settings, patience: float) -> Iterator[Any]:
    """A connection that is the only one to publish, with the roles and books made."""
    if settings.postgres_dsn is None:
        raise PostgresError("no server is named: set PARTNERDW_POSTGRES_DSN")
    try:
        import psycopg
    except ImportError as error:
        raise PostgresError(
            "psycopg is not installed: pip install 'partner-warehouse[postgres]'"
        ) from error
    from orchestration.serving.postgres_access import prepare

    try:
        with psycopg.connect(
            settings.postgres_dsn,
            autocommit=True,
            application_name="partnerdw",
            # what is loaded is UTF-8, whatever the database is kept in
            client_encoding="utf8",
        ) as connection:
            if connection.info.server_version < _OLDEST:
                raise PostgresError(
                    f"the server has version {connection.info.server_version // 10_000}: "
                    f"PostgreSQL {_OLDEST // 10_000} or newer is needed"
                )
            connection.execute(_SESSION)
            _wait_for_turn(connection, patience)
            _refuse_what_is_not_ours(connection)
            prepare(connection)
            yield connection
    except psycopg.errors.InsufficientPrivilege as error:
        raise PostgresError(
            f"PostgreSQL: {str(error).strip()}; the login that publishes needs CREATEROLE and "
            f"CREATE on the database, and owns what it has published"
        ) from error
    except psycopg.Error as error:
        raise PostgresError(f"PostgreSQL: {str(error).strip()}") from error


def _wait_for_turn(server: Any, patience: float) -> None:
    """Take the lock of a publication; it is the session's until its end. Anybody who is let into
    the database may hold it: so this does not wait forever, and says who does."""
    deadline = time.monotonic() + patience
    while not server.execute("select pg_try_advisory_lock(%s)", [_ONE_AT_A_TIME]).fetchone()[0]:
        if time.monotonic() > deadline:
            holders = _named(
                server, "l.locktype = 'advisory' and l.objid = %s and l.granted", _ONE_AT_A_TIME
            )
            raise PostgresError(
                f"another publication has gone on for {patience:.0f} seconds: {holders}; "
                "wait for it or end it, and publish again"
            )
        time.sleep(min(_PAUSE, patience))


def _refuse_what_is_not_ours(server: Any) -> None:
    """A schema of the same name that somebody made for something else must not be dropped."""
    found = server.execute(
        "select relname from pg_class where relnamespace = to_regnamespace(%s) "
        "and to_regclass(%s) is null order by relname limit 1",
        [SCHEMA, f"{SCHEMA}.{PUBLICATION_TABLE}"],
    ).fetchone()
    if found:
        raise PostgresError(
            f"schema {SCHEMA} holds {found[0]}, which no publication has made: rename or drop the "
            "schema, or publish to another database"
        )


def _swap(server: Any, patience: float) -> None:
    """Put the shadow in place of what is published; old tables and what hangs on them go."""
    from psycopg import errors

    deadline = time.monotonic() + patience
    while True:
        try:
            with server.transaction():
                _lock_published(server)
                if server.execute("select to_regnamespace(%s)", [SCHEMA]).fetchone()[0]:
                    server.execute(f"alter schema {SCHEMA} rename to {_OLD}")
                server.execute(f"alter schema {_SHADOW} rename to {SCHEMA}")
                server.execute(f"drop schema if exists {_OLD} cascade")
            return
        except (errors.LockNotAvailable, errors.DeadlockDetected, errors.QueryCanceled) as error:
            if time.monotonic() > deadline:
                holders = _named(
                    server,
                    "l.relation in (select c.oid from pg_class as c "
                    "where c.relnamespace = to_regnamespace(%s))",
                    SCHEMA,
                )
                raise PostgresError(
                    f"readers have held the published tables for {patience:.0f} seconds: "
                    f"{holders}; end their transactions and publish again"
                ) from error
        time.sleep(_PAUSE)


def _lock_published(server: Any) -> None:
    """Wait for whoever reads the published tables; from then on readers wait for the commit, and
    read the new ones."""
    from psycopg import sql

    server.execute(f"set local lock_timeout = '{_MOMENT}'")
    found = server.execute(
        "select relname from pg_class where relnamespace = to_regnamespace(%s) and relkind = 'r' "
        "order by relname",
        [SCHEMA],
    ).fetchall()
    if found:
        names = sql.SQL(", ").join(sql.Identifier(SCHEMA, name) for (name,) in found)
        server.execute(f"set local statement_timeout = '{_MOMENTS}'")
        server.execute(sql.SQL("lock table {} in access exclusive mode").format(names))
        server.execute("set local statement_timeout = 0")


def _named(server: Any, condition: str, value: object) -> str:
    """Other sessions with such locks, in words."""
    found = server.execute(
        "select distinct a.usename, a.pid, coalesce(a.application_name, '') "
        "from pg_locks as l inner join pg_stat_activity as a using (pid) "
        f"where {condition} and a.pid <> pg_backend_pid() order by 2",
        [value],
    ).fetchall()
    return ", ".join(f"{user} (process {pid}, {program})" for user, pid, program in found) or "none"
