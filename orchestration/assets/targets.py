"""Targets proposed to the dealers: Python splits what the models have reckoned."""

from collections.abc import Callable, Mapping
from typing import Any

import dagster as dg

from orchestration.assets.keys import COMPUTED, model_key
from orchestration.assets.money import made, money_spec
from orchestration.computed.targets import PROPOSAL_INPUTS, compute_targets
from orchestration.ledger.tables import PROPOSALS
from orchestration.locking import warehouse_lock
from orchestration.settings import Settings


def build_target_assets(
    settings: Settings,
    manifest: Mapping[str, Any],
    on_progress: Callable[[str], None] | None = None,
) -> dg.AssetsDefinition:
    """The asset of the proposed targets."""
    spec = money_spec(manifest, COMPUTED, PROPOSALS, [model_key(PROPOSAL_INPUTS)])

    @dg.multi_asset(name="targets", specs=[spec], description="Propose targets to the unit.")
    def targets() -> dg.MaterializeResult:
        if on_progress:
            on_progress("targets")
        with warehouse_lock(settings):
            rows = compute_targets(settings)
        return made(spec, rows[PROPOSALS])

    return targets
