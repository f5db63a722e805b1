"""Quality: how well dealers keep the rules, and what these say, before dbt builds anything."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import dagster as dg

from orchestration.assets.keys import COMPUTED, lake_key, raw_key
from orchestration.assets.money import made, money_spec, rows_of
from orchestration.checks.pass_rates import compared_feeds, count_passes
from orchestration.checks.rule_texts import write_rule_texts
from orchestration.ledger.tables import PASS_COUNTS, RULE_TEXTS
from orchestration.locking import warehouse_lock
from orchestration.settings import Settings


def build_quality_assets(
    settings: Settings,
    manifest: Mapping[str, Any],
    on_progress: Callable[[str], None] | None = None,
) -> dg.AssetsDefinition:
    """What each dealer's rows keep of each rule, and the rules in words, as dbt reads them."""
    compared = compared_feeds()
    feeds = sorted({*compared, *(other for others in compared.values() for other in others)})
    books = [lake_key("deliveries"), lake_key("quarantine")]
    specs = [
        money_spec(manifest, COMPUTED, PASS_COUNTS, [*map(raw_key, feeds), *books]),
        money_spec(manifest, COMPUTED, RULE_TEXTS, []),
    ]

    @dg.multi_asset(
        name="quality", specs=specs, description="Count what passes, by dealer and month."
    )
    def quality() -> Iterator[dg.MaterializeResult]:
        with warehouse_lock(settings):
            months = count_passes(settings, on_progress)
            rules = write_rule_texts(settings)
        counted = {"months counted": dg.MetadataValue.json(months)}
        yield made(specs[0], rows_of(settings.computed / PASS_COUNTS), counted)
        yield made(specs[1], rules)

    return quality
