"""Governance: escalations, what there is to say of each week, and its pages."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import dagster as dg

from orchestration.assets.keys import COMPUTED, REVIEWS, SERVING, model_key
from orchestration.assets.money import made, money_spec
from orchestration.computed.governance import EVENTS, SCORES, WEEKS, compute_governance
from orchestration.ledger.tables import ESCALATIONS, FINDINGS
from orchestration.locking import warehouse_lock
from orchestration.review import write_pages
from orchestration.settings import Settings


def build_governance_assets(
    settings: Settings,
    manifest: Mapping[str, Any],
    on_progress: Callable[[str], None] | None = None,
) -> list[dg.AssetsDefinition]:
    """Escalations and findings, as dbt's marts read them; the pages of the newest week."""
    specs = [
        money_spec(manifest, COMPUTED, ESCALATIONS, [model_key(SCORES), model_key(EVENTS)]),
        money_spec(manifest, COMPUTED, FINDINGS, [model_key(WEEKS)]),
    ]

    @dg.multi_asset(
        name="governance", specs=specs, description="Judge escalations, word what weeks show."
    )
    def governance() -> Iterator[dg.MaterializeResult]:
        if on_progress:
            on_progress("escalations and weekly findings")
        with warehouse_lock(settings):
            rows = compute_governance(settings)
        for spec in specs:
            yield made(spec, rows[spec.key.path[-1]])

    @dg.asset(
        key=REVIEWS,
        deps=[SERVING],
        group_name="serving",
        owners=["warehouse@partner-warehouse.example"],
        kinds={"html"},
        description="The weekly review as pages: one self-contained HTML file per top partner and "
        "brand, of the newest week that is over. Earlier weeks: `partnerdw review`.",
    )
    def weekly_reviews() -> dg.MaterializeResult:
        if on_progress:
            on_progress("weekly reviews")
        return dg.MaterializeResult(metadata={"pages": len(write_pages(settings))})

    return [governance, weekly_reviews]
