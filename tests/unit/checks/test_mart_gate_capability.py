"""The rules of the marts of capability: good rows break none, and what each forbids breaks it."""

from __future__ import annotations

from pathlib import Path

import pytest

from expectations import marts_capability
from expectations.rule import CRITICAL
from orchestration.checks.gate import RuleResult, run_mart_gate
from orchestration.settings import Settings
from tests.unit.checks.capability_rows import BROKEN, GOOD
from tests.unit.checks.small_lake import SmallLake, event
from tests.unit.checks.small_warehouse import Row, build_warehouse

TABLES = sorted({rule.table for rule in marts_capability.RULES})


def judge(folder: Path, rows: dict[str, list[Row]], *tables: str) -> dict[str, RuleResult]:
    """The results of the rules of these marts, of all of capability by default."""
    settings = Settings(extracts=folder / "extracts", warehouse=folder / "warehouse")
    SmallLake(folder).deliver("dealer__vehicle_events", event(), sender="D1")
    build_warehouse(settings, **rows)
    return {r.code: r for r in run_mart_gate(settings, marts=tables or TABLES).results}


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, RuleResult]:
    """What the gate finds, and shows in full, where all of it is wrong at once."""
    rows = {table: list(good) for table, good in GOOD.items()}
    for wrong, _ in BROKEN.values():
        for table, more in wrong.items():
            rows[table] += more
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("orchestration.checks.gate.EXAMPLES", 1_000)
        return judge(tmp_path_factory.mktemp("broken"), rows)


def test_good_marts_break_no_rule(tmp_path: Path) -> None:
    found = judge(tmp_path, GOOD)
    assert [str(r) for r in found.values() if r.failed_rows and r.severity == CRITICAL] == []
    assert [r.code for r in found.values() if not r.success] == []
    assert [r.code for r in found.values() if not r.checked_rows] == []


def test_every_rule_is_broken_by_something() -> None:
    assert set(BROKEN) == {rule.code for rule in marts_capability.RULES}


@pytest.mark.parametrize("code", BROKEN)
def test_what_a_rule_forbids_breaks_it_and_is_shown(
    broken: dict[str, RuleResult], code: str
) -> None:
    _, shown = BROKEN[code]
    assert not broken[code].success
    for expected in shown:
        assert any(expected.items() <= row.items() for row in broken[code].examples), expected


def test_no_good_row_is_among_the_broken(broken: dict[str, RuleResult]) -> None:
    for code, result in broken.items():
        for row in result.examples if result.severity == CRITICAL else ():
            assert row.get("dealer_id") not in ("D1", "D2"), code
            assert row.get("brand_code") != "ALPHA" and row.get("system_code") != "CRM", code
