"""Service: the interval of what routing has brought."""

from collections.abc import Callable, Mapping
from typing import Any

import dagster as dg

from orchestration.assets.keys import COMPUTED, model_key
from orchestration.assets.money import made, money_spec
from orchestration.computed.service import DURATIONS, compute_service
from orchestration.ledger.tables import INTERVALS
from orchestration.locking import warehouse_lock
from orchestration.settings import Settings


def build_service_assets(
    settings: Settings,
    manifest: Mapping[str, Any],
    on_progress: Callable[[str], None] | None = None,
) -> dg.AssetsDefinition:
    """The asset of the intervals."""
    spec = money_spec(manifest, COMPUTED, INTERVALS, [model_key(DURATIONS)])

    @dg.multi_asset(name="service", specs=[spec], description="Draw handling times again.")
    def service() -> dg.MaterializeResult:
        if on_progress:
            on_progress("effect of routing")
        with warehouse_lock(settings):
            rows = compute_service(settings)
        return made(spec, rows[INTERVALS])

    return service
