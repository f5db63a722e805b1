"""What Dagster shows and runs."""

from __future__ import annotations

import re

import dagster as dg
import duckdb
import pytest

from expectations.registry import feed_rules, mart_rules, scan
from orchestration.assets.keys import (
    POSTGRES,
    SERVING,
    SHARES,
    lake_key,
    made_every_morning,
    model_key,
    raw_key,
)
from orchestration.catalog.freshness import MAX_AGE
from orchestration.checks.pass_rates import compared_feeds
from orchestration.dagster_home import use_dagster_home
from orchestration.dbt_runner import parse_manifest
from orchestration.definitions import build_defs
from orchestration.ingestion.contract import load_contracts
from orchestration.run import is_current
from orchestration.settings import Settings
from orchestration.state import PUBLICATION, write_state
from orchestration.version import code_version

_EVENTS = (
    "event_id,dealer_id,brand_code,vin,event_type,event_date,model_code,holder_type\n"
    "E1,D1,ARVA,1M8GDM9AXKP042788,REGISTRATION,2025-01-15,M1,PRIVATE\n"
    "E2,D1,ARVA,1M8GDM9AXKP042789,REGISTRATION,2025-02-15,M1,PRIVATE\n"
)
_LEADS = "lead_id,dealer_id,brand_code,channel,created_at\nL1,D1,ARVA,WEB,2025-02-15T10:00:00Z\n"


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
        assert spec.description and "{{" not in spec.description, key
        assert spec.owners and spec.kinds, key
        assert spec.group_name and spec.group_name != "default", key
        if "html" in spec.kinds and spec.kinds == {"html"}:
            continue  # pages
        schema = spec.metadata["dagster/column_schema"]
        assert schema.columns and all(c.description for c in schema.columns), key
        assert not any("{{" in c.description for c in schema.columns), key


def test_what_python_makes_says_what_each_column_is_made_from(defs):
    """What dbt makes says so when it is made: only then is its SQL compiled."""
    specs = {spec.key: spec for spec in defs.resolve_all_asset_specs()}
    known = {
        (key, column.name)
        for key, spec in specs.items()
        if "dagster/column_schema" in spec.metadata
        for column in spec.metadata["dagster/column_schema"].columns
    }
    made = [key for key in specs if key.path[0] in ("ledger", "computed")]
    serving = [key for key in specs if key in (SERVING, SHARES, POSTGRES)]
    assert len(made) > 20 and SERVING in serving
    for key in (*made, *serving):
        lineage = specs[key].metadata["dagster/column_lineage"].deps_by_column
        columns = {c.name for c in specs[key].metadata["dagster/column_schema"].columns}
        unsaid = columns - set(lineage)
        assert unsaid <= _IN_THE_CODE.get(key.path[-1], set()), key
        for column, deps in lineage.items():
            found = {(dep.asset_key, dep.column_name) for dep in deps}
            noted = {pair for pair in found if pair[1].startswith("_")}
            assert found - noted <= known, (key, column, found - known)


_IN_THE_CODE = {
    "refinancing_simulations": {"pace_factor"},
    "quality_rules": {
        *("rule_code", "feed", "dimension", "severity", "kind", "mostly", "target_rate"),
        *("course_topic", "description", "reason", "remedy"),
        *("description_de", "reason_de", "remedy_de", "is_measured_per_dealer"),
    },
}
"""Columns that are made from nothing that is delivered."""


def test_what_python_says_it_makes_tables_from_is_made_before_them(defs):
    """The ledger reads models as they were known at a close, which no asset of a run makes."""
    graph = defs.resolve_asset_graph()
    for spec in defs.resolve_all_asset_specs():
        if spec.key.path[0] != "computed" or spec.key.path[-1] in _BEFORE_DBT:
            continue
        lineage = spec.metadata["dagster/column_lineage"].deps_by_column
        declared = {dep.asset_key for deps in lineage.values() for dep in deps}
        assert declared <= graph.get_ancestor_asset_keys(spec.key), spec.key


_BEFORE_DBT = {"quality_counts", "quality_rules"}


def test_feeds_and_what_is_published_have_a_deadline(defs):
    every_morning = made_every_morning()
    public = {
        spec.key.path[-1]
        for spec in defs.resolve_all_asset_specs()
        if re.match("(mart|dim|fct)_", spec.key.path[-1])
    }
    assert len(public) > 70
    for spec in defs.resolve_all_asset_specs():
        policy = spec.freshness_policy
        if spec.key.path[0] == "raw":
            max_age = MAX_AGE.get(spec.key.path[-1].split("__")[0])
            expected = max_age and dg.FreshnessPolicy.time_window(fail_window=max_age)
            assert policy == expected, spec.key
        elif spec.key in (SERVING, SHARES, POSTGRES) or spec.key.path[-1] in public:
            assert policy == every_morning, spec.key
        else:
            assert policy is None, spec.key


def test_every_rule_of_the_gates_is_a_check_of_its_asset(defs):
    checks = set(defs.resolve_asset_graph().asset_check_keys)
    feeds = load_contracts()
    for rule in feed_rules():
        table = rule.table
        key = raw_key(table) if table in feeds else lake_key(table.removeprefix("lake__"))
        assert dg.AssetCheckKey(key, rule.code.lower()) in checks, rule.code
    for rule in mart_rules():
        assert dg.AssetCheckKey(model_key(rule.table), rule.code.lower()) in checks, rule.code


