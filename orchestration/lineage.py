"""Which column comes from which: read from the compiled SQL of the dbt models.

What belongs here: the parse of compiled SQL, and its cache (a model is parsed once per version of
its code). What does not: Dagster's types, running dbt, what Python makes of columns
(`orchestration.catalog`).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

Lineage = dict[str, list[tuple[str, str]]]
"""Output column -> [(dbt unique_id of the parent, its column)], sorted.

A column that counts rows has the parent's `ROWS`; `ROWS` of a model are the rows that its own are
made from. What no table holds has `CONSTANT` or `CLOCK` for a parent, without a column.
"""

ROWS = "*"
CONSTANT = "constant"
"""What stands in the code."""
CLOCK = "clock"
"""The instant whose knowledge is shown: now, or what a run is told."""

_FORMAT = 2
"""Of the cache; what another format holds is parsed again."""
_CLOCKS = {"as_of", "current_timestamp", "current_date", "now"}


class ColumnLineage:
    """Column lineage of the models of one manifest, cached in a JSON file.

    Compiled SQL is read when asked for, so ask after dbt has compiled the model.
    """

    def __init__(self, manifest: Mapping[str, Any], target_path: Path, cache: Path) -> None:
        self._nodes = manifest["nodes"]
        self._resources = {**manifest["sources"], **manifest["nodes"]}
        self._by_relation = {
            _relation(r): unique_id
            for unique_id, r in self._resources.items()
            if r.get("relation_name") or r["resource_type"] == "source"
        }
        self._target_path = target_path
        self._cache_file = cache
        self._cache: dict[str, dict[str, Any]] = (
            json.loads(cache.read_text(encoding="utf-8")) if cache.is_file() else {}
        )

    def of(self, unique_id: str) -> Lineage:
        """Lineage of a model's columns and of its `ROWS`; empty for what is no SQL model, stands
        within the SQL of others (ephemeral), or was never compiled."""
        node = self._nodes[unique_id]
        if node["resource_type"] != "model" or node["config"]["materialized"] == "ephemeral":
            return {}
        cached = self._cache.get(unique_id)
        if cached is None or cached["checksum"] != _version(node):
            sql = self._compiled(node)
            if sql is None:
                return {}
            cached = {"checksum": _version(node), "columns": self._parse(node, sql)}
            if self._is_whole(node, sql):
                self._cache[unique_id] = cached
        return {c: [(p[0], p[1]) for p in parents] for c, parents in cached["columns"].items()}

    def lacking(self) -> list[str]:
        """Names of the models whose lineage is not known yet, or only in part: of an incremental
        build, which read new files instead of their source."""
        models = [n for n in self._nodes.values() if n["resource_type"] == "model"]
        for node in models:
            self.of(node["unique_id"])
        return [
            node["name"]
            for node in models
            if node["config"]["materialized"] != "ephemeral"
            and self._cache.get(node["unique_id"], {}).get("checksum") != _version(node)
        ]

    def by_literal(
        self, unique_id: str, literal: str, columns: Collection[str]
    ) -> dict[str, list[tuple[str, str]]]:
        """Literal that the SQL gives the column `literal` -> the parents of `columns` in the SELECT
        that does, of a model as it was compiled last."""
        node = self._nodes[unique_id]
        sql = self._compiled(node)
        if sql is None:
            return {}
        roots = self._roots(node, sql)
        found: dict[str, list[tuple[str, str]]] = {}
        for said in roots[literal].walk():
            value = said.expression.unalias()
            if said.downstream or not getattr(value, "is_string", False):
                continue
            parents: set[tuple[str, str]] = set()
            for column in columns:
                for other in roots[column].walk():
                    if other.source is said.source:
                        parents.update(self._parents(other))
            found[value.this] = sorted(p for p in parents if p[0] not in (CONSTANT, CLOCK))
        return found

    def save(self) -> None:
        """Keep what was parsed for the next run."""
        temporary = self._cache_file.with_suffix(".tmp")
        temporary.write_text(json.dumps(self._cache), encoding="utf-8")
        temporary.replace(self._cache_file)

    def _compiled(self, node: Mapping[str, Any]) -> str | None:
        compiled = self._target_path / "compiled" / node["package_name"]
        path = compiled / node["original_file_path"]
        return path.read_text(encoding="utf-8") if path.is_file() else None

    def _is_whole(self, node: Mapping[str, Any], sql: str) -> bool:
        """Whether the SQL reads each source; an incremental build reads its new files instead."""
        sources = [
            self._resources[p] for p in node["depends_on"]["nodes"] if p.startswith("source.")
        ]
        return all(f'"{source["schema"]}"."{_table(source)}"' in sql for source in sources)

    def _parse(self, node: Mapping[str, Any], sql: str) -> dict[str, list[list[str]]]:
        roots = self._roots(node, sql)
        found = {column: self._parents(root) for column, root in roots.items()}
        rows = self._rows(next(iter(roots.values())).source)
        found[ROWS] = sorted((parent, ROWS) for parent in rows) or [(CONSTANT, "")]
        itself = node["unique_id"]
        return {
            column: [list(pair) for pair in pairs if pair[0] != itself]
            for column, pairs in found.items()
        }

    def _roots(self, node: Mapping[str, Any], sql: str) -> dict[str, Any]:
        from sqlglot.lineage import lineage

        schema: dict[str, Any] = {}
        # an incremental model also reads what it holds already
        for parent in (*node["depends_on"]["nodes"], node["unique_id"]):
            resource = self._resources[parent]
            database, name, table = _relation(resource)
            columns = {c: v.get("data_type") or "varchar" for c, v in resource["columns"].items()}
            columns |= {c: t for c, t in LAKE_COLUMNS.items() if c not in columns}
            schema.setdefault(database, {}).setdefault(name, {})[table] = columns
        return lineage(None, sql, schema, dialect="duckdb", trim_selects=False, copy=False)

    def _parents(self, root: Any) -> list[tuple[str, str]]:
        from sqlglot import exp

        found: set[tuple[str, str]] = set()
        is_constant = False
        for node in root.walk():
            if isinstance(node.expression, exp.Table):
                if parent := self._base(node.expression):
                    found.add((parent, node.name.split(".")[-1]))
                continue
            if _reads_clock(node.expression):
                found.add((CLOCK, ""))
            elif not node.downstream:
                rows = self._rows(node.source) if _counts(node.expression) else ()
                found |= {(parent, ROWS) for parent in rows}
                is_constant = is_constant or not (rows or _is_null(node.expression))
        if is_constant or not found:
            found.add((CONSTANT, ""))
        return sorted(found)

    def _rows(self, select: Any) -> set[str]:
        """The tables that rows of a SELECT come from: what it reads first, of a union all."""
        from sqlglot import exp

        select = select.unnest()
        if isinstance(select, exp.SetOperation):
            return self._rows(select.left) | self._rows(select.right)
        read = select.args.get("from_") or select.args.get("from")
        if read is None:
            return set()
        if not isinstance(read.this, exp.Table):
            return self._rows(read.this) if isinstance(read.this, exp.Subquery) else set()
        if base := self._base(read.this):
            return {base}
        named = next((c for c in _ctes(select) if c.alias == read.this.name), None)
        return self._rows(named.this) if named is not None else set()

    def _base(self, table: Any) -> str | None:
        return self._by_relation.get((table.catalog, table.db, table.name))


def _ctes(expression: Any) -> Iterator[Any]:
    """What WITH clauses around an expression name, the nearest first."""
    while expression is not None:
        with_ = expression.args.get("with_") or expression.args.get("with")
        yield from reversed(with_.expressions) if with_ else ()
        expression = expression.parent


def _reads_clock(expression: Any) -> bool:
    from sqlglot import exp

    if isinstance(expression, (exp.Query, exp.Values, exp.Identifier)):
        return False
    names = {literal.this for literal in expression.find_all(exp.Literal) if literal.is_string}
    clocks = expression.find(exp.CurrentTimestamp, exp.CurrentDate)
    return bool(clocks or (names & _CLOCKS and "getvariable" in expression.sql("duckdb").lower()))


def _counts(expression: Any) -> bool:
    from sqlglot import exp

    return expression.find(exp.AggFunc, exp.Window) is not None


def _is_null(expression: Any) -> bool:
    from sqlglot import exp

    inner = expression.unalias()
    while isinstance(inner, (exp.Cast, exp.Paren)):
        inner = inner.this
    return isinstance(inner, exp.Null)


LAKE_COLUMNS = {
    "_batch_id": "varchar",
    "_source_file": "varchar",
    "_source_row": "bigint",
    "_sender": "varchar",
    "_delivered_at": "timestamp",
    "_loaded_at": "timestamp",
    "is_deleted": "boolean",
}
"""Columns that every raw table has besides those its contract declares."""


def _version(node: Mapping[str, Any]) -> str:
    return f"{_FORMAT} {node['checksum']['checksum']}"


def _relation(resource: Mapping[str, Any]) -> tuple[str, str, str]:
    return (resource["database"], resource["schema"], _table(resource))


def _table(resource: Mapping[str, Any]) -> str:
    return resource.get("alias") or resource.get("identifier") or resource["name"]
