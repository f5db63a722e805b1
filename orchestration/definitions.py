"""The Dagster definitions: assembly only.

`build_defs(settings)` makes a fresh Definitions; `defs` is what Dagster's tools call. Nothing
happens at import.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import dagster as dg

from orchestration.assets.brand import build_brand_assets
from orchestration.assets.capability import build_capability_assets
from orchestration.assets.dbt import build_dbt_assets
from orchestration.assets.governance import build_governance_assets
from orchestration.assets.incentives import build_incentive_assets, build_ledger_assets
from orchestration.assets.investments import build_investment_assets
from orchestration.assets.published import with_columns
from orchestration.assets.quality import build_quality_assets
from orchestration.assets.raw import build_raw_assets
from orchestration.assets.service import build_service_assets
from orchestration.assets.serving import (
    build_postgres_asset,
    build_serving_asset,
    build_share_asset,
)
from orchestration.assets.targets import build_target_assets
from orchestration.backfill import build_rebuild_month
from orchestration.checks.asset_checks import build_gates
from orchestration.dbt_runner import parse_manifest
from orchestration.ingestion.contract import load_contracts
from orchestration.jobs import build_jobs
from orchestration.schedules import build_schedules
from orchestration.sensors import build_sensors
from orchestration.serving.publish import public_models
from orchestration.settings import Settings


def build_defs(
    settings: Settings,
    manifest_path: Path,
    on_progress: Callable[[str], None] | None = None,
) -> dg.Definitions:
    """Everything Dagster shows and runs, for one warehouse folder.

    `manifest_path` is the manifest of the dbt project (`dbt_runner.parse_manifest` makes it);
    `on_progress` is told in words what a run is doing.
    """
    feeds = load_contracts()
    manifest = json.loads(manifest_path.read_text(encoding="utf-8"))
    jobs = build_jobs()
    return dg.Definitions(
        assets=[
            build_raw_assets(settings, feeds, _source_docs(manifest), on_progress),
            build_quality_assets(settings, manifest, on_progress),
            build_ledger_assets(settings, manifest, on_progress),
            *build_dbt_assets(settings, manifest_path, on_progress),
            build_target_assets(settings, manifest, on_progress),
            build_incentive_assets(settings, manifest, on_progress),
            build_investment_assets(settings, manifest, on_progress),
            build_service_assets(settings, manifest, on_progress),
            *build_governance_assets(settings, manifest, on_progress),
            build_capability_assets(settings, manifest, on_progress),
            build_brand_assets(settings, manifest, on_progress),
            *with_columns(
                manifest,
                [
                    build_serving_asset(settings, public_models(manifest), on_progress),
                    build_share_asset(settings, on_progress),
                    *build_postgres_asset(settings, on_progress),
                ],
            ),
        ],
        asset_checks=build_gates(settings, feeds, on_progress),
        jobs=[*jobs, build_rebuild_month(settings, manifest_path)],
        schedules=build_schedules(),
        sensors=build_sensors(settings, jobs),
        executor=dg.in_process_executor,
    )


def _source_docs(manifest: dict) -> dict[str, str]:
    """Reference to a doc block -> its text, as contracts refer to them."""
    return {
        f'{{{{ doc("{doc["name"]}") }}}}': doc["block_contents"]
        for doc in manifest["docs"].values()
    }


@dg.definitions
def defs() -> dg.Definitions:
    """Entry point of `dagster dev`, for the warehouse that the environment names."""
    settings = Settings.from_env()
    return build_defs(settings, parse_manifest(settings))
