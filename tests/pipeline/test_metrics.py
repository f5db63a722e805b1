"""The metrics of the semantic layer give what hand-written SQL gives, on a published warehouse.

All questions go through the engine behind `mf` in one process; what only the command does is asked
of the command. The questions and their SQL stand in metric_questions_*.py.
"""

from __future__ import annotations

import logging
import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from importlib.util import find_spec
from math import isclose
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration import dbt_runner, metrics
from orchestration.settings import PROJECT_ROOT, Settings, UsageError
from tests.pipeline import metric_questions_money, metric_questions_sales
from tests.pipeline.metric_question import Question, asked

QUESTIONS = (*metric_questions_sales.QUESTIONS, *metric_questions_money.QUESTIONS)
_UNITS = {"EUR", "UNITS", "COUNT", "RATE", "POINTS", "HOURS"}

if find_spec("dbt_metricflow") is None:
    if os.environ.get("CI") == "true":
        raise RuntimeError("the extra `semantic` is not installed: its tests would be left out")
    pytest.skip("the extra `semantic` is not installed", allow_module_level=True)


@pytest.fixture(autouse=True, scope="module")
def _leaves_the_process_as_it_was() -> Iterator[None]:
    """`mf` takes over logging and signals, as a command may."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    signals = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for number, handler in signals.items():
        signal.signal(number, handler)


@pytest.fixture(scope="module")
def engine(published: Settings) -> Iterator[Any]:
    with metrics.opened(published) as engine:
        yield engine


@pytest.fixture(scope="module")
def serving(published: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(published.serving_file), read_only=True) as connection:
        yield connection


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_a_question_is_answered_as_by_hand(question: Question, engine, serving) -> None:
    answered = ask(engine, question)
    by_hand = serving.execute(question.sql)
    columns = [column[0] for column in by_hand.description]
    assert sorted(answered.column_names) == sorted(columns)
    order = [answered.column_names.index(column) for column in columns]
    rows = by_hand.fetchall()
    assert rows, "the sample has nothing that this would compare"
    by_hand_rows = _comparable(rows, question)
    answered_rows = _comparable([[row[i] for i in order] for row in answered.rows], question)
    assert [key for key, _ in answered_rows] == [key for key, _ in by_hand_rows]
    for (key, figures), (_, expected) in zip(answered_rows, by_hand_rows, strict=True):
        assert all(map(_is_same, figures, expected)), (key, figures, expected)


def test_every_metric_and_every_saved_query_is_asked_for(engine) -> None:
    saved = {query.name: set(query.query_params.metrics) for query in engine.list_saved_queries()}
    assert {q.saved_query for q in QUESTIONS if q.saved_query} == set(saved)
    metrics_asked = {m for q in QUESTIONS for m in q.metrics or ()} | set().union(*saved.values())
    assert {metric.name for metric in engine.list_metrics()} == metrics_asked


def test_money_comes_to_the_cent(engine, serving) -> None:
    ((paid,),) = ask(engine, asked("", "", "payout")).rows
    exact = serving.execute("select sum(amount_eur) from mart_incentive_ledger").fetchone()[0]
    assert Decimal(str(paid)) == exact


def test_outstanding_is_never_added_over_months(engine, serving) -> None:
    by_month = dict(ask(engine, asked("", "", "outstanding", "metric_time__month")).rows)
    ((in_all,),) = ask(engine, asked("", "", "outstanding")).rows
    assert len(by_month) > 1
    assert in_all == by_month[max(by_month)] < sum(by_month.values())
    last = serving.execute("select max(ledger_month) from mart_refinancing_ledger").fetchone()[0]
    assert _plain(max(by_month)) == last


def test_the_years_units_begin_anew_in_january(engine) -> None:
    question = asked("", "", "units,units_year_to_date", "metric_time__month")
    total, year = 0, None
    for month, units, to_date in sorted(ask(engine, question).rows):
        total = (total if month.year == year else 0) + (units or 0)
        year = month.year
        assert to_date == total, month
    assert year is not None


def test_every_metric_says_what_it_is_and_whose(engine) -> None:
    manifest = engine._semantic_manifest_lookup.semantic_manifest
    lacking = []
    for metric in manifest.metrics:
        meta = metric.config.meta if metric.config else {}
        if not (
            metric.label
            and metric.description
            and metric.description.endswith(".")
            and meta.get("label_de")
            and meta.get("unit") in _UNITS
            and str(meta.get("owner")).endswith("@partner-warehouse.example")
        ):
            lacking.append(metric.name)
    assert len(manifest.metrics) > 50 and lacking == []
    labels = [metric.label for metric in manifest.metrics]
    german = [metric.config.meta["label_de"] for metric in manifest.metrics]
    assert len(set(labels)) == len(labels) and len(set(german)) == len(german)


def test_the_command_validates_lists_and_queries(
    published: Settings, tmp_path: Path, capfd: pytest.CaptureFixture
) -> None:
    assert metrics.run(published, ["validate-configs"]) == 0
    assert metrics.run(published, ["list", "metrics"]) == 0
    table = tmp_path / "scores.csv"
    query = ["query", "--saved-query", "scores_by_month", "--csv", str(table)]
    assert metrics.run(published, query) == 0
    assert table.read_text(encoding="utf-8").startswith(
        "metric_time__month,brand_code,scorecard__peer_group,score,"
    )
    assert metrics.run(published, ["query", "--metrics", "no_such_metric"]) == 1
    assert metrics.run(published, ["query", "--no-such-option"]) == 64
    assert "penetration: " in capfd.readouterr().out


def test_the_command_leaves_the_source_and_the_runs_own_parse_alone(published: Settings) -> None:
    def stamps(*folders: Path) -> dict[Path, int]:
        return {
            path: path.stat().st_mtime_ns
            for folder in folders
            for path in folder.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }

    kept = (PROJECT_ROOT / "dbt_project", published.state / "dbt", published.serving)
    before, environment = stamps(*kept), dict(os.environ)
    (published.state / "metrics" / "project.sha256").unlink(missing_ok=True)
    assert metrics.run(published, ["query", "--metrics", "score", "--quiet"]) == 0
    assert (published.state / "metrics" / "project.sha256").is_file()
    assert stamps(*kept) == before
    assert dict(os.environ) == environment


def test_what_is_published_meanwhile_is_read_next_time(published: Settings, tmp_path: Path) -> None:
    settings = copy_of(published, tmp_path / "warehouse")
    question = asked("", "", "leads")
    with metrics.opened(settings) as engine:
        ((before,),) = ask(engine, question).rows
        draft = settings.serving / "draft"
        shutil.copy(settings.serving_file, draft)
        with duckdb.connect(str(draft)) as connection:
            connection.execute("delete from fct_lead where dealer_id > 'D0003'")
        os.replace(draft, settings.serving_file)
        assert ask(engine, question).rows == ((before,),)
    with metrics.opened(settings) as engine:
        ((after,),) = ask(engine, question).rows
    assert 0 < after < before


def test_the_stock_of_a_dealer_who_is_late_is_that_of_his_last_snapshot(
    published: Settings, tmp_path: Path
) -> None:
    settings = copy_of(published, tmp_path / "warehouse")
    with duckdb.connect(str(settings.serving_file)) as connection:
        connection.execute(
            "delete from fct_stock where dealer_id = 'D0001' "
            "and snapshot_date > (select max(snapshot_date) - interval 70 day from fct_stock)"
        )
        (by_hand,) = connection.execute(
            "select count(*) filter (where stock_status = 'IN_STOCK') from fct_stock "
            "where dealer_id = 'D0001' and snapshot_date "
            "= (select max(snapshot_date) from fct_stock where dealer_id = 'D0001')"
        ).fetchone()
    with metrics.opened(settings) as engine:
        stock = dict(ask(engine, asked("", "", "stock_units", "dealer_id")).rows)
    assert stock["D0001"] == by_hand > 0


def test_a_broken_configuration_does_not_validate(
    published: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture,
) -> None:
    project = tmp_path / "dbt_project"
    shutil.copytree(metrics.DBT_PROJECT_DIR, project)
    monkeypatch.setattr(metrics, "DBT_PROJECT_DIR", project)
    monkeypatch.setattr(dbt_runner, "DBT_PROJECT_DIR", project)
    settings = copy_of(published, tmp_path / "warehouse")
    broken = project / "models" / "semantic" / "market.yml"
    text = broken.read_text(encoding="utf-8")

    broken.write_text(text.replace("expr: brand_units}", "expr: no_such_column}"), "utf-8")
    assert metrics.run(settings, ["validate-configs"]) == 1
    assert "no_such_column" in capfd.readouterr().out

    broken.write_text(text.replace("numerator: brand_units", "numerator: no_such_metric"), "utf-8")
    with pytest.raises(dbt_runner.DbtError, match="parse"):
        metrics.run(settings, ["validate-configs"])


def test_without_a_publication_the_command_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="run first"):
        metrics.run(Settings.from_env({}, warehouse=tmp_path), ["list", "metrics"])


def test_without_the_extra_the_command_says_what_to_install(
    published: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match="requirements-semantic.lock"):
        metrics.run(published, ["list", "metrics"])


def copy_of(published: Settings, warehouse: Path) -> Settings:
    """A copy of what was published, with what `mf` has parsed."""
    with metrics.opened(published):
        pass  # now it is parsed
    settings = replace(published, warehouse=warehouse)
    settings.serving.mkdir(parents=True)
    shutil.copy(published.serving_file, settings.serving_file)
    shutil.copytree(published.state / "metrics", settings.state / "metrics")
    return settings


def ask(engine: Any, question: Question) -> Any:
    """The table that the engine answers with: `column_names` and `rows`."""
    from metricflow.engine.metricflow_engine import MetricFlowQueryRequest

    request = MetricFlowQueryRequest.create(
        saved_query_name=question.saved_query,
        metric_names=question.metrics,
        group_by_names=question.group_by,
        where_constraints=question.where or None,
    )
    return engine.query(request).result_df


def _comparable(rows: Any, question: Question) -> list[tuple[Any, ...]]:
    """Rows in one order: (what is grouped by, figures); instants of months as days."""
    keys = question.keys
    plain = [tuple(map(_plain, row)) for row in rows]
    return sorted(
        ((row[:keys], row[keys:]) for row in plain), key=lambda row: tuple(map(str, row[0]))
    )


def _is_same(figure: Any, expected: Any) -> bool:
    if figure is None or expected is None:
        return figure is expected
    return isclose(figure, expected, rel_tol=1e-11, abs_tol=1e-12)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date()
    return float(value) if isinstance(value, int | Decimal) else value
