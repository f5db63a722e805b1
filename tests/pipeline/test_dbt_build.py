"""What a build makes of a lake: which rows count, what stays secret, what others may do."""

from __future__ import annotations

import hashlib
import hmac
import random
import subprocess
import sys
from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.settings import Settings
from tests.support.lake import File, Lake
from tests.support.random_loads import vehicle_event
from tests.support.warehouse import MARTS, build, build_what_leads_to, fetch, inline, new_settings

VIN = "WAUZZZ8V0KA000001"
EMAIL = "erika.mustermann@example.org"
COMMENT = "Herr Schulze war sehr freundlich"
KEY = "a key that must not be seen anywhere"


def dealer(dealer_id: str) -> dict[str, Any]:
    return {
        "dealer_id": dealer_id,
        "brand_code": "AURA",
        "dealer_name": "Autohaus",
        "contract_model": "DEALER",
        "postal_code": "80331",
        "district_code": "09162",
        "peer_group": "CITY",
        "is_top_partner": False,
        "opened_on": date(2000, 1, 1),
    }


def registration(
    event_id: str, vin: str, dealer_id: str, month: int, **more: Any
) -> dict[str, Any]:
    return {
        "event_id": event_id,
        "dealer_id": dealer_id,
        "brand_code": "AURA",
        "vin": vin,
        "event_type": "REGISTRATION",
        "event_date": date(2024, month, 5),
        "model_code": "M1",
        "holder_type": "PRIVATE",
        **more,
    }


def vehicle_model(segment: str) -> dict[str, Any]:
    return {
        "model_code": "M1",
        "brand_code": "AURA",
        "model_name": "Aura One",
        "segment_code": segment,
        "powertrain_code": "BEV",
        "list_price_eur": Decimal("39990.00"),
        "max_discount_rate": Decimal("0.1"),
    }


def lead(lead_id: str, **more: Any) -> dict[str, Any]:
    return {
        "lead_id": lead_id,
        "dealer_id": "D1",
        "brand_code": "AURA",
        "channel": "WEB",
        "created_at": datetime(2024, 1, 31, 23, 30),
        **more,
    }


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, list[str]]:
    """Two loads, the second built with all tests; the settings, and the warnings of that build."""
    settings = new_settings(tmp_path_factory.mktemp("build"))
    (settings.secrets).mkdir(parents=True)
    (settings.secrets / "pii.key").write_text(KEY)
    lake = Lake(settings)
    lake.load(
        File("oem__dealers", [dealer("D1"), dealer("D2")]),
        File("oem__vehicle_models", [vehicle_model("SUV")]),
        File(
            "oem__territories",
            [
                {
                    "dealer_id": d,
                    "brand_code": "AURA",
                    "district_code": "09162",
                    "valid_from": date(2020, 1, 1),
                }
                for d in ("D1", "D9")
            ],
        ),
        File(
            "market__registrations",
            [
                {
                    "registration_month": date(2024, 1, 1),
                    "district_code": "09162",
                    "brand_code": brand,
                    "segment_code": "SUV",
                    "powertrain_code": "BEV",
                    "holder_type": "PRIVATE",
                    "units": units,
                }
                for brand, units in (("AURA", 1), ("OTHER", 3))
            ],
            sender="market",
        ),
        File(
            "dealer__vehicle_events",
            [
                registration("E1", VIN, "D1", 1),
                registration("E2", "WAUZZZ8V0KA000002", "D9", 1),
                registration("E3", "WAUZZZ8V0KA000003", "D1", 2, model_code="M9"),
            ],
            sender="dms",
        ),
        File(
            "dealer__leads",
            [lead("L1", customer_email=EMAIL), lead("L2", channel="PHONE")],
            sender="D1",
        ),
        File(
            "dealer__surveys",
            [
                {
                    "response_id": "S1",
                    "dealer_id": "D1",
                    "brand_code": "AURA",
                    "survey_type": "SALES",
                    "sent_at": datetime(2024, 1, 1),
                    "comment": COMMENT,
                }
            ],
            sender="D1",
        ),
    )
    build(settings)
    later = datetime(2025, 2, 1)
    lake.load(
        File("dealer__leads", [lead("L9")], sender="D1", name="orphan.csv", delivered_at=later),
        is_committed=False,
    )
    lake.load(
        File("oem__vehicle_models", [vehicle_model("COMPACT")], delivered_at=later),
        # the correction of L2 was quarantined, L1 was corrected
        File(
            "dealer__leads",
            [lead("L1", channel="SHOP", customer_email=EMAIL)],
            sender="D1",
            delivered_at=later,
            quarantined=["BAD_TYPE"],
        ),
        File("dealer__leads", rejected="EMPTY", sender="D1", name="D1_empty.csv"),
    )
    return settings, build(settings, "build")


