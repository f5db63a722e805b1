"""dbt inside this process: the one way in which anything here runs it.

    result = run_dbt(settings, ["build", *UNTIL_MONEY], on_event=print_event)

What belongs here: where dbt's files lie, its environment, its parse (kept, since parsing takes
seconds), and letting go of the warehouse file afterwards. What does not: which models to build.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.ingestion.lake import last_loaded_at
from orchestration.settings import DBT_PROJECT_DIR, Settings
from orchestration.state import BUILT, read_state, write_state

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult
    from dbt.contracts.graph.manifest import Manifest

_BEYOND_MONEY = "source:computed+"
UNTIL_MONEY = ("--exclude", "resource_type:unit_test", _BEYOND_MONEY)
"""Arguments for what is built before Python decides the money. Unit tests, which test the models'
logic on invented rows, are left out."""
BEYOND_MONEY = ("--select", _BEYOND_MONEY, "--exclude", "resource_type:unit_test")
"""Arguments for what is made of the money that Python has decided."""

MONTH_VARIABLE = "PARTNERDW_REBUILD_MONTH"
"""Tells the plugin, and through it the facts, which month to build again."""

AS_OF_VARIABLE = "PARTNERDW_AS_OF"
"""Tells the plugin, and through it the models, whose instant's knowledge to show (UTC)."""

_manifests: dict[tuple[str, str], Manifest] = {}
_one_at_a_time = threading.Lock()


class DbtError(RuntimeError):
    """dbt could not read its project; the message is dbt's own."""


def run_dbt(
    settings: Settings,
    args: list[str],
    on_event: Callable[[Any], None] | None = None,
    target: str = "duckdb",
    month: str | None = None,
) -> dbtRunnerResult:
    """Runs one dbt command, for example `["build", "--select", "dim_dealer"]`.

    `on_event` gets every `EventMsg` of dbt as it happens. On return the warehouse file is closed,
    so that others may open it read-only. Where the models or a feed contract have changed since all
    tables were last built, a `build` or `run` of everything is a full refresh without being asked:
    incremental tables would otherwise keep what the old ones made.
    `month` (the ISO date of its first day) is built again in every fact, whatever was delivered.

    Raises:
        DbtError: the project does not parse.
    """
    from dbt.cli.main import dbtRunner

    with _one_at_a_time, _environment(settings, month):
        manifest = _manifest(settings, target)
        loaded_at = last_loaded_at(settings)
        is_whole = args[0] in {"build", "run"} and not {"--select", "-s", "--empty"} & set(args)
        stamp = _built_by(settings, target)
        made_by = project_checksum()
        if is_whole and target == "duckdb" and _read(stamp) != made_by:
            args = [*args, "--full-refresh"]
        if is_whole and target == "duckdb" and "--full-refresh" in args:
            _begin_anew(settings)
        runner = dbtRunner(manifest=manifest, callbacks=[on_event] if on_event else [])
        # the manifest is written already, and writing it again takes seconds
        is_part = args[0] == "build" and not is_whole
        json = ["--no-write-json"] if is_part else []
        try:
            result = runner.invoke([*args, *json, *_options(settings, target)])
        finally:
            _close(target)
        if is_whole and result.success:
            _write(stamp, made_by)
        if result.success and target == "duckdb":
            _remember_load(settings, args, is_whole, loaded_at)
        return result


@dataclass(frozen=True)
class CompiledModel:
    """A model as SQL; `relation` is its quoted name, under which the others read it."""

    name: str
    relation: str
    schema: str
    sql: str


def compile_models(settings: Settings, names: Sequence[str]) -> list[CompiledModel]:
    """The SELECTs of the named models and of every model that they are made from, parents first, as
    a full build has them.

    Raises:
        DbtError: the project does not compile.
    """
    from graphlib import TopologicalSorter

    selection = [f"+{name}" for name in names]
    exclusion = ["--exclude", "resource_type:test", "resource_type:unit_test"]
    args = ["compile", "--full-refresh", "--select", *selection, *exclusion]
    result = run_dbt(settings, args)
    if not result.success:
        named = ", ".join(names)
        raise DbtError(f"dbt cannot compile {named}: {result.exception or result.result}")
    nodes = {r.node.unique_id: r.node for r in result.result.results}
    parents = {key: node.depends_on.nodes for key, node in nodes.items()}
    return [
        CompiledModel(
            node.name,
            node.relation_name,
            node.schema,
            node.compiled_code,
        )
        for key in TopologicalSorter(parents).static_order()
        if (node := nodes.get(key)) is not None and node.relation_name is not None
    ]


def _remember_load(
    settings: Settings, args: list[str], is_whole: bool, loaded_at: datetime | None
) -> None:
    """Note up to which load all models are built: `loaded_at` once what lies beyond the money is
    built, too; `begun` until then."""
    begun = read_state(settings, BUILT).get("begun")
    if is_whole:
        begun = None if loaded_at is None else str(loaded_at)
    if (is_whole and _BEYOND_MONEY not in args) or args[1 : 1 + len(BEYOND_MONEY)] == [
        *BEYOND_MONEY
    ]:
        write_state(settings, BUILT, {"begun": begun, "loaded_at": begun})
    elif is_whole:
        write_state(settings, BUILT, read_state(settings, BUILT) | {"begun": begun})


def as_of_text(settings: Settings) -> str:
    """The instant whose knowledge a run shows, as SQL reads a timestamp in UTC."""
    as_of = settings.as_of or datetime.now(UTC)
    return as_of.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")


