"""Capability: what courses change, and how long introductions take."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import dagster as dg

from orchestration.assets.keys import COMPUTED, model_key
from orchestration.assets.money import made, money_spec
from orchestration.computed.capability import CHANGES, ROLLOUTS, compute_capability
from orchestration.ledger.tables import ACADEMY_EFFECTS, DURATIONS
from orchestration.locking import warehouse_lock
from orchestration.settings import Settings


def build_capability_assets(
    settings: Settings,
    manifest: Mapping[str, Any],
    on_progress: Callable[[str], None] | None = None,
) -> dg.AssetsDefinition:
    """Effects of courses and durations of introductions, as dbt's marts read them."""
    specs = [
        money_spec(manifest, COMPUTED, ACADEMY_EFFECTS, [model_key(CHANGES)]),
        money_spec(manifest, COMPUTED, DURATIONS, [model_key(ROLLOUTS)]),
    ]

    @dg.multi_asset(
        name="capability", specs=specs, description="Compare trained dealers with others."
    )
    def capability() -> Iterator[dg.MaterializeResult]:
        if on_progress:
            on_progress("effects of courses and durations of introductions")
        with warehouse_lock(settings):
            rows = compute_capability(settings)
        for spec in specs:
            yield made(spec, rows[spec.key.path[-1]])

    return capability
