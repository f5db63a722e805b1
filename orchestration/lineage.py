"""Which column comes from which: read from the compiled SQL of the dbt models.

What belongs here: the parse of compiled SQL, and its cache (a model is parsed once per version of
its code). What does not: Dagster's types, running dbt.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Lineage = dict[str, list[tuple[str, str]]]
"""Output column -> [(dbt unique_id of the parent, its column)]."""


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
        """Lineage of a model's columns; empty for a resource that is no SQL model."""
        node = self._nodes[unique_id]
        if node["resource_type"] != "model":
            return {}
        cached = self._cache.get(unique_id)
        if cached is None or cached["checksum"] != node["checksum"]["checksum"]:
            compiled = self._target_path / "compiled" / node["package_name"]
            sql = (compiled / node["original_file_path"]).read_text(encoding="utf-8")
            cached = {
                "checksum": node["checksum"]["checksum"],
                "columns": self._parse(node, sql),
            }
            self._cache[unique_id] = cached
        return {c: [(p[0], p[1]) for p in parents] for c, parents in cached["columns"].items()}

    def save(self) -> None:
        """Keep what was parsed for the next run."""
        temporary = self._cache_file.with_suffix(".tmp")
        temporary.write_text(json.dumps(self._cache), encoding="utf-8")
        temporary.replace(self._cache_file)

    def _parse(self, node: Mapping[str, Any], sql: str) -> dict[str, list[list[str]]]:
        from sqlglot import exp
        from sqlglot.lineage import lineage

        schema: dict[str, Any] = {}
        for parent in node["depends_on"]["nodes"]:
            resource = self._resources[parent]
            database, name, table = _relation(resource)
            columns = {c: v.get("data_type") or "varchar" for c, v in resource["columns"].items()}
            columns |= {c: t for c, t in _LAKE_COLUMNS.items() if c not in columns}
            schema.setdefault(database, {}).setdefault(name, {})[table] = columns
        found: dict[str, list[list[str]]] = {}
        for column, root in lineage(
            None, sql, schema, dialect="duckdb", trim_selects=False, copy=False
        ).items():
            parents = []
            for leaf in root.walk():
                if not isinstance(leaf.expression, exp.Table):
                    continue
                table = leaf.expression
                parent = self._by_relation.get((table.catalog, table.db, table.name))
                if parent and (pair := [parent, leaf.name.split(".")[-1]]) not in parents:
                    parents.append(pair)
            if parents:
                found[column] = sorted(parents)
        return found


_LAKE_COLUMNS = {
    "_batch_id": "varchar",
    "_source_file": "varchar",
    "_source_row": "bigint",
    "_sender": "varchar",
    "_delivered_at": "timestamp",
    "_loaded_at": "timestamp",
    "is_deleted": "boolean",
}
"""Columns that every raw table has besides those its contract declares."""


def _relation(resource: Mapping[str, Any]) -> tuple[str, str, str]:
    table = resource.get("alias") or resource.get("identifier") or resource["name"]
    return (resource["database"], resource["schema"], table)
