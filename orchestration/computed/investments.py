"""What dbt's marts read of investments: plans, how they stand, who shares what.

    compute_investments(settings)

What happened is as of the last close, and so are the terms of what has begun by then: a
correction that comes later holds from the next close on.
"""

from __future__ import annotations

from contextlib import closing

import duckdb
import pandas as pd

from orchestration.calculations import projection
from orchestration.calculations.schedules import plan
from orchestration.calculations.shared_programs import allocate
from orchestration.computed.writing import open_warehouse, write
from orchestration.duck import quoted
from orchestration.ledger.entitlements import frame
from orchestration.ledger.known import INVESTMENTS
from orchestration.ledger.refinancing import state_as_of_last_close
from orchestration.ledger.settled import Settled
from orchestration.ledger.tables import (
    ALLOCATIONS,
    PLANS,
    SIMULATIONS,
    STATES,
    STATUS,
    posted_months,
)
from orchestration.settings import Settings

MEMBERS = "int_investments__list_members"
"""The model that shared costs are split from."""


def compute_investments(settings: Settings) -> dict[str, int]:
    """Write plans, states, status, simulations and allocations; gives the rows of each.

    Needs every due close posted (`post_due_closes`) and dbt's models built after that.
    """
    with closing(open_warehouse(settings)) as connection:
        members = frame(connection, f"select * from warehouse.intermediate.{MEMBERS}")
        state = state_as_of_last_close(settings)
        terms = _terms(settings, connection, state)
    # what is refused or withdrawn by now is shown nowhere; the ledger keeps what it was
    state = state[state["investment_id"].isin(terms["investment_id"]).to_numpy(bool)]
    return {
        table: write(settings, table, rows)
        for table, rows in (
            (PLANS, plan(terms)),
            (STATES, state),
            (STATUS, projection.status(state, terms)),
            (SIMULATIONS, projection.simulate(state, terms)),
            (ALLOCATIONS, allocate(members)),
        )
    }


def _terms(
    settings: Settings, connection: duckdb.DuckDBPyConnection, state: pd.DataFrame
) -> pd.DataFrame:
    """The terms of the investments that are accepted now."""
    accepted = f"warehouse.intermediate.{INVESTMENTS}"
    if not (months := posted_months(settings)):
        return frame(connection, f"select * from {accepted}")
    connection.register("begun", state[["investment_id"]].drop_duplicates())
    settled = quoted(Settled(settings, months[-1]).path("investments"))
    begun = "(select investment_id from begun)"
    return frame(
        connection,
        f"select * from read_parquet({settled}) where investment_id in {begun} "
        f"and investment_id in (select investment_id from {accepted}) "
        f"union all by name select * from {accepted} where investment_id not in {begun}",
    )
