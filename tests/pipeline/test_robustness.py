"""Runs that are killed, and readers that look while runs are at work."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import duckdb
import pytest

from orchestration.sample import generate
from tests.pipeline.conftest import Warehouse

pytestmark = pytest.mark.slow

_KILL_POINTS = 10
_RUNS = 10


@pytest.fixture(scope="module")
def months(tmp_path_factory) -> tuple[Path, list[Path]]:
    """A drop zone without its newest deliveries, and these."""
    folder = tmp_path_factory.mktemp("months")
    generate(folder / "all", dealers=6, months=4, scale=0.3, seed=11)
    newest = [p for p in (folder / "all").glob("*/*") if p.name.split("_")[-1] >= "20260101"]
    held_back = []
    for path in newest:
        target = folder / "newest" / path.parent.name / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        held_back.append(Path(shutil.move(path, target)))
    assert held_back
    return folder / "all", held_back


def _run(warehouse: Warehouse, kill_after: float | None = None) -> int | None:
    """The command in a process of its own; None if it was killed before it ended."""
    process = subprocess.Popen(
        [sys.executable, "-m", "orchestration.cli", "run", "--json"]
        + ["--extracts", str(warehouse.extracts), "--warehouse", str(warehouse.warehouse)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=kill_after)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return None
    assert process.returncode == 0, output.decode()[-3000:]
    return 0


def _marts(warehouse: Warehouse) -> dict[str, list[tuple]]:
    with duckdb.connect(str(warehouse.serving_file), read_only=True) as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where table_name <> '_publication'"
        ).fetchall()
        return {
            table: connection.execute(
                f"select columns(c -> c <> '_loaded_at') from {table} order by all"
            ).fetchall()
            for (table,) in tables
        }


def _deliver(files: list[Path], extracts: Path) -> None:
    for file in files:
        shutil.copy2(file, extracts / file.parent.name / file.name)


@pytest.mark.timeout(3600)
def test_a_run_killed_at_any_moment_and_run_again_gives_the_same_marts(months, tmp_path):
    before, newest = months
    base = Warehouse(tmp_path / "base" / "extracts", tmp_path / "base" / "warehouse")
    shutil.copytree(before, base.extracts)
    _run(base)
    whole = Warehouse(tmp_path / "whole" / "extracts", tmp_path / "whole" / "warehouse")
    shutil.copytree(base.extracts.parent, whole.extracts.parent)
    _deliver(newest, whole.extracts)
    started = time.monotonic()
    _run(whole)
    duration = time.monotonic() - started
    expected = _marts(whole)
    assert expected != _marts(base)

    moments = random.Random(1)
    killed = attempt = 0
    while killed < _KILL_POINTS:
        folder = tmp_path / f"killed{attempt}"
        warehouse = Warehouse(folder / "extracts", folder / "warehouse")
        if attempt % 3 == 0:  # every third starts from nothing, the others add to what stands
            shutil.copytree(base.extracts, warehouse.extracts)
        else:
            shutil.copytree(base.extracts.parent, folder)
        _deliver(newest, warehouse.extracts)
        # spread over the run; a run that ended before its moment shows that it is shorter by now
        moment = duration * (killed + moments.random()) / _KILL_POINTS
        if _run(warehouse, kill_after=moment) is None:
            killed += 1
        else:
            duration = min(duration, moment)
        _run(warehouse)
        assert _marts(warehouse) == expected, f"killed after {moment:.2f} of {duration:.2f} s"
        shutil.rmtree(folder)
        attempt += 1


@pytest.mark.timeout(3600)
def test_a_reader_that_polls_never_sees_an_error_or_half_a_publication(months, tmp_path):
    before, newest = months
    warehouse = Warehouse(tmp_path / "extracts", tmp_path / "warehouse")
    shutil.copytree(before, warehouse.extracts)
    assert warehouse.command("run", "--json") == 0
    stop = threading.Event()
    seen: set[tuple] = set()
    wrong: list[str] = []

    def poll() -> None:
        while not stop.is_set():
            try:
                with duckdb.connect(str(warehouse.serving_file), read_only=True) as connection:
                    [(published,)] = connection.execute(
                        "select published_at from _publication"
                    ).fetchall()
                    [(files,)] = connection.execute(
                        "select sum(file_count) from mart_feed_quality"
                    ).fetchall()
                    connection.execute("select count(*) from fct_vehicle_event").fetchall()
                seen.add((published, files))
            except duckdb.Error as error:
                wrong.append(str(error))

    reader = threading.Thread(target=poll)
    reader.start()
    try:
        for run in range(_RUNS):
            _deliver(newest[run : run + 1], warehouse.extracts)
            assert warehouse.command("run", "--json") == 0
    finally:
        stop.set()
        reader.join()
    assert not wrong
    assert len({published for published, _ in seen}) == len(seen), "a publication changed"
    assert len(seen) >= _RUNS
