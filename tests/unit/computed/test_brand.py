"""What is computed of brands and pilots, from the models as dbt has built them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.computed import brand
from orchestration.computed.brand import compute_brand
from orchestration.ledger.tables import BUDGETS, DISTANCES, PILOT_EFFECTS, computed_path
from orchestration.settings import Settings
from tests.support.warehouse import new_settings
from tests.unit.calculations.cases import START, Case, dealer, program, tiers, unit

DEALERS = [f"D{n:02}" for n in range(12)]


def case() -> Case:
    """Two programmes by units and one by a key figure; the units of every dealer come day by day,
    with some that do not count."""
    programs = {"P1": {}, "P2": {"measure": "TARGET_ATTAINMENT"}, "P3": {"measure": "KPI"}}
    steps = {"P1": ((2, 1), (7, 2)), "P2": (("0.5", 1), ("0.9", 2)), "P3": (("0.1", 1),)}
    return Case(
        [program(program_id=p, **terms) for p, terms in programs.items()],
        [t for p, pairs in steps.items() for t in tiers(*pairs, program_id=p)],
        [
            dealer(program_id=p, dealer_id=d, target_units=10 if p == "P2" else None)
            for p in programs
            for d in DEALERS
        ],
        [
            unit(
                10 * number + place,
                program_id=p,
                dealer_id=d,
                event_date=START + timedelta(place),
                unit_status="REMOVED" if place == 1 else "COUNTS",
            )
            for p in programs
            for number, d in enumerate(DEALERS)
            for place in range(number)
        ],
    )


def build_models(settings: Settings, case: Case, models: dict[str, list[dict[str, Any]]]) -> None:
    units, *frames = case.inputs()
    given: dict[str, Any] = {"int_incentives__qualify_units": units}
    names = ("measure_dealers", "list_periods", "list_tiers")
    for name, frame in zip(names, frames, strict=True):
        given[f"int_incentives__{name}"] = pa.Table.from_pandas(frame)
    for name, rows in models.items():
        given[name] = pa.Table.from_pylist(rows)
    settings.database.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(settings.database)) as connection:
        connection.execute("create schema intermediate")
        for name, table in given.items():
            connection.register("given", table)
            connection.execute(f"create table intermediate.{name} as select * from given")


def invoice(dealer_id: str, day: date) -> dict[str, Any]:
    kind = {"segment_code": "SUV", "powertrain_code": "BEV"}
    return {"dealer_id": dealer_id, "brand_code": "AURA", **kind, "invoice_date": day}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = new_settings(tmp_path)
    days = [START + timedelta(n) for n in (-1, 0, 0, 3, 6, 11)]
    weight = {"budget_code": "BRAND_POSITIONING_COST", "brand_code": None}
    weight |= {"budget_eur": Decimal("800000000.00")}
    campaign = {"budget_code": "C1", "brand_code": "AURA", "budget_eur": Decimal("0.07")}
    campaign |= {"district_code": "01001", "market_units": 0}
    build_models(
        made,
        case(),
        {
            "int_brand__judge_discounts": [
                invoice(d, day) for d in reversed(DEALERS) for day in days
            ],
            "int_brand__list_budget_weights": [
                weight | {"district_code": code, "market_units": 1}
                for code in ("01003", "01001", "01002")
            ]
            + [campaign],
            "int_pilots__list_changes": [
                {"pilot_id": "T1", "dealer_id": d, "arm": arm, "change": Decimal(change)}
                for d, arm, change in (
                    *[("D00", "PILOT", "0.300000"), ("D01", "PILOT", "0.300000")],
                    *[("D02", "CONTROL", "0.100000"), ("D03", "CONTROL", "0.100000")],
                )
            ],
        },
    )
    return made


def written(settings: Settings, table: str) -> list[dict[str, Any]]:
    return pq.read_table(computed_path(settings, table)).to_pylist()


def test_each_dealer_brand_and_day_with_an_invoice_has_one_distance(settings: Settings) -> None:
    rows = compute_brand(settings)
    found = written(settings, DISTANCES)
    assert rows[DISTANCES] == len(found) == 5 * len(DEALERS)
    own = [list(row.values()) for row in found if row["dealer_id"] == "D11"]
    # of his units the second is removed: one, two, five and ten of them count before these days
    assert own == [
        ["D11", "AURA", "SUV", "BEV", START - timedelta(1), None, None],
        ["D11", "AURA", "SUV", "BEV", START, 2, "P1"],
        ["D11", "AURA", "SUV", "BEV", START + timedelta(3), 3, "P2"],
        ["D11", "AURA", "SUV", "BEV", START + timedelta(6), 2, "P1"],
        ["D11", "AURA", "SUV", "BEV", START + timedelta(11), None, None],
    ]
    assert [row["dealer_id"] for row in found] == sorted(row["dealer_id"] for row in found)


def test_chunks_tell_what_is_told_at_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    compute_brand(settings)
    at_once = written(settings, DISTANCES)
    monkeypatch.setattr(brand, "CHUNK", 7)
    compute_brand(settings)
    assert written(settings, DISTANCES) == at_once


def test_budgets_and_effects_are_written_in_their_types(settings: Settings) -> None:
    compute_brand(settings)
    claim = ["BRAND_POSITIONING_COST"]
    assert [list(row.values()) for row in written(settings, BUDGETS)] == [
        claim + ["01001", None, 1, Decimal("266666666.67")],
        claim + ["01002", None, 1, Decimal("266666666.67")],
        claim + ["01003", None, 1, Decimal("266666666.66")],
        ["C1", "01001", "AURA", 0, Decimal("0.07")],
    ]
    assert written(settings, PILOT_EFFECTS) == [
        {"pilot_id": "T1"} | dict.fromkeys(("uplift", "ci_low", "ci_high"), Decimal("0.200000"))
    ]


def test_without_campaigns_pilots_or_invoices_the_tables_are_empty(settings: Settings) -> None:
    with duckdb.connect(str(settings.database)) as connection:
        for name in (brand.INVOICES, brand.WEIGHTS, brand.CHANGES):
            connection.execute(f"delete from intermediate.{name}")
    assert compute_brand(settings) == {DISTANCES: 0, BUDGETS: 0, PILOT_EFFECTS: 0}
