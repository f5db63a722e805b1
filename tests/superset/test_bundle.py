"""The dashboard's files and what is filled into them, without Superset."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml

from notebooks.superset.bundle import SEMANTIC, Source, derived, tables, untranslated
from notebooks.superset.home import Home
from notebooks.superset.install import InstallError, install
from notebooks.superset.queries import query_context
from notebooks.superset.semantic import metrics


@pytest.fixture(scope="module")
def source() -> Source:
    return Source()


def test_every_text_that_people_read_has_a_german(source: Source) -> None:
    assert untranslated(source) == []


def test_every_translation_is_needed(source: Source) -> None:
    files = (path for path in source.folder.rglob("*.yaml") if path.stem != "german")
    words = " ".join(" ".join(path.read_text("utf-8") for path in files).split())
    unused = [t for t in source.german["texts"] if t.replace("'", "''") not in words]
    unused = [text for text in unused if text not in words]
    # names that are made of the columns'
    assert set(unused) <= {"Peer group", "Status", "Case type", "Feed", "Rule", "Severity"}


def test_uuids_are_given_once(source: Source) -> None:
    found = [config["uuid"] for config in source.files.values()]
    assert len(set(found)) == len(found)
    assert all(str(UUID(uuid)) == uuid for uuid in found)


def test_copies_have_uuids_of_their_own_that_stay() -> None:
    uuid = "6f5c8b1e-3f3a-4a51-9d3e-0b8f4f3b2a10"
    copies = [derived(uuid, d, lang) for d in ("serving_file", "postgres") for lang in ("en", "de")]
    assert copies[0] == uuid
    assert len(set(copies)) == 4
    assert copies[1] == "939c52d7-d730-5f79-b1bc-f92685f78add"


def test_charts_name_columns_and_metrics_of_their_dataset(source: Source) -> None:
    datasets = {config["uuid"]: config for config in source.of("datasets").values()}
    for name, chart in source.of("charts").items():
        known = {m["metric_name"] for m in datasets[chart["dataset_uuid"]]["metrics"]}
        params = chart["params"]
        asked = params.get("metrics") or [params.get("metric")]
        assert {m for m in asked if m} <= known, name


def test_every_chart_stands_once_on_the_dashboard(source: Source) -> None:
    (dashboard,) = source.of("dashboards").values()
    nodes = [n for n in dashboard["position"].values() if isinstance(n, dict)]
    shown = [n["meta"]["uuid"] for n in nodes if n["type"] == "CHART"]
    assert sorted(shown) == sorted(config["uuid"] for config in source.of("charts").values())
    numbers = [n["meta"]["chartId"] for n in nodes if n["type"] == "CHART"]
    assert len(set(numbers)) == len(numbers)
    children = [child for n in nodes for child in n.get("children", [])]
    assert len(children) == len(set(children))
    assert set(children) <= set(dashboard["position"])


def test_balances_are_summed_within_a_month_only(source: Source) -> None:
    """What is owed at the end of a month must not be added up over months."""
    datasets = {config["uuid"]: config for config in source.of("datasets").values()}
    balances = {name for name, metric in source.metrics.items() if metric.is_balance}
    assert {"outstanding", "arrears"} <= balances
    for name, chart in source.of("charts").items():
        params = chart["params"]
        asked = set(params.get("metrics") or [params.get("metric")])
        if asked & balances:
            assert params["x_axis"] == datasets[chart["dataset_uuid"]]["main_dttm_col"], name
            assert params["time_grain_sqla"] == "P1M", name


def test_formulas_of_the_semantic_layer_are_not_written_again(source: Source) -> None:
    for name, dataset in source.of("datasets").items():
        read = tables(dataset["sql"])
        for metric in dataset["metrics"]:
            known = source.metrics.get(metric["metric_name"])
            if known is not None and known.model in read:
                assert "expression" not in metric, f"{name}: {metric['metric_name']}"


def _semantic(folder: Path, metric: dict[str, Any], **measures: dict[str, Any]) -> Path:
    listed = [{"name": name, **measure} for name, measure in measures.items()]
    said = {"label": "", "description": ""}
    simple = [
        {"name": name, "type": "simple", "type_params": {"measure": name}, **said}
        for name in measures
    ]
    content = {
        "semantic_models": [{"name": "m", "model": "ref('mart_m')", "measures": listed}],
        "metrics": [*simple, {**said, **metric}],
    }
    (folder / "m.yml").write_text(yaml.safe_dump(content))
    return folder


def test_a_ratio_divides_sums_as_decimals_and_is_null_without_a_base(tmp_path: Path) -> None:
    params = {"numerator": "good", "denominator": "all_rows"}
    folder = _semantic(
        tmp_path,
        {"name": "rate", "type": "ratio", "type_params": params},
        good={"agg": "sum_boolean", "expr": "is_good"},
        all_rows={"agg": "count", "expr": "row_id"},
    )
    assert metrics(folder)["rate"].expression == (
        "1.0 * sum(case when is_good then 1 else 0 end) / nullif(count(row_id), 0)"
    )


def test_what_has_no_plain_formula_is_left_out(tmp_path: Path) -> None:
    folder = _semantic(
        tmp_path,
        {"name": "running", "type": "cumulative", "type_params": {"measure": "units"}},
        units={"agg": "sum"},
    )
    found = metrics(folder)
    assert found["units"].expression == "sum(units)"
    assert "running" not in found


def test_the_semantic_layer_is_read() -> None:
    assert metrics(SEMANTIC)["score"].expression == "avg(score)"


def test_a_question_has_what_the_chart_is_set_to() -> None:
    sql = {"clause": "HAVING", "expressionType": "SQL", "sqlExpression": "count(score) > 0"}
    simple = {
        "clause": "WHERE", "expressionType": "SIMPLE", "subject": "kind", "operator": "==",
        "comparator": "A",
    }  # fmt: skip
    params = {
        "viz_type": "echarts_timeseries_bar", "x_axis": "month", "time_grain_sqla": "P1M",
        "groupby": ["brand_code"], "metrics": ["score"], "adhoc_filters": [sql, simple],
        "row_limit": 5, "order_desc": False,
    }  # fmt: skip
    (query,) = query_context(params)["queries"]
    assert query["columns"][0]["timeGrain"] == "P1M"
    assert query["columns"][1:] == ["brand_code"]
    assert query["filters"] == [{"col": "kind", "op": "==", "val": "A"}]
    assert query["extras"]["having"] == "(count(score) > 0)"
    assert (query["orderby"], query["row_limit"]) == ([["score", True]], 5)


def test_nothing_is_imported_before_something_is_published(tmp_path: Path) -> None:
    with pytest.raises(InstallError, match="nothing is published"):
        install(Home(tmp_path / "superset"), tmp_path / "none.duckdb")
    assert not (tmp_path / "superset").exists()
