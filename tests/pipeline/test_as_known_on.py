"""`--as-of`: what was known at an instant is what was published then."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.ingestion.contract import load_contracts
from orchestration.ingestion.drop_zone import scan
from orchestration.sample import generate
from orchestration.settings import Settings
from tests.pipeline.conftest import Warehouse
from tests.support.warehouse import differences

THEN = datetime(2025, 11, 20, 12, tzinfo=UTC)


def _split(extracts: Path, later: Path) -> None:
    """Moves what was delivered after THEN out of the drop zone."""
    settings = Settings(extracts=extracts, warehouse=extracts.parent / "none")
    zone = scan(settings, load_contracts(), datetime.now(UTC))
    moved = [file for file in zone.files if file.delivered_at > THEN]
    assert moved and len(moved) < len(zone.files)
    for file in moved:
        target = later / file.feed / file.path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(file.path, target)


@pytest.mark.slow
def test_what_was_known_then_is_what_was_published_then(tmp_path: Path, capsys) -> None:
    extracts, later = tmp_path / "extracts", tmp_path / "later"
    generate(extracts, dealers=4, months=5, scale=0.1, seed=5)
    _split(extracts, later)
    then = Warehouse(extracts, tmp_path / "then", capsys)
    at = ("--as-of", THEN.isoformat())
    assert then.command("run", *at) == 0
    published = tmp_path / "published_then.duckdb"
    shutil.copy(then.serving_file, published)

    shutil.copytree(later, extracts, dirs_exist_ok=True)  # corrections and newer months arrive
    assert then.command("run") == 0
    changed = differences(published, then.serving_file)
    assert {"mart_partner_scorecard", "mart_partner_scorecard_kpi", "_publication"} <= set(changed)

    again = Warehouse(extracts, tmp_path / "again", capsys)
    assert again.command("run", *at) == 0
    assert set(differences(published, again.serving_file)) == {"_publication"}
    assert _as_of(published) == _as_of(again.serving_file) == THEN.replace(tzinfo=None)

    capsys.readouterr()
    assert then.command("run", *at) == 64
    assert "holds deliveries later than" in " ".join(capsys.readouterr().err.split())


def _as_of(file: Path) -> datetime:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute("select as_of from _publication").fetchone()[0]
