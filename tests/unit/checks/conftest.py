"""The lakes that the gate tests judge."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.checks.small_lake import SmallLake, network


@pytest.fixture
def lake(tmp_path: Path) -> SmallLake:
    """A lake with reference data only."""
    return network(SmallLake(tmp_path))
