"""What Dagster shows and runs."""

from __future__ import annotations

import dagster as dg
import duckdb
import pytest

from orchestration.assets.keys import SERVING
from orchestration.dagster_home import use_dagster_home
from orchestration.dbt_runner import parse_manifest
from orchestration.definitions import build_defs
from orchestration.ingestion.contract import load_contracts
from orchestration.settings import Settings

_EVENTS = (
    "event_id,dealer_id,brand_code,vin,event_type,event_date,model_code,holder_type\n"
    "E1,D1,ARVA,1M8GDM9AXKP042788,REGISTRATION,2025-01-15,M1,PRIVATE\n"
    "E2,D1,ARVA,1M8GDM9AXKP042789,REGISTRATION,2025-02-15,M1,PRIVATE\n"
)


@pytest.fixture
def settings(tmp_path, monkeypatch) -> Settings:
    settings = Settings.from_env({}, extracts=tmp_path / "extracts", warehouse=tmp_path / "w")
    (settings.extracts / "dealer__vehicle_events").mkdir(parents=True)
    monkeypatch.setenv("DAGSTER_HOME", "")  # set anew by the code, restored by the test
    use_dagster_home(settings)
    return settings


@pytest.fixture
def defs(settings) -> dg.Definitions:
    return build_defs(settings, parse_manifest(settings))


def test_every_asset_has_description_owner_group_kind_and_columns(defs):
    specs = {spec.key: spec for spec in defs.resolve_all_asset_specs()}
    assert {dg.AssetKey(["raw", feed]) for feed in load_contracts()} <= set(specs)
    for key, spec in specs.items():
        assert spec.description and spec.owners and spec.kinds, key
        assert spec.group_name and spec.group_name != "default", key
        if key != SERVING and key.path[0] != "lake":
            schema = spec.metadata["dagster/column_schema"]
            assert schema.columns and all(c.description for c in schema.columns), key
            assert not any("{{" in c.description for c in schema.columns), key


def test_the_graph_leads_from_raw_to_serving(defs):
    graph = defs.resolve_asset_graph()
    upstream = graph.get_ancestor_asset_keys(SERVING)
    assert {dg.AssetKey(["raw", feed]) for feed in ("dealer__leads", "kba__fz10")} <= upstream
    for feed in load_contracts():
        readers = graph.get(dg.AssetKey(["raw", feed])).child_keys
        posted_from_it = {key for key in readers if key.path[0] == "ledger"}
        assert readers - posted_from_it == {dg.AssetKey(f"stg_{feed}")}, feed


def test_jobs_schedule_and_sensor_are_there(defs):
    repository = defs.get_repository_def()
    jobs = set(repository.job_names)
    assert {"everything", "load_deliveries", "rebuild_marts", "rebuild_month", "publish"} <= jobs
    assert [s.name for s in repository.schedule_defs] == ["every_morning"]
    assert defs.resolve_job_def("everything").executor_def is dg.in_process_executor


def test_the_sensor_asks_for_one_run_per_set_of_files(defs, settings):
    sensor = defs.resolve_sensor_def("drop_zone")
    with dg.build_sensor_context() as context:
        assert isinstance(sensor(context), dg.SkipReason)
        (settings.extracts / "dealer__vehicle_events" / "D1_20250301.csv").write_text(_EVENTS)
        first, again = sensor(context), sensor(context)
        assert isinstance(first, dg.RunRequest) and first.run_key == again.run_key


def test_one_month_can_be_built_again_and_is_published(defs, settings):
    (settings.extracts / "dealer__vehicle_events" / "D1_20250301.csv").write_text(_EVENTS)
    with dg.DagsterInstance.get() as instance:
        assert defs.resolve_job_def("everything").execute_in_process(instance=instance).success
        with duckdb.connect(str(settings.marts)) as connection:  # somebody meddled
            connection.execute("update fct_registration set dealer_id = 'WRONG'")
        rebuilt = defs.resolve_job_def("rebuild_month").execute_in_process(
            instance=instance, partition_key="2025-02-01", raise_on_error=False
        )
    assert rebuilt.success
    with duckdb.connect(str(settings.serving_file), read_only=True) as connection:
        dealers = connection.execute(
            "select dealer_id from fct_registration order by registration_month"
        ).fetchall()
    assert dealers == [("WRONG",), ("D1",)], "only the month asked for was built again"
