"""Asset keys, groups and catalog entries: how the names of the data appear in Dagster."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import dagster as dg

RAW = "raw"
LAKE = "lake"
SERVING = dg.AssetKey(["serving", "partner_marts"])
MART_LAYER = "marts"


def raw_key(feed: str) -> dg.AssetKey:
    """Key of a feed's rows in the lake."""
    return dg.AssetKey([RAW, feed])


def lake_key(table: str) -> dg.AssetKey:
    """Key of one of the lake's own books: deliveries, quarantine, rejected."""
    return dg.AssetKey([LAKE, table])


def model_key(name: str) -> dg.AssetKey:
    """Key of a dbt model, seed or snapshot: its name."""
    return dg.AssetKey(name)


def column_schema(columns: Iterable[tuple[str, str, str, bool]]) -> dg.TableSchema:
    """Catalog columns from (name, type, description, nullable)."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name, type, description, constraints=dg.TableColumnConstraints(nullable=nullable)
            )
            for name, type, description, nullable in columns
        ]
    )


def public_models(manifest: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The models of the marts layer (facts, dimensions, marts) by name, from a dbt manifest."""
    return {
        node["name"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["fqn"][1] == MART_LAYER
    }
