"""The yardstick of the benchmark makes the product's figures: it is compared with something equal.

Both build all marts from the same sample, the one with DuckDB alone, the other with the loader and
dbt. So this is also a second opinion on every fact and every KPI, written from the spec alone.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from orchestration.ingestion.load import load_deliveries
from orchestration.sample import generate
from orchestration.settings import DBT_PROJECT_DIR
from tests.benchmarks.straight_line import build as build_by_hand
from tests.support.warehouse import build, new_settings

_MADE = {
    path.stem
    for domain in ("core", "market", "scorecard")
    for path in (DBT_PROJECT_DIR / "models" / "marts" / domain).glob("*.sql")
} - {"fct_action"}
"""What the script makes: facts and scorecards. The other domains, which are made of these, have
recomputations of their own."""
_UNREAD = (
    *("dealer__meetings", "dealer__actions"),
    *("dealer__pulse_surveys", "dealer__module_adoptions"),
    *("dealer__staff", "dealer__it_assessments"),
    *("dealer__local_campaigns", "dealer__campaign_changes"),
)
"""Feeds that the script does not read: their files would count in the data quality of dealers."""
_KPI = "mart_partner_scorecard_kpi"


@pytest.fixture(scope="module")
def marts(tmp_path_factory) -> dict[str, Path]:
    """The marts of the product and of the script; of the script also with `flaws`: the files that
    only the product knows to be contradictory, broken off, or there already."""
    folder = tmp_path_factory.mktemp("straight_line")
    settings = new_settings(folder)
    report = generate(settings.extracts, months=15, scale=0.05)
    for feed in _UNREAD:
        shutil.rmtree(settings.extracts / feed)
    flawed = [
        settings.extracts / feed / name
        for feed, files in report.rejected_files.items()
        for name, reason in files.items()
        if reason in ("AMBIGUOUS_NUMBERS", "UNREADABLE")
    ]
    flawed += [
        settings.extracts / f / name for f, ns in report.duplicate_files.items() for name in ns
    ]
    assert len(flawed) == 3
    build_by_hand(settings.extracts, folder / "flaws")
    for path in flawed:
        path.unlink()
    build_by_hand(settings.extracts, folder / "script")
    load_deliveries(settings)
    build(settings, "build", "--exclude", "resource_type:test", "resource_type:unit_test")
    return {
        "product": settings.marts,
        "script": folder / "script" / "marts.duckdb",
        "flaws": folder / "flaws" / "marts.duckdb",
    }


@pytest.fixture
def connection(marts):
    with duckdb.connect() as connection:
        for name, path in marts.items():
            connection.execute(f"attach '{path}' as {name} (read_only)")
        yield connection


def test_every_table_equals_the_products_to_the_last_digit(connection):
    tables = _tables(connection, "script")
    assert tables == _MADE
    for table in tables:
        assert _only_in(connection, "script", "product", table) == [], table
        assert _only_in(connection, "product", "script", table) == [], table
    [(months, kpis, reasons)] = connection.execute(
        "select count(distinct score_month), count(distinct kpi_code) filter (status = 'SCORED'), "
        f"count(distinct missing_reason) from script.{_KPI}"
    ).fetchall()
    assert (months, kpis, reasons) == (15, 14, 3)


def test_what_is_not_judged_changes_nothing_but_the_data_quality_of_its_month(connection):
    for table in _MADE - {_KPI, "mart_partner_scorecard"}:
        assert _only_in(connection, "flaws", "product", table) == [], table
    differing = {
        (row["dealer_id"], row["kpi_code"])
        for row in _only_in(connection, "flaws", "product", _KPI)
    }
    assert differing == {(dealer, "DATA_QUALITY") for dealer in ("D0003", "D0004", "D0006")}


def test_the_twins_hold_the_same_rows(marts, connection):
    twins = sorted((marts["script"].parent / "parquet").glob("*.parquet"))
    assert {twin.stem for twin in twins} == _tables(connection, "script")
    for twin in twins:
        [(rows,)] = connection.execute(
            f"select count(*) from (from script.{twin.stem} except all from '{twin}')"
        ).fetchall()
        assert rows == 0, twin.stem


def _tables(connection: duckdb.DuckDBPyConnection, database: str) -> set[str]:
    found = connection.execute(
        "select table_name from duckdb_tables() where database_name = ? and "
        "regexp_matches(table_name, '^(mart|dim|fct)_')",
        [database],
    ).fetchall()
    return {name for (name,) in found}


def _only_in(
    connection: duckdb.DuckDBPyConnection, one: str, other: str, table: str
) -> list[dict[str, object]]:
    """Rows that only the first of two databases has, lineage apart; at most ten."""
    columns = ", ".join(_columns(connection, one, table))
    assert _columns(connection, one, table) == _columns(connection, other, table), table
    found = connection.execute(
        f"select {columns} from {one}.{table} "
        f"except all select {columns} from {other}.{table} limit 10"
    )
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _columns(connection: duckdb.DuckDBPyConnection, database: str, table: str) -> list[str]:
    found = connection.execute(
        "select column_name from duckdb_columns() where database_name = ? and table_name = ? "
        "and not starts_with(column_name, '_') order by 1",
        [database, table],
    ).fetchall()
    return [name for (name,) in found]
