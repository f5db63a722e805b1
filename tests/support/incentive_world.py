"""A dealer, a programme and its closes, made by hand: the stair-step bonus of the golden cases."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from orchestration.settings import Settings
from tests.support.lake import File, Lake


def at(day: str) -> datetime:
    return datetime.fromisoformat(day)


def days_from(first: str, count: int) -> list[date]:
    return [date.fromisoformat(first) + timedelta(days=i) for i in range(count)]


def network(delivered: str = "2023-12-01") -> list[File]:
    dealer = {
        "dealer_id": "D1",
        "brand_code": "AURA",
        "dealer_name": "Autohaus Eins",
        "contract_model": "DEALER",
        "postal_code": "10115",
        "district_code": "11000",
        "peer_group": "CITY",
        "is_top_partner": False,
        "opened_on": date(2020, 1, 1),
    }
    model = {
        "model_code": "A1",
        "brand_code": "AURA",
        "model_name": "One",
        "segment_code": "SMALL",
        "powertrain_code": "BEV",
        "list_price_eur": Decimal("30000.00"),
        "max_discount_rate": Decimal("0.15"),
    }
    return [
        File("oem__dealers", [dealer], delivered_at=at(delivered)),
        File("oem__vehicle_models", [model], delivered_at=at(delivered)),
    ]


def program(delivered: str = "2023-12-01", **changes: Any) -> File:
    row = {
        "program_id": "STAIR",
        "version": 1,
        "brand_code": "AURA",
        "program_name": "Stair step",
        "period_grain": "QUARTER",
        "measure": "TARGET_ATTAINMENT",
        "payout_basis": "EUR_PER_UNIT",
        "tier_mode": "RETROACTIVE",
        "hold_days": 90,
        "grace_days": 10,
        "payment_days": 30,
        "credits_refinancing": True,
        "valid_from": date(2024, 1, 1),
        "announced_on": date(2023, 11, 1),
        "approved_by_1": "ann",
        "approved_by_2": "bob",
    }
    return File("oem__incentive_programs", [row | changes], delivered_at=at(delivered))


def tiers(*pairs: tuple[str, str], version: int = 1, delivered: str = "2023-12-01") -> File:
    rows = [
        {
            "program_id": "STAIR",
            "version": version,
            "tier_no": number,
            "threshold": Decimal(threshold),
            "rate": Decimal(rate),
        }
        for number, (threshold, rate) in enumerate(pairs, start=1)
    ]
    return File("oem__incentive_tiers", rows, delivered_at=at(delivered))


STAIR_STEP = [("0.9", "200"), ("1.0", "400"), ("1.1", "600")]


def target(units: int) -> File:
    row = {
        "dealer_id": "D1",
        "brand_code": "AURA",
        "quarter_start": date(2024, 1, 1),
        "segment_code": "SMALL",
        "powertrain_code": "BEV",
        "version": 1,
        "base_units": units,
        "min_purchase_units": 0,
        "announced_on": date(2023, 12, 1),
    }
    return File("oem__sales_targets", [row], delivered_at=at("2023-12-02"))


def vin(number: int) -> str:
    return f"WAURA0000000{number:05d}"


def event(number: int, event_type: str, day: date, **more: Any) -> dict[str, Any]:
    return {
        "event_id": f"E{number:05d}-{event_type}",
        "dealer_id": "D1",
        "brand_code": "AURA",
        "vin": vin(number),
        "event_type": event_type,
        "event_date": day,
        "model_code": "A1",
        "holder_type": "PRIVATE",
    } | more


def registrations(count: int) -> list[dict[str, Any]]:
    return [
        event(number, "REGISTRATION", day)
        for number, day in enumerate(days_from("2024-01-02", count), start=1)
    ]


def delivered(rows: list[dict[str, Any]], stamp: str) -> File:
    return File("dealer__vehicle_events", rows, sender="D1", delivered_at=at(stamp))


def close(month: str, closed_at: str, stamp: str | None = None) -> File:
    row = {
        "period_month": date.fromisoformat(f"{month}-01"),
        "closed_at": at(closed_at),
        "closed_by": "controlling",
    }
    return File("oem__period_closes", [row], delivered_at=at(stamp or closed_at))


CLOSES = [
    close("2024-01", "2024-02-10T17:00"),
    close("2024-02", "2024-03-10T17:00"),
    close("2024-03", "2024-04-12T17:00"),
]


def stair_step(settings: Settings, *more: File) -> Lake:
    """55 registrations of a target of 50, settled with the close of March."""
    lake = Lake(settings)
    lake.load(
        *network(),
        program(),
        tiers(*STAIR_STEP),
        target(50),
        delivered(registrations(55), "2024-04-02"),
        *CLOSES,
        *more,
    )
    return lake