def spark_session(settings: Settings) -> Any:
    """The Spark session of target `spark`, begun as the profile says. The caller stops it.

    It knows the key of personal data and the instant whose knowledge to show, which a session begun
    by dbt itself would not; so this comes before `run_dbt(..., target="spark")`. Needs the extra
    `spark` and Java.
    """
    from dbt.config.profile import Profile, read_profile
    from dbt.config.renderer import ProfileRenderer
    from pyspark.sql import SparkSession

    from orchestration.dbt_plugin import declare_variables

    with _environment(settings):
        profile = Profile.from_raw_profiles(
            read_profile(str(DBT_PROJECT_DIR)),
            profile_name="partner_warehouse",
            renderer=ProfileRenderer({}),
            target_override="spark",
        )
    builder = SparkSession.builder.appName("partner_warehouse")
    for name, value in profile.credentials.server_side_parameters.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    declare_variables(session, settings.warehouse, as_of_text(settings))
    return session


def parse_manifest(settings: Settings, target: str = "duckdb") -> Path:
    """The path of an up-to-date `manifest.json`; parses the project only if it has changed."""
    path = manifest_path(settings, target)
    with _one_at_a_time, _environment(settings):
        if not path.exists() or _read(path.with_suffix(".sha256")) != project_checksum():
            _manifest(settings, target)
    return path


def manifest_path(settings: Settings, target: str = "duckdb") -> Path:
    """Where the manifest lies once `parse_manifest` or `run_dbt` has run."""
    return _state(settings, target) / "manifest.json"


def project_checksum() -> str:
    """SHA-256 over names and contents of all files of the dbt project."""
    digest = sha256()
    for path in sorted(DBT_PROJECT_DIR.rglob("*")):
        if path.is_file() and path.relative_to(DBT_PROJECT_DIR).parts[0] not in {"target", "logs"}:
            content = path.read_bytes()
            digest.update(f"{path.relative_to(DBT_PROJECT_DIR)}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def _manifest(settings: Settings, target: str) -> Manifest:
    """The parsed project: parsed once per process, and quickly where dbt's own parse is at hand."""
    from dbt.cli.main import dbtRunner

    checksum = project_checksum()
    path = manifest_path(settings, target)
    known = _manifests.get((target, checksum))
    if known is None:
        parse = ["parse", "--no-write-json", *_options(settings, target)]
        result = dbtRunner().invoke(parse)
        if not result.success:
            # what it kept may mislead dbt, such as of a metric that has moved to another file
            result = dbtRunner().invoke(["--no-partial-parse", *parse])
        if not result.success:
            raise DbtError(f"dbt cannot parse {DBT_PROJECT_DIR}: {result.exception}")
        known = _manifests[target, checksum] = result.result
    if _read(path.with_suffix(".sha256")) != checksum or not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        known.write(str(path))
    _write(path.with_suffix(".sha256"), checksum)
    return known


def _begin_anew(settings: Settings) -> None:
    """Without the old tables: replaced one by one they would leave the files twice their size."""
    for database in (settings.database, settings.marts):
        for path in (database, database.with_name(f"{database.name}.wal")):
            path.unlink(missing_ok=True)


def build_anew(settings: Settings) -> None:
    """Let the next build of everything be a full refresh: something in the lake was overwritten."""
    _built_by(settings).unlink(missing_ok=True)


def is_built(settings: Settings) -> bool:
    """Whether the tables are built by some code, and need not be made anew."""
    return _built_by(settings).exists()


def _built_by(settings: Settings, target: str = "duckdb") -> Path:
    return _state(settings, target) / "built_by.sha256"


def _state(settings: Settings, target: str) -> Path:
    return settings.state / ("dbt" if target == "duckdb" else f"dbt-{target}")


def _options(settings: Settings, target: str) -> list[str]:
    """Always the same, since a change makes dbt parse everything again."""
    state = _state(settings, target)
    return [
        "--project-dir", str(DBT_PROJECT_DIR),
        "--profiles-dir", str(DBT_PROJECT_DIR),
        "--target", target,
        "--target-path", str(state),
        "--log-path", str(state),
        "--log-level", "none",
        "--log-level-file", "info",
        "--no-send-anonymous-usage-stats",
        "--no-version-check",
    ]  # fmt: skip


@contextmanager
def _environment(settings: Settings, month: str | None = None) -> Iterator[None]:
    """The variables that dbt_project/profiles.yml reads, for the time of one command."""
    values = {
        "PARTNERDW_WAREHOUSE": str(settings.warehouse),
        "PARTNERDW_MEMORY_LIMIT": settings.memory_limit,
        "PARTNERDW_THREADS": str(settings.threads),
        MONTH_VARIABLE: month or "",
        AS_OF_VARIABLE: as_of_text(settings),
    }
    (settings.tmp / "dbt").mkdir(parents=True, exist_ok=True)
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        shutil.rmtree(settings.tmp / "dbt", ignore_errors=True)


def _close(target: str) -> None:
    """Lets go of the warehouse file; dbt-duckdb itself would keep it for the next command."""
    if target != "duckdb":
        return
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    if DuckDBConnectionManager._ENV is not None:
        DuckDBConnectionManager.env().close()
        DuckDBConnectionManager.close_all_connections()


def _read(path: Path) -> str | None:
    return path.read_text(encoding="ascii").strip() if path.exists() else None


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="ascii")
