"""Lines, statements and outlooks: closed periods as of the last close, open ones as known now."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from orchestration.calculations.outlook import look_ahead
from orchestration.computed.writing import open_warehouse, write
from orchestration.ingestion import lake
from orchestration.ledger import known
from orchestration.ledger.entitlements import Sources, entitle
from orchestration.ledger.postings import KEY, posted, whole
from orchestration.ledger.settled import Settled
from orchestration.ledger.tables import (
    LINES,
    OUTLOOKS,
    STATEMENTS,
    computed_path,
    posted_months,
)
from orchestration.settings import Settings


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


def _share(file: Path, path: Path) -> None:
    """The same file under another name; a copy where the file system knows no such links."""
    try:
        os.link(file, path)
    except OSError:
        shutil.copyfile(file, path)


def _place(draft: Path, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft.replace(path)
