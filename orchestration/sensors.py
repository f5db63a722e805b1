"""A run as soon as files arrive."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg

from orchestration.ingestion.load import pending
from orchestration.jobs import DEALER_NOW, EVERYTHING, dealer_now_selection
from orchestration.settings import Settings


def build_sensors(settings: Settings, jobs: Sequence[Any]) -> list[dg.SensorDefinition]:
    """The watch on the drop zone; `jobs` are those that it may start."""

    @dg.sensor(
        name="drop_zone",
        jobs=[job for job in jobs if job.name in (DEALER_NOW, EVERYTHING)],
        minimum_interval_seconds=10,
        description="Runs once for each set of files that arrived in the drop zone: first what "
        "dealers look at at any hour, of which only what the files touch, then everything.",
    )
    def drop_zone(context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
        files = pending(settings)
        if not files:
            yield dg.SkipReason(f"nothing new in {settings.extracts}")
            return
        listing = "\n".join(
            f"{p.parent.name}/{p.name} {p.lstat().st_size} {p.lstat().st_mtime_ns}" for p in files
        )
        arrived = hashlib.sha256(listing.encode()).hexdigest()
        graph = context.repository_def.asset_graph
        if assets := dealer_now_selection({p.parent.name for p in files}, graph):
            yield dg.RunRequest(
                f"{arrived}-{DEALER_NOW}",
                job_name=DEALER_NOW,
                asset_selection=assets,
                asset_check_keys=sorted(graph.get_check_keys_for_assets(set(assets))),
            )
        yield dg.RunRequest(f"{arrived}-{EVERYTHING}", job_name=EVERYTHING)

    return [drop_zone]
