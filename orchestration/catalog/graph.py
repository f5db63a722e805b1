"""Every column of the warehouse with its description and its parents, down to the feeds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from orchestration.catalog.made_from import is_made_by_python, made_from, resource_name
from orchestration.dbt_runner import DbtError, manifest_path, run_dbt
from orchestration.lineage import CLOCK, CONSTANT, LAKE_COLUMNS, ROWS, ColumnLineage, Lineage
from orchestration.locking import warehouse_lock
from orchestration.serving.publish import public_models
from orchestration.settings import Settings, UsageError

FEED, DELIVERY, SEED = "feed", "delivery", "seed"
ENDS = (FEED, DELIVERY, SEED, CONSTANT, CLOCK)
"""Where a way down may end: in what was delivered, in what is noted of every delivery, in a fixed
vocabulary, in the code, or in the time."""
PUBLISHED, MODEL, PYTHON = "published", "model", "python"


class Column(NamedTuple):
    """A column of a table; of what no table holds, `constant` or `clock` without a column. The
    column `*` are the table's rows."""

    table: str
    name: str

    def __str__(self) -> str:
        return f"{self.table}.{self.name}" if self.name else self.table


@dataclass(frozen=True)
class Table:
    """A table as the catalog knows it. `columns` is name -> (type, description)."""

    name: str
    unique_id: str
    kind: str
    description: str
    grain: str | None
    owner: str | None
    columns: Mapping[str, tuple[str, str]]


class ColumnGraph:
    """Columns and their parents. What SQL makes is known only where dbt has compiled it."""

    def __init__(self, manifest: Mapping[str, Any], lineage: ColumnLineage | None) -> None:
        self.manifest = manifest
        self._lineage = lineage
        self._resources = {
            unique_id: resource
            for unique_id, resource in {**manifest["sources"], **manifest["nodes"]}.items()
            if resource["resource_type"] in ("source", "model", "seed")
        }
        self._names = {u: resource_name(r) for u, r in self._resources.items()}
        self._public = set(public_models(manifest))
        self.tables = {
            self._names[u]: self._table(u, resource) for u, resource in self._resources.items()
        }
        self._parents: dict[str, dict[str, tuple[Column, ...]]] = {}

    @cached_property
    def _made_from(self) -> dict[str, Lineage]:
        return made_from(self.manifest)

    @property
    def published(self) -> list[Table]:
        """The published tables by name."""
        return sorted(
            (t for t in self.tables.values() if t.kind == PUBLISHED), key=lambda t: t.name
        )

    def parents(self, column: Column) -> tuple[Column, ...]:
        """What a column is made from; nothing where the way ends."""
        table = self.tables.get(column.table)
        if table is None or table.kind in (FEED, DELIVERY, SEED):
            return ()
        if table.name not in self._parents:
            found = self._lineage_of(table)
            self._parents[table.name] = {
                name: tuple(self.named(*parent) for parent in parents)
                for name, parents in found.items()
            }
        return self._parents[table.name].get(column.name, ())

    def end(self, column: Column) -> str | None:
        """What kind of end a column is (one of `ENDS`); None where it has parents, or none but
        should."""
        if column.table in (CONSTANT, CLOCK):
            return column.table
        kind = self.tables[column.table].kind
        if kind == FEED and column.name in LAKE_COLUMNS and column.name != "is_deleted":
            return DELIVERY
        return kind if kind in ENDS else None

    def description(self, column: Column) -> str:
        if column.table == CONSTANT:
            return "Stands in the code."
        if column.table == CLOCK:
            return "The instant whose knowledge is shown: the time of the run, or `--as-of`."
        table = self.tables[column.table]
        if column.name == ROWS:
            return f"Its rows: one per {table.grain}." if table.grain else "Its rows."
        if column.name in table.columns:
            return table.columns[column.name][1]
        return self._lake_columns.get(column.name, "")

    @cached_property
    def _lake_columns(self) -> dict[str, str]:
        """What staging says of the columns that every feed has in the lake."""
        return {
            name: column["description"]
            for resource in self._resources.values()
            if resource["resource_type"] == "model" and resource["fqn"][1] == "staging"
            for name, column in resource["columns"].items()
            if name in LAKE_COLUMNS
        }

    def named(self, unique_id: str, name: str) -> Column:
        """A column of a resource that dbt knows by this id."""
        return Column(self._names.get(unique_id, unique_id), name)

    def upstream(self, column: Column) -> Iterator[Column]:
        """All columns that a column is made from, near ones first, each once."""
        seen, waiting = {column}, [column]
        for one in waiting:
            for parent in self.parents(one):
                if parent not in seen:
                    seen.add(parent)
                    waiting.append(parent)
                    yield parent

    def ends(self, column: Column) -> list[Column]:
        """Where the ways down from a column end, sorted."""
        if not self.parents(column):
            return [column]
        return sorted(c for c in self.upstream(column) if not self.parents(c))

    def children(self) -> dict[str, set[str]]:
        """Table -> the tables that read it, as dbt knows it."""
        found: dict[str, set[str]] = {name: set() for name in self.tables}
        for unique_id, resource in self._resources.items():
            for parent in resource.get("depends_on", {}).get("nodes", ()):
                if parent in self._names:
                    found[self._names[parent]].add(self._names[unique_id])
        return found

    def sql_lineage(self) -> ColumnLineage | None:
        return self._lineage

    def _lineage_of(self, table: Table) -> Lineage:
        if table.kind == PYTHON:
            return self._made_from[table.unique_id]
        return self._lineage.of(table.unique_id) if self._lineage is not None else {}

    def _table(self, unique_id: str, resource: Mapping[str, Any]) -> Table:
        meta = resource["config"].get("meta") or {}
        return Table(
            name=self._names[unique_id],
            unique_id=unique_id,
            kind=self._kind(resource),
            description=resource["description"],
            grain=meta.get("grain"),
            owner=meta.get("owner"),
            columns={
                name: (column.get("data_type") or "", column["description"])
                for name, column in resource["columns"].items()
            },
        )

    def _kind(self, resource: Mapping[str, Any]) -> str:
        if resource["resource_type"] == "seed":
            return SEED
        if resource["resource_type"] == "model":
            return PUBLISHED if resource["name"] in self._public else MODEL
        if is_made_by_python(resource):
            return PYTHON
        return FEED if resource["schema"] == "raw" else DELIVERY


