"""What `make bench` measures and how it judges; the figures themselves are no matter of a test."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta

import pytest

from orchestration.settings import Settings
from tests.benchmarks.bench import GIB, incentives_line, investments_line, judge, table
from tests.benchmarks.incentives import compare_incentives
from tests.benchmarks.investments import compare_investments
from tests.benchmarks.whole_runs import BenchmarkError, Cost, _phases, measure


def test_a_process_is_measured_with_its_children(tmp_path):
    hold = "import time; held = bytearray({mib} << 20); time.sleep(0.5)"
    (tmp_path / "parent.py").write_text(
        "import subprocess, sys\n"
        f"child = subprocess.Popen([sys.executable, '-c', {hold.format(mib=200)!r}])\n"
        f"{hold.format(mib=100)}\n"
        "child.wait()\nprint('done')\n"
    )
    cost = measure(str(tmp_path / "parent.py"))
    assert cost.output == "done\n"
    assert cost.wall_seconds > 0.5
    assert 0 < cost.cpu_seconds < cost.wall_seconds * (os.cpu_count() or 1) + 1
    assert 300 << 20 < cost.peak_bytes < 600 << 20


def test_a_command_that_fails_ends_the_benchmark_with_what_it_said(tmp_path):
    with pytest.raises(BenchmarkError, match="exit code 64") as failure:
        measure("-m", "orchestration.cli", "run", "--extracts", str(tmp_path / "nowhere"))
    assert "nowhere does not exist" in str(failure.value)


def test_phases_share_the_time_of_what_ran_at_once_and_sum_to_the_whole(tmp_path):
    settings = Settings.from_env({}, extracts=tmp_path, warehouse=tmp_path)
    began = datetime(2025, 2, 3, 6, 15, tzinfo=UTC)

    def at(second: float) -> datetime:
        return began + timedelta(seconds=second)

    def ran(unique_id: str, first: float, last: float) -> dict:
        span = {"started_at": at(first).isoformat(), "completed_at": at(last).isoformat()}
        return {"unique_id": unique_id, "timing": [{"name": "execute", **span}]}

    state = {
        "publication.json": {"loaded_at": at(5).isoformat()},
        "feed_gate.json": {"seconds": 3},
        "mart_gate.json": {"seconds": 2},
        "dbt/run_results.json": {
            "results": [
                ran("model.p.fct_lead", 20, 26),
                ran("test.p.fct_lead_key", 24, 30),
                ran("seed.p.kpi_catalog", 31, 32),
                {"unique_id": "test.p.skipped", "timing": []},
            ]
        },
    }
    for name, content in state.items():
        path = settings.state / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content))
    stages = ("feed gate", 15), ("mart gate", 35), ("publishing", 38)
    cost = Cost(began, at(40), 40, 50, 1, "", tuple((at(second), text) for text, second in stages))
    phases = _phases(cost, settings)
    assert phases.pop("rest") == pytest.approx(40 - sum(phases.values()))
    assert phases == {
        "start": 5,
        "loading": 10,
        "feed_gate": 3,
        "dbt_models": 6,  # four alone, half of two, and the seed
        "dbt_tests": 5,
        "mart_gate": 2,
        "publishing": 2,
    }


def test_aims_are_judged_on_the_largest_size_and_growth_by_row():
    def size(events: int, full: float, script: float) -> dict:
        def cost(wall: float, **more: object) -> dict:
            return {"wall_seconds": wall, "cpu_seconds": wall, "peak_bytes": 3 * GIB, **more}

        phases = {"loading": full / 2, "feed_gate": full / 8, "dbt_tests": 0, "mart_gate": full / 8}
        return {
            "events": events,
            "newest_month": "202512",
            "delivered": {
                "full": {"rows": events * 2},
                "one_more_month": {"rows": events / 10, "files": 7},
            },
            "straight_line": cost(script, phases={"read": script}),
            "full": cost(full, phases=phases),
            "one_more_month": cost(full / 8, phases={}),
            "nothing_new": cost(4),
        }

    sizes = [size(1_000, 40, 8), size(10_000, 180, 64)]
    aims = {aim.name: aim for aim in judge(sizes)}
    assert aims["full run / straight line"].figure == 180 / 64
    assert aims["(full run - 20 s) / straight line"].figure == 2.5
    assert str(aims["(full run - 20 s) / straight line"]).endswith("2.500  aim 2: MISSED")
    assert aims["one more month / full run"].figure == 0.125
    assert aims["nothing new, seconds"].figure == 4
    assert str(aims["peak memory, GiB"]).endswith("3.000  aim 8: met")
    assert aims["gates and dbt tests / full run"].figure == 0.25
    assert aims["time per row, largest size / smallest"].figure == pytest.approx(0.45)
    assert "loading 90.0 (50%)" in table(sizes[1])


def test_incentives_are_decided_at_any_size():
    compared = compare_incentives(units=200_000)
    assert compared["statements"] == 100_000
    assert "200,000 units of 5,000 dealers x 20 programmes" in incentives_line(compared)


def test_investments_are_refinanced_at_any_size():
    compared = compare_investments(count=301, months=24)
    assert compared["plan_rows"] == 301 * 24
    assert compared["ledger_rows"] > 301 * 12
    assert "301 investments over 24 months" in investments_line(compared)
