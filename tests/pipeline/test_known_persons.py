"""What a close knows of people: each of them, as the models of today do."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from orchestration.ledger.known import known_models
from tests.support.incentive_world import CLOSES, network
from tests.support.lake import File, Lake
from tests.support.warehouse import new_settings


def person(person_id: str) -> dict:
    return {
        "person_id": person_id,
        "dealer_id": "D1",
        "brand_code": "AURA",
        "role": "SALES",
        "employed_from": date(2020, 1, 1),
    }


def test_a_close_tells_persons_apart(tmp_path: Path) -> None:
    """Without the key of personal data all hashes would be null, and all people of a dealer one."""
    settings = new_settings(tmp_path)
    staff = [person(name) for name in ("P1", "P2", "P3")]
    lake = Lake(settings)
    lake.load(
        *network(),
        *CLOSES,
        File("dealer__staff", staff, "D1", delivered_at=datetime(2023, 12, 1)),
    )
    lake.load()
    with known_models(settings) as models:
        models.build(models.closes[0])
        known = models.connection.execute(
            "select count(*), count(distinct person_hash) from warehouse.staging.stg_dealer__staff"
        ).fetchone()
    assert known == (3, 3)
