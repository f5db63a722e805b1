"""The dbt project as one set of assets, built in this process.

The translator gives every model the name, folder and owner that its YAML states; nothing here
names a model.
"""

import json
import queue
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtProject, dbt_assets
from dagster_dbt.asset_utils import get_subset_selection_for_context
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from orchestration.assets.keys import (
    column_lineage,
    column_schema,
    made_every_morning,
    resource_key,
    table_keys,
)
from orchestration.dbt_runner import BEYOND_MONEY, UNTIL_MONEY, run_dbt
from orchestration.lineage import ColumnLineage, Lineage
from orchestration.locking import warehouse_lock
from orchestration.serving.publish import public_models
from orchestration.settings import Settings


class Translator(DagsterDbtTranslator):
    """dbt resources as Dagster assets: key = name, group = layer and folder, owner = meta.owner."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        return resource_key(dbt_resource_props)

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        layer, *folders = dbt_resource_props["fqn"][1:-1] or ["seeds"]
        return "_".join([layer, *folders[:1]])

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str] | None:
        owner = dbt_resource_props["config"].get("meta", {}).get("owner")
        return [owner] if owner else None

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        grain = dbt_resource_props["config"].get("meta", {}).get("grain")
        described = dbt_resource_props["description"]
        return f"{described}\n\nGrain: {grain}." if grain else described

    def get_metadata(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, Any]:
        columns = dbt_resource_props["columns"].values()
        return {
            "dagster/column_schema": column_schema(
                (
                    c["name"],
                    c.get("data_type") or "?",
                    c["description"],
                    not any(k["type"] == "not_null" for k in c.get("constraints") or []),
                )
                for c in columns
            ),
        }

    def get_asset_spec(
        self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetSpec:
        spec = super().get_asset_spec(manifest, unique_id, project)
        resource = self.get_resource_props(manifest, unique_id)
        if public_models({"nodes": {unique_id: resource}}):
            return spec.replace_attributes(freshness_policy=made_every_morning())
        return spec


class DbtBuild:
    """Builds of one dbt project as streams of Dagster events, for an asset or an op."""

    def __init__(
        self,
        settings: Settings,
        manifest_path: Path,
        on_progress: Callable[[str], None] | None = None,
    ) -> None:
        self.settings = settings
        self.manifest = json.loads(manifest_path.read_text(encoding="utf-8"))
        self.translator = Translator()
        self._target_path = manifest_path.parent
        self._on_progress = on_progress
        self._named_by = table_keys(self.manifest)
        self._keys = {
            unique_id: self.translator.get_asset_key(resource)
            for unique_id, resource in {
                **self.manifest["sources"],
                **self.manifest["nodes"],
            }.items()
            if resource["resource_type"] in ("source", "model", "seed", "snapshot")
        }

    def events(self, context: Any, args: Sequence[str], month: str | None = None) -> Iterator[Any]:
        """Run dbt and yield what Dagster wants to know of it; `month` (ISO day) is built again
        whatever was delivered.

        Raises:
            dg.Failure: a model, seed or test failed, or dbt could not run at all.
        """
        lineage = ColumnLineage(
            self.manifest, self._target_path, self.settings.state / "column_lineage.json"
        )
        failed: list[str] = []
        with warehouse_lock(self.settings):
            for event in _dbt_events(self.settings, list(args), month):
                info = event["data"]["node_info"]
                status = info.get("node_status")
                if event["info"]["name"] in _RESULTS:
                    if self._on_progress and info.get("resource_type") == "model":
                        self._on_progress(f"dbt {info['node_name']}")
                    if status in _FAILED:
                        failed.append(f"{info['node_name']}: {event['info']['msg']}")
                message = DbtCoreCliEventMessage(raw_event=event, event_history_metadata={})
                for made in message.to_default_asset_events(
                    self.manifest, self.translator, context
                ):
                    if isinstance(made, dg.Output) and status == "success":
                        known = lineage.of(info["unique_id"])
                        made = self._with_catalog(made, known, event.get("rows"))
                    yield made
        lineage.save()
        if failed:
            raise dg.Failure("dbt: " + "; ".join(failed))

    def _with_catalog(self, made: dg.Output, lineage: Lineage, rows: int | None) -> dg.Output:
        found = {**made.metadata}
        if lineage:
            found["dagster/column_lineage"] = column_lineage(lineage, self._keys, self._named_by)
        if rows is not None:
            found["dagster/row_count"] = dg.IntMetadataValue(rows)
        return made.with_metadata(found)


def build_dbt_assets(
    settings: Settings,
    manifest_path: Path,
    on_progress: Callable[[str], None] | None = None,
) -> list[dg.AssetsDefinition]:
    """The dbt models and seeds, with their tests as asset checks: those that are built before
    Python decides the money, and those that are made of it."""
    build = DbtBuild(settings, manifest_path, on_progress)
    return [
        _stage(build, "dbt", _EVERYTHING, UNTIL_MONEY),
        _stage(build, "dbt_beyond_money", BEYOND_MONEY[1], BEYOND_MONEY),
    ]


def _stage(
    build: DbtBuild, name: str, select: str, arguments: Sequence[str]
) -> dg.AssetsDefinition:
    """What dbt builds at once; `arguments` choose it on the command line."""
    excluded = " ".join(arguments[arguments.index("--exclude") + 1 :])

    @dbt_assets(
        manifest=build.manifest,
        name=name,
        select=select,
        exclude=excluded,
        dagster_dbt_translator=build.translator,
    )
    def dbt(context: dg.AssetExecutionContext) -> Iterator[Any]:
        selection, indirect = get_subset_selection_for_context(
            context, build.manifest, select, excluded, None, build.translator, None
        )
        if selection == ["--select", select, "--exclude", excluded]:
            args = ["build", *arguments]
        else:
            # a test that also reads what is not built now would compare new with old
            args = ["build", *selection, "--exclude", "resource_type:unit_test"]
            args += ["--indirect-selection", indirect or "buildable"]
        if build.settings.full_refresh:
            args.append("--full-refresh")
        yield from build.events(context, args)

    return dbt


_EVERYTHING = "fqn:*"
_RESULTS = {"LogSeedResult", "LogModelResult", "LogSnapshotResult", "LogTestResult"}
_TABLES = _RESULTS - {"LogTestResult"}
_FAILED = {"error", "fail", "runtime error"}
_END = object()


def _dbt_events(settings: Settings, args: list[str], month: str | None) -> Iterator[dict[str, Any]]:
    """Run dbt in a thread of this process and yield its events as they come.

    Raises:
        dg.Failure: dbt could not run at all (parse or connection error).
    """
    from dbt_common.events.functions import msg_to_dict

    events: queue.SimpleQueue[Any] = queue.SimpleQueue()
    outcome: dict[str, Any] = {}

    def heard(event: Any) -> None:
        said = msg_to_dict(event)
        if said["info"]["name"] in _TABLES and said["data"].get("status") != "error":
            # now, while dbt has the warehouse open: nobody else may
            said["rows"] = _row_count(said["data"]["node_info"])
        events.put(said)

    def work() -> None:
        try:
            outcome["result"] = run_dbt(settings, args, on_event=heard, month=month)
        except BaseException as error:  # handed to the consuming thread, which raises it
            outcome["error"] = error
        finally:
            events.put(_END)

    thread = threading.Thread(target=work, name="dbt", daemon=True)
    thread.start()
    while (event := events.get()) is not _END:
        if "node_info" in event["data"]:
            yield event
    thread.join()
    if "error" in outcome:
        raise outcome["error"]
    if exception := outcome["result"].exception:
        raise dg.Failure(f"dbt could not run: {exception}") from exception


def _row_count(info: Mapping[str, Any]) -> int | None:
    """Rows of the table that dbt has just built; None of a view, which would be reckoned anew."""
    if info["node_status"] != "success" or info["materialized"] in ("view", "ephemeral"):
        return None
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    handle = DuckDBConnectionManager.env().handle()
    try:
        found = handle.cursor().execute(
            f"select count(*) from {info['node_relation']['relation_name']}"
        )
        return found.fetchone()[0]
    finally:
        handle.close()
