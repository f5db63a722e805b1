"""The models of the money as they were known at a close.

A close counts what was delivered by then. The same models that dbt builds for today are built here
from the raw lake alone, as it was known, in a database in memory: one after the other for all
closes that are due. What belongs here: that database. What does not: money.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from orchestration.dbt_runner import CompiledModel, as_of_text, compile_models, run_dbt
from orchestration.duck import connect, quoted
from orchestration.ingestion.lake import table_schema
from orchestration.ledger import tables
from orchestration.settings import Settings

CLOSES = "int_closes__list_closes"
UNITS = "int_incentives__qualify_units"
DEALERS = "int_incentives__measure_dealers"
PERIODS = "int_incentives__list_periods"
TIERS = "int_incentives__list_tiers"
PROGRAMS = "int_incentives__judge_programs"
INVESTMENTS = "int_investments__list_accepted"
MODELS = (CLOSES, UNITS, DEALERS, PERIODS, TIERS, PROGRAMS, INVESTMENTS)
"""What the money is reckoned from."""

_READ_ONCE = 1_000_000
"""A feed of no more rows is read into memory once for all closes; a larger one where it lies."""


_EVER = datetime(9999, 1, 1)


@dataclass(frozen=True)
class Close:
    """The close of a month (its first day). Known at it is what was delivered by `closed_at` and
    loaded by `known_loaded_at` (both UTC, without a zone): a file with an old stamp that arrives
    after the close was taken counts in the next one."""

    month: date
    closed_at: datetime
    known_loaded_at: datetime


class KnownModels:
    """The models in the database `connection`, under the names that dbt gives them."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, models: Iterable[CompiledModel]
    ) -> None:
        self.connection = connection
        self._models = list(models)
        texts = "\n".join(model.sql for model in self._models)
        # what is read once is no table: only the columns that are needed are read then
        self._views = {
            m.name for m in self._models if texts.count(m.relation) < 2 and m.name not in MODELS
        }
        self.closes = self._all_closes()
        """The closes that are due, in order."""

    def _all_closes(self) -> list[Close]:
        connection = self.connection
        self._as_of = connection.execute("select getvariable('as_of')").fetchone()[0]
        for name in ("known_loaded_at", "known_at"):
            connection.execute(f"set variable {name} = cast($1 as timestamp)", [_EVER])
        for model in self._made_for(CLOSES):
            self._make(model)
        connection.execute(f"create table base.closes as select * from {model.relation}")
        rows = connection.execute(
            "select period_month, closed_at, known_loaded_at from base.closes order by period_month"
        ).fetchall()
        self.next_close_at = connection.execute(
            "select min(closed_at) from warehouse.staging.stg_oem__period_closes "
            "where period_month not in (select period_month from base.closes)"
        ).fetchone()[0]
        """Instant (UTC) of the first close that is not due yet; None without one."""
        return [Close(*row) for row in rows]

    def build_without_closes(self) -> None:
        """Build every model as known now, as if no month were closed."""
        self.build(Close(date.min, _EVER, _EVER))

    def build(self, close: Close) -> None:
        """Build every model as it was known at the close."""
        connection = self.connection
        for name, value in (
            ("known_at", close.closed_at),
            ("as_of", min(close.closed_at, self._as_of)),
            ("known_loaded_at", close.known_loaded_at),
        ):
            connection.execute(f"set variable {name} = cast($1 as timestamp)", [value])
        for model in self._models:
            if model.name == CLOSES:
                # the row of a close itself may be delivered after it
                month = f"date '{close.month}'"
                model = replace(
                    model, sql=f"select * from base.closes where period_month <= {month}"
                )
            self._make(model)

    def _make(self, model: CompiledModel) -> None:
        kind = "view" if model.name in self._views else "table"
        self.connection.execute(f"create or replace {kind} {model.relation} as {model.sql}")

    def _made_for(self, name: str) -> list[CompiledModel]:
        """The named model and what it is made from, parents first."""
        needed: list[CompiledModel] = []
        for model in reversed(self._models):
            if model.name == name or any(model.relation in other.sql for other in needed):
                needed.insert(0, model)
        return needed

    def know_settled(self, table: str, files: Iterable[Path]) -> None:
        """Make known what earlier closes settled, from the ledger's files of one of its tables."""
        if paths := [str(path) for path in files]:
            self.connection.execute(
                f"insert into warehouse.ledger.{table} by name select * from read_parquet($1)",
                [paths],
            )

    def newly_settled(self, close: Close) -> dict[str, pa.Table]:
        """What this close settles: the tables of the ledger, by name, with their new rows."""
        found = {}
        for table, query in _NEWLY_SETTLED.items():
            schema = table_schema(table)
            rows = self.connection.execute(query, [close.month]).to_arrow_table()
            found[table] = rows.select(schema.names).cast(schema)
        return found

    def credits(self) -> pd.DataFrame:
        """Whether postings of a programme's period credit refinancing: program_id, period_start,
        credits_refinancing."""
        return (
            self.connection.execute(
                "select program_id, period_start, credits_refinancing "
                f"from warehouse.intermediate.{PERIODS}"
            )
            .to_arrow_table()
            .to_pandas()
        )


