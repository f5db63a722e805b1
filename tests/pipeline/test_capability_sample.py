"""What the default sample tells of the academy: the story that people see who try the product."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest

from orchestration.ingestion.load import load_deliveries
from orchestration.sample import generate
from orchestration.settings import Settings
from tests.pipeline.test_capability_recomputed import build_capability
from tests.support.warehouse import fetch, new_settings

pytestmark = pytest.mark.slow

AS_OF = datetime(2026, 1, 15, 9, tzinfo=UTC)
"""After the last delivery of the sample."""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = replace(new_settings(tmp_path_factory.mktemp("sample")), as_of=AS_OF)
    generate(settings.extracts)
    load_deliveries(settings)
    build_capability(settings)
    return settings


@pytest.mark.parametrize("dimension", ["COMPLETENESS", "VALIDITY", "TIMELINESS"])
def test_courses_make_deliveries_better_beyond_chance(sample: Settings, dimension: str) -> None:
    effects = fetch(
        sample,
        f"select * from marts.mart_academy_effect where quality_dimension = '{dimension}'",
    )
    assert effects
    for effect in effects:
        assert effect["trained_dealers"] >= 5, effect
        assert effect["effect"] > 0 and effect["ci_low"] > 0, effect


def test_introductions_are_a_third_shorter_where_people_are_trained(sample: Settings) -> None:
    rows = pq.read_table(sample.computed / "rollout_durations").to_pylist()
    (trained,) = [row for row in rows if row["system_code"] is None and row["is_trained"]]
    assert trained["reduction_rate"] >= 0.3
    assert trained["ci_low"] > 0
    by_system = fetch(sample, "select * from marts.mart_rollout_duration where is_trained")
    assert len(by_system) >= 3
    assert all(row["reduction_rate"] > 0 for row in by_system), by_system


def test_fewer_and_fewer_dealers_are_not_ready(sample: Settings) -> None:
    months = fetch(sample, "select * from marts.mart_it_readiness_summary order by month")
    rates = [row["not_ready_rate"] for row in months if row["dealers"] >= 20]
    assert len(rates) >= 24
    assert 0.6 < rates[0] < 0.85
    assert rates[-1] <= rates[0] - rates[0] / 20
    year = [sum(rates[at : at + 6]) / 6 for at in (len(rates) - 12, len(rates) - 6)]
    assert year[1] < year[0]


def test_figures_of_the_network_count_persons_once(sample: Settings) -> None:
    """Other than the sum over brands, for which somebody may count twice."""
    rows = fetch(
        sample,
        "select s.month, s.persons_trained_ytd as persons, sum(p.persons_trained_ytd) as summed "
        "from marts.mart_academy_summary as s "
        "inner join marts.mart_academy_progress as p using (month) group by all",
    )
    assert rows and all(0 <= row["persons"] <= row["summed"] for row in rows)
    assert any(0 < row["persons"] < row["summed"] for row in rows)
