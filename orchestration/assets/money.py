"""How a table that Python writes for dbt appears in the catalog: as its dbt source says."""

from collections.abc import Iterable, Mapping
from typing import Any

import dagster as dg

from orchestration.assets.keys import column_schema, money_key


def money_spec(
    manifest: Mapping[str, Any], schema: str, table: str, deps: Iterable[dg.AssetKey]
) -> dg.AssetSpec:
    """Spec of a table of source `ledger` or `computed`, with its description, owner and columns."""
    source = next(
        s
        for s in manifest["sources"].values()
        if s["schema"] == schema and s["identifier"] == table
    )
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
            )
        },
    )
