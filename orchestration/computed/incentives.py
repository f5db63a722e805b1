"""What dbt's marts read of the money: reckoned from the models as dbt has built them for today.

    compute_current(settings)

Closed periods show their lines as of the last close, open ones as known now. What belongs here:
putting the tables of source `computed` together. What does not: posting (`post`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.calculations.money import decimals
from orchestration.calculations.outlook import look_ahead
from orchestration.calculations.targets import propose
from orchestration.duck import connect, quoted
from orchestration.ingestion import lake
from orchestration.ledger import known
from orchestration.ledger.entitlements import Sources, entitle, frame
from orchestration.ledger.postings import KEY, posted, whole
from orchestration.ledger.settled import Settled
from orchestration.ledger.tables import (
    LINES,
    OUTLOOKS,
    PROPOSALS,
    STATEMENTS,
    computed_path,
    posted_months,
)
from orchestration.settings import Settings

PROPOSAL_INPUTS = "int_targets__list_proposal_inputs"
"""The model that targets are proposed from."""


def compute_targets(settings: Settings) -> dict[str, int]:
    """Write the proposed targets; gives the rows of each table written."""
    with closing(open_warehouse(settings)) as connection:
        proposals = propose(
            frame(connection, f"select * from warehouse.intermediate.{PROPOSAL_INPUTS}")
        )
    return {PROPOSALS: write(settings, PROPOSALS, proposals)}


def compute_incentives(
    settings: Settings, on_progress: Callable[[str], None] | None = None
) -> dict[str, int]:
    """Write lines, statements and outlooks; gives the rows of each table written.

    Needs every due close posted (`post_due_closes`) and dbt's models built after that.
    """
    outlooks: list[pd.DataFrame] = []
    with (
        closing(open_warehouse(settings)) as connection,
        lake.workspace(settings) as workspace,
    ):
        open_lines = workspace / "open.parquet"
        if on_progress:
            on_progress("incentives of open periods")
        open_now = entitle(
            connection,
            _sources(is_closed=False),
            open_lines,
            on_chunk=lambda *chunk: outlooks.append(look_ahead(*chunk)),
        )
        if on_progress:
            on_progress("incentives of closed periods")
        closed_now = entitle(connection, _sources(is_closed=True))
        months = posted_months(settings)
        settled = Settled(settings, months[-1]) if months else None
        _place(open_lines, computed_path(settings, LINES, "open"))
    closed_lines = computed_path(settings, LINES, "closed")
    closed_lines.unlink(missing_ok=True)
    if settled:
        _share(settled.lines, closed_lines)
    as_of_close = settled.statements() if settled else open_now.iloc[:0]
    statements = _statements(open_now, closed_now, as_of_close, posted(settings))
    return {
        LINES: sum(pq.read_metadata(p).num_rows for p in closed_lines.parent.glob("*.parquet")),
        STATEMENTS: write(settings, STATEMENTS, statements),
        OUTLOOKS: write(settings, OUTLOOKS, pd.concat(outlooks, ignore_index=True)),
    }


def open_warehouse(settings: Settings) -> duckdb.DuckDBPyConnection:
    """The models as dbt has built them, read-only, under dbt's names."""
    connection = connect(settings)
    connection.execute("set preserve_insertion_order = false")
    connection.execute(f"attach {quoted(settings.database)} as warehouse (read_only)")
    return connection


def _sources(is_closed: bool) -> Sources:
    chosen = "" if is_closed else "not "
    periods = f"warehouse.intermediate.{known.PERIODS}"
    return Sources(periods=f"(select * from {periods} where {chosen}is_closed)")


_STATEMENT = ["measure_value", "tier_no", "qualifying_units", "entitlement_cents"]


def _statements(
    open_now: pd.DataFrame,
    closed_now: pd.DataFrame,
    as_of_close: pd.DataFrame,
    postings: pd.DataFrame,
) -> pd.DataFrame:
    """KEY, `_STATEMENT` (closed periods: as of the last close) and `entitlement_now_cents`."""
    now = whole(pd.concat([open_now, closed_now]), "entitlement_cents")
    now = now.rename(columns={"entitlement_cents": "entitlement_now_cents"})
    shown = pd.concat([open_now, as_of_close])[[*KEY, *_STATEMENT]].astype(
        {"qualifying_units": "Int64", "entitlement_cents": "Int64"}
    )
    made = shown.merge(now, how="outer", on=KEY).merge(postings[KEY], how="outer", on=KEY)
    counts = ["qualifying_units", "entitlement_cents", "entitlement_now_cents"]
    return made.fillna(dict.fromkeys(counts, 0))


def write(settings: Settings, table: str, rows: pd.DataFrame) -> int:
    """Write a frame in the columns of the table, `<name>_cents` as `<name>_eur`; gives the number
    of its rows."""
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
}


def _column(field: pa.Field, rows: pd.DataFrame) -> pa.Array:
    """A column in its declared type: whatever a frame holds of it, nothing is guessed from it."""
    cents = field.name.removesuffix("_eur") + "_cents"
    if cents in rows and cents != field.name:
        return decimals(rows[cents].to_numpy(dtype=np.int64), field.type)
    return pa.array(rows[field.name], field.type, from_pandas=True)


def _share(file: Path, path: Path) -> None:
    """The same file under another name; a copy where the file system knows no such links."""
    try:
        os.link(file, path)
    except OSError:
        shutil.copyfile(file, path)


def _place(draft: Path, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft.replace(path)
