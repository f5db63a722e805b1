"""What is published, what it means and who uses it: `index.html`.

What belongs here: gathering and words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape

from orchestration.catalog.graph import ColumnGraph, Table
from orchestration.catalog.words import table_words
from orchestration.review.both import Both, each, text

_LAYERS = ("mart_", "fct_", "dim_")


def render_index(
    pages: Environment,
    graph: ColumnGraph,
    publication: Mapping[str, Any],
    delivered: Mapping[str, Mapping[str, int]],
    feed_count: int,
    results: Mapping[str, list[Mapping[str, Any]]],
) -> str:
    """The page as HTML. `publication` is what was published last, `delivered` feed -> its files,
    `results` table -> how its rules stood (of feeds, too)."""
    rows = publication.get("marts", {})
    exposures = exposure_entries(graph.manifest)
    tables = [
        {
            "name": table.name,
            "description": table_words(table.name, table.description),
            "grain": table.grain or "row",
            "owner": table.owner or "nobody",
            "columns": [
                {"name": name, "type": data_type, "description": described}
                for name, (data_type, described) in table.columns.items()
            ],
            "count": text("catalog_column_count", count=len(table.columns)),
            "rows": _rows(rows.get(table.name)),
            "verdict": verdict(results.get(table.name, [])),
            "is_checked": table.name in results,
            "used_by": [e for e in exposures if table.name in e["tables"]],
        }
        for table in sorted(graph.published, key=_order)
    ]
    return pages.get_template("index.html").render(
        root="",
        here="tables",
        tiles=_tiles(publication, len(tables), delivered, feed_count, results),
        tables=tables,
        exposures=exposures,
        has_lineage=graph.sql_lineage() is not None,
    )


def exposure_entries(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Dashboards and tools as dbt's exposures have them, with the tables that they read."""
    found = []
    for exposure in sorted(manifest["exposures"].values(), key=lambda e: e["label"] or e["name"]):
        meta = exposure["config"].get("meta") or {}
        label = exposure["label"] or exposure["name"]
        owner = exposure["owner"]
        found.append(
            {
                "name": exposure["name"],
                "label": Both((meta.get("label_de") or label, label)),
                "type": exposure["type"],
                "description": Both(
                    (meta.get("description_de") or exposure["description"], exposure["description"])
                ),
                "owner": owner.get("email") or owner.get("name"),
                "url": exposure.get("url"),
                "tables": sorted(
                    manifest["nodes"][parent]["name"]
                    for parent in exposure["depends_on"]["nodes"]
                    if parent in manifest["nodes"]
                ),
            }
        )
    return found


def verdict(rules: Iterable[Mapping[str, Any]]) -> Markup:
    """How the rules of a table stand, as a mark."""
    rules = list(rules)
    count = len(rules)
    failed = [rule for rule in rules if not rule["success"]]
    critical = sum(rule["severity"] == "critical" for rule in failed)
    if not rules:
        mark, sign, said = "none", "", text("catalog_no_rules")
    elif critical:
        mark, sign, said = "bad", "✗ ", text("catalog_critical", failed=critical, count=count)
    elif failed:
        mark, sign, said = "warn", "! ", text("catalog_warning", failed=len(failed), count=count)
    elif not any(rule["checked_rows"] for rule in rules):
        mark, sign, said = "none", "", text("catalog_unchecked", count=count)
    elif count == 1:
        mark, sign, said = "good", "✓ ", text("catalog_one_holds")
    else:
        mark, sign, said = "good", "✓ ", text("catalog_holds", count=count)
    return Markup('<span class="mark {}">{}{}</span>').format(mark, sign, escape(said))


def _tiles(
    publication: Mapping[str, Any],
    table_count: int,
    delivered: Mapping[str, Mapping[str, int]],
    feed_count: int,
    results: Mapping[str, list[Mapping[str, Any]]],
) -> list[tuple[Both, Both]]:
    published_at = publication.get("published_at")
    rows = sum(publication.get("marts", {}).values())
    rules = [rule for of_table in results.values() for rule in of_table]
    failed = [rule for rule in rules if not rule["success"]]
    critical = sum(rule["severity"] == "critical" for rule in failed)
    files = sum(of_feed["files"] for of_feed in delivered.values())
    return [
        (
            each(lambda say: say.instant(datetime.fromisoformat(published_at)))
            if published_at
            else text("catalog_never"),
            text("catalog_published"),
        ),
        (
            each(lambda say: say.number(table_count)),
            each(lambda say: say("catalog_rows_in_all", rows=say.number(rows)))
            if rows
            else text("catalog_published_tables"),
        ),
        (
            each(lambda say: say.number(files)),
            text("catalog_files", delivered=len(delivered), feeds=feed_count),
        ),
        (
            each(lambda say: say.number(len(rules))),
            text("catalog_rule_results", critical=critical, warnings=len(failed) - critical),
        ),
    ]


def _rows(rows: int | None) -> Both | None:
    if rows is None:
        return None
    return each(lambda say: say("catalog_rows", rows=say.number(rows)))


def _order(table: Table) -> tuple[int, str]:
    return next(n for n, prefix in enumerate(_LAYERS) if table.name.startswith(prefix)), table.name
