"""The feed contracts for those who deliver and those who ask: `feeds.html`.

What belongs here: gathering and words. What does not: the contracts (dbt's source YAML).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment

from expectations.registry import feed_rules
from orchestration.catalog.freshness import MAX_AGE
from orchestration.catalog.graph import FEED, Column, ColumnGraph
from orchestration.catalog.tables import verdict
from orchestration.catalog.words import feed_words
from orchestration.ingestion.contract import Column as Declared
from orchestration.ingestion.contract import Feed, load_contracts
from orchestration.review.both import Both, each, text

_EXAMPLES = {
    "oem": "oem_20250103.csv",
    "market": "market_20250205.csv",
    "kba": "fz10_2025_12.xlsx",
    "dealer": "D0042_20250203T0615.csv.gz",
}


def render_feeds(
    pages: Environment,
    graph: ColumnGraph,
    delivered: Mapping[str, Mapping[str, int]],
    results: Mapping[str, list[Mapping[str, Any]]],
) -> str:
    """The page as HTML. `delivered` is feed -> files, accepted, quarantined; `results` feed -> how
    its rules stood. Which published tables a feed goes into is known only where dbt has
    compiled."""
    rules: dict[str, list[str]] = {}
    for rule in feed_rules():
        rules.setdefault(rule.table, []).append(rule.code)
    readers = _readers(graph)
    children = graph.children()
    groups: dict[str, list[dict[str, Any]]] = {}
    for feed in load_contracts().values():
        groups.setdefault(feed.system, []).append(
            {
                "name": feed.name,
                "description": feed_words(graph.tables[feed.name].description),
                "owner": feed.owner,
                "facts": _facts(feed, delivered.get(feed.name)),
                "columns": [_column(graph, feed, column) for column in feed.columns],
                "count": text("catalog_column_count", count=len(feed.columns)),
                "rules": rules.get(feed.name, []),
                "verdict": verdict(results.get(feed.name, [])),
                "is_checked": feed.name in results,
                "staging": sorted(children[feed.name]),
                "tables": readers.get(feed.name, []),
                "ends_in": text("feeds_ends_in", count=len(readers.get(feed.name, []))),
            }
        )
    shown = [
        {"anchor": system, "title": text(f"feeds_of_{system}"), "feeds": feeds}
        for system, feeds in groups.items()
    ]
    return pages.get_template("feeds.html").render(root="", here="feeds", groups=shown)


def _readers(graph: ColumnGraph) -> dict[str, list[str]]:
    """Feed -> the published tables with a column that ends in it."""
    found: dict[str, set[str]] = {}
    for table in graph.published:
        for name in table.columns:
            for end in graph.ends(Column(table.name, name)):
                if graph.end(end) == FEED:
                    found.setdefault(end.table, set()).add(table.name)
    return {feed: sorted(tables) for feed, tables in found.items()}


def _facts(feed: Feed, delivered: Mapping[str, int] | None) -> list[tuple[Both, Both | str]]:
    max_age = MAX_AGE.get(feed.system)
    if delivered is None:
        counts = text("feeds_delivered_none")
    else:
        counts = each(
            lambda say: say(
                "feeds_delivered_counts", **{n: say.number(v) for n, v in delivered.items()}
            )
        )
    return [
        (text("feeds_mode"), text(f"feeds_mode_{feed.mode}")),
        (text("feeds_key"), ", ".join(feed.key)),
        (text("feeds_file"), f"{feed.name}/{_EXAMPLES[feed.system]}"),
        (
            text("feeds_fresh"),
            text("feeds_fresh_days", days=max_age.days) if max_age else text("feeds_fresh_none"),
        ),
        (text("feeds_delivered"), counts),
    ]


def _column(graph: ColumnGraph, feed: Feed, column: Declared) -> dict[str, Any]:
    described = graph.tables[feed.name].columns.get(column.name)
    return {
        "name": column.name,
        "type": column.data_type,
        "must": list(_musts(column)),
        "is_personal": column.pii,
        "description": feed_words(described[1] if described else column.description),
    }


def _musts(column: Declared) -> list[Both]:
    found = []
    if column.key:
        found.append(text("feeds_must_key"))
    elif column.required:
        found.append(text("feeds_must_required"))
    if column.values:
        found.append(text("feeds_must_values", values=", ".join(column.values)))
    if column.min is not None and column.max is not None:
        found.append(text("feeds_must_range", least=column.min, most=column.max))
    elif column.min is not None:
        found.append(text("feeds_must_least", least=column.min))
    elif column.max is not None:
        found.append(text("feeds_must_most", most=column.max))
    if column.format:
        found.append(text(f"feeds_must_{column.format}"))
    if column.event_date:
        found.append(text("feeds_must_event_date"))
    return found
