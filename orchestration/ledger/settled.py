"""What was decided as of the last close: lines, entitlements and what they were reckoned from.

Kept in `<warehouse>/computed/settled/<YYYY-MM>/`, of the last close only, for the next close to
tell what changed. It can always be made again from the lake.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.duck import quoted
from orchestration.ingestion.lake import PARQUET_OPTIONS
from orchestration.ledger import known
from orchestration.ledger.entitlements import Sources, entitle, frame
from orchestration.ledger.postings import KEY
from orchestration.ledger.tables import settled_folder
from orchestration.settings import Settings

_OF_CLOSED = (
    f"(program_id, period_start) in (select (program_id, period_start) "
    f"from warehouse.intermediate.{known.PERIODS} where is_closed)"
)
_WITHOUT_UNIT_LINES = "payout_basis = 'FIXED_EUR'"


class Settled:
    """The state as of the close of `month`, in its folder."""

    def __init__(self, settings: Settings, month: date) -> None:
        self.month = month
        self.folder = settled_folder(settings, month)

    def exists(self) -> bool:
        return self.folder.is_dir()

    def path(self, name: str) -> Path:
        return self.folder / f"{name}.parquet"

    @property
    def lines(self) -> Path:
        return self.path("lines")

    def statements(self) -> pd.DataFrame:
        return pq.read_table(self.path("statements")).to_pandas(integer_object_nulls=True)

    def make(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Decide the closed periods of the models in `connection`; all of it appears at once."""
        for leftover in self.folder.parent.glob(".*"):
            shutil.rmtree(leftover)
        draft = self.folder.with_name(f".{self.folder.name}.tmp")
        draft.mkdir(parents=True)
        model = "warehouse.intermediate."
        periods = f"(select * from {model}{known.PERIODS} where is_closed)"
        statements = entitle(connection, Sources(periods=periods), draft / "lines.parquet")
        _write_frame(statements, draft / "statements.parquet")
        for name, query in {
            "periods": f"select * from {periods}",
            "tiers": f"select * from {model}{known.TIERS}",
            "investments": f"select * from {model}{known.INVESTMENTS}",
            "dealers": f"select * from {model}{known.DEALERS} where {_OF_CLOSED}",
            # lines name the units of all other programmes
            "units": f"select * from {model}{known.UNITS} where unit_status <> 'REMOVED' "
            f"and (program_id, period_start) in (select (program_id, period_start) "
            f"from {periods} where {_WITHOUT_UNIT_LINES})",
        }.items():
            target = draft / f"{name}.parquet"
            connection.execute(f"copy ({query}) to {quoted(target)} (format parquet)")
        for old in self.folder.parent.glob("[0-9]*"):
            # out of sight first: a folder that is half deleted would pass for a state
            gone = old.rename(old.with_name(f".{old.name}.old"))
            shutil.rmtree(gone)
        draft.rename(self.folder)

    def without_removed(self, connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
        """KEY and `entitlement_cents` of the dealers and periods that lost units since: everything
        as of this close, but without the units that the models in `connection` know as removed."""
        connection.execute(f"create or replace temp view units_then as {self._units()}")
        connection.execute(
            "create or replace temp table removed_since as "
            "select units_then.* from units_then "
            f"semi join warehouse.intermediate.{known.UNITS} as units on "
            "units.program_id = units_then.program_id "
            "and units.event_id = units_then.event_id "
            "and units.dealer_id = units_then.dealer_id "
            "and units.period_start = units_then.period_start "
            "and units.unit_status = 'REMOVED'"
        )
        touched = frame(connection, f"select distinct {', '.join(KEY)} from removed_since")
        if touched.empty:
            return touched.assign(entitlement_cents=pd.Series(dtype="int64"))
        of_touched = (
            "(program_id, period_start, dealer_id) in "
            "(select (program_id, period_start, dealer_id) from removed_since)"
        )
        sources = Sources(
            units=f"(select * from units_then where {of_touched} "
            "and (program_id, event_id) not in (select (program_id, event_id) from removed_since))",
            dealers=f"(select * from {self._read('dealers')} where {of_touched})",
            periods=f"(select * from {self._read('periods')} where (program_id, period_start) in "
            "(select (program_id, period_start) from removed_since))",
            tiers=self._read("tiers"),
        )
        remaining = entitle(connection, sources)
        found = touched.merge(remaining[[*KEY, "entitlement_cents"]], how="left", on=KEY)
        # whoever has no line left is entitled to nothing
        cents = found["entitlement_cents"].astype("Int64").fillna(0).astype("int64")
        return found.assign(entitlement_cents=cents)

    def _units(self) -> str:
        columns = (
            "program_id, program_version, period_start, dealer_id, brand_code, event_id, vin, "
            "event_date, list_price_eur, net_price_eur, unit_status, batch_id, source_file, "
            "source_row"
        )
        return (
            f"select {columns} from (select *, case when zero_reason in "
            "('DUPLICATE_VIN', 'SELF_REGISTRATION') then zero_reason else 'COUNTS' end "
            f"as unit_status from {self._read('lines')} where event_id is not null) "
            f"union all by name select {columns} from {self._read('units')}"
        )

    def _read(self, name: str) -> str:
        return f"read_parquet({quoted(self.path(name))})"


def _write_frame(rows: pd.DataFrame, path: Path) -> None:
    pq.write_table(pa.Table.from_pandas(rows, preserve_index=False), path, **PARQUET_OPTIONS)
