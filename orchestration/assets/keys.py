"""Asset keys, groups and catalog entries: how the names of the data appear in Dagster."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import dagster as dg

from orchestration.catalog.freshness import DEADLINE, DEADLINE_AFTER
from orchestration.lineage import CLOCK, CONSTANT, ROWS, Lineage
from orchestration.settings import NETWORK_ZONE

RAW = "raw"
LAKE = "lake"
LEDGER = "ledger"
COMPUTED = "computed"
SERVING = dg.AssetKey(["serving", "partner_marts"])
POSTGRES = dg.AssetKey(["serving", "postgres"])
SHARES = dg.AssetKey(["serving", "dealer_shares"])
REVIEWS = dg.AssetKey(["serving", "weekly_reviews"])


def raw_key(feed: str) -> dg.AssetKey:
    """Key of a feed's rows in the lake."""
    return dg.AssetKey([RAW, feed])


def lake_key(table: str) -> dg.AssetKey:
    """Key of one of the lake's own books: deliveries, quarantine, rejected."""
    return dg.AssetKey([LAKE, table])


def money_key(schema: str, table: str) -> dg.AssetKey:
    """Key of a table that Python writes for dbt: of source `ledger` or `computed`."""
    return dg.AssetKey([schema, table])


def model_key(name: str) -> dg.AssetKey:
    """Key of a dbt model, seed or snapshot: its name."""
    return dg.AssetKey(name)


def resource_key(resource: Mapping[str, Any]) -> dg.AssetKey:
    """Key of a resource of dbt's manifest."""
    if resource["resource_type"] != "source":
        return model_key(resource["name"])
    schema = resource["schema"]
    if schema == LAKE:
        return lake_key(resource["name"])
    if schema in (LEDGER, COMPUTED):
        return money_key(schema, resource["identifier"])
    return raw_key(resource["identifier"])


@cache
def made_every_morning() -> dg.FreshnessPolicy:
    """Published data is made anew by every morning's run (`schedules`). One object for all assets:
    Dagster looks at a thousand mornings to make it."""
    return dg.FreshnessPolicy.cron(
        deadline_cron=DEADLINE, lower_bound_delta=DEADLINE_AFTER, timezone=NETWORK_ZONE
    )


def table_keys(manifest: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """unique_id -> the columns that name a row: as a contract says, or a key test; else the
    first."""
    found = {
        unique_id: tuple(resource["columns"])[:1]
        for unique_id, resource in {**manifest["sources"], **manifest["nodes"]}.items()
        if resource.get("columns")
    }
    for unique_id, source in manifest["sources"].items():
        columns = source["columns"].items()
        if key := tuple(n for n, c in columns if c["config"].get("meta", {}).get("key")):
            found[unique_id] = key
    for node in manifest["nodes"].values():
        test = node.get("test_metadata") or {}
        if test.get("name") == "unique_combination":
            found[node["attached_node"]] = tuple(test["kwargs"]["columns"])
    return found


def column_lineage(
    lineage: Lineage,
    keys: Mapping[str, dg.AssetKey],
    named_by: Mapping[str, tuple[str, ...]],
) -> dg.TableColumnLineage:
    """Lineage in Dagster's form. What counts rows of a table is shown as made from what names them
    (`named_by`); constants and the clock are no columns."""
    found: dict[str, list[dg.TableColumnDep]] = {}
    for column, parents in lineage.items():
        deps = {
            (parent, name)
            for parent, given in parents
            if parent not in (CONSTANT, CLOCK)
            for name in (named_by.get(parent, ()) if given == ROWS else (given,))
        }
        if deps and column != ROWS:
            found[column] = [dg.TableColumnDep(keys[parent], name) for parent, name in sorted(deps)]
    return dg.TableColumnLineage(deps_by_column=found)


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
