"""The benchmark of publishing to PostgreSQL measures what it says, at any size."""

from __future__ import annotations

from tests.benchmarks.bench import postgres_line
from tests.support import postgres

postgres.required()

from tests.benchmarks.postgres import compare_publishing  # noqa: E402


def test_all_rows_arrive_both_ways() -> None:
    compared = compare_publishing(rows=5_000, runs=1)
    assert compared["rows"] == 5_000 and compared["wall_ratio"] > 0
    assert "publishing 5,000 rows to PostgreSQL takes" in postgres_line(compared)


def test_without_a_server_it_says_why_there_is_no_figure(monkeypatch) -> None:
    monkeypatch.setattr("tests.benchmarks.postgres.binaries", lambda: None)
    assert "PostgreSQL is not installed" in postgres_line(compare_publishing(rows=1))
