"""Investments: plans, how they stand as of the last close, what members of programmes share."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import dagster as dg

from orchestration.assets.keys import COMPUTED, LEDGER, model_key, money_key
from orchestration.assets.money import made, money_spec
from orchestration.computed.investments import MEMBERS, compute_investments
from orchestration.ledger.known import INVESTMENTS
from orchestration.ledger.tables import (
    ALLOCATIONS,
    PLANS,
    REFINANCING,
    SIMULATIONS,
    STATES,
    STATUS,
)
from orchestration.locking import warehouse_lock
from orchestration.settings import Settings

_OF_INVESTMENTS = (PLANS, STATES, STATUS, SIMULATIONS)


def build_investment_assets(
    settings: Settings,
    manifest: Mapping[str, Any],
    on_progress: Callable[[str], None] | None = None,
) -> dg.AssetsDefinition:
    """Plans, states, projections and shared costs, as dbt's marts read them."""
    deps = [model_key(INVESTMENTS), money_key(LEDGER, REFINANCING)]
    specs = [money_spec(manifest, COMPUTED, table, deps) for table in _OF_INVESTMENTS]
    specs.append(money_spec(manifest, COMPUTED, ALLOCATIONS, [model_key(MEMBERS)]))

    @dg.multi_asset(
        name="investments", specs=specs, description="Plan and project refinancing, split costs."
    )
    def investments() -> Iterator[dg.MaterializeResult]:
        if on_progress:
            on_progress("investments")
        with warehouse_lock(settings):
            rows = compute_investments(settings)
        for spec in specs:
            yield made(spec, rows[spec.key.path[-1]])

    return investments
