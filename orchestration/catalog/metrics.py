"""The metrics of the semantic layer in words, as dbt's manifest has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from orchestration.language.texts import TEXTS
from orchestration.review.both import Both, text


def metric_entries(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every metric by name: what it is called, means, is reckoned from, and whose it is."""
    measures = {
        measure["name"]: (measure, model["node_relation"]["alias"])
        for model in manifest["semantic_models"].values()
        for measure in model["measures"]
    }
    found = []
    for metric in sorted(manifest["metrics"].values(), key=lambda m: m["name"]):
        meta = metric["config"].get("meta") or {}
        unit = meta.get("unit")
        found.append(
            {
                "name": metric["name"],
                "label": Both((meta.get("label_de") or metric["label"], metric["label"])),
                "description": metric["description"],
                "definition": _definition(metric, measures),
                "filters": _filters(metric),
                "tables": sorted(_tables(metric, measures)),
                "unit": None if unit is None else _unit(unit),
                "owner": meta.get("owner"),
            }
        )
    return found


def _unit(unit: str) -> Both:
    key = f"kpis_unit_{unit}"
    return text(key) if key in TEXTS else Both((unit, unit))


def _definition(metric: Mapping[str, Any], measures: Mapping[str, Any]) -> Both:
    """How a metric is reckoned; of other metrics by their names."""
    terms = metric["type_params"]
    if metric["type"] == "ratio":
        shown = f"{terms['numerator']['name']} / {terms['denominator']['name']}"
        return Both((shown, shown))
    if metric["type"] == "derived":
        return Both((terms["expr"], terms["expr"]))
    if metric["type"] == "cumulative":
        return _cumulative(terms, measures)
    return _measure(terms, measures)


def _cumulative(terms: Mapping[str, Any], measures: Mapping[str, Any]) -> Both:
    cumulative = terms.get("cumulative_type_params") or {}
    inner = _measure(terms, measures)
    if grain := cumulative.get("grain_to_date"):
        return text("kpis_cumulative_grain", grain=grain, inner=inner)
    if window := cumulative.get("window"):
        shown = f"{window['count']} {window['granularity']}"
        return text("kpis_cumulative_window", window=shown, inner=inner)
    return text("kpis_cumulative", inner=inner)


def _measure(terms: Mapping[str, Any], measures: Mapping[str, Any]) -> Both:
    given = terms.get("measure") or (terms.get("cumulative_type_params") or {}).get("metric")
    if given is None:
        return Both(("–", "–"))
    if given["name"] not in measures:
        return Both((given["name"], given["name"]))
    measure, _ = measures[given["name"]]
    expression = measure["expr"] or measure["name"]
    said = text(f"kpis_agg_{measure['agg']}", expr=" ".join(expression.split()))
    held = measure.get("non_additive_dimension")
    # a state is not summed over time
    return text(f"kpis_held_{held['window_choice']}", inner=said) if held else said


def _tables(metric: Mapping[str, Any], measures: Mapping[str, Any]) -> set[str]:
    inputs = metric["type_params"].get("input_measures") or ()
    return {measures[given["name"]][1] for given in inputs if given["name"] in measures}


def _filters(metric: Mapping[str, Any]) -> list[str]:
    given = (metric.get("filter") or {}).get("where_filters") or ()
    terms = metric["type_params"]
    for part in ("measure", "numerator", "denominator"):
        given = [
            *given,
            *(((terms.get(part) or {}).get("filter") or {}).get("where_filters") or ()),
        ]
    return [_plain(one["where_sql_template"]) for one in given]


def _plain(condition: str) -> str:
    """A filter with the columns that it asks, without MetricFlow's brackets around them."""
    return " ".join(re.sub(r"\{\{ *\w+\('(?:\w+?__)?(\w+)'[^}]*\}\}", r"\1", condition).split())
