"""Every table of every dealer's share, and his page, hold what he may read and nothing else.

Who may read what is stated here anew, on purpose: by the column dealer_id where there is one, and
by the lists below for the others. A table that is in none of them, or a new one without dealer_id,
makes the tests fail until somebody has decided who may read it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from html import escape
from pathlib import Path

import duckdb
import pytest

from orchestration.serving.shares import page_path, share_path, write_shares
from orchestration.settings import Settings
from tests.support.published import copied

NETWORK = {
    "_publication": "true",
    "dim_day": "true",
    "dim_district": "true",
    "dim_incentive_program": "true",
    "dim_incentive_tier": "true",
    "dim_kpi": "true",
    "dim_month": "true",
    "dim_quality_rule": "true",
    "dim_vehicle_model": "true",
    "fct_market_registration": "true",
    "mart_academy_effect": "trained_dealers >= 5 and untrained_dealers >= 5",
    "mart_academy_progress": "true",
    "mart_academy_summary": "true",
    "mart_benchmark_comparison": "true",
    "mart_it_readiness_summary": "dealers >= 5",
    "mart_module_adoption_summary": "decided_count >= 5",
    "mart_national_market": "true",
    "mart_performance_benchmark": "dealer_count >= 5",
    "mart_pilot_effect": "pilot_dealers >= 5 and control_dealers >= 5",
    "mart_pilot_rollout": "true",
    "mart_requirement_pressure": "true",
    "mart_responsibility_gaps": "true",
    "mart_rollout_duration": "completed >= 5",
    "mart_routing_coverage": "true",
    "mart_routing_effect": "true",
    "mart_standard_adoption": "contracts >= 5",
}
"""Tables without dealers that everybody reads, and which of their rows."""

NOBODY = {
    "mart_brand_budget_allocation",
    "mart_brand_target_pressure",
    "mart_campaign_band_performance",
    "mart_routing_conflicts",
}
"""Tables that the manufacturer keeps to itself."""

BY_OTHER_COLUMNS = {
    "mart_feed_quality": "sender = $dealer",
    "mart_case_routing": "received_by_dealer_id = $dealer or responsible_party = $dealer",
    "mart_refinancing_correction": "investment_id in (select investment_id from "
    "published.mart_refinancing_status where dealer_id = $dealer)",
    "mart_refinancing_simulation": "investment_id in (select investment_id from "
    "published.mart_refinancing_status where dealer_id = $dealer)",
}

NAMES_OTHERS = {
    ("mart_case_routing", "received_by_dealer_id"): "his case lies with another dealer",
    ("mart_case_routing", "responsible_party"): "a case that he received belongs to another",
    ("mart_case_routing", "case_id"): "such a case has the id that its sender gave it",
}
"""Text columns in which another dealer's id may stand, and why."""


@contextmanager
def opened(settings: Settings, dealer: str) -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(duckdb.connect()) as connection:
        connection.execute(f"attach '{settings.serving_file}' as published (read_only)")
        connection.execute(f"attach '{share_path(settings, dealer)}' as share (read_only)")
        yield connection


