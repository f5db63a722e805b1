"""One warehouse, run after run, as its engineer would see it."""

from __future__ import annotations

import shutil

import pytest

from orchestration.sample import generate
from tests.pipeline.conftest import Warehouse

_WEIGHTS = (
    "brand_code;kpi_code;version;valid_from;weight;floor_rate;cap_rate;min_sample;missing_policy\n"
)


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """A small sample, generated once, and what its generator planted."""
    target = tmp_path_factory.mktemp("sample") / "extracts"
    return target, generate(target, dealers=6, months=6, scale=0.3, seed=7).as_dict()


@pytest.fixture
def delivered(sample, warehouse) -> Warehouse:
    shutil.rmtree(warehouse.extracts)
    shutil.copytree(sample[0], warehouse.extracts)
    return warehouse


_OF_THE_MOMENT = {
    *("mart_dealer_now", "mart_dealer_feed_freshness"),
    *("mart_misalignment_cost", "mart_benchmark_comparison"),
}
"""Marts that tell ages, or are made of them, which are others in the next run."""


def test_the_first_run_publishes_and_later_runs_do_what_the_drop_zone_asks(delivered, sample):
    planted = sample[1]["feeds"]

    code, first = delivered.json("run")
    assert code == 0, first["problems"]
    feeds = {row["feed"]: row for row in first["feeds"]}
    assert set(feeds) == set(planted)
    for feed, row in feeds.items():
        assert row["files"] == planted[feed]["files"], feed
        assert row["delivered_rows"] == planted[feed]["rows"], feed
        assert row["quarantined_rows"] == sum(planted[feed]["bad_rows"].values()), feed
        assert row["delivered_rows"] == row["accepted_rows"] + row["quarantined_rows"], feed
    rejected = {(r["feed"], r["file"]): r["reason_code"] for r in first["rejected_files"]}
    assert rejected == {
        (feed, file): reason
        for feed, plan in planted.items()
        for file, reason in plan["rejected_files"].items()
    }
    assert first["publication"]["marts"]["mart_market_penetration"] > 0
    tables = {name for (name,) in delivered.query("select table_name from duckdb_tables()")}
    assert set(first["publication"]["marts"]) | {"_publication"} == tables

    code, quarantined = delivered.json("quarantine", "--feed", "dealer__vehicle_events")
    assert code == 0
    rows = [q for q in quarantined if q["level"] == "ROW"]
    assert len(rows) == feeds["dealer__vehicle_events"]["quarantined_rows"]
    assert all(q["row_number"] >= 1 and q["raw_row"] for q in rows)

    published = delivered.serving_file.stat()
    code, second = delivered.json("run")
    assert (code, second["changed"]) == (0, False)
    assert delivered.serving_file.stat().st_ino == published.st_ino

    # a gate stops the run: nothing is published, the last version stays
    delivered.deliver(
        "oem__kpi_weights",
        "oem_20260105T0800.csv",
        _WEIGHTS
        + "ARVA;CSI;9;2026-01-01;60;0;1.2;1;EXCLUDE\nARVA;NPS;9;2026-01-01;39;0;1.2;1;EXCLUDE\n",
    )
    code, stopped = delivered.json("run")
    assert code == 2
    problem = "\n".join(stopped["problems"])
    assert "oem__kpi_weights" in problem and "99" in problem and "ARVA" in problem
    assert delivered.serving_file.stat().st_ino == published.st_ino
    code, again = delivered.json("run")
    assert code == 2, "a stopped run is not 'nothing changed'"

    # the correction arrives later and wins
    delivered.deliver(
        "oem__kpi_weights",
        "oem_20260106T0800.csv",
        _WEIGHTS + "ARVA;NPS;9;2026-01-01;40;0;1.2;1;EXCLUDE\n",
    )
    (delivered.extracts / "dealer__dreams").mkdir()
    code, mended = delivered.json("run")
    assert code == 0, mended["problems"]
    assert mended["unknown_folders"] == ["dealer__dreams"]
    assert delivered.serving_file.stat().st_ino != published.st_ino

    # what was built run by run equals what is built anew
    tables = sorted(set(mended["publication"]["marts"]) - _OF_THE_MOMENT)
    before = {t: _rows(delivered, t) for t in tables}
    code, rebuilt = delivered.json("run", "--full-refresh")
    assert code == 0, rebuilt["problems"]
    assert {t: _rows(delivered, t) for t in tables} == before


def _rows(warehouse: Warehouse, table: str) -> list[tuple]:
    return sorted(warehouse.query(f"select columns(c -> c <> '_loaded_at') from {table}"), key=repr)


def test_an_empty_drop_zone_publishes_empty_marts(warehouse):
    code, outcome = warehouse.json("run")
    assert code == 0, outcome["problems"]
    assert warehouse.query("select count(*) from mart_market_penetration") == [(0,)]
    assert warehouse.query("select count(*) from mart_feed_quality") == [(0,)]


def test_only_some_assets_can_be_run(delivered):
    code, outcome = delivered.json("run", "--select", "key:raw/oem__dealers")
    assert code == 0, outcome["problems"]
    assert [row["feed"] for row in outcome["feeds"]] == ["oem__dealers"]
    assert outcome["publication"] is None
    assert delivered.command("run", "--select", "key:mart_of_nothing") == 64
