"""A run as soon as files arrive."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg

from orchestration.ingestion.load import pending
from orchestration.jobs import DEALER_NOW, EVERYTHING, dealer_now_selection
from orchestration.settings import Settings
from orchestration.state import PUBLICATION, read_state
from orchestration.version import code_version

_PRIORITY = "dagster/priority"


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
        assets = dealer_now_selection({p.parent.name for p in files}, graph)
        if assets and _is_published_by_this_code(settings):
            yield dg.RunRequest(
                f"{arrived}-{DEALER_NOW}",
                job_name=DEALER_NOW,
                asset_selection=assets,
                asset_check_keys=sorted(graph.get_check_keys_for_assets(set(assets))),
                tags={_PRIORITY: "1"},
            )
        # one that waits takes what arrives meanwhile, too
        waiting = [dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.QUEUED]
        if not context.instance.get_runs_count(
            dg.RunsFilter(job_name=EVERYTHING, statuses=waiting)
        ):
            yield dg.RunRequest(f"{arrived}-{EVERYTHING}", job_name=EVERYTHING)

    return [drop_zone]


def _is_published_by_this_code(settings: Settings) -> bool:
    """Otherwise models that no file touches have to be built first."""
    return read_state(settings, PUBLICATION).get("code_version") == code_version()
