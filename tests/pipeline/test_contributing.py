"""The steps of CONTRIBUTING.md are the steps: they are followed in a scratch copy."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from textwrap import dedent

from orchestration import dbt_runner
from orchestration.settings import PROJECT_ROOT
from tests.dbt_rules.rules import RULES
from tests.support.lake import File, Lake
from tests.support.warehouse import build, fetch, new_settings

_LIST = "measures = [\n"


def steps(section: str) -> Iterator[tuple[str, str]]:
    """The code blocks of a section, each with the path that the text before it names last."""
    text = (PROJECT_ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    text = text.split(f"\n## {section}\n")[1].split("\n## ")[0]
    for before, block in re.findall(r"(.*?)\n +```\w+\n(.*?)\n +```", text, re.DOTALL):
        yield re.findall(r"`(dbt_project/[^`]+)`", before)[-1], dedent(block) + "\n"


def follow(section: str, folder: Path) -> list[str]:
    done = []
    for name, block in steps(section):
        path = folder / name
        if path.suffix == ".csv":
            path.write_text(path.read_text(encoding="utf-8") + block, encoding="utf-8")
        elif path.exists():
            text = path.read_text(encoding="utf-8")
            assert text.count(_LIST) == 1
            path.write_text(text.replace(_LIST, _LIST + block), encoding="utf-8")
        else:
            path.write_text(block, encoding="utf-8")
        done.append(name)
    return done


def test_a_kpi_is_added_as_the_text_says(tmp_path: Path, monkeypatch) -> None:
    shutil.copytree(
        PROJECT_ROOT / "dbt_project",
        tmp_path / "dbt_project",
        ignore=shutil.ignore_patterns("target", "logs"),
    )
    assert len(follow("Add a KPI", tmp_path)) == 4
    monkeypatch.setattr(dbt_runner, "DBT_PROJECT_DIR", tmp_path / "dbt_project")
    settings = new_settings(tmp_path)
    lake = Lake(settings)
    lake.load(
        File("oem__dealers", [DEALER]),
        File("oem__kpi_weights", [WEIGHT]),
        File("oem__kpi_targets", [TARGET]),
        File("dealer__leads", [lead(1), lead(2), lead(3), lead(4, lost=True)], sender="D1"),
    )
    build(settings)
    build(settings, "test", "--select", "test_type:unit,int_kpis__measure_lost_leads")
    scored = fetch(settings, "select * from marts.mart_partner_scorecard_kpi")
    assert [(r["kpi_code"], r["actual_value"], r["attainment"], r["points"]) for r in scored] == [
        ("LOST_LEAD_RATE", Decimal("0.25"), Decimal("0.8"), Decimal("80"))
    ]
    manifest = dbt_runner._manifest(settings, "duckdb").to_dict()
    assert [found for rule in RULES for found in rule(manifest)] == []


DEALER = {
    "dealer_id": "D1",
    "brand_code": "AURA",
    "dealer_name": "Autohaus Eins",
    "contract_model": "DEALER",
    "postal_code": "80331",
    "district_code": "09162",
    "peer_group": "CITY",
    "is_top_partner": False,
    "opened_on": date(2000, 1, 1),
}
WEIGHT = {
    "brand_code": "AURA",
    "kpi_code": "LOST_LEAD_RATE",
    "version": 1,
    "valid_from": date(2024, 1, 1),
    "weight": Decimal(100),
    "floor_rate": Decimal(0),
    "cap_rate": Decimal("1.2"),
    "min_sample": 1,
    "missing_policy": "EXCLUDE",
}
TARGET = {
    "dealer_id": "D1",
    "brand_code": "AURA",
    "kpi_code": "LOST_LEAD_RATE",
    "target_month": date(2024, 3, 1),
    "target_value": Decimal("0.2"),
}


def lead(number: int, lost: bool = False) -> dict:
    return {
        "lead_id": f"L{number}",
        "dealer_id": "D1",
        "brand_code": "AURA",
        "channel": "WEB",
        "created_at": datetime(2024, 3, 5, 12),
        "lost_at": datetime(2024, 3, 9, 12) if lost else None,
    }
