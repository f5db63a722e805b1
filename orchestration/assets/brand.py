"""Brand and pilots: the pressure of targets, where budgets go, what pilots gain."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import dagster as dg

from orchestration.assets.keys import COMPUTED, model_key
from orchestration.assets.money import made, money_spec
from orchestration.computed.brand import CHANGES, INVOICES, WEIGHTS, compute_brand
from orchestration.ledger import known
from orchestration.ledger.tables import BUDGETS, DISTANCES, PILOT_EFFECTS
from orchestration.locking import warehouse_lock
from orchestration.settings import Settings

_INPUTS = {
    DISTANCES: (INVOICES, known.UNITS, known.DEALERS, known.PERIODS, known.TIERS),
    BUDGETS: (WEIGHTS,),
    PILOT_EFFECTS: (CHANGES,),
}


def build_brand_assets(
    settings: Settings,
    manifest: Mapping[str, Any],
    on_progress: Callable[[str], None] | None = None,
) -> dg.AssetsDefinition:
    """Tier distances, budgets by district and effects of pilots, as dbt's marts read them."""
    specs = [
        money_spec(manifest, COMPUTED, table, map(model_key, models))
        for table, models in _INPUTS.items()
    ]

    @dg.multi_asset(
        name="brand",
        specs=specs,
        description="Look back at tiers, split budgets, compare pilots with their controls.",
    )
    def brand() -> Iterator[dg.MaterializeResult]:
        if on_progress:
            on_progress("brand and pilots")
        with warehouse_lock(settings):
            rows = compute_brand(settings)
        for spec in specs:
            yield made(spec, rows[spec.key.path[-1]])

    return brand
