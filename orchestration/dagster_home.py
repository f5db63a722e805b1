"""The Dagster home of a warehouse: where runs and events are kept."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from orchestration.settings import Settings

_INSTANCE = Path(__file__).with_name("dagster.yaml")


def use_dagster_home(settings: Settings) -> None:
    """Make the warehouse's Dagster home the one of this process and of those that it starts."""
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_INSTANCE, settings.dagster_home / "dagster.yaml")
    os.environ["DAGSTER_HOME"] = str(settings.dagster_home)
    os.environ["PARTNERDW_EVENT_LOG"] = str(settings.dagster_home / "history" / "runs")
