"""The way of a column down to what was delivered, as a tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from orchestration.catalog.graph import Column, ColumnGraph
from orchestration.settings import UsageError


@dataclass(frozen=True)
class Step:
    """A column on the way. What it is made from is shown where it comes up first
    (`is_repeated` elsewhere); `end` says of the last step what it is (see `graph.ENDS`)."""

    column: Column
    description: str
    end: str | None
    parents: tuple[Step, ...]
    is_repeated: bool


def trace(graph: ColumnGraph, column: str) -> Step:
    """The way of `<table>.<column>`.

    Raises:
        UsageError: there is no such table or column.
    """
    table, _, name = column.partition(".")
    if table not in graph.tables:
        raise UsageError(f"no table {table!r}: give <table>.<column>, as a published table has it")
    known = graph.tables[table].columns
    if name not in known:
        raise UsageError(f"{table} has no column {name!r}, it has {', '.join(known)}")
    return way(graph, Column(table, name))


def way(graph: ColumnGraph, column: Column) -> Step:
    """The way of a column that is known to be there."""
    return _step(graph, column, set())


def _step(graph: ColumnGraph, column: Column, shown: set[Column]) -> Step:
    parents = graph.parents(column)
    is_repeated = column in shown and bool(parents)
    shown.add(column)
    return Step(
        column=column,
        description=graph.description(column),
        end=None if parents else graph.end(column),
        parents=() if is_repeated else tuple(_step(graph, p, shown) for p in parents),
        is_repeated=is_repeated,
    )


def ends(step: Step) -> list[Column]:
    """Where the ways end, sorted."""
    if not step.parents:
        return [] if step.is_repeated else [step.column]
    return sorted({column for parent in step.parents for column in ends(parent)})


def as_dict(step: Step) -> dict[str, Any]:
    """As JSON takes it."""
    return {
        "table": step.column.table,
        "column": step.column.name,
        "description": step.description,
        "end": step.end,
        "shown_above": step.is_repeated,
        "parents": [as_dict(parent) for parent in step.parents],
    }


def as_text(step: Step) -> str:
    """As indented lines, and below them where the ways end."""
    lines = list(_lines(step, 0))
    lines += ["", "comes from:", *(f"  {column}" for column in ends(step))]
    return "\n".join(lines)


def _lines(step: Step, depth: int) -> list[str]:
    mark = " (as above)" if step.is_repeated else f" [{step.end}]" if step.end else ""
    found = [f"{'  ' * depth}{step.column}{mark}  {step.description}"]
    for parent in step.parents:
        found += _lines(parent, depth + 1)
    return found
