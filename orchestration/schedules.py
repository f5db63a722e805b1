"""When a run starts by itself."""

from __future__ import annotations

import dagster as dg

from orchestration.jobs import EVERYTHING
from orchestration.settings import NETWORK_ZONE


def build_schedules() -> list[dg.ScheduleDefinition]:
    """Every morning, after the dealers' nightly exports."""
    return [
        dg.ScheduleDefinition(
            name="every_morning",
            job_name=EVERYTHING,
            cron_schedule="30 5 * * *",
            execution_timezone=NETWORK_ZONE,
            description="Everything, every morning at half past five in Berlin.",
        )
    ]
