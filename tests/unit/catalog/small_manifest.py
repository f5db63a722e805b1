"""A small dbt manifest with compiled SQL beside it, for the lineage."""

from __future__ import annotations

from pathlib import Path
from typing import Any

PROJECT = "small"


def source(
    system: str, name: str, columns: dict[str, str], schema: str = "raw", **meta: Any
) -> dict[str, Any]:
    return {
        "unique_id": f"source.{PROJECT}.{system}.{name}",
        "resource_type": "source",
        "source_name": system,
        "name": name,
        "identifier": f"{system}__{name}" if schema == "raw" else name,
        "schema": schema,
        "database": "warehouse",
        "description": f"What {system} says of {name}.",
        "config": {"meta": meta},
        "columns": {
            column: {
                "name": column,
                "data_type": "varchar",
                "description": text,
                "config": {"meta": {}},
            }
            for column, text in columns.items()
        },
    }


def model(
    name: str, columns: list[str], reads: list[dict[str, Any]], checksum: str = "1"
) -> dict[str, Any]:
    return {
        "unique_id": f"model.{PROJECT}.{name}",
        "resource_type": "model",
        "name": name,
        "alias": name,
        "schema": "staging",
        "database": "warehouse",
        "relation_name": f'"warehouse"."staging"."{name}"',
        "package_name": PROJECT,
        "original_file_path": f"models/{name}.sql",
        "description": f"What {name} is.",
        "fqn": [PROJECT, "staging", name],
        "checksum": {"checksum": checksum},
        "config": {"materialized": "table", "meta": {"grain": "thing"}},
        "depends_on": {"nodes": [read["unique_id"] for read in reads]},
        "columns": {
            column: {"name": column, "data_type": "varchar", "description": f"{column} of {name}."}
            for column in columns
        },
    }


def manifest_of(*resources: dict[str, Any]) -> dict[str, Any]:
    return {
        "sources": {r["unique_id"]: r for r in resources if r["resource_type"] == "source"},
        "nodes": {r["unique_id"]: r for r in resources if r["resource_type"] != "source"},
        "docs": {},
        "exposures": {},
        "metrics": {},
        "semantic_models": {},
    }


def compiled(folder: Path, name: str, sql: str) -> None:
    """Put the SQL of a model where dbt compiles it to."""
    path = folder / "compiled" / PROJECT / "models" / f"{name}.sql"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(sql, encoding="utf-8")
