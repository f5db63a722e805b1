"""Asset keys, groups and catalog entries: how the names of the data appear in Dagster."""

from __future__ import annotations

from collections.abc import Iterable

import dagster as dg

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