def columns_of(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in connection.execute(
        "select table_name, column_name, data_type from duckdb_columns() "
        "where database_name = ? and not internal",
        [database],
    ).fetchall():
        found.setdefault(table, {})[column] = kind
    return found


@pytest.fixture(scope="module")
def dealers(published: Settings) -> list[str]:
    with duckdb.connect(str(published.serving_file), read_only=True) as connection:
        rows = connection.execute("select distinct dealer_id from dim_dealer order by 1").fetchall()
    return [dealer for (dealer,) in rows]


def allowed(table: str, columns: dict[str, str]) -> str:
    """Condition of the rows of a table that `$dealer` may read."""
    ways = [
        way
        for way in (
            NETWORK.get(table),
            "false" if table in NOBODY else None,
            BY_OTHER_COLUMNS.get(table),
            "dealer_id = $dealer" if "dealer_id" in columns else None,
        )
        if way is not None
    ]
    assert ways, f"{table}: nobody has said who may read it"
    assert len(ways) == 1, f"{table}: said twice who may read it"
    return ways[0]


def test_each_table_of_each_share_has_exactly_the_rows_of_its_dealer(
    published: Settings, dealers: list[str]
) -> None:
    assert len(dealers) >= 2
    read_by_some = set()
    for dealer in dealers:
        with opened(published, dealer) as connection:
            tables = columns_of(connection, "published")
            assert columns_of(connection, "share") == tables
            for table, columns in tables.items():
                condition = allowed(table, columns)
                parameters = {"dealer": dealer} if "$dealer" in condition else {}
                expected = f"select * from published.{table} where {condition}"
                (too_many,), (too_few,) = (
                    connection.execute(
                        f"select count(*) from ({left} except all {right})", parameters
                    ).fetchone()
                    for left, right in (
                        (f"select * from share.{table}", expected),
                        (expected, f"select * from share.{table}"),
                    )
                )
                assert (too_many, too_few) == (0, 0), f"{dealer} {table}"
                held = connection.execute(f"select count(*) from share.{table}").fetchone()[0]
                read_by_some |= {table} if held else set()
    # a table without any row would prove nothing: the sample fills all that dealers read of
    # their own, bar a few that so small a sample has not
    own = {t for t, c in tables.items() if t not in NETWORK and t not in NOBODY}
    assert len(own - read_by_some) <= len(own) // 10, sorted(own - read_by_some)


def test_no_text_of_a_share_names_another_dealer(published: Settings, dealers: list[str]) -> None:
    met = set()
    for dealer in dealers:
        others = "|".join(re.escape(other) for other in dealers if other != dealer)
        pattern = rf"(^|[^A-Z0-9])({others})([^A-Z0-9]|$)"
        with opened(published, dealer) as connection:
            for table, columns in columns_of(connection, "share").items():
                for column, kind in columns.items():
                    if kind in ("DATE", "TIMESTAMP", "BOOLEAN", "BIGINT", "INTEGER", "DOUBLE"):
                        continue
                    if kind.startswith("DECIMAL"):
                        continue
                    found = connection.execute(
                        f'select any_value(cast("{column}" as varchar)) from share.{table} '
                        f'where regexp_matches(cast("{column}" as varchar), ?)',
                        [pattern],
                    ).fetchone()[0]
                    if found is not None:
                        met.add((table, column))
                        assert (table, column) in NAMES_OTHERS, f"{dealer} {table}.{column} {found}"
    assert met, "no case crosses dealers: the sample would prove nothing of the exceptions"


def test_no_page_names_another_dealer(published: Settings, dealers: list[str]) -> None:
    with duckdb.connect(str(published.serving_file), read_only=True) as connection:
        names = dict(
            connection.execute(
                "select dealer_id, any_value(dealer_name) from dim_dealer group by dealer_id"
            ).fetchall()
        )
    for dealer in dealers:
        page = page_path(published, dealer).read_text(encoding="utf-8")
        assert escape(names[dealer]) in page and dealer in page
        for other in set(dealers) - {dealer}:
            assert other not in page, f"{dealer} reads of {other}"
            assert names[other] == names[dealer] or escape(names[other]) not in page


def test_pages_are_small_and_ask_for_nothing_from_elsewhere(
    published: Settings, dealers: list[str]
) -> None:
    for dealer in dealers:
        page = page_path(published, dealer).read_text(encoding="utf-8")
        assert len(page.encode()) < 300_000
        assert len(re.findall('<span lang="de">', page)) == len(
            re.findall('<span lang="en">', page)
        )
        assert not re.search(
            r"https?:|//\w|<script|<link|<img|<iframe|@import|url\(|\son\w+=", page
        )
        assert set(re.findall(r'(?:href|src)="([^"]*)"', page)) == {
            link for link in re.findall(r'href="(#[^"]*)"', page)
        }
        for link in re.findall(r'href="#([^"]*)"', page):
            assert f'id="{link}"' in page, link


def test_an_unchanged_run_leaves_shares_and_pages_as_they_are(
    published: Settings, tmp_path: Path
) -> None:
    settings = copied(published, tmp_path)
    write_shares(settings)
    before = {f: f.stat().st_ino for f in settings.dealer_shares.rglob("*") if f.is_file()}
    assert len(before) >= 4
    write_shares(settings)
    after = {f: f.stat().st_ino for f in settings.dealer_shares.rglob("*") if f.is_file()}
    assert after == before