def test_rows_of_a_load_that_was_never_committed_do_not_count(world: tuple) -> None:
    leads = fetch(world[0], "select lead_id from marts.fct_lead order by 1")
    assert [row["lead_id"] for row in leads] == ["L1", "L2"]


def test_a_quarantined_correction_leaves_the_earlier_row(world: tuple) -> None:
    rows = fetch(world[0], "select lead_id, channel from marts.fct_lead order by 1")
    assert rows == [{"lead_id": "L1", "channel": "SHOP"}, {"lead_id": "L2", "channel": "PHONE"}]


def test_a_new_list_of_models_changes_registrations_of_all_months(world: tuple) -> None:
    rows = fetch(world[0], "select event_id, segment_code from marts.fct_registration order by 1")
    assert [row["segment_code"] for row in rows] == ["COMPACT", "COMPACT", None]


def test_an_unknown_dealer_is_accepted_in_facts_and_gets_no_mart_rows(world: tuple) -> None:
    settings, warnings = world
    facts = fetch(settings, "select dealer_id from marts.fct_registration where dealer_id = 'D9'")
    marts = fetch(settings, "select dealer_id from marts.mart_market_penetration")
    assert len(facts) == 1
    assert {row["dealer_id"] for row in marts} == {"D1"}
    said = "\n".join(warnings)
    assert "fct_registration_refers_to_known_dealers" in said
    assert "fct_registration_refers_to_known_models" in said
    assert "mart_market_penetration_leaves_no_counted_registration_out" in said


def test_market_and_counted_registrations_meet_in_one_row_per_segment(world: tuple) -> None:
    rows = fetch(
        world[0],
        "select segment_code, brand_units, market_units, penetration, expected_units,"
        " counted_registrations, sales_effectiveness"
        " from marts.mart_market_penetration order by segment_code",
    )
    assert [tuple(row.values()) for row in rows] == [
        ("COMPACT", 0, 0, None, Decimal(0), 1, None),
        ("SUV", 1, 4, Decimal("0.25"), Decimal(1), 0, Decimal(0)),
    ]


def test_quality_shows_quarantined_rows_and_rejected_files(world: tuple) -> None:
    rows = fetch(
        world[0],
        "select delivery_month, file_count, rejected_file_count, delivered_rows, pass_rate, reasons"
        " from marts.mart_feed_quality where feed = 'dealer__leads' order by 1",
    )
    assert [tuple(row.values()) for row in rows] == [
        (date(2025, 1, 1), 2, 1, 2, Decimal(1), "EMPTY=1"),
        (date(2025, 2, 1), 1, 0, 2, Decimal("0.5"), "BAD_TYPE=1"),
    ]


def test_personal_data_is_an_hmac_in_staging_and_nowhere_in_clear(world: tuple) -> None:
    settings, _ = world
    expected = hmac.new(KEY.encode(), EMAIL.encode(), hashlib.sha256).hexdigest()
    found = inline(
        settings,
        "select customer_email_hash, customer_name_hash"
        " from {{ ref('stg_dealer__leads__persons') }} where lead_id = 'L1'",
    )
    assert found == [(expected, None)]
    with duckdb.connect(str(settings.database), read_only=True) as connection:
        connection.execute(f"attach '{settings.marts}' as marts (read_only)")
        texts = connection.execute(
            "select database_name, schema_name, table_name, column_name from duckdb_columns()"
            " join duckdb_tables() using (database_name, schema_name, table_name)"
            " where data_type = 'VARCHAR'"
        ).fetchall()
        assert len(texts) > 100
        for file, schema, table, column in texts:
            query = f'select count(*) from {file}.{schema}.{table} where "{column}" in (?, ?)'
            assert connection.execute(query, [EMAIL, COMMENT]).fetchone() == (0,), (table, column)


def test_the_key_of_personal_data_is_in_no_file_that_dbt_leaves(world: tuple) -> None:
    settings, _ = world
    pad = bytes(byte ^ 0x36 for byte in KEY.encode())
    files = [p for p in settings.state.rglob("*") if p.is_file()] + [
        settings.database,
        settings.marts,
    ]
    assert len(files) > 50
    for path in files:
        content = path.read_bytes()
        assert KEY.encode() not in content and pad not in content, path
        assert pad.hex().encode() not in content.lower(), path