_CLOSED = f"(select * from warehouse.intermediate.{PERIODS} where is_closed)"
_NEW_VERSIONS = (
    f"(program_id, program_version) in (select (program_id, program_version) from {_CLOSED}) "
    "and (program_id, program_version) not in "
    "(select (program_id, program_version) from warehouse.ledger.incentive_terms) "
)
_NEWLY_SETTLED = {
    tables.PERIODS: f"select *, cast($1 as date) as settled_in_month from {_CLOSED} "
    "where (program_id, period_start) not in "
    "(select (program_id, period_start) from warehouse.ledger.incentive_periods) "
    "order by program_id, period_start",
    tables.TERMS: "select *, cast($1 as date) as settled_in_month "
    f"from warehouse.intermediate.{PROGRAMS} where {_NEW_VERSIONS} "
    "order by program_id, program_version",
    tables.TIERS: "select *, cast($1 as date) as settled_in_month "
    f"from warehouse.intermediate.{TIERS} where {_NEW_VERSIONS} "
    "order by program_id, program_version, tier_no",
}


@contextmanager
def known_models(
    settings: Settings, instead: Mapping[str, Iterable[Path]] | None = None
) -> Iterator[KnownModels]:
    """Open the lake as it was known at closes; nothing is written to the warehouse but dbt's views.

    `instead` maps feeds to Parquet files, in the form of the raw lake, that stand for all that was
    delivered of them.

    Raises:
        DbtError: the dbt project does not compile.
    """
    run_dbt(settings, ["run-operation", "make_lake_views"])
    models = compile_models(settings, MODELS)
    with closing(connect(settings)) as connection:
        _configure(connection, settings)
        _show_lake(connection, settings, models, instead or {})
        yield KnownModels(connection, models)


def _configure(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    # the lake's files are named relative to the warehouse folder
    connection.execute(f"set file_search_path = {quoted(settings.warehouse)}")
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("set preserve_insertion_order = false")
    connection.execute("set parquet_metadata_cache = true")
    connection.execute(f"set variable as_of = timestamp {quoted(as_of_text(settings))}")
    # dbt's own module, which takes seconds to import and is loaded by now
    from orchestration.dbt_plugin import hmac_pads, personal_data_key

    for name, pad in hmac_pads(personal_data_key(settings.warehouse)).items():
        connection.execute(f"set variable {name} = $1", [pad])


def _show_lake(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    models: Iterable[CompiledModel],
    instead: Mapping[str, Iterable[Path]],
) -> None:
    """`base` is the lake as dbt's views show it, `warehouse` the same as far as it was known."""
    models = list(models)
    with closing(duckdb.connect(str(settings.database), read_only=True)) as warehouse:
        views = warehouse.execute(
            "select schema_name, view_name, sql from duckdb_views() "
            "where schema_name in ('lake', 'raw', 'ledger') "
            # the others ask the deliveries which batches count
            "order by view_name <> 'deliveries', schema_name, view_name"
        ).fetchall()
    for database in ("base", "warehouse", "marts"):
        connection.execute(f"attach ':memory:' as {database}")
    for schema in sorted({m.schema for m in models if m.relation.startswith('"warehouse"')}):
        connection.execute(f"create schema warehouse.{schema}")
    connection.execute("use base")
    for schema in ("lake", "raw", "ledger"):
        connection.execute(f"create schema {schema}")
        connection.execute(f"create schema warehouse.{schema}")
    connection.execute("create schema kept")
    texts = "\n".join(model.sql for model in models)
    for schema, name, sql in views:
        connection.execute(sql)
        if f'"{schema}"."{name}"' in texts and schema == "raw":
            _show_feed(connection, name, instead.get(name))
    for name, known in _KNOWN_BOOKS.items():
        connection.execute(
            f"create view warehouse.{name} as select * from base.{name} where {known}"
        )
    for table in tables.SETTLED_TABLES:
        connection.register("settled", table_schema(table).empty_table())
        connection.execute(f"create table warehouse.ledger.{table} as from settled")
        connection.unregister("settled")


_KNOWN_BOOKS = {
    "lake.deliveries": "delivered_at <= getvariable('known_at') "
    "and loaded_at <= getvariable('known_loaded_at')",
    "lake.quarantine": "batch_id in (select batch_id from warehouse.lake.deliveries)",
    "lake.rejected": "(feed, source_file, batch_id) in "
    "(select (feed, source_file, batch_id) from warehouse.lake.deliveries)",
}


def _show_feed(
    connection: duckdb.DuckDBPyConnection, feed: str, instead: Iterable[Path] | None
) -> None:
    relation = f"base.raw.{feed}"
    if instead is not None:
        files = ", ".join(quoted(path) for path in instead)
        relation = f"read_parquet([{files}])"
    rows = connection.execute(
        "select coalesce(sum(accepted_rows), 0) from lake.deliveries where feed = $1", [feed]
    ).fetchone()[0]
    if rows <= _READ_ONCE and instead is None:
        connection.execute(f"create table kept.{feed} as select * from {relation}")
        relation = f"base.kept.{feed}"
    connection.execute(
        f"create view warehouse.raw.{feed} as select * from {relation} "
        "where _delivered_at <= getvariable('known_at') "
        "and _loaded_at <= getvariable('known_loaded_at')"
    )
