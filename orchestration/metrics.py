"""The metrics of the semantic layer, asked of what was published: MetricFlow's `mf`, at home here.

    python -m orchestration.metrics list metrics
    python -m orchestration.metrics query --metrics score --group-by metric_time__month
    python -m orchestration.metrics query --saved-query scores_by_month

The serving file is opened read-only, so a run may publish meanwhile: a query under way keeps the
version that it opened, the next command reads the new one. Nothing is written beside
`state/metrics` of the warehouse, and nothing that a run reads; whoever may only read the warehouse
works in a temporary folder. What belongs here: where dbt's project and the publication lie for
`mf`. What the metrics are stands in dbt_project/models/semantic. Needs the extra `semantic`.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.dbt_runner import DbtError, project_checksum
from orchestration.settings import DBT_PROJECT_DIR, Settings, UsageError

if TYPE_CHECKING:
    from metricflow.engine.metricflow_engine import MetricFlowEngine

_TARGET = "serving"
"""The target of dbt_project/profiles.yml that opens the serving file."""
_WRONG_USAGE = 64
_WRONG_USAGE_OF_CLICK = 2


def run(settings: Settings, arguments: Sequence[str]) -> int:
    """One command of `mf` on what was published; gives its exit code, 64 for wrong usage.

    Raises:
        UsageError: nothing was published, or the extra `semantic` is not installed.
        DbtError: dbt cannot read its project.
    """
    with _at_home(settings):
        from dbt_metricflow.cli import main as mf

        mf.UpdateChecker = _NoUpdates
        try:
            mf.cli(args=list(arguments), prog_name="mf")
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
            return _WRONG_USAGE if code == _WRONG_USAGE_OF_CLICK else code
    return 0


@contextmanager
def opened(settings: Settings) -> Iterator[MetricFlowEngine]:
    """The engine behind the command, for many queries in one process.

    Raises:
        UsageError: nothing was published, or the extra `semantic` is not installed.
        DbtError: dbt cannot read its project.
    """
    with _at_home(settings):
        from dbt_metricflow.cli.cli_configuration import CLIConfiguration

        configuration = CLIConfiguration()
        configuration.setup(configure_file_logging=False)
        yield configuration.mf


class _NoUpdates:
    """Instead of asking the internet for a newer version: versions are pinned."""

    def check(self, *_: object) -> None:
        return None


@contextmanager
def _at_home(settings: Settings) -> Iterator[None]:
    """What `mf` and dbt read from the environment, for the time of one command."""
    if find_spec("dbt_metricflow") is None:
        raise UsageError(
            "metrics need the extra `semantic`: pip install -r requirements-semantic.lock"
        )
    if not settings.serving_file.is_file():
        raise UsageError(f"nothing is published at {settings.serving_file}: run first")
    with _writable_folder(settings) as folder:
        values = {
            "PARTNERDW_WAREHOUSE": str(settings.warehouse),
            "PARTNERDW_MEMORY_LIMIT": settings.memory_limit,
            "PARTNERDW_THREADS": str(settings.threads),
            "PARTNERDW_DBT_TARGET": _TARGET,
            "DBT_PROFILES_DIR": str(DBT_PROJECT_DIR),
            "DBT_PROJECT_DIR": str(folder),
            "DBT_LOG_PATH": str(folder),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }
        before = {name: os.environ.get(name) for name in values}
        os.environ.update(values)
        try:
            _parse_if_changed(folder)
            yield
        finally:
            _close()
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value


@contextmanager
def _writable_folder(settings: Settings) -> Iterator[Path]:
    """`state/metrics`, kept between commands; a temporary folder where that cannot be written."""
    folder = settings.state / "metrics"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    if os.access(folder, os.W_OK):
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="partnerdw-metrics-") as temporary:
        yield Path(temporary)


def _parse_if_changed(folder: Path) -> None:
    """Lay out in `folder` what `mf` looks for in a dbt project: dbt_project.yml and the parse.

    `mf` reads the parse only at `<project>/target/semantic_manifest.json`, whatever dbt's settings
    say. In the project itself it would lie among the source; so this folder stands for the project.

    Raises:
        DbtError: dbt cannot read its project.
    """
    from dbt.cli.main import dbtRunner

    stamp = folder / "project.sha256"
    checksum = project_checksum()
    parsed = folder / "target" / "semantic_manifest.json"
    if stamp.is_file() and parsed.is_file() and stamp.read_text(encoding="ascii") == checksum:
        return
    remembered = parsed.with_name("partial_parse.msgpack")
    with tempfile.TemporaryDirectory(prefix=".parse-", dir=folder) as work:
        if remembered.is_file():
            shutil.copy(remembered, work)  # what did not change is not parsed again
        result = dbtRunner().invoke(
            [
                *("--quiet", "parse", "--project-dir", str(DBT_PROJECT_DIR)),
                *("--target-path", work, "--log-path", work, "--no-version-check"),
            ]
        )
        if not result.success:
            raise DbtError(f"dbt cannot parse {DBT_PROJECT_DIR}: {result.exception}")
        parsed.parent.mkdir(exist_ok=True)
        shutil.copy(DBT_PROJECT_DIR / "dbt_project.yml", work)
        (Path(work) / stamp.name).write_text(checksum, encoding="ascii")
        # renamed into place, the stamp last: another command sees each of them whole
        for made in (parsed, remembered, folder / "dbt_project.yml", stamp):
            os.replace(Path(work) / made.name, made)


def _close() -> None:
    """Let go of the serving file; dbt-duckdb itself would keep it open in this process."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    if DuckDBConnectionManager._ENV is not None:
        DuckDBConnectionManager.env().close()
        DuckDBConnectionManager.close_all_connections()


def main() -> int:
    """`python -m orchestration.metrics ...`, for the warehouse that the environment names."""
    try:
        return run(Settings.from_env(), sys.argv[1:])
    except UsageError as error:
        print(f"metrics: {error}", file=sys.stderr)
        return _WRONG_USAGE
    except DbtError as error:
        print(f"metrics: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
