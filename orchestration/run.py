"""One run of the warehouse, as the command line starts it.

What belongs here: whether there is anything to do, the execution of the Dagster job in this
process, and the verdict. The work itself is the assets'.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum

from orchestration.dagster_home import use_dagster_home
from orchestration.dbt_runner import is_built
from orchestration.ingestion import lake
from orchestration.ingestion.load import pending
from orchestration.ledger.due import is_up_to_date
from orchestration.ledger.tables import posted_months
from orchestration.locking import warehouse_lock
from orchestration.settings import Settings
from orchestration.state import PUBLICATION, read_state
from orchestration.version import code_version


class ExitCode(IntEnum):
    """Exit codes of the `partnerdw` command."""

    PUBLISHED = 0
    FAILED = 1
    GATE_STOPPED = 2
    WRONG_USAGE = 64


@dataclass(frozen=True)
class Outcome:
    """Verdict of a run. `problems` says in words what stopped it."""

    exit_code: ExitCode
    changed: bool
    problems: list[str] = field(default_factory=list)


def run_warehouse(
    settings: Settings,
    select: str | None = None,
    on_progress: Callable[[str], None] | None = None,
) -> Outcome:
    """Load, check, build, check and publish; or say that nothing changed.

    `select` limits the run to some assets, in Dagster's selection syntax (`+mart_feed_quality`).

    Raises:
        WarehouseBusy: another process writes this warehouse.
        ContractError: a feed contract that cannot be used.
    """
    with warehouse_lock(settings, wait=False):
        if later := _known_too_early(settings):
            return Outcome(ExitCode.WRONG_USAGE, False, [later])
        if select is None and settings.as_of is None and is_current(settings):
            return Outcome(ExitCode.PUBLISHED, changed=False)
        return _execute(settings, select, on_progress)


def _known_too_early(settings: Settings) -> str | None:
    """Why this warehouse cannot show what was known at `as_of`; None where it can."""
    if settings.as_of is None:
        return None
    for delivery in lake.read_deliveries(settings):
        if delivery.delivered_at > settings.as_of:
            return (
                f"{settings.warehouse} holds deliveries later than {settings.as_of}, such as "
                f"{delivery.feed}/{delivery.source_file}: give an empty folder as --warehouse"
            )
    if (posted := posted_months(settings)) and f"{settings.as_of:%Y-%m}" <= f"{posted[-1]:%Y-%m}":
        return (
            f"{settings.warehouse} has posted the close of {posted[-1]:%Y-%m}, which is later than "
            f"{settings.as_of}: give an empty folder as --warehouse"
        )
    return None


def is_current(settings: Settings) -> bool:
    """Whether what is published is what a run would publish: nothing delivered since, made by this
    very code, and in this very month (a month that begins may show what was dated ahead)."""
    published = read_state(settings, PUBLICATION)
    this_month = f"{datetime.now(UTC):%Y-%m}"
    return (
        not settings.full_refresh
        and str(published.get("as_of", "")).startswith(this_month)
        and settings.serving_file.is_file()
        and is_built(settings)
        and published.get("code_version") == code_version()
        and published.get("loaded_at") == _text(lake.last_loaded_at(settings))
        and is_up_to_date(settings)
        and not pending(settings)
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _execute(
    settings: Settings, select: str | None, on_progress: Callable[[str], None] | None
) -> Outcome:
    import dagster as dg

    from orchestration.dbt_runner import parse_manifest
    from orchestration.definitions import build_defs
    from orchestration.jobs import EVERYTHING

    if on_progress:
        on_progress("preparing")
    use_dagster_home(settings)
    defs = build_defs(settings, parse_manifest(settings), on_progress)
    job = defs.resolve_job_def(EVERYTHING)
    chosen = None
    if select is not None:
        chosen = sorted(dg.AssetSelection.from_string(select).resolve(defs.resolve_asset_graph()))
        if not chosen:
            return Outcome(
                ExitCode.WRONG_USAGE, False, [f"--select {select!r} fits no asset; see `make dev`"]
            )
    with dg.DagsterInstance.get() as instance:
        result = job.execute_in_process(
            instance=instance,
            asset_selection=chosen,
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
    gates = [e for e in result.get_asset_check_evaluations() if _stops(e)]
    if result.success and not gates:
        return Outcome(ExitCode.PUBLISHED, changed=True)
    if gates:
        return Outcome(ExitCode.GATE_STOPPED, True, [_described(e) for e in gates])
    return Outcome(ExitCode.FAILED, True, list(_errors(result)))


def _stops(evaluation) -> bool:
    from dagster import AssetCheckSeverity

    return not evaluation.passed and evaluation.severity == AssetCheckSeverity.ERROR


def _described(evaluation) -> str:
    """The failed check in words: rule, asset, counts, example rows."""
    shown = {k: getattr(v, "value", v) for k, v in (evaluation.metadata or {}).items()}
    text = f"{evaluation.check_name.upper()} on {evaluation.asset_key.path[-1]}"
    if evaluation.description:
        text += f": {evaluation.description}"
    if (rows := shown.get("dagster_dbt/failed_row_count")) is not None:
        text += f" ({rows} rows failed the dbt test)"
    if "failed rows" in shown:
        text += f" ({shown['failed rows']} of {shown['checked rows']} rows failed)"
    for example in shown.get("examples") or []:
        text += "\n    " + ", ".join(f"{k}={v}" for k, v in example.items())
    return text


def _errors(result) -> Iterable[str]:
    for event in result.all_events:
        if event.is_step_failure:
            error = event.event_specific_data.error
            while error.cause is not None:
                error = error.cause
            yield f"{event.step_key}: {error.message.strip()}"
        elif event.is_job_failure and event.job_failure_data.error is not None:
            yield event.job_failure_data.error.message.strip()
