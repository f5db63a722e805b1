"""The job that builds one month again, with a partition per month so that the UI can backfill.

The assets themselves are not partitioned: a delivery touches the months that it touches, and one
run takes them all. This job is for months that somebody wants rebuilt from the lake.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration.assets.dbt import DbtBuild
from orchestration.assets.serving import publish_marts
from orchestration.checks.gate import run_mart_gate
from orchestration.computed.everything import compute_everything
from orchestration.dbt_runner import BEYOND_MONEY, UNTIL_MONEY
from orchestration.ledger.post import post_due_closes
from orchestration.locking import warehouse_lock
from orchestration.partitions import MONTHS
from orchestration.settings import Settings


def build_rebuild_month(settings: Settings, manifest_path: Path) -> dg.JobDefinition:
    """The partitioned job `rebuild_month`: facts of the month and what depends on them, the mart
    gate, publishing."""

    @dg.op(out=dg.Out(dg.Nothing))
    def build_month(context: dg.OpExecutionContext) -> Iterator[Any]:
        build = DbtBuild(settings, manifest_path)
        month = context.partition_key
        with warehouse_lock(settings):
            post_due_closes(settings)
            yield from build.events(context, ["build", *UNTIL_MONEY], month=month)
            compute_everything(settings)
            yield from build.events(context, ["build", *BEYOND_MONEY], month=month)
        yield dg.Output(None)

    @dg.op(ins={"built": dg.In(dg.Nothing)}, out=dg.Out(dg.Nothing))
    def check_marts() -> None:
        gate = run_mart_gate(settings)
        if gate.critical_failures:
            raise dg.Failure(gate.summary())

    @dg.op(ins={"checked": dg.In(dg.Nothing)})
    def publish_month() -> None:
        publish_marts(settings)

    @dg.job(
        name="rebuild_month",
        partitions_def=MONTHS,
        executor_def=dg.in_process_executor,
        description="Build the facts of one month again from the lake, and what depends on them; "
        "check and publish.",
    )
    def rebuild_month() -> None:
        publish_month(check_marts(build_month()))

    return rebuild_month
