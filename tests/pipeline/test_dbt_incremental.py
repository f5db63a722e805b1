"""An incremental run gives what a full refresh gives, whatever was delivered in whatever order."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orchestration.settings import Settings
from tests.support.lake import File, Lake
from tests.support.random_loads import random_load, random_world
from tests.support.warehouse import (
    ALL_TABLES,
    build,
    build_what_leads_to,
    differences,
    fetch,
    new_settings,
)

STAGING_ONLY = ("run", "--select", "path:models/staging")


def incremental_equals_full_refresh(folder: Path, seed: int, loads: int) -> None:
    rng = random.Random(seed)
    # one instant for all: some marts tell ages
    settings = replace(new_settings(folder), as_of=datetime(2026, 1, 1, tzinfo=UTC))
    lake = Lake(settings)
    lake.load(*random_world(rng))
    build(settings)
    for _ in range(loads):
        lake.load(*random_load(rng), is_committed=rng.random() < 0.9)
        # now and then a run is killed before the facts; the next one has to catch up
        build(settings, *(STAGING_ONLY if rng.random() < 0.15 else ALL_TABLES))
    build(settings)
    incremental = folder / "incremental.duckdb"
    shutil.copy(settings.marts, incremental)
    build(settings, *ALL_TABLES, "--full-refresh")
    assert differences(incremental, settings.marts) == {}, f"seed {seed}"
    counted = fetch(settings, "select count(*) as n from marts.fct_vehicle_event")
    assert counted[0]["n"] > 0, f"seed {seed} tests nothing"


def test_an_incremental_run_equals_a_full_refresh(tmp_path: Path) -> None:
    incremental_equals_full_refresh(tmp_path, seed=1, loads=3)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 108))
def test_incremental_runs_equal_a_full_refresh_over_long_histories(
    tmp_path: Path, seed: int
) -> None:
    incremental_equals_full_refresh(tmp_path, seed, loads=8)


def event(event_id: str, event_type: str, month: int, **more: Any) -> dict[str, Any]:
    return {
        "event_id": event_id,
        "dealer_id": "D1",
        "brand_code": "AURA",
        "event_type": event_type,
        "event_date": date(2024, month, 5),
        "model_code": "M1",
        "holder_type": "PRIVATE",
        **more,
    }


REGISTERED = [event("R", "REGISTRATION", 1), event("I", "INVOICE", 2)]
CANCELLED = [*REGISTERED, event("C", "CANCELLATION", 6)]
TWICE = [*CANCELLED, event("S", "REGISTRATION", 8, dealer_id="D2")]
OTHER_VIN = "WAUZZZ8V0KA999999"

# delivered first, delivered later, then of the VIN: the event that stands, whether it counts, and
# whether the invoice is cancelled
CHANGES: dict[str, tuple[list[dict], list[dict], tuple]] = {
    "a cancellation arrives": (REGISTERED, CANCELLED[2:], ("R", False, True)),
    "a cancellation is withdrawn": (
        CANCELLED,
        [{"event_id": "C", "is_deleted": True}],
        ("R", True, False),
    ),
    "a cancellation moves to another vehicle": (
        CANCELLED,
        [event("C", "CANCELLATION", 6, vin=OTHER_VIN)],
        ("R", True, False),
    ),
    "a cancellation moves to another dealer": (
        CANCELLED,
        [event("C", "CANCELLATION", 6, dealer_id="D2")],
        ("R", True, False),
    ),
    "a cancellation was an order": (CANCELLED, [event("C", "ORDER", 6)], ("R", True, False)),
    "a cancellation was before all": (
        CANCELLED,
        [event("C", "CANCELLATION", 1, event_date=date(2023, 12, 31))],
        ("R", True, False),
    ),
    "the cancellation that let another registration stand is withdrawn": (
        TWICE,
        [{"event_id": "C", "is_deleted": True}],
        ("R", True, False),
    ),
    "the registration that stands is withdrawn": (
        [*REGISTERED, event("S", "REGISTRATION", 8, holder_type="OEM")],
        [{"event_id": "R", "is_deleted": True}],
        ("S", False, False),
    ),
    "the registration that stands moves to another vehicle": (
        [*REGISTERED, event("S", "REGISTRATION", 8)],
        [event("R", "REGISTRATION", 1, vin=OTHER_VIN)],
        ("S", True, False),
    ),
    "the registration that stands moves to a later month than another": (
        [*REGISTERED, event("S", "REGISTRATION", 8)],
        [event("R", "REGISTRATION", 9)],
        ("S", True, False),
    ),
    "another dealer turns out to have registered first": (
        [event("R", "REGISTRATION", 4), REGISTERED[1]],
        [event("S", "REGISTRATION", 3, dealer_id="D2", holder_type="DEALER")],
        ("S", False, False),
    ),
    "the invoice moves behind the cancellation": (
        CANCELLED,
        [event("I", "INVOICE", 7)],
        ("R", False, False),
    ),
}


def _of_case(number: int, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with events, a VIN and a year of their own, so that no case touches another's."""
    years = timedelta(days=7 * 366 + number * 366)
    return [
        {
            **({} if "is_deleted" in row else {"vin": f"WAUZZZ8V0KA{number:06d}"}),
            **row,
            **({"event_date": row["event_date"] - years} if "event_date" in row else {}),
            "event_id": f"{row['event_id']}{number:02d}",
        }
        for row in rows
    ]


