"""What dbt's marts read of investments: plans, how they stand, who shares what.

    compute_investments(settings)

Plans are those of the investments as accepted now; what happened is as of the last close.
"""

from __future__ import annotations

from contextlib import closing

from orchestration.calculations import projection
from orchestration.calculations.schedules import plan
from orchestration.calculations.shared_programs import allocate
from orchestration.ledger.compute import open_warehouse, write
from orchestration.ledger.entitlements import frame
from orchestration.ledger.known import INVESTMENTS
from orchestration.ledger.refinancing import state_as_of_last_close
from orchestration.ledger.tables import ALLOCATIONS, PLANS, SIMULATIONS, STATES, STATUS
from orchestration.settings import Settings

MEMBERS = "int_investments__list_members"
"""The model that shared costs are split from."""


def compute_investments(settings: Settings) -> dict[str, int]:
    """Write plans, states, status, simulations and allocations; gives the rows of each.

    Needs every due close posted (`post_due_closes`) and dbt's models built after that.
    """
    with closing(open_warehouse(settings)) as connection:
        accepted = frame(connection, f"select * from warehouse.intermediate.{INVESTMENTS}")
        members = frame(connection, f"select * from warehouse.intermediate.{MEMBERS}")
    state = state_as_of_last_close(settings)
    # what is refused or withdrawn by now is shown nowhere; the ledger keeps what it was
    state = state[state["investment_id"].isin(accepted["investment_id"]).to_numpy(bool)]
    return {
        table: write(settings, table, rows)
        for table, rows in (
            (PLANS, plan(accepted)),
            (STATES, state),
            (STATUS, projection.status(state, accepted)),
            (SIMULATIONS, projection.simulate(state, accepted)),
            (ALLOCATIONS, allocate(members)),
        )
    }
