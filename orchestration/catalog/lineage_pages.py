"""Where every published column comes from, as pages: `lineage/<table>.html` and `lineage.json`.

What belongs here: gathering and rendering. What does not: the ways themselves (`trace`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape

from orchestration.catalog.graph import ENDS, FEED, PUBLISHED, PYTHON, Column, ColumnGraph, Table
from orchestration.catalog.trace import Step, ends, way
from orchestration.catalog.words import table_words
from orchestration.lineage import ROWS
from orchestration.review.both import text


def write_lineage(pages: Environment, graph: ColumnGraph, folder: Path) -> None:
    """Write a page for each published table, and all columns for machines beside the pages."""
    (folder / "lineage").mkdir()
    template = pages.get_template("lineage.html")
    for table in graph.published:
        page = template.render(
            root="../",
            here="tables",
            table=table,
            described=table_words(table.name, table.description),
            columns=[_shown(graph, table, name) for name in table.columns],
        )
        (folder / "lineage" / f"{table.name}.html").write_text(page, encoding="utf-8")
    everything = json.dumps(lineage_document(graph), separators=(",", ":"))
    (folder / "lineage.json").write_text(everything, encoding="utf-8")


def lineage_document(graph: ColumnGraph) -> dict[str, Any]:
    """Every column on the way to a published one: `columns` maps `<table>.<column>` to its type,
    description and `parents` or, where the way ends, `end`; `<table>.*` are the rows of a table."""
    published = [Column(t.name, name) for t in graph.published for name in t.columns]
    seen = set(published)
    for column in published:
        seen.update(graph.upstream(column))
    return {
        "published": [table.name for table in graph.published],
        "columns": {str(column): _entry(graph, column) for column in sorted(seen)},
    }


def _entry(graph: ColumnGraph, column: Column) -> dict[str, Any]:
    parents = graph.parents(column)
    table = graph.tables.get(column.table)
    data_type = table.columns.get(column.name, ("",))[0] if table else ""
    entry: dict[str, Any] = {"description": graph.description(column)}
    if data_type:
        entry["type"] = data_type
    return entry | (
        {"parents": [str(p) for p in parents]} if parents else {"end": graph.end(column)}
    )


def _shown(graph: ColumnGraph, table: Table, name: str) -> dict[str, Any]:
    step = way(graph, Column(table.name, name))
    return {
        "name": name,
        "type": table.columns[name][0],
        "description": step.description,
        "ends": _grouped(graph, ends(step)),
        "count": sum(1 for _ in _all(step)) - 1,
        "way": Markup("<ul>{}</ul>").format(Markup().join(_item(graph, p) for p in step.parents)),
    }


def _all(step: Step) -> Iterator[Step]:
    yield step
    for parent in step.parents:
        yield from _all(parent)


def _grouped(graph: ColumnGraph, columns: list[Column]) -> list[dict[str, Any]]:
    """Ends by table, feeds first."""
    tables: dict[str, list[str]] = {}
    for column in columns:
        tables.setdefault(column.table, []).append(column.name)
    found = []
    for table, names in tables.items():
        kind = graph.end(Column(table, "")) or ""
        shown = [n for n in names if n and n != ROWS]
        found.append(
            {
                "table": table if table in graph.tables else "",
                "kind": text(f"lineage_{kind}"),
                "is_feed": kind == FEED,
                "columns": shown,
                "counts_rows": ROWS in names,
                "order": (ENDS.index(kind), table),
            }
        )
    return sorted(found, key=lambda end: end["order"])


_KIND = {
    end: Markup(' <i class="end">{}</i>').format(escape(text(f"lineage_{end}"))) for end in ENDS
}
_PYTHON = Markup(' <i class="end">{}</i>').format(escape(text("lineage_python")))
_ABOVE = Markup(" <i>{}</i>").format(escape(text("lineage_above")))
_ROWS = Markup(" <i>{}</i>").format(escape(text("lineage_rows")))


def _item(graph: ColumnGraph, step: Step) -> Markup:
    """A step and below it what it is made from, as list items."""
    table, name = step.column
    kind = graph.tables[table].kind if table in graph.tables else ""
    if not name:
        return Markup("<li>{}</li>").format(_KIND[table])
    shown = Markup("{}.<b>{}</b>").format(table, name) if name != ROWS else escape(table)
    if kind == PUBLISHED:
        anchor = "" if name == ROWS else f"#{name}"
        shown = Markup('<a href="{}.html{}">{}</a>').format(table, anchor, shown)
    elif kind == FEED:
        shown = Markup('<a href="../feeds.html#{}">{}</a>').format(table, shown)
    mark = _ROWS if name == ROWS else Markup()
    if step.is_repeated:
        return Markup("<li><code>{}</code>{}{}</li>").format(shown, mark, _ABOVE)
    mark += _KIND[step.end] if step.end else _PYTHON if kind == PYTHON else Markup()
    line = Markup("<code>{}</code>{} {}").format(shown, mark, step.description)
    below = Markup().join(_item(graph, parent) for parent in step.parents)
    return Markup("<li>{}{}</li>").format(
        line, Markup("<ul>{}</ul>").format(below) if below else ""
    )
