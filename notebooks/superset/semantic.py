"""Metrics of the semantic layer (dbt_project/models/semantic) as SQL expressions for a BI tool.

A formula stands once, in the semantic layer; here it is only written out, in SQL that DuckDB and
PostgreSQL both read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_AGGREGATES = {
    "average": "avg({})",
    "count": "count({})",
    "count_distinct": "count(distinct {})",
    "max": "max({})",
    "median": "percentile_cont(0.5) within group (order by {})",
    "min": "min({})",
    "sum": "sum({})",
    "sum_boolean": "sum(case when {} then 1 else 0 end)",
}


class SemanticError(ValueError):
    """A metric that is missing or of a kind that has no plain expression; the message names it."""


@dataclass(frozen=True)
class Metric:
    """`expression` is over the columns of `model`. A balance holds at the end of a month and may
    be summed within one month only."""

    name: str
    model: str
    expression: str
    label: str
    label_de: str | None
    description: str
    is_balance: bool


def metrics(folder: Path) -> dict[str, Metric]:
    """The metrics by name that can be written as one expression over one model; the others
    (cumulative, filtered, over several models) are left out."""
    measures: dict[str, tuple[str, str, bool]] = {}
    stated: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        for model in content.get("semantic_models", []):
            table = re.fullmatch(r"ref\('(\w+)'\)", model["model"])[1]
            for measure in model.get("measures", []):
                measures[measure["name"]] = (
                    table,
                    _aggregate(measure),
                    "non_additive_dimension" in measure,
                )
        stated.update((metric["name"], metric) for metric in content.get("metrics", []))
    found = {name: _metric(name, stated, measures) for name in stated}
    return {name: metric for name, metric in found.items() if metric is not None}


def _aggregate(measure: dict[str, Any]) -> str:
    kind, column = measure["agg"], str(measure.get("expr", measure["name"]))
    if kind == "percentile":
        share = measure["agg_params"]["percentile"]
        return f"percentile_cont({share}) within group (order by {column})"
    if kind not in _AGGREGATES:
        raise SemanticError(f"measure {measure['name']}: no expression for agg {kind}")
    return _AGGREGATES[kind].format(column)


def _metric(
    name: str, stated: dict[str, dict[str, Any]], measures: dict[str, tuple[str, str, bool]]
) -> Metric | None:
    if name not in stated:
        return None
    said = stated[name]
    params = said["type_params"]
    if "filter" in said:
        return None
    if said["type"] == "simple":
        if not isinstance(params["measure"], str) or params["measure"] not in measures:
            return None
        model, expression, is_balance = measures[params["measure"]]
    elif said["type"] in ("ratio", "derived"):
        names = params.get("metrics") or [params["numerator"], params["denominator"]]
        if not all(isinstance(part, str) for part in names):
            return None
        parts = {part: _metric(part, stated, measures) for part in names}
        if None in parts.values() or len({part.model for part in parts.values()}) > 1:
            return None
        model = parts[names[0]].model
        is_balance = any(part.is_balance for part in parts.values())
        # whole numbers are divided as decimals
        formula = params.get("expr", f"1.0 * {names[0]} / nullif({names[-1]}, 0)")
        expression = re.sub(
            rf"\b({'|'.join(map(re.escape, parts))})\b",
            lambda found: parts[found[0]].expression,
            formula,
        )
    else:
        return None
    return Metric(
        name=name,
        model=model,
        expression=expression,
        label=said["label"],
        label_de=said.get("config", {}).get("meta", {}).get("label_de"),
        description=said["description"],
        is_balance=is_balance,
    )
