"""An incremental run gives what a full refresh gives, whatever was delivered in whatever order."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from tests.support.lake import Lake
from tests.support.random_loads import random_load
from tests.support.warehouse import build, differences, fetch, new_settings

STAGING_ONLY = ("run", "--select", "path:models/staging")


def incremental_equals_full_refresh(folder: Path, seed: int, loads: int) -> None:
    rng = random.Random(seed)
    settings = new_settings(folder)
    lake = Lake(settings)
    for _ in range(loads):
        lake.load(*random_load(rng), is_committed=rng.random() < 0.9)
        # now and then a run is killed before the facts; the next one has to catch up
        build(settings, *(STAGING_ONLY if rng.random() < 0.15 else ("run",)))
    build(settings)
    incremental = folder / "incremental.duckdb"
    shutil.copy(settings.database, incremental)
    build(settings, "run", "--full-refresh")
    assert differences(incremental, settings.database) == {}, f"seed {seed}"
    counted = fetch(settings, "select count(*) as n from marts.fct_vehicle_event")
    assert counted[0]["n"] > 0, f"seed {seed} tests nothing"


@pytest.mark.parametrize("seed", [1, 2])
def test_an_incremental_run_equals_a_full_refresh(tmp_path: Path, seed: int) -> None:
    incremental_equals_full_refresh(tmp_path, seed, loads=4)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 112))
def test_incremental_runs_equal_a_full_refresh_over_long_histories(
    tmp_path: Path, seed: int
) -> None:
    incremental_equals_full_refresh(tmp_path, seed, loads=10)