def test_the_warehouse_is_free_for_other_readers_after_a_build(world: tuple) -> None:
    query = (
        "import duckdb, sys;"
        " c = duckdb.connect(sys.argv[1], read_only=True);"
        " print(c.execute('select count(*) from fct_lead').fetchone()[0])"
    )
    command = [sys.executable, "-c", query, str(world[0].marts)]
    found = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout.strip() == "2"


def test_schemas_are_named_after_the_layers(world: tuple) -> None:
    rows = fetch(world[0], "select distinct database_name, schema_name from duckdb_tables()")
    assert {tuple(row.values()) for row in rows} == {
        ("warehouse", "staging"),
        ("warehouse", "intermediate"),
        ("warehouse", "reference"),
        ("warehouse", "build"),
        ("marts", "main"),
        ("marts", "build"),
    }


def test_columns_of_marts_carry_their_descriptions(world: tuple) -> None:
    query = (
        "select comment from duckdb_columns()"
        " where database_name = 'marts' and schema_name = 'main' and not internal"
    )
    assert all(row["comment"] for row in fetch(world[0], query))


def test_a_lake_without_any_delivery_builds_empty_marts(tmp_path: Path) -> None:
    settings = new_settings(tmp_path)
    build(settings)
    tables = {row["table_name"] for row in fetch(settings, MARTS)}
    from_seeds = {"dim_kpi", "mart_benchmark_comparison"}
    assert len(tables) >= 21 and from_seeds < tables
    for table in tables - from_seeds:
        assert fetch(settings, f"select * from marts.{table}") == []


def test_another_key_of_personal_data_changes_the_hashes_of_all_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = new_settings(tmp_path)
    lake = Lake(settings)
    lake.load(File("dealer__leads", [lead("L1", customer_email=EMAIL)], sender="D1"))
    build_what_leads_to(settings, ["stg_dealer__leads__persons"])
    lake.load(File("dealer__leads", [lead("L2", customer_email=EMAIL)], sender="D1", name="b.csv"))
    build_what_leads_to(settings, ["stg_dealer__leads__persons"])
    query = "select customer_email_hash from {{ ref('stg_dealer__leads__persons') }}"
    before = inline(settings, query)
    monkeypatch.setenv("PARTNERDW_PII_KEY", KEY)
    expected = hmac.new(KEY.encode(), EMAIL.encode(), hashlib.sha256).hexdigest()
    assert inline(settings, query) == [(expected,), (expected,)] != before


def test_registrations_are_counted_as_the_rule_says(tmp_path: Path) -> None:
    """Against the rule written down once more, row by row, over random events."""
    rng = random.Random(11)
    settings = new_settings(tmp_path)
    events = [
        {**vehicle_event(rng), "event_id": f"E{n:04d}", "vin": f"WAUZZZ8V0KA{n % 150:06d}"}
        for n in rng.sample(range(10_000), k=600)
    ]
    Lake(settings).load(File("dealer__vehicle_events", events, sender="dms"))
    build_what_leads_to(settings, ["fct_registration"])
    rows = fetch(
        settings, "select vin, event_id, is_counted, not_counted_reason from marts.fct_registration"
    )
    assert sorted((tuple(r.values()) for r in rows), key=str) == sorted(_counted(events), key=str)
    assert {row["not_counted_reason"] for row in rows} == {None, "SELF_REGISTRATION", "CANCELLED"}


def _counted(events: list[dict[str, Any]]) -> list[tuple]:
    by_vin = defaultdict(list)
    for event in events:
        by_vin[event["vin"]].append(event)
    found = []
    for vin, of_vin in by_vin.items():
        registrations = sorted(
            (e for e in of_vin if e["event_type"] == "REGISTRATION"),
            key=lambda e: (e["event_date"], e["event_id"]),
        )
        if not registrations:
            continue
        left = [r for r in registrations if not _is_cancelled(r, of_vin)]
        first = (left or registrations)[0]
        if first["holder_type"] in ("DEALER", "OEM"):
            reason = "SELF_REGISTRATION"
        else:
            reason = None if left else "CANCELLED"
        found.append((vin, first["event_id"], reason is None, reason))
    return found


def _is_cancelled(registration: dict[str, Any], events: list[dict[str, Any]]) -> bool:
    return any(
        e["event_type"] == "CANCELLATION"
        and e["dealer_id"] == registration["dealer_id"]
        and e["event_date"] >= registration["event_date"]
        for e in events
    )
