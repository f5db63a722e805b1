"""From the arrival of a file to the dealers' published view, against a run of everything.

The sample is loaded and published whole; then a dealer's export of leads arrives. What the sensor
asks for is done in a process of its own, as Dagster's daemon would: the clock runs from the start
of that process to the publication. `python -m tests.benchmarks.arrival` prints the figures as JSON.
"""

from __future__ import annotations

import json
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.settings import Settings
from tests.benchmarks.whole_runs import BenchmarkError, measure

_LEAD = "arrived-just-now"


def measure_arrival(dealers: int = 40, months: int = 24) -> dict[str, Any]:
    """Wall and CPU seconds of the arrival and of the run of everything before it, their ratio.

    Raises:
        BenchmarkError: a run failed, or what arrived is not published.
    """
    with tempfile.TemporaryDirectory() as folder:
        extracts, warehouse = Path(folder) / "extracts", Path(folder) / "warehouse"
        size = ("--dealers", str(dealers), "--months", str(months))
        measure("-m", "orchestration.cli", "sample", str(extracts), *size)
        of_both = ("--extracts", str(extracts), "--warehouse", str(warehouse))
        everything = measure("-m", "orchestration.cli", "run", *of_both)
        _deliver(extracts)
        arrival = measure("-m", "tests.benchmarks.arrival", str(extracts), str(warehouse))
        settings = Settings.from_env({}, extracts=extracts, warehouse=warehouse)
        with duckdb.connect(str(settings.serving_file), read_only=True) as connection:
            found = connection.execute("select 1 from fct_lead where lead_id = $1", [_LEAD])
            if found.fetchone() is None:
                raise BenchmarkError(f"the lead is not published:\n{arrival.output}")
    return {
        "dealers": dealers,
        "months": months,
        "arrival": arrival.figures(),
        "everything": everything.figures(),
        "wall_ratio": round(arrival.wall_seconds / everything.wall_seconds, 3),
    }


def _deliver(extracts: Path) -> None:
    """A new lead of the first dealer that exports leads, delivered now."""
    newest = min((extracts / "dealer__leads").iterdir())
    dealer_id = newest.name.partition("_")[0]
    now = datetime.now(UTC)
    newest.with_name(f"{dealer_id}_{now:%Y%m%dT%H%M%S}.csv").write_text(
        "lead_id,dealer_id,brand_code,channel,created_at\n"
        f"{_LEAD},{dealer_id},ARVA,WEB,{now:%Y-%m-%dT%H:%M:%SZ}\n",
        encoding="utf-8",
    )


def react(extracts: Path, warehouse: Path) -> None:
    """What the sensor asks for first.

    Raises:
        SystemExit: it asks for nothing, or the run fails.
    """
    import dagster as dg

    from orchestration.dagster_home import use_dagster_home
    from orchestration.dbt_runner import parse_manifest
    from orchestration.definitions import build_defs

    settings = Settings.from_env({}, extracts=extracts, warehouse=warehouse)
    use_dagster_home(settings)
    defs = build_defs(settings, parse_manifest(settings))
    sensor = defs.resolve_sensor_def("drop_zone")
    with (
        dg.DagsterInstance.get() as instance,
        dg.build_sensor_context(instance=instance, definitions=defs) as context,
    ):
        asked = next(iter(sensor(context)))
        if not isinstance(asked, dg.RunRequest):
            raise SystemExit(str(asked))
        result = defs.resolve_job_def(asked.job_name).execute_in_process(
            instance=instance,
            asset_selection=asked.asset_selection,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
    raise SystemExit(0 if result.success else 1)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        react(*map(Path, sys.argv[1:]))
    print(json.dumps(measure_arrival(), indent=1))
