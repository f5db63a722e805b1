"""The metrics of the semantic layer, asked of what was published: MetricFlow's `mf`, at home here.

    python -m orchestration.metrics list metrics
    python -m orchestration.metrics query --metrics score --group-by metric_time__month

What belongs here: where dbt's project and the publication lie for `mf`. What the metrics are stands
in dbt_project/models/semantic. Needs the extra `semantic`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from orchestration.settings import DBT_PROJECT_DIR, Settings, UsageError


def run(settings: Settings, arguments: Sequence[str]) -> int:
    """One command of `mf` on what was published; gives its exit code.

    Raises:
        UsageError: nothing was published, or dbt cannot read its project.
    """
    if not settings.serving_file.is_file():
        raise UsageError(f"nothing is published at {settings.serving_file}: run first")
    os.environ |= {
        "PARTNERDW_WAREHOUSE": str(settings.warehouse),
        "PARTNERDW_DBT_TARGET": "serving",
        "DBT_PROFILES_DIR": str(DBT_PROJECT_DIR),
        "DBT_PROJECT_DIR": str(DBT_PROJECT_DIR),
        "DBT_LOG_PATH": str(settings.state / "dbt-serving"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    os.chdir(DBT_PROJECT_DIR)
    from dbt.cli.main import dbtRunner
    from dbt_metricflow.cli.main import cli

    # `mf` reads dbt's parse where dbt leaves it by default, whatever its settings say
    parsed = dbtRunner().invoke(
        ["--quiet", "parse", "--target-path", str(DBT_PROJECT_DIR / "target")]
    )
    if not parsed.success:
        raise UsageError(f"dbt cannot parse {DBT_PROJECT_DIR}: {parsed.exception}")
    try:
        cli(args=list(arguments), prog_name="mf")
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def main() -> int:
    """`python -m orchestration.metrics ...`, for the warehouse that the environment names."""
    try:
        return run(Settings.from_env(), sys.argv[1:])
    except UsageError as error:
        print(f"metrics: {error}", file=sys.stderr)
        return 64


if __name__ == "__main__":
    sys.exit(main())
