"""What dbt's marts read of brands and pilots: the pressure of targets when a car was sold, where
budgets go, what pilots gain."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import duckdb
import pyarrow as pa

from orchestration.calculations.budgets import allocate_budgets
from orchestration.calculations.pilots import pilot_effects
from orchestration.calculations.tier_distances import UNIT_MEASURES, tier_distances
from orchestration.computed.writing import open_warehouse, write
from orchestration.ledger import known
from orchestration.ledger.entitlements import frame
from orchestration.ledger.tables import BUDGETS, DISTANCES, PILOT_EFFECTS
from orchestration.settings import Settings

INVOICES = "int_brand__judge_discounts"
"""The model whose dealers, brands, kinds of model and days distances are reckoned for."""
WEIGHTS = "int_brand__list_budget_weights"
CHANGES = "int_pilots__list_changes"

CHUNK = 100_000
"""Days of dealers, brands and kinds of model that are reckoned at once. All of a dealer are in one
chunk."""
_MODELS = "warehouse.intermediate"


def compute_brand(settings: Settings) -> dict[str, int]:
    """Write tier distances, budgets by district and effects of pilots; gives the rows of each."""
    with closing(open_warehouse(settings)) as connection:
        distances = pa.concat_tables(_distances(connection))
        budgets = allocate_budgets(frame(connection, f"select * from {_MODELS}.{WEIGHTS}"))
        changes = frame(connection, f"select pilot_id, arm, change from {_MODELS}.{CHANGES}")
    return {
        DISTANCES: write(settings, DISTANCES, distances),
        BUDGETS: write(settings, BUDGETS, budgets),
        PILOT_EFFECTS: write(settings, PILOT_EFFECTS, pilot_effects(changes)),
    }


def _distances(connection: duckdb.DuckDBPyConnection) -> Iterator[pa.Table]:
    """Chunk by chunk, so that memory is bounded."""
    connection.execute(
        "create temp table invoice_days as "
        "select distinct dealer_id, brand_code, segment_code, powertrain_code, invoice_date as day "
        f"from {_MODELS}.{INVOICES}"
    )
    connection.execute(
        f"create temp table unit_periods as select * from {_MODELS}.{known.PERIODS} "
        f"where measure in {UNIT_MEASURES}"
    )
    periods = frame(connection, "select * from unit_periods")
    tiers = frame(
        connection,
        f"select * from {_MODELS}.{known.TIERS} where (program_id, program_version) in "
        "(select (program_id, program_version) from unit_periods)",
    )
    of_periods = (
        "(program_id, period_start) in (select (program_id, period_start) from unit_periods)"
    )
    days = connection.execute("select count(*) from invoice_days").fetchone()[0]
    chunks = max(1, -(-days // CHUNK))
    for chunk in range(chunks):
        of_chunk = f"hash(dealer_id) % {chunks} = {chunk}"
        invoice_days = f"select * from invoice_days where {of_chunk}"
        counts = (
            "select program_id, program_version, period_start, dealer_id, event_date, "
            f"count(*) as unit_count from {_MODELS}.{known.UNITS} "
            f"where unit_status = 'COUNTS' and {of_periods} and {of_chunk} group by all"
        )
        dealers = (
            "select program_id, program_version, period_start, dealer_id, target_units "
            f"from {_MODELS}.{known.DEALERS} where {of_periods} and {of_chunk}"
        )
        tables = (connection.execute(q).to_arrow_table() for q in (invoice_days, counts, dealers))
        yield tier_distances(*tables, periods, tiers)
