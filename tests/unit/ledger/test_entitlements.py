"""Deciding in chunks: memory is bounded, and nothing depends on it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.ledger import entitlements
from orchestration.ledger.entitlements import entitle
from tests.benchmarks.incentives import SOURCES, make_units

KEY = ["program_id", "period_start", "dealer_id"]


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    make_units(made, units=20_000, dealers=50)
    return made


@pytest.mark.parametrize("limit", ["CHUNK", "DEALERS_CHUNK"])
def test_chunks_decide_what_is_decided_at_once(
    connection: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
) -> None:
    chunks: list[int] = []
    at_once = entitle(connection, SOURCES, tmp_path / "one.parquet")
    monkeypatch.setattr(entitlements, limit, 300)
    in_chunks = entitle(
        connection,
        SOURCES,
        tmp_path / "many.parquet",
        on_chunk=lambda units, *_: chunks.append(units.num_rows),
    )
    assert len(chunks) > 3 and sum(chunks) == 20_000
    order = [(name, "ascending") for name in (*KEY, "event_id")]
    one, many = (
        pq.read_table(tmp_path / name).sort_by(order) for name in ("one.parquet", "many.parquet")
    )
    assert one.equals(many) and one.num_rows == 20_000
    assert (
        at_once.sort_values(KEY, ignore_index=True)
        .astype(str)
        .equals(in_chunks.sort_values(KEY, ignore_index=True).astype(str))
    )


def test_decimals_and_days_come_without_floating_point(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    rows = entitlements.frame(connection, "select 0.10::decimal(18,2) as a, date '2024-02-29' as b")
    assert str(rows["a"][0]) == "0.10" and str(rows["b"][0]) == "2024-02-29"
    assert isinstance(pa.array(rows["a"]).type, pa.Decimal128Type)
