"""Publishing a small hand-made warehouse: what readers get, and that they never see half of it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from orchestration.serving.publish import PublicationRefused, publish
from orchestration.settings import Settings
from orchestration.state import BUILT, PUBLICATION, write_state
from tests.support.lake import FIRST_LOAD, File, Lake

AS_OF = datetime(2025, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(extracts=tmp_path / "extracts", warehouse=tmp_path / "it's a warehouse")
    made.warehouse.mkdir()
    build(made, 1)
    return made


def build(settings: Settings, version: int) -> None:
    """A warehouse whose every mart says which version it is."""
    with duckdb.connect(str(settings.marts)) as connection:
        connection.execute("create schema if not exists build")
        connection.execute(
            f"create or replace table build.versions as select model, 'v{version}' as version "
            "from (values ('mart_a'), ('dim_b'), ('fct_c')) as changed(model)"
        )
        for table in ("mart_a", "dim_b", "fct_c", "helper", "mart_forgotten"):
            connection.execute(
                f"create or replace table {table} "
                "(dealer_id varchar not null, amount_eur decimal(18, 2), version bigint)"
            )
            connection.execute(
                f"insert into {table} select 'D' || i, i / 4, {version} from range(1000) t(i)"
            )
        connection.execute("comment on table mart_a is 'Grain: it''s one row per dealer.'")
        connection.execute("comment on column mart_a.dealer_id is 'The dealer''s number.'")
    model = {"resource_type": "model", "columns": {}}
    manifest = {
        "nodes": {
            f"model.p.{name}": model | {"name": name}
            for name in ("mart_a", "dim_b", "fct_c", "helper")
        }
    }
    path = settings.state / "dbt" / "manifest.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(manifest))


def read(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(settings.serving_file), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_every_public_model_is_published_as_a_table_and_as_parquet(settings: Settings) -> None:
    found = publish(settings, AS_OF, "1.0+abc")
    assert found.marts == {"dim_b": 1000, "fct_c": 1000, "mart_a": 1000}
    tables = read(settings, "select table_name from duckdb_tables() where schema_name = 'main'")
    assert sorted(t for (t,) in tables) == ["_publication", "dim_b", "fct_c", "mart_a"]
    parquet = settings.serving / "parquet"
    assert sorted(p.name for p in parquet.iterdir()) == [
        "dim_b.parquet",
        "fct_c.parquet",
        "mart_a.parquet",
    ]
    served = read(settings, "select * from mart_a")
    twin = pq.read_table(parquet / "mart_a.parquet").to_pylist()
    assert served == [tuple(row.values()) for row in twin]
    assert read(settings, "select sum(amount_eur) from mart_a")[0][0] == 124_875


def test_only_what_has_changed_is_written_as_parquet_again(settings: Settings) -> None:
    parquet = settings.serving / "parquet"
    write_state(settings, PUBLICATION, publish(settings, AS_OF, "1").as_dict())
    written = {p.stem: p.stat().st_mtime_ns for p in parquet.iterdir()}
    (parquet / "dim_b.parquet").unlink()
    write_state(settings, PUBLICATION, publish(settings, AS_OF, "1").as_dict())
    again = {p.stem: p.stat().st_mtime_ns for p in parquet.iterdir()}
    assert again.keys() == written.keys()
    assert {name for name in written if again[name] == written[name]} == {"mart_a", "fct_c"}
    build(settings, 2)
    publish(settings, AS_OF, "1")
    assert pq.read_table(parquet / "mart_a.parquet")["version"][0].as_py() == 2


def test_types_not_null_and_comments_come_along(settings: Settings) -> None:
    publish(settings, AS_OF, "1.0+abc")
    assert read(
        settings,
        "select column_name, data_type, is_nullable, comment from duckdb_columns() "
        "where table_name = 'mart_a' order by column_index",
    ) == [
        ("dealer_id", "VARCHAR", False, "The dealer's number."),
        ("amount_eur", "DECIMAL(18,2)", True, None),
        ("version", "BIGINT", True, None),
    ]
    assert read(settings, "select comment from duckdb_tables() where table_name = 'mart_a'") == [
        ("Grain: it's one row per dealer.",)
    ]


def test_the_publication_says_what_it_is(settings: Settings) -> None:
    lake = Lake(settings)
    lake.load(
        File("dealer__leads", sender="D1", delivered_at=datetime(2025, 2, 1)),
        File("dealer__leads", sender="D2", delivered_at=datetime(2025, 2, 3)),
        File("dealer__cases", sender="D1", delivered_at=datetime(2025, 2, 9), rejected="EMPTY"),
    )
    write_state(settings, BUILT, {"loaded_at": str(FIRST_LOAD.replace(tzinfo=UTC))})
    lake.load(File("dealer__leads", sender="D3", delivered_at=datetime(2025, 2, 1)))
    rule = {"code": "R", "success": True, "severity": "critical"}
    warned = {"code": "W", "success": False, "severity": "warning"}
    gate = {"feed_gate": {"results": [rule, warned]}, "mart_gate": {"results": [rule]}}
    found = publish(settings, AS_OF, "1.0+abc", gate, now=datetime(2025, 3, 2, tzinfo=UTC))
    assert read(settings, "from _publication") == [
        (
            datetime(2025, 3, 2),
            "1.0+abc",
            datetime(2025, 3, 1, 12),
            {"dealer__leads": datetime(2025, 2, 3)},
            "PASSED_WITH_WARNINGS",
            3,
            1,
        )
    ]
    assert found.loaded_at == FIRST_LOAD.replace(tzinfo=UTC)
    assert json.loads(json.dumps(found.as_dict()))["marts"]["mart_a"] == 1000


def test_without_deliveries_or_gates_it_says_so(settings: Settings) -> None:
    assert publish(settings, AS_OF, "1").loaded_at is None
    assert read(settings, "select last_delivered_at, gate_result from _publication") == [
        ({}, "NOT_CHECKED")
    ]


def test_a_critical_failure_publishes_nothing_and_keeps_the_last_version(
    settings: Settings,
) -> None:
    publish(settings, AS_OF, "1")
    build(settings, 2)
    failed = {"code": "SUM_IS_100", "success": False, "severity": "critical"}
    with pytest.raises(PublicationRefused, match="SUM_IS_100"):
        publish(settings, AS_OF, "2", {"feed_gate": {"results": [failed]}})
    assert read(settings, "select distinct version from mart_a") == [(1,)]


def test_a_failed_gate_left_by_the_last_run_counts(settings: Settings) -> None:
    failed = {"code": "SUM_IS_100", "success": False, "severity": "critical"}
    (settings.state / "mart_gate.json").write_text(json.dumps({"results": [failed]}))
    with pytest.raises(PublicationRefused, match="SUM_IS_100"):
        publish(settings, AS_OF, "1")
    assert not settings.serving_file.exists()


def test_a_missing_mart_publishes_nothing(settings: Settings) -> None:
    with duckdb.connect(str(settings.marts)) as connection:
        connection.execute("drop table fct_c")
    with pytest.raises(PublicationRefused, match="fct_c"):
        publish(settings, AS_OF, "1")
    assert not settings.serving_file.exists()


def test_without_a_warehouse_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(PublicationRefused, match="run the warehouse first"):
        publish(Settings(extracts=tmp_path, warehouse=tmp_path / "none"), AS_OF, "1")


def test_leftovers_and_marts_that_are_no_more_go(settings: Settings) -> None:
    parquet = settings.serving / "parquet"
    parquet.mkdir(parents=True)
    leftovers = [
        settings.serving / ".partner_marts.1.duckdb.tmp",
        settings.serving / ".partner_marts.1.duckdb.tmp.wal",
        settings.serving / "partner_marts.duckdb.wal",
        parquet / ".mart_a.1.tmp",
        parquet / "mart_of_last_year.parquet",
    ]
    for path in leftovers:
        path.write_bytes(b"rubbish")
    publish(settings, AS_OF, "1")
    assert not [p for p in leftovers if p.exists()]
    assert read(settings, "select count(*) from mart_a") == [(1000,)]


def test_the_warehouse_can_be_written_again_at_once(settings: Settings) -> None:
    publish(settings, AS_OF, "1")
    build(settings, 2)
    publish(settings, AS_OF, "2")
    assert read(settings, "select distinct version from mart_a") == [(2,)]


POLL = """
import sys, duckdb
seen = set()
print("polling", flush=True)
while True:
    with duckdb.connect(sys.argv[1], read_only=True) as connection:
        versions = {
            connection.execute(f"select min(version), max(version), count(*) from {t}").fetchone()
            for t in ("mart_a", "dim_b", "fct_c")
        }
        (code,) = connection.execute("select code_version from _publication").fetchone()
    assert versions == {(int(code), int(code), 1000)}, (versions, code)
    if int(code) not in seen:
        seen.add(int(code))
        print(code, flush=True)
    if code == sys.argv[2]:
        break
"""


def test_a_reader_that_polls_sees_whole_versions_only(settings: Settings) -> None:
    publish(settings, AS_OF, "1")
    reader = subprocess.Popen(
        [sys.executable, "-c", POLL, str(settings.serving_file), "8"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert reader.stdout is not None
    assert reader.stdout.readline() == "polling\n"
    for version in range(2, 9):
        build(settings, version)
        publish(settings, AS_OF, str(version))
        time.sleep(0.05)
    output, errors = reader.communicate(timeout=60)
    assert reader.returncode == 0, errors
    assert len(output.split()) > 2
    assert not list(settings.serving.glob("*.wal"))


def test_an_open_reader_keeps_its_version(settings: Settings) -> None:
    publish(settings, AS_OF, "1")
    with duckdb.connect(str(settings.serving_file), read_only=True) as reader:
        build(settings, 2)
        publish(settings, AS_OF, "2")
        assert reader.execute("select distinct version from mart_a").fetchall() == [(1,)]
    assert read(settings, "select distinct version from mart_a") == [(2,)]
