"""How a table that Python writes for dbt appears in the catalog: as its dbt source says."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import pyarrow.parquet as pq

from orchestration.assets.keys import (
    column_lineage,
    column_schema,
    money_key,
    resource_key,
    table_keys,
)
from orchestration.catalog.made_from import made_from_of

_LINEAGE = "dagster/column_lineage"


def money_spec(
    manifest: Mapping[str, Any], schema: str, table: str, deps: Iterable[dg.AssetKey]
) -> dg.AssetSpec:
    """Spec of a table of source `ledger` or `computed`, with its description, owner, columns, and
    what they are made from."""
    unique_id, source = next(
        (unique_id, s)
        for unique_id, s in manifest["sources"].items()
        if s["schema"] == schema and s["identifier"] == table
    )
    lineage = made_from_of(manifest, unique_id)
    resources = {**manifest["sources"], **manifest["nodes"]}
    parents = {parent for pairs in lineage.values() for parent, column in pairs if column}
    keys = {parent: resource_key(resources[parent]) for parent in parents}
    return dg.AssetSpec(
        money_key(schema, table),
        deps=list(deps),
        group_name=schema,
        description=source["description"],
        owners=[source["config"]["meta"]["owner"]],
        kinds={"python", "parquet"},
        metadata={
            "dagster/column_schema": column_schema(
                (c["name"], c["data_type"], c["description"], True)
                for c in source["columns"].values()
            ),
            _LINEAGE: column_lineage(lineage, keys, table_keys(manifest)),
        },
    )


def made(
    spec: dg.AssetSpec, rows: int, metadata: Mapping[str, Any] | None = None
) -> dg.MaterializeResult:
    """What a run says of a table that it has written anew: its rows, its lineage, and more."""
    return dg.MaterializeResult(
        spec.key,
        metadata={
            "dagster/row_count": rows,
            _LINEAGE: spec.metadata[_LINEAGE],
            **(metadata or {}),
        },
    )


def rows_of(folder: Path) -> int:
    """Rows of a table that is a folder of Parquet files; 0 where none was written yet."""
    return sum(pq.read_metadata(path).num_rows for path in folder.glob("*.parquet"))
