"""Publishing: the public marts as one DuckDB file and as Parquet, replaced by rename.

A reader never waits and never sees half a version: new files are made beside the old ones and
renamed over them. Whoever has the old file open keeps it; the next open sees the new one whole.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Collection, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.duck import connect, quoted
from orchestration.ingestion.lake import naive_utc
from orchestration.settings import Settings
from orchestration.state import BUILT, PUBLICATION, read_state

GATES = ("feed_gate", "mart_gate")
PUBLICATION_TABLE = "_publication"
_PUBLIC = re.compile(r"(mart|dim|fct)_\w+")
_PUBLICATION_COLUMNS = {
    "published_at": ("timestamp", "Instant at which this file was made (UTC)."),
    "code_version": ("varchar", "Version of the code that made the figures."),
    "as_of": ("timestamp", "Instant whose knowledge the figures show (UTC)."),
    "last_delivered_at": (
        "map(varchar, timestamp)",
        "Feed -> instant of its newest delivery taken (UTC); feeds never delivered are absent.",
    ),
    "gate_result": (
        "varchar",
        "PASSED, PASSED_WITH_WARNINGS, or NOT_CHECKED where no gate has run.",
    ),
    "gate_rules": ("bigint", "Quality rules evaluated by both gates."),
    "gate_warnings": ("bigint", "Rules that did not hold but do not stop a publication."),
}


class PublicationRefused(RuntimeError):
    """Nothing was published; the message says why, and the last published version stays."""


@dataclass(frozen=True)
class Publication:
    """What was published; `marts` maps each table to its rows, instants are UTC."""

    published_at: datetime
    as_of: datetime
    code_version: str
    loaded_at: datetime | None
    """The newest load that all figures hold; null where nothing was loaded or not all is built."""
    gate_result: str
    marts: dict[str, int]
    versions: dict[str, str]
    """Table -> the version that dbt gave it when it was last changed."""
    example_line: str | None
    """Id of an incentive line that was paid, for somebody who wants to see one explained."""

    def as_dict(self) -> dict[str, Any]:
        """As JSON takes it; instants as text."""
        return {k: str(v) if isinstance(v, datetime) else v for k, v in asdict(self).items()}


def publish(
    settings: Settings,
    as_of: datetime,
    code_version: str,
    gate: Mapping[str, Mapping[str, Any]] | None = None,
    now: datetime | None = None,
) -> Publication:
    """Publish every public model (`mart_`, `dim_`, `fct_`) of the dbt project.

    The file of the marts is copied as it is; a Parquet twin is written only for what has changed
    since the last publication. `gate` maps `feed_gate` and `mart_gate` to their results as the
    gates leave them in the state folder, from where they are taken by default.

    Raises:
        PublicationRefused: a critical rule does not hold, there are no marts, or a public model of
            the dbt project is missing among them.
    """
    if gate is None:
        gate = {name: read_state(settings, f"{name}.json") for name in GATES}
    verdict = _verdict(gate)
    if not settings.marts.is_file():
        raise PublicationRefused(f"there are no marts at {settings.marts}: run the warehouse first")
    _clear_leftovers(settings)
    parquet = settings.serving / "parquet"
    parquet.mkdir(parents=True, exist_ok=True)
    built = settings.serving / f".{settings.serving_file.stem}.{os.getpid()}.duckdb.tmp"
    _copy_marts(settings, built)
    with closing(connect(settings, built)) as connection:
        tables = _keep_public_tables(connection, published_models(settings))
        publication = Publication(
            published_at=naive_utc(now or datetime.now(UTC)),
            as_of=naive_utc(as_of),
            code_version=code_version,
            loaded_at=_built_load(settings),
            gate_result=verdict["gate_result"],
            marts={table: _count(connection, table) for table in tables},
            versions=_take_versions(connection),
            example_line=_example_line(connection, tables),
        )
        _add_publication_table(connection, settings, publication, verdict)
        twins = {
            table: parquet / f".{table}.{os.getpid()}.tmp"
            for table in _changed(settings, publication, parquet)
        }
        for table, path in twins.items():
            connection.execute(f"copy {table} to {quoted(path)} (format parquet, compression zstd)")
        connection.execute("checkpoint")
    for path in (built, *twins.values()):
        _sync(path)
    # a write-ahead log that some writing reader left would be played into the new file
    settings.serving_file.with_name(f"{settings.serving_file.name}.wal").unlink(missing_ok=True)
    built.replace(settings.serving_file)
    for table, path in twins.items():
        path.replace(parquet / f"{table}.parquet")
    for path in parquet.glob("*.parquet"):
        if path.stem not in publication.marts:
            path.unlink()
    _sync(settings.serving)
    _sync(parquet)
    return publication


def _verdict(gate: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    results = [r for name in GATES for r in gate.get(name, {}).get("results", [])]
    failed = [r for r in results if not r["success"]]
    if critical := sorted(r["code"] for r in failed if r["severity"] == "critical"):
        raise PublicationRefused(
            f"critical rules do not hold: {', '.join(critical)}; correct the delivery and run again"
        )
    checked = all(gate.get(name, {}).get("results") for name in GATES)
    result = "PASSED_WITH_WARNINGS" if failed else "PASSED"
    return {
        "gate_result": result if checked else "NOT_CHECKED",
        "gate_rules": len(results),
        "gate_warnings": len(failed),
    }


def _built_load(settings: Settings) -> datetime | None:
    loaded_at = read_state(settings, BUILT).get("loaded_at")
    return None if loaded_at is None else datetime.fromisoformat(loaded_at)


def _clear_leftovers(settings: Settings) -> None:
    """Remove what a killed publication left; only one publishes at a time."""
    for pattern in (".*.duckdb.tmp*", "parquet/.*.tmp"):
        for path in settings.serving.glob(pattern):
            path.unlink()


def public_models(manifest: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The public models (`mart_`, `dim_`, `fct_`) of a dbt manifest by name."""
    return {
        node["name"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and _PUBLIC.fullmatch(node["name"])
    }


def published_models(settings: Settings) -> dict[str, Mapping[str, Any]]:
    """The public models of the dbt project; empty where dbt has left no manifest."""
    path = settings.state / "dbt" / "manifest.json"
    return public_models(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def _copy_marts(settings: Settings, built: Path) -> None:
    if settings.marts.with_name(f"{settings.marts.name}.wal").exists():
        # a killed build left its log: it is played in by opening and closing the file
        duckdb.connect(str(settings.marts)).close()
    shutil.copyfile(settings.marts, built)


def _keep_public_tables(
    connection: duckdb.DuckDBPyConnection, models: Mapping[str, Any]
) -> list[str]:
    """The public tables by name; those that the dbt project no longer has are dropped."""
    found = connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'main' order by table_name"
    ).fetchall()
    present = [name for (name,) in found]
    if missing := sorted(set(models) - set(present)):
        raise PublicationRefused(
            f"not in the warehouse: {', '.join(missing)}; run without --select to build them"
        )
    tables = [t for t in present if _PUBLIC.fullmatch(t) and (not models or t in models)]
    for table in set(present) - set(tables):
        connection.execute(f'drop table "{table}"')
    return tables


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    return connection.execute(f"select count(*) from {table}").fetchone()[0]


def _example_line(connection: duckdb.DuckDBPyConnection, tables: Collection[str]) -> str | None:
    if "mart_incentive_line" not in tables:
        return None
    found = connection.execute(
        "select line_id from mart_incentive_line where event_id is not null and amount_eur > 0 "
        "order by period_start desc, amount_eur desc, line_id limit 1"
    ).fetchone()
    return found[0] if found else None


def _take_versions(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Versions from the books of the builds, which are not for readers."""
    versions = dict(connection.execute("select model, version from build.versions").fetchall())
    connection.execute("drop schema build cascade")
    return versions


def _changed(settings: Settings, publication: Publication, parquet: Path) -> list[str]:
    """Tables that differ from what their Parquet twin holds."""
    before = read_state(settings, PUBLICATION).get("versions", {})
    return [
        table
        for table in publication.marts
        if publication.versions.get(table) != before.get(table, "never published")
        or not (parquet / f"{table}.parquet").is_file()
    ]


def _add_publication_table(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    publication: Publication,
    verdict: Mapping[str, Any],
) -> None:
    """One row: what this file is."""
    columns = ", ".join(f"{n} {t}" for n, (t, _) in _PUBLICATION_COLUMNS.items())
    connection.execute(f"create table {PUBLICATION_TABLE} ({columns})")
    connection.execute(
        f"insert into {PUBLICATION_TABLE} by name select "
        "$published_at as published_at, $code_version as code_version, $as_of as as_of, "
        "coalesce(map_from_entries(list((feed, delivered_at) order by feed)), map {}) "
        "as last_delivered_at, $gate_result as gate_result, $gate_rules as gate_rules, "
        "$gate_warnings as gate_warnings "
        f"from ({_newest_deliveries(settings)})",
        {
            "published_at": publication.published_at,
            "code_version": publication.code_version,
            "as_of": publication.as_of,
            **verdict,
        },
    )
    connection.execute(
        f"comment on table {PUBLICATION_TABLE} is "
        "'What this file is: one row with its making, its deliveries and the gates'' verdict.'"
    )
    for name, (_, text) in _PUBLICATION_COLUMNS.items():
        connection.execute(f"comment on column {PUBLICATION_TABLE}.{name} is {quoted(text)}")


def _newest_deliveries(settings: Settings) -> str:
    """SELECT of each feed's newest delivery that was taken."""
    files = ", ".join(quoted(p) for p in sorted(settings.deliveries.glob("*.parquet")))
    if not files:
        return "select null::varchar as feed, null::timestamp as delivered_at where false"
    return (
        "select feed, max(delivered_at) as delivered_at "
        f"from read_parquet([{files}]) where status <> 'REJECTED' group by feed"
    )


def _sync(path: Path) -> None:
    """Bring a file or a folder's entries to disk before they are relied on."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
