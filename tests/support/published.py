"""A published warehouse of a small sample, made once for all tests of a session and all workers."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from orchestration.run import ExitCode, run_warehouse
from orchestration.sample import generate
from orchestration.settings import Settings

SIZE = {"dealers": 8, "months": 14, "scale": 0.3, "seed": 3}


def make_once(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The warehouse, made by whoever asks first; others wait. Read it only: who changes something
    works on a copy (`copied`)."""
    base = tmp_path_factory.getbasetemp()
    # the workers' folders lie beside each other
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder = shared / "published_sample"
    settings = Settings.from_env(
        {}, extracts=folder / "extracts", warehouse=folder / "warehouse", threads=2
    )
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        outcome = folder / "outcome.json"
        if not outcome.is_file():
            generate(settings.extracts, **SIZE)
            made = run_warehouse(settings)
            outcome.write_text(json.dumps([made.exit_code, made.problems]), encoding="utf-8")
        code, problems = json.loads(outcome.read_text(encoding="utf-8"))
    assert code == ExitCode.PUBLISHED, problems
    return settings


def copied(settings: Settings, folder: Path) -> Settings:
    """A copy of the warehouse and its drop zone in `folder`, to be changed."""
    shutil.copytree(settings.extracts, folder / "extracts")
    shutil.copytree(settings.warehouse, folder / "warehouse")
    return replace(settings, extracts=folder / "extracts", warehouse=folder / "warehouse")