def test_a_change_reaches_the_vehicle_it_came_from(tmp_path: Path) -> None:
    settings = new_settings(tmp_path)
    lake = Lake(settings)
    for column, day in ((0, 1), (1, 2)):
        rows = [r for n, case in enumerate(CHANGES.values()) for r in _of_case(n, case[column])]
        file = File("dealer__vehicle_events", rows, "dms", datetime(2025, 1, day))
        lake.load(file)
        build_what_leads_to(settings, ["fct_registration", "fct_invoice"])
    found = fetch(
        settings,
        "select r.vin, left(r.event_id, 1) as stands, r.is_counted, i.is_cancelled"
        " from marts.fct_registration as r join marts.fct_invoice as i using (vin)",
    )
    by_vin = {row.pop("vin"): tuple(row.values()) for row in found}
    for number, (case, (_, _, expected)) in enumerate(CHANGES.items()):
        assert by_vin[f"WAUZZZ8V0KA{number:06d}"] == expected, case


def test_an_empty_mart_that_fills_is_a_new_version(tmp_path: Path) -> None:
    """Otherwise its Parquet twin would stay empty."""
    settings = new_settings(tmp_path)
    lake = Lake(settings)
    lake.load(
        File("oem__vehicle_models", [MODEL]),
        File("dealer__vehicle_events", [event("I", "INVOICE", 3, vin="WAUZZZ8V0KA000001")], "dms"),
    )
    build_what_leads_to(settings, ["mart_segment_growth"])
    before = _versions(settings)
    assert fetch(settings, "select * from marts.mart_segment_growth") == []
    build_what_leads_to(settings, ["mart_segment_growth"])
    assert _versions(settings)["mart_segment_growth"] == before["mart_segment_growth"]
    lake.load(File("oem__dealers", [DEALER]))
    build_what_leads_to(settings, ["mart_segment_growth"])
    assert len(fetch(settings, "select * from marts.mart_segment_growth")) == 1
    assert _versions(settings)["mart_segment_growth"] != before["mart_segment_growth"]


def _versions(settings: Settings) -> dict[str, str]:
    rows = fetch(settings, "select model, version from marts.build.versions")
    return {row["model"]: row["version"] for row in rows}


MODEL = {
    "model_code": "M1",
    "brand_code": "AURA",
    "model_name": "Aura One",
    "segment_code": "SUV",
    "powertrain_code": "BEV",
    "list_price_eur": Decimal(40000),
    "max_discount_rate": Decimal("0.1"),
}
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
