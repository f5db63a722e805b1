"""Metrics in words."""

from __future__ import annotations

from typing import Any

from orchestration.catalog.metrics import metric_entries


def manifest(*metrics: dict[str, Any]) -> dict[str, Any]:
    def measure(name: str, agg: str, expr: str | None, held: str | None = None) -> dict[str, Any]:
        dimension = {"name": "month", "window_choice": held} if held else None
        return {"name": name, "agg": agg, "expr": expr, "non_additive_dimension": dimension}

    measures = [
        measure("sold", "sum_boolean", "is_sold"),
        measure("owed", "sum", "closing_eur", "max"),
        measure("units", "sum", None),
    ]
    return {
        "semantic_models": {"m": {"node_relation": {"alias": "mart_sales"}, "measures": measures}},
        "metrics": {metric["name"]: metric for metric in metrics},
    }


def metric(name: str, kind: str, terms: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "label": name.title(),
        "description": "What it is.",
        "type": kind,
        "type_params": terms,
        "config": {"meta": {"unit": "UNITS", "owner": "sales", "label_de": "Verkauft"}},
        **more,
    }


def simple(measure: str) -> dict[str, Any]:
    return {"measure": {"name": measure, "filter": None}, "input_measures": [{"name": measure}]}


def definition(*metrics: dict[str, Any]) -> str:
    return metric_entries(manifest(*metrics))[0]["definition"].texts[1]


def test_a_metric_says_what_it_adds_up_and_of_which_table() -> None:
    (entry,) = metric_entries(manifest(metric("sold", "simple", simple("sold"))))
    assert entry["definition"].texts == ("Anzahl mit is_sold", "count where is_sold")
    assert entry["label"].texts == ("Verkauft", "Sold")
    assert entry["tables"] == ["mart_sales"]
    assert entry["unit"].texts == ("Stück", "units")


def test_a_state_is_that_at_the_end_of_the_period() -> None:
    said = definition(metric("owed", "simple", simple("owed")))
    assert said == "sum of closing_eur, at the end of the period"


def test_a_metric_of_others_names_them() -> None:
    terms = {"numerator": {"name": "sold"}, "denominator": {"name": "leads"}}
    assert definition(metric("rate", "ratio", terms)) == "sold / leads"
    assert definition(metric("free", "derived", {"expr": "1 - rate"})) == "1 - rate"


def test_a_running_metric_says_since_when() -> None:
    terms = simple("units") | {"cumulative_type_params": {"grain_to_date": "year"}}
    said = definition(metric("year", "cumulative", terms))
    assert said == "since the start of the year: sum of units"


def test_a_filter_is_said_without_the_brackets_of_its_language() -> None:
    where = {
        "where_filters": [{"where_sql_template": "{{ Dimension('survey__is_answered') }} = 1"}]
    }
    (entry,) = metric_entries(manifest(metric("sold", "simple", simple("sold"), filter=where)))
    assert entry["filters"] == ["is_answered = 1"]
