"""What every dealer is entitled to, of the models that a database holds.

    statements = entitle(connection, Sources(), lines=path)

What belongs here: reading the qualified units chunk by chunk, so that memory is bounded, and
writing the lines. What does not: the rules of the money (`orchestration.calculations`).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.calculations.incentives import Decided, decide_lines
from orchestration.ingestion.lake import PARQUET_OPTIONS, table_schema
from orchestration.ledger import known
from orchestration.ledger.tables import LINES

CHUNK = 1_000_000
"""Units that are decided at once. All units of a dealer are in one chunk."""
DEALERS_CHUNK = 250_000
"""The same for what dealers are measured by, which takes more memory a row."""


@dataclass(frozen=True)
class Sources:
    """Relations, or SELECTs in brackets, with the columns of the models of the same names."""

    units: str = f"warehouse.intermediate.{known.UNITS}"
    dealers: str = f"warehouse.intermediate.{known.DEALERS}"
    periods: str = f"warehouse.intermediate.{known.PERIODS}"
    tiers: str = f"warehouse.intermediate.{known.TIERS}"


def entitle(
    connection: duckdb.DuckDBPyConnection,
    sources: Sources,
    lines: Path | None = None,
    on_chunk: Callable[[pa.Table, pd.DataFrame, pd.DataFrame, pd.DataFrame, Decided], None]
    | None = None,
) -> pd.DataFrame:
    """Decide every line of the periods in `sources.periods`, and write them to `lines` (Parquet,
    columns of `computed.incentive_lines`) where that is given.

    Gives a row per dealer, programme and period that has a line, see `decide_lines`; `on_chunk` is
    handed what was decided, with its inputs.
    """
    periods = frame(connection, f"select * from {sources.periods}")
    tiers = frame(
        connection,
        f"select * from {sources.tiers} where (program_id, program_version) in "
        f"(select (program_id, program_version) from {sources.periods})",
    )
    of_periods = (
        f"(program_id, period_start) in (select (program_id, period_start) from {sources.periods})"
    )
    units = f"(select * from {sources.units} where unit_status <> 'REMOVED' and {of_periods})"
    group = "(program_id, period_start, dealer_id)"
    dealers = (
        f"(select * from {sources.dealers} where {of_periods} and ("
        f"{group} in (select {group} from {units}) or (program_id, period_start) in "
        f"(select (program_id, period_start) from {sources.periods} "
        "where payout_basis = 'FIXED_EUR')))"
    )
    chunks = max(1, -(-_count(connection, units) // CHUNK))
    chunks = max(chunks, -(-_count(connection, dealers) // DEALERS_CHUNK))
    statements = []
    schema = table_schema(LINES)
    with pq.ParquetWriter(lines, schema, **PARQUET_OPTIONS) if lines else nullcontext() as writer:
        for chunk in range(chunks):
            of_chunk = f"hash(dealer_id) % {chunks} = {chunk}"
            some = connection.execute(f"select * from {units} where {of_chunk}").to_arrow_table()
            measured = frame(connection, f"select * from {dealers} where {of_chunk}")
            decided = decide_lines(some, measured, periods, tiers)
            if writer:
                writer.write_table(decided.lines.cast(schema))
            if on_chunk:
                on_chunk(some, measured, periods, tiers, decided)
            statements.append(decided.statements)
    return pd.concat(statements, ignore_index=True)


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    return connection.execute(f"select count(*) from {relation}").fetchone()[0]


def frame(connection: duckdb.DuckDBPyConnection, query: str) -> pd.DataFrame:
    """A query's rows with decimals as `Decimal` and days as `date`: never as floating point."""
    return connection.execute(query).to_arrow_table().to_pandas(integer_object_nulls=True)