COMPILE = (
    *("compile", "--full-refresh", "--exclude"),
    *("resource_type:test", "resource_type:unit_test"),
)
"""dbt's command for the SQL of all models as a full build has it: an incremental one reads new
files instead of its sources."""


def load_graph(settings: Settings) -> ColumnGraph:
    """The columns of a warehouse that has run. What was not compiled whole by a run is now, which
    takes dbt some seconds.

    Raises:
        UsageError: it never ran.
        DbtError: the models do not compile.
    """
    path = manifest_path(settings)
    if not path.is_file() or not (path.parent / "compiled").is_dir():
        raise UsageError(f"{settings.warehouse} has never been built: run the warehouse first")
    manifest = json.loads(path.read_text(encoding="utf-8"))
    lineage = kept_lineage(settings, manifest)
    if lineage.lacking():
        with warehouse_lock(settings):
            result = run_dbt(settings, [*COMPILE])
            if not result.success:
                raise DbtError(f"dbt cannot compile its models: {result.exception}")
            manifest = json.loads(path.read_text(encoding="utf-8"))
            lineage = kept_lineage(settings, manifest)
            lineage.lacking()  # reads what was compiled
            lineage.save()
    return ColumnGraph(manifest, lineage)


def kept_lineage(settings: Settings, manifest: Mapping[str, Any]) -> ColumnLineage:
    """The lineage of the models' SQL, as dbt compiled it last."""
    return ColumnLineage(
        manifest, manifest_path(settings).parent, settings.state / "column_lineage.json"
    )
