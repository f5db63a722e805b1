"""A run as soon as files arrive."""

import hashlib

import dagster as dg

from orchestration.ingestion.load import pending
from orchestration.jobs import EVERYTHING
from orchestration.settings import Settings


def build_sensors(settings: Settings) -> list[dg.SensorDefinition]:
    """The watch on the drop zone."""

    @dg.sensor(
        name="drop_zone",
        job_name=EVERYTHING,
        minimum_interval_seconds=60,
        description="Runs everything once for each set of files that arrived in the drop zone.",
    )
    def drop_zone(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        files = pending(settings)
        if not files:
            return dg.SkipReason(f"nothing new in {settings.extracts}")
        listing = "\n".join(
            f"{p.parent.name}/{p.name} {p.lstat().st_size} {p.lstat().st_mtime_ns}" for p in files
        )
        return dg.RunRequest(run_key=hashlib.sha256(listing.encode()).hexdigest())

    return [drop_zone]
