"""How what serves the published tables appears in the catalog: with every column of theirs.

What belongs here: entries of assets that hold many tables at once. What does not: the assets.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import dagster as dg

from orchestration.assets.keys import column_schema, made_every_morning, model_key
from orchestration.serving.publish import public_models


def with_columns(
    manifest: Mapping[str, Any], assets: Iterable[dg.AssetsDefinition]
) -> list[dg.AssetsDefinition]:
    """The assets with the columns of all published tables as `<table>.<column>`, each made from the
    column of its table, and the deadline of what is published."""
    models = sorted(public_models(manifest).items())
    columns = [(table, column) for table, model in models for column in model["columns"].values()]
    metadata = {
        "dagster/column_schema": column_schema(
            (f"{table}.{column['name']}", column["data_type"], column["description"], True)
            for table, column in columns
        ),
        "dagster/column_lineage": dg.TableColumnLineage(
            {
                f"{table}.{column['name']}": [dg.TableColumnDep(model_key(table), column["name"])]
                for table, column in columns
            }
        ),
    }

    def entry(spec: dg.AssetSpec) -> dg.AssetSpec:
        return spec.replace_attributes(
            metadata={**spec.metadata, **metadata}, freshness_policy=made_every_morning()
        )

    return [asset.map_asset_specs(entry) for asset in assets]
