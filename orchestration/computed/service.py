"""How sure the effect of routing is."""

from __future__ import annotations

from contextlib import closing

from orchestration.calculations.bootstrap import routing_intervals
from orchestration.computed.writing import open_warehouse, write
from orchestration.ledger.tables import INTERVALS
from orchestration.settings import Settings

DURATIONS = "int_service__list_window_durations"
"""The model that intervals are reckoned from."""


def compute_service(settings: Settings) -> dict[str, int]:
    """Write the interval of each brand's effect; gives the rows of each table written."""
    with closing(open_warehouse(settings)) as connection:
        durations = connection.execute(f"select * from warehouse.intermediate.{DURATIONS}")
        intervals = routing_intervals(durations.to_arrow_table())
    return {INTERVALS: write(settings, INTERVALS, intervals.to_pandas())}
