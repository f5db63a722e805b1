"""The same models over the same lake give the same marts on Spark as on DuckDB."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orchestration.settings import Settings
from tests.support import (
    random_brand,
    random_capability,
    random_governance,
    random_incentives,
    random_service,
)
from tests.support.lake import File, Lake
from tests.support.random_investments import random_investment_world
from tests.support.random_loads import random_load, random_world
from tests.support.warehouse import MARTS, build, fetch, new_settings, run_money

RATE_TOLERANCE = Decimal("0.000001")

pytestmark = pytest.mark.slow


@pytest.fixture
def spark():
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java, which is not installed")
    pytest.importorskip("pyspark", reason="the extra `spark` is not installed")
    pytest.importorskip("dbt.adapters.spark", reason="the extra `spark` is not installed")
    from orchestration.dbt_runner import spark_session

    made: list[Any] = []

    def session(settings: Any) -> Any:
        made.append(spark_session(settings))
        return made[-1]

    yield session
    for one in made:
        one.stop()


def test_spark_builds_the_same_marts_as_duckdb(tmp_path: Path, spark: Any) -> None:
    rng = random.Random(7)
    settings = new_settings(tmp_path)
    lake = Lake(settings)
    lake.load(*random_world(rng))
    for _ in range(4):
        lake.load(*random_load(rng, rows=30))
    lake.load(
        File("dealer__leads", quarantined=["BAD_TYPE", "BAD_VALUE", "BAD_TYPE"], sender="D1"),
        File("dealer__leads", rejected="EMPTY", sender="D1", name="D1_empty.csv"),
    )
    assert_engines_agree(settings, spark)


@pytest.mark.parametrize(
    ("world", "marts"),
    [
        (
            random_incentives.random_world(seed=12, months=7),
            ["mart_incentive_ledger", "mart_incentive_line", "mart_target_proposal"],
        ),
        (
            random_investment_world(seed=12),
            [
                *("mart_refinancing_ledger", "mart_refinancing_correction"),
                *("mart_refinancing_refusal", "mart_investment_pressure"),
                *("mart_shared_program_allocation", "mart_shared_program_return"),
            ],
        ),
    ],
    ids=["incentives", "investments"],
)
def test_spark_builds_the_same_money_marts_as_duckdb(
    tmp_path: Path, spark: Any, world: random_incentives.World, marts: list[str]
) -> None:
    settings = replace(new_settings(tmp_path), as_of=world.as_of(len(world.loads)))
    lake = Lake(settings)
    for load in world.loads:
        random_incentives.write(lake, load)
    assert_engines_agree(settings, spark)
    for mart in marts:
        assert fetch(settings, f"select * from marts.{mart} limit 1"), mart


def test_spark_builds_the_same_service_marts_as_duckdb(tmp_path: Path, spark: Any) -> None:
    rng = random.Random(2)
    settings = replace(new_settings(tmp_path), as_of=random_service.AS_OF)
    lake = Lake(settings)
    lake.load(*random_service.random_service_world(rng))
    for _ in range(2):
        lake.load(*random_service.random_service_load(rng))
    assert_engines_agree(settings, spark)
    for mart in ("mart_case_routing", "mart_routing_effect", "mart_routing_conflicts"):
        assert fetch(settings, f"select * from marts.{mart} limit 1"), mart


def test_spark_builds_the_same_governance_marts_as_duckdb(tmp_path: Path, spark: Any) -> None:
    rng = random.Random(48)
    settings = replace(new_settings(tmp_path), as_of=random_governance.TODAYS[0])
    lake = Lake(settings)
    lake.load(*random_governance.random_governance_world(rng))
    lake.load(*random_governance.random_governance_load(rng))
    assert_engines_agree(settings, spark)
    for mart in ("mart_contract_standards", "mart_escalations", "mart_weekly_review"):
        assert fetch(settings, f"select * from marts.{mart} limit 1"), mart


def test_spark_builds_the_same_capability_marts_as_duckdb(tmp_path: Path, spark: Any) -> None:
    rng = random.Random(4)
    settings = replace(new_settings(tmp_path), as_of=random_capability.TODAYS[0])
    lake = Lake(settings)
    lake.load(*random_capability.random_capability_world(rng))
    lake.load(*random_capability.random_capability_load(rng))
    assert_engines_agree(settings, spark)
    for mart in ("mart_data_quality", "mart_academy_effect", "mart_rollout_duration"):
        assert fetch(settings, f"select * from marts.{mart} limit 1"), mart


def test_spark_builds_the_same_brand_marts_as_duckdb(tmp_path: Path, spark: Any) -> None:
    rng = random.Random(3)
    settings = replace(new_settings(tmp_path), as_of=random_brand.TODAYS[1])
    lake = Lake(settings)
    lake.load(*random_brand.random_brand_world(rng))
    lake.load(*random_brand.random_brand_load(rng))
    assert_engines_agree(settings, spark)
    marts = ("mart_brand_conflict_summary", "mart_campaign_performance", "mart_pilot_effect")
    for mart in marts:
        assert fetch(settings, f"select * from marts.{mart} limit 1"), mart


def assert_engines_agree(settings: Settings, spark: Any) -> None:
    """Python decides the money once; both engines build every mart from it."""
    run_money(settings)
    session = spark(settings)
    build(settings, target="spark")

    marts = [row["table_name"] for row in fetch(settings, MARTS)]
    assert {row.tableName for row in session.sql("show tables in marts").collect()} == set(marts)
    for mart in marts:
        expected = fetch(settings, f"select * from marts.{mart}")
        found = [row.asDict() for row in session.sql(f"select * from marts.{mart}").collect()]
        assert_alike(mart, expected, found)


def assert_alike(mart: str, expected: list[dict], found: list[dict]) -> None:
    """Counts, money, texts and days are equal; rates differ by no more than the tolerance."""
    assert len(expected) == len(found), mart
    for one, other in zip(sorted(expected, key=_order), sorted(found, key=_order), strict=True):
        assert one.keys() == other.keys(), mart
        for column, value in one.items():
            if isinstance(value, Decimal) and not column.endswith("_eur"):
                assert abs(value - other[column]) <= RATE_TOLERANCE, (mart, column, one, other)
            else:
                assert value == other[column], (mart, column, one, other)


def _order(row: dict) -> list[str]:
    """By everything but rates, which need not be equal to the last digit."""
    return [
        str(value)
        for column, value in row.items()
        if not isinstance(value, Decimal) or column.endswith("_eur")
    ]
