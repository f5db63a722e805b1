"""What the quality rules read: the lake, and the marts, as schemas of one in-memory DuckDB.

`delivered`, `history`, `state` and `lake` are made from the Parquet lake, committed batches only.
`delivered` has what was delivered since the last publication, `history` everything, both without
withdrawals; `state` has the semantics of the staging models: of an events feed the newest version
of each key without the withdrawn ones, of a snapshot feed the newest delivery of each sender.
`quarantined` has for each accepted file that was delivered since the last publication how many of
its rows are in quarantine, for each reason.
`marts` is the file of the marts, attached read-only for as long as the gate runs. Only what the
rules at hand name is opened.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa

from expectations.rule import REASONS
from orchestration.duck import connect, quoted
from orchestration.ingestion import lake
from orchestration.ingestion.contract import Feed
from orchestration.settings import Settings

_SCHEMAS = ("delivered", "history", "state", "lake", "quarantined")
_NEWEST_FIRST = "_delivered_at desc, _loaded_at desc, _source_file desc"
_REFERENCE = re.compile(rf"\b({'|'.join(_SCHEMAS)}|marts)\.(\w+)")
_READ_ONCE = 1_000_000
"""A feed of no more rows is read into memory once: with many small files, opening them costs more
than their rows. A larger one is scanned where it lies, only the columns that a rule needs."""


@dataclass(frozen=True)
class RuleDatabase:
    """An open database for rules; `name` is what another connection of this process opens."""

    name: str
    connection: duckdb.DuckDBPyConnection


def references(queries: str) -> set[tuple[str, str]]:
    """What some SQL names as `<schema>.<table>`, of the schemas that rules know."""
    return set(_REFERENCE.findall(queries))


@contextmanager
def rule_database(
    settings: Settings,
    feeds: Mapping[str, Feed],
    queries: str,
    *,
    since: datetime | None = None,
    with_marts: bool = False,
) -> Iterator[RuleDatabase]:
    """Open what `queries` (SQL, any text) name as `<schema>.<table>`; closed on leaving.

    `since` is the newest load (UTC) that was published; None makes `delivered` everything. What
    does not exist is not made: a rule that reads it fails to evaluate.
    """
    name = f":memory:rules_{uuid.uuid4().hex}"
    with closing(connect(settings, name)) as connection:
        _prepare(connection)
        wanted: dict[str, set[str]] = {}
        for schema, table in references(queries):
            wanted.setdefault(schema, set()).add(table)
        _make_lake(connection, settings, feeds)
        for feed in feeds.values():
            of_feed = [schema for schema in wanted if feed.name in wanted[schema]]
            if "delivered" in of_feed:
                _make_rows(connection, settings, feed, "delivered", since)
            if {"history", "state"} & set(of_feed):
                _make_rows(connection, settings, feed, "history", None)
            if "state" in of_feed:
                connection.execute(f"create table state.{feed.name} as {_state(feed)}")
            if "quarantined" in of_feed:
                since_then = (
                    "true" if since is None else f"loaded_at > timestamp {quoted(str(since))}"
                )
                _make_quarantined(connection, settings, feed, since_then)
        attached = with_marts and settings.marts.is_file()
        if attached:
            connection.execute(f"attach {quoted(settings.marts)} as marts (read_only)")
        try:
            yield RuleDatabase(name, connection)
        finally:
            if attached:
                connection.execute("detach marts")


def _prepare(connection: duckdb.DuckDBPyConnection) -> None:
    # a file of the lake never changes: its footer is read once
    connection.execute("set parquet_metadata_cache = true")
    for schema in ("shape", "accepted_delivered", "accepted_history", "measured", *_SCHEMAS):
        connection.execute(f"create schema {schema}")


def _make_lake(
    connection: duckdb.DuckDBPyConnection, settings: Settings, feeds: Mapping[str, Feed]
) -> None:
    folders = {"deliveries": settings.deliveries, "rejected": settings.rejected}
    for name, folder in folders.items():
        files = sorted(str(p) for p in folder.glob("*.parquet"))
        rows = _typed(connection, name, lake.table_schema(name), files)
        connection.execute(f"create table lake.{name} as {rows}")
    connection.execute("create table lake.feeds (feed varchar, mode varchar)")
    connection.executemany(
        "insert into lake.feeds values (?, ?)", [(f.name, f.mode) for f in feeds.values()]
    )
    connection.execute(
        "create table lake.files (folder varchar, feed varchar, batch_id varchar, row_count bigint)"
    )
    for folder in (settings.raw, settings.quarantine):
        if files := sorted(str(p) for p in folder.glob("*/*.parquet")):
            connection.execute(
                "insert into lake.files select ?, parse_path(file_name)[-2], "
                "parse_filename(file_name, true), num_rows "
                f"from parquet_file_metadata({_list(files)})",
                [folder.name],
            )


def _make_rows(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    feed: Feed,
    schema: str,
    since: datetime | None,
) -> None:
    """`accepted_<schema>.<feed>`: the rows of committed batches that were loaded after `since`;
    `<schema>.<feed>`: without withdrawals."""
    batches = connection.execute(
        "select batch_id, any_value(row_count) from lake.deliveries "
        "inner join lake.files using (feed, batch_id) "
        "where feed = $1 and status = 'LOADED' and folder = 'raw' and row_count > 0 "
        "and ($2 is null or loaded_at > $2) "
        "group by batch_id order by batch_id",
        [feed.name, since],
    ).fetchall()
    files = [str(lake.raw_path(settings, feed.name, batch)) for batch, _ in batches]
    rows = _typed(connection, f"{schema}_{feed.name}", lake.raw_schema(feed), files)
    kind = "table" if sum(count for _, count in batches) <= _READ_ONCE else "view"
    accepted = f"accepted_{schema}.{feed.name}"
    connection.execute(f"create {kind} {accepted} as {rows}")
    connection.execute(
        f"create view {schema}.{feed.name} as select * from {accepted}{_alive(feed)}"
    )


def show_batches(database: RuleDatabase, settings: Settings, feed: Feed, batches: pa.Table) -> None:
    """Open some accepted files of a feed: `measured.<feed>` (their rows without withdrawals),
    `quarantined.<feed>` and `measured.batches`, which is the table given (`batch_id` and what else
    is known of each). Those of another feed, or opened before, are gone then."""
    connection = database.connection
    connection.register("arrow_batches", batches)
    connection.execute("create or replace table measured.batches as from arrow_batches")
    connection.unregister("arrow_batches")
    paths = (lake.raw_path(settings, feed.name, b) for b in sorted(batches["batch_id"].to_pylist()))
    files = [str(path) for path in paths if path.is_file()]
    rows = _typed(connection, f"measured_{feed.name}", lake.raw_schema(feed), files)
    # read once, so where it lies, however few rows there are
    connection.execute(
        f"create or replace view measured.{feed.name} as select * from ({rows}){_alive(feed)}"
    )
    chosen = "batch_id in (select batch_id from measured.batches)"
    _make_quarantined(connection, settings, feed, chosen)


def _make_quarantined(
    connection: duckdb.DuckDBPyConnection, settings: Settings, feed: Feed, chosen: str
) -> None:
    """`quarantined.<feed>`: a row for each accepted file for which the condition `chosen` is true,
    with its rows in quarantine for each reason (a column named after it)."""
    accepted = f"feed = {quoted(feed.name)} and status = 'LOADED' and {chosen}"
    found = connection.execute(
        f"select distinct batch_id from lake.deliveries where {accepted} and quarantined_rows > 0 "
        "order by batch_id"
    ).fetchall()
    files = [str(lake.quarantine_path(settings, feed.name, batch)) for (batch,) in found]
    shape = lake.table_schema("quarantine")
    rows = _typed(connection, f"quarantined_{feed.name}", shape, files)
    reasons = [(reason, reason.lower()) for reason in REASONS]
    counts = ", ".join(
        f"count(*) filter (where reason_code = {quoted(reason)}) as {name}"
        for reason, name in reasons
    )
    connection.execute(f"""
        create or replace table quarantined.{feed.name} as
        select
            d.batch_id, d.source_file, d.sender, d.delivered_at, d.delivered_rows,
            {", ".join(f"coalesce(q.{name}, 0) as {name}" for _, name in reasons)}
        from (select * from lake.deliveries where {accepted}) as d
        left join (select batch_id, {counts} from ({rows}) group by batch_id) as q
            on q.batch_id = d.batch_id and d.quarantined_rows > 0
    """)


def _alive(feed: Feed) -> str:
    return "" if feed.mode == "snapshot" else " where is_deleted is not true"


def _state(feed: Feed) -> str:
    newest = (
        f"qualify row_number() over (partition by {', '.join(feed.key)} "
        f"order by {_NEWEST_FIRST}) = 1"
    )
    if feed.mode == "snapshot":
        return f"""
            select *
            from accepted_history.{feed.name}
            where _batch_id in (
                select batch_id
                from lake.deliveries
                where feed = {quoted(feed.name)} and status = 'LOADED'
                qualify row_number() over (
                    partition by sender
                    order by delivered_at desc, loaded_at desc, source_file desc
                ) = 1
            )
            {newest}
        """
    return f"""
        select * from (select * from accepted_history.{feed.name} {newest})
        where is_deleted is not true
    """


def _typed(
    connection: duckdb.DuckDBPyConnection, name: str, schema: pa.Schema, files: list[str]
) -> str:
    """SELECT of the rows of some Parquet files in the shape of a schema: without a file no rows,
    a column that no file has is null."""
    connection.register("arrow_shape", schema.empty_table())
    connection.execute(f"create or replace table shape.{name} as from arrow_shape")
    connection.unregister("arrow_shape")
    rows = f"select * from shape.{name}"
    if files:
        rows += (
            f" union all by name select * from read_parquet({_list(files)}, union_by_name = true)"
        )
    return rows


def _list(paths: list[str]) -> str:
    return "[" + ", ".join(quoted(p) for p in paths) + "]"
