"""The quality rules as Dagster asset checks: one check per rule, on the asset it guards.

What belongs here: specs and results. The rules stand in `expectations`, their evaluation in
`gate`. A critical rule blocks everything downstream of its asset.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import dagster as dg

from expectations.registry import Rule, feed_rules, mart_rules
from orchestration.assets.keys import lake_key, model_key, raw_key
from orchestration.checks.gate import GateResult, RuleResult, run_feed_gate, run_mart_gate
from orchestration.ingestion.contract import Feed
from orchestration.settings import Settings


def build_gates(
    settings: Settings,
    feeds: Mapping[str, Feed],
    on_progress: Callable[[str], None] | None = None,
) -> list[dg.AssetChecksDefinition]:
    """The feed gate, before dbt, and the mart gate, before publishing."""

    def feed_asset(table: str) -> dg.AssetKey:
        return raw_key(table) if table in feeds else lake_key(table.removeprefix("lake__"))

    return [
        _gate("feed_gate", feed_rules(), feed_asset, settings, run_feed_gate, on_progress),
        _gate("mart_gate", mart_rules(), model_key, settings, run_mart_gate, on_progress),
    ]


def _gate(
    name: str,
    rules: Sequence[Rule],
    asset_of: Callable[[str], dg.AssetKey],
    settings: Settings,
    run: Callable[[Settings, Collection[str] | None], GateResult],
    on_progress: Callable[[str], None] | None,
) -> dg.AssetChecksDefinition:
    specs = [
        dg.AssetCheckSpec(
            name=rule.code.lower(),
            asset=asset_of(rule.table),
            description=rule.description,
            blocking=rule.severity == "critical",
            metadata={"dimension": rule.dimension, "severity": rule.severity},
        )
        for rule in rules
    ]

    @dg.multi_asset_check(name=name, specs=specs, can_subset=True)
    def gate(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        if on_progress:
            on_progress(name.replace("_", " "))
        wanted = context.selected_asset_check_keys
        tables = {r.table for r in rules if _key(r, asset_of) in wanted}
        for result in run(settings, tables).results:
            if _key(result, asset_of) in wanted:
                yield _check_result(result, asset_of)

    return gate


def _key(rule: Rule | RuleResult, asset_of: Callable[[str], dg.AssetKey]) -> dg.AssetCheckKey:
    return dg.AssetCheckKey(asset_of(rule.table), rule.code.lower())


def _check_result(
    result: RuleResult, asset_of: Callable[[str], dg.AssetKey]
) -> dg.AssetCheckResult:
    critical = result.severity == "critical"
    return dg.AssetCheckResult(
        asset_key=asset_of(result.table),
        check_name=result.code.lower(),
        passed=result.success,
        severity=dg.AssetCheckSeverity.ERROR if critical else dg.AssetCheckSeverity.WARN,
        description=result.description,
        metadata={
            "checked rows": result.checked_rows,
            "failed rows": result.failed_rows,
            "examples": dg.MetadataValue.json(result.examples),
        },
    )
