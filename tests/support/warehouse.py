"""Builds a warehouse with dbt in this process, and reads and compares what came out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from orchestration.checks.pass_rates import count_passes
from orchestration.checks.rule_texts import write_rule_texts
from orchestration.computed.everything import compute_everything
from orchestration.computed.incentives import compute_incentives
from orchestration.dbt_runner import BEYOND_MONEY, UNTIL_MONEY, run_dbt
from orchestration.ledger import known
from orchestration.ledger.post import post_due_closes
from orchestration.settings import Settings

MARTS = """
    select table_name from duckdb_tables()
    where database_name = 'marts' and schema_name = 'main' order by 1
"""
"""The tables of the marts, for `fetch`."""


def new_settings(folder: Path) -> Settings:
    return Settings(extracts=folder / "extracts", warehouse=folder / "warehouse", threads=2)


_NO_TESTS = ("resource_type:test", "resource_type:unit_test")
ALL_TABLES = ("build", "--exclude", *_NO_TESTS)
"""The dbt command that makes every seed and model, and tests nothing."""


def build(settings: Settings, *args: str, target: str = "duckdb") -> list[str]:
    """Runs a dbt command, `ALL_TABLES` unless another is given, and returns dbt's warnings.

    Raises:
        AssertionError: dbt failed; the message holds its errors.
    """
    return _run(settings, list(args or ALL_TABLES), target)[1]


def build_what_leads_to(settings: Settings, tables: Iterable[str]) -> None:
    """Builds these tables and what they are made of, a part of the project's models only."""
    build(settings, "build", "--select", *(f"+{t}" for t in tables), "--exclude", *_NO_TESTS)


def inline(settings: Settings, sql: str) -> list[tuple]:
    """The rows of a query written with the project's macros, at most 10,000."""
    args = ["show", "--inline", sql, "--limit", "10000", "--output", "json"]
    result, _ = _run(settings, args, "duckdb")
    return [tuple(row) for row in result.results[0].agate_table.rows]


def _run(settings: Settings, args: list[str], target: str) -> tuple[Any, list[str]]:
    errors: list[str] = []
    warnings: list[str] = []

    def note(event: Any) -> None:
        if event.info.level == "error":
            errors.append(event.info.msg)
        elif event.info.level == "warn":
            warnings.append(event.info.msg)

    result = run_dbt(settings, args, on_event=note, target=target)
    assert result.success, "\n".join(errors) or repr(result.exception)
    return result.result, warnings


def fetch(settings: Settings, query: str) -> list[dict[str, Any]]:
    """The rows of a query on the warehouse and its `marts`, opened read-only, as dicts."""
    with duckdb.connect(str(settings.database), read_only=True) as connection:
        connection.execute(f"attach '{settings.marts}' as marts (read_only)")
        found = connection.execute(query)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def differences(one: Path, other: Path, ignored: str = "_loaded_at") -> dict[str, list[tuple]]:
    """Rows that only one of two files of marts has, by table.

    A column named `ignored` does not count. Tables that are alike are not named.
    """
    found = {}
    with duckdb.connect() as connection:
        connection.execute(f"attach '{one}' as one (read_only)")
        connection.execute(f"attach '{other}' as other (read_only)")
        tables = connection.execute(
            "select table_name, count(*) from duckdb_tables()"
            " where schema_name = 'main' group by 1 order by 1"
        ).fetchall()
        assert tables and all(count == 2 for _, count in tables), tables
        for table, _ in tables:
            columns = f"columns(c -> c <> '{ignored}')"
            rows = connection.execute(
                f"(select 'one', {columns} from one.{table}"
                f" except all select 'one', {columns} from other.{table})"
                f" union all (select 'other', {columns} from other.{table}"
                f" except all select 'other', {columns} from one.{table})"
            ).fetchall()
            if rows:
                found[table] = rows
    return found


def run_money(settings: Settings) -> None:
    """Everything after loading and before publishing, without gates and tests: posts the closes
    that are due, counts what keeps the rules, builds the models, reckons the money, builds what is
    made of it."""
    post_due_closes(settings)
    count_passes(settings)
    write_rule_texts(settings)
    without_tests = "resource_type:test"
    build(settings, "build", *UNTIL_MONEY, without_tests)
    compute_everything(settings)
    build(settings, "build", *BEYOND_MONEY, without_tests)


def run_incentives(settings: Settings, tables: Iterable[str]) -> None:
    """What of `run_money` leads to these tables of the incentives, in a part of its time."""
    post_due_closes(settings)
    build_what_leads_to(settings, known.MODELS)
    compute_incentives(settings)
    build_what_leads_to(settings, tables)
