"""Incentives: the ledger that closes post to, and what dealers are entitled to as of now."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import dagster as dg

from orchestration.assets.keys import COMPUTED, LEDGER, model_key, money_key, raw_key
from orchestration.assets.money import made, money_spec, rows_of
from orchestration.computed.incentives import compute_incentives
from orchestration.ledger import known
from orchestration.ledger.post import post_due_closes
from orchestration.ledger.tables import LEDGER_TABLES, LINES, OUTLOOKS, POSTINGS, STATEMENTS
from orchestration.locking import warehouse_lock
from orchestration.settings import Settings

_COMPUTED = (LINES, STATEMENTS, OUTLOOKS)


def build_ledger_assets(
    settings: Settings,
    manifest: Mapping[str, Any],
    on_progress: Callable[[str], None] | None = None,
) -> dg.AssetsDefinition:
    """The ledger: every due close is posted, as known at it, before anything is built for now."""
    feeds = [raw_key(feed) for feed in sorted(_feeds_of(manifest, known.MODELS))]
    specs = [money_spec(manifest, LEDGER, table, feeds) for table in LEDGER_TABLES]

    @dg.multi_asset(name="ledger", specs=specs, description="Post every close that is due.")
    def ledger() -> Iterator[dg.MaterializeResult]:
        with warehouse_lock(settings):
            months = post_due_closes(settings, on_progress)
        closes = {"closes posted": [f"{month:%Y-%m}" for month in months]}
        for spec in specs:
            yield made(spec, rows_of(settings.ledger / spec.key.path[-1]), closes)

    return ledger


def build_incentive_assets(
    settings: Settings,
    manifest: Mapping[str, Any],
    on_progress: Callable[[str], None] | None = None,
) -> dg.AssetsDefinition:
    """Lines, statements and outlooks, as dbt's marts read them."""
    deps = [model_key(name) for name in known.MODELS] + [money_key(LEDGER, POSTINGS)]
    specs = [money_spec(manifest, COMPUTED, table, deps) for table in _COMPUTED]

    @dg.multi_asset(name="incentives", specs=specs, description="Decide every line.")
    def incentives() -> Iterator[dg.MaterializeResult]:
        with warehouse_lock(settings):
            rows = compute_incentives(settings, on_progress)
        for spec in specs:
            yield made(spec, rows[spec.key.path[-1]])

    return incentives


def _feeds_of(manifest: Mapping[str, Any], models: tuple[str, ...]) -> set[str]:
    """The feeds that the models are made from, by name."""
    waiting = [
        key
        for key, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and node["name"] in models
    ]
    seen: set[str] = set()
    while waiting:
        key = waiting.pop()
        if key not in seen:
            seen.add(key)
            waiting += manifest["parent_map"][key]
    sources = (manifest["sources"][key] for key in seen if key in manifest["sources"])
    return {source["identifier"] for source in sources if source["schema"] == "raw"}
