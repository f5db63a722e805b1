"""The question that a chart asks, from its settings (`params`).

In the browser Superset derives it anew each time; saved with the chart (`query_context`) it lets
the API, alerts and tests ask the same without a browser.
"""

from __future__ import annotations

import json
from typing import Any


def query_context(params: dict[str, Any]) -> dict[str, Any]:
    """A query context for `params` with `viz_type`; Superset fills in the dataset at import.

    Raises:
        ValueError: settings that are not known here.
    """
    columns = _dimensions(params)
    metrics = params.get("metrics") or [params["metric"]] if _is_aggregated(params) else None
    query = {
        "columns": columns,
        "metrics": metrics,
        "filters": [_filter(f) for f in params.get("adhoc_filters", []) if not _is_sql(f)],
        "orderby": _order(params, metrics),
        "row_limit": params.get("row_limit", 10_000),
        "series_limit": 0,
        "time_range": "No filter",
        "extras": {
            "where": _sql(params, "WHERE"),
            "having": _sql(params, "HAVING"),
        },
    }
    return {
        "datasource": {"id": 0, "type": "table"},
        "force": False,
        "queries": [query],
        "form_data": params,
        "result_format": "json",
        "result_type": "full",
    }


def _is_aggregated(params: dict[str, Any]) -> bool:
    return params.get("query_mode") != "raw"


def _dimensions(params: dict[str, Any]) -> list[Any]:
    if not _is_aggregated(params):
        return list(params["all_columns"])
    groups = params.get("groupby") or []
    groups = [groups] if isinstance(groups, str) else list(groups)
    axis = params.get("x_axis")
    if axis is None:
        return groups
    column = {
        "columnType": "BASE_AXIS",
        "expressionType": "SQL",
        "label": axis,
        "sqlExpression": axis,
    }
    if grain := params.get("time_grain_sqla"):
        column["timeGrain"] = grain
    return [column, *groups]


def _order(params: dict[str, Any], metrics: list[Any] | None) -> list[list[Any]]:
    if metrics is None:
        return [json.loads(order) for order in params.get("order_by_cols", [])]
    first = params.get("timeseries_limit_metric") or metrics[0]
    return [[first, not params.get("order_desc", True)]]


def _is_sql(adhoc: dict[str, Any]) -> bool:
    return adhoc["expressionType"] == "SQL"


def _filter(adhoc: dict[str, Any]) -> dict[str, Any]:
    if adhoc["clause"] != "WHERE":
        raise ValueError(f"a simple filter belongs to WHERE: {adhoc}")
    return {"col": adhoc["subject"], "op": adhoc["operator"], "val": adhoc["comparator"]}


def _sql(params: dict[str, Any], clause: str) -> str:
    return " and ".join(
        f"({f['sqlExpression']})"
        for f in params.get("adhoc_filters", [])
        if _is_sql(f) and f["clause"] == clause
    )