def test_the_graph_leads_from_raw_to_serving(defs):
    graph = defs.resolve_asset_graph()
    upstream = graph.get_ancestor_asset_keys(SERVING)
    assert {dg.AssetKey(["raw", feed]) for feed in ("dealer__leads", "kba__fz10")} <= upstream
    compared = compared_feeds()
    judged = {*compared, *(other for others in compared.values() for other in others)}
    counts = dg.AssetKey(["computed", "quality_counts"])
    for feed in load_contracts():
        readers = graph.get(dg.AssetKey(["raw", feed])).child_keys
        posted_from_it = {key for key in readers if key.path[0] == "ledger"}
        assert (counts in readers) == (feed in judged), feed
        models = {key.path[-1] for key in readers - posted_from_it - {counts}}
        assert f"stg_{feed}" in models, feed
        assert all(f"{name}__".startswith(f"stg_{feed}__") for name in models), feed
    assert graph.get(dg.AssetKey("stg_quality__pass_counts")).parent_keys == {counts}


def test_jobs_schedule_and_sensor_are_there(defs):
    repository = defs.get_repository_def()
    jobs = set(repository.job_names)
    assert {"everything", "load_deliveries", "rebuild_marts", "rebuild_month", "publish"} <= jobs
    assert [s.name for s in repository.schedule_defs] == ["every_morning"]
    assert defs.resolve_job_def("everything").executor_def is dg.in_process_executor


def test_each_gate_is_one_step_of_a_run(defs):
    """Dagster would divide it where what is built after it needs a mart that a critical rule
    guards, and judge marts that are not there yet."""
    steps = defs.resolve_job_def("everything").graph.node_dict
    assert {name for name in steps if "gate" in name} == {"feed_gate", "mart_gate"}


def asked_for(sensor, context) -> list[dg.RunRequest]:
    asked = list(sensor(context))
    assert all(isinstance(one, dg.RunRequest) for one in asked)
    return asked


def test_the_sensor_asks_for_one_run_per_set_of_files(defs, settings):
    sensor = defs.resolve_sensor_def("drop_zone")
    with (
        dg.DagsterInstance.ephemeral() as instance,
        dg.build_sensor_context(instance=instance, definitions=defs) as context,
    ):
        (nothing,) = sensor(context)
        assert isinstance(nothing, dg.SkipReason)
        (settings.extracts / "dealer__vehicle_events" / "D1_20250301.csv").write_text(_EVENTS)
        # nothing is published yet: a part of the graph would find the rest missing
        assert [one.job_name for one in asked_for(sensor, context)] == ["everything"]
        write_state(settings, PUBLICATION, {"code_version": code_version()})
        first, again = asked_for(sensor, context), asked_for(sensor, context)
        assert [one.job_name for one in first] == ["dealer_now", "everything"]
        assert [one.run_key for one in first] == [one.run_key for one in again]
        assert int(first[0].tags["dagster/priority"]) > 0


def test_one_run_of_everything_waits_at_most(defs, settings):
    sensor = defs.resolve_sensor_def("drop_zone")
    write_state(settings, PUBLICATION, {"code_version": code_version()})
    (settings.extracts / "dealer__vehicle_events" / "D1_20250301.csv").write_text(_EVENTS)
    with (
        dg.DagsterInstance.ephemeral() as instance,
        dg.build_sensor_context(instance=instance, definitions=defs) as context,
    ):
        for status in (dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.NOT_STARTED):
            assert [one.job_name for one in asked_for(sensor, context)][-1] == "everything"
            instance.add_run(dg.DagsterRun("everything", status=status))
        assert [one.job_name for one in asked_for(sensor, context)] == ["dealer_now"]


def test_no_critical_rule_of_the_dealers_view_reads_what_is_not_built_with_it(defs):
    graph = defs.resolve_asset_graph()
    view = [model_key("mart_dealer_now"), model_key("mart_dealer_feed_freshness")]
    way = {*view, *(key for one in view for key in graph.get_ancestor_asset_keys(one))}
    of_view = [r for r in mart_rules() if r.severity == "critical" and model_key(r.table) in way]
    assert len(of_view) > 5
    for rule in of_view:
        text = f"{scan(rule.table)} {rule.failing_rows('{batch}')}"
        read = set(re.findall(r"\bmarts\.(\w+)", text))
        assert {model_key(name) for name in read} <= way, rule.code


def test_an_arrival_makes_only_what_leads_to_the_dealers_view(defs, settings):
    """Stock is on the way to it, the money and the scorecard are not; other feeds stay."""
    lead = settings.extracts / "dealer__leads" / "D1_20250301.csv"
    lead.parent.mkdir()
    lead.write_text(_LEADS)
    with dg.DagsterInstance.get() as instance:
        assert defs.resolve_job_def("everything").execute_in_process(instance=instance).success
        lead.with_name("D1_20250302.csv").write_text(_LEADS.replace("L1", "L2"))
        with dg.build_sensor_context(instance=instance, definitions=defs) as context:
            now, _ = asked_for(defs.resolve_sensor_def("drop_zone"), context)
        made = {key.to_user_string() for key in now.asset_selection}
        assert {"raw/dealer__leads", "fct_lead", "mart_dealer_now", "serving/partner_marts"} <= made
        assert not {"raw/dealer__stock", "fct_stock", "mart_partner_scorecard"} & made
        assert {key.asset_key for key in now.asset_check_keys} <= set(now.asset_selection)
        job = defs.resolve_job_def("dealer_now")
        result = job.execute_in_process(
            instance=instance,
            asset_selection=now.asset_selection,
        )
    assert result.success
    materialized = {e.asset_key.to_user_string() for e in result.get_asset_materialization_events()}
    assert materialized == made
    with duckdb.connect(str(settings.serving_file), read_only=True) as connection:
        assert connection.execute("select count(*) from fct_lead").fetchone() == (2,)
    # the rest is still to be made
    assert not is_current(settings)


@pytest.mark.slow
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
