"""Targets proposed to the dealers."""

from __future__ import annotations

from contextlib import closing

from orchestration.calculations.targets import propose
from orchestration.computed.writing import open_warehouse, write
from orchestration.ledger.entitlements import frame
from orchestration.ledger.tables import PROPOSALS
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
