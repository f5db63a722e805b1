"""A warehouse with every public model, empty until rows are put in, without running dbt."""

from __future__ import annotations

from functools import cache
from typing import Any

import duckdb
import yaml

from orchestration.settings import DBT_PROJECT_DIR, Settings

Row = dict[str, Any]


@cache
def public_columns() -> dict[str, dict[str, str]]:
    """Model -> column -> type of all public models, from their contracts."""
    found = {}
    for path in sorted((DBT_PROJECT_DIR / "models" / "marts").rglob("*.yml")):
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", []):
            found[model["name"]] = {c["name"]: c["data_type"] for c in model["columns"]}
    return found


def build_warehouse(settings: Settings, **rows: list[Row]) -> None:
    """Make the warehouse anew, with these rows in the marts named; other columns are null."""
    settings.warehouse.mkdir(parents=True, exist_ok=True)
    settings.marts.unlink(missing_ok=True)
    with duckdb.connect(str(settings.marts)) as connection:
        for table, columns in public_columns().items():
            declared = ", ".join(f"{n} {t}" for n, t in columns.items())
            connection.execute(f"create table {table} ({declared})")
            _insert(connection, table, rows.get(table, []))


def replace_rows(settings: Settings, **rows: list[Row]) -> None:
    """Put these rows in place of those of the marts named; to make a warehouse takes longer."""
    with duckdb.connect(str(settings.marts)) as connection:
        for table, found in rows.items():
            connection.execute(f"delete from {table}")
            _insert(connection, table, found)


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[Row]) -> None:
    for row in rows:
        values = ", ".join(f"${n}" for n in row)
        connection.execute(f"insert into {table} ({', '.join(row)}) values ({values})", row)
