"""Reading the models as dbt has built them, and writing the tables of dbt source `computed`."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from orchestration.calculations.columns import column
from orchestration.calculations.money import decimals
from orchestration.duck import connect, quoted
from orchestration.ingestion import lake
from orchestration.ledger.postings import KEY
from orchestration.ledger.tables import computed_path
from orchestration.settings import Settings


def open_warehouse(settings: Settings) -> duckdb.DuckDBPyConnection:
    """The models as dbt has built them, read-only, under dbt's names."""
    connection = connect(settings)
    connection.execute("set preserve_insertion_order = false")
    connection.execute(f"attach {quoted(settings.database)} as warehouse (read_only)")
    return connection


def write(settings: Settings, table: str, rows: pd.DataFrame | pa.Table) -> int:
    """Write rows in the columns of the table, `<name>_cents` of a frame as `<name>_eur`; gives the
    number of its rows."""
    schema = lake.table_schema(table)
    made = pa.table([_column(field, rows) for field in schema], schema=schema)
    made = made.sort_by([(name, "ascending") for name in schema.names if name in _ORDER])
    with lake.workspace(settings) as workspace:
        lake.write_table(made, computed_path(settings, table), workspace)
    return made.num_rows


_ORDER = {
    *KEY,
    *("quarter_start", "segment_code", "powertrain_code"),
    *("investment_id", "period_no", "pace_factor"),
    *("contract_id", "iso_year", "iso_week", "finding_code"),
    *("course_code", "system_code", "is_trained"),
    *("day", "budget_code", "district_code", "pilot_id"),
}


def _column(field: pa.Field, rows: pd.DataFrame | pa.Table) -> pa.Array:
    """A column in its declared type: whatever a frame holds of it, nothing is guessed from it."""
    if isinstance(rows, pa.Table):
        return column(rows, field.name, field.type)
    cents = field.name.removesuffix("_eur") + "_cents"
    if cents in rows and cents != field.name:
        return decimals(rows[cents].to_numpy(dtype=np.int64), field.type)
    return pa.array(rows[field.name], field.type, from_pandas=True)
