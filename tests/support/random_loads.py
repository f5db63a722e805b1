"""Random loads over a world so small that keys, VINs, dealers and months keep colliding."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.support.lake import File

DEALERS = ["D1", "D2", "D3", "D9"]  # D9 never stands in a list of dealers
BRANDS = ["AURA", "BOREA"]
MODELS = ["M1", "M2", "M3", "M9"]  # M9 never stands in a list of models
DISTRICTS = ["09162", "11000", "02000"]
VINS = [f"WAUZZZ8V0KA{n:06d}" for n in range(8)]
MONTHS = [date(y, m, 1) for y in (2023, 2024) for m in range(1, 13)]
HOLDERS = ["PRIVATE", "FLEET", "RENTAL", "DEALER", "OEM", None]
TYPES = ["REGISTRATION"] * 4 + ["CANCELLATION"] * 3 + ["INVOICE"] * 2 + ["ORDER", "DEMO_IN"]


def random_load(rng: random.Random, rows: int = 3) -> list[File]:
    """The files of one load: new rows, corrections, withdrawals, late older versions, snapshots.

    A file has at most `rows` rows: few, so that a load touches only some of the months.
    """
    feeds = rng.sample(sorted(_ROWS), k=rng.randint(1, 5))
    if rng.random() < 0.7:
        feeds.append("dealer__vehicle_events")
    files = {}
    for feed in feeds:
        file = File(
            feed,
            _rows(rng, feed, rows),
            sender=rng.choice(["oem", "hub"]) if feed.startswith("oem__") else rng.choice(DEALERS),
            delivered_at=datetime(2025, 1, 1) + timedelta(days=rng.randint(0, 20)),
            name=f"{feed}_{rng.randint(0, 10**9)}.csv",
        )
        files[file.batch_id] = file
    return list(files.values())


def _rows(rng: random.Random, feed: str, most: int) -> list[dict[str, Any]]:
    make, key = _ROWS[feed]
    rows = {}
    for _ in range(0 if rng.random() < 0.1 else rng.randint(1, most)):
        row = make(rng)
        if not feed.startswith("oem__") and rng.random() < 0.15:
            row = {k: v for k, v in row.items() if k in key} | {"is_deleted": True}
        rows[tuple(row[k] for k in key)] = row
    return list(rows.values())


def _day(rng: random.Random) -> date:
    return rng.choice(MONTHS) + timedelta(days=rng.choice([0, 1, 14, 27, 28]))


def _instant(rng: random.Random) -> datetime:
    """Often within the two hours that are another day, or month, in Berlin."""
    midnight = datetime.combine(rng.choice(MONTHS), datetime.min.time())
    return midnight - timedelta(minutes=rng.choice([1, 59, 61, 119, 121, 600, -600]))


def vehicle_event(rng: random.Random) -> dict[str, Any]:
    """One event of a vehicle, any kind, often of the same VIN, dealer and day as another."""
    return {
        "event_id": f"E{rng.randint(1, 30):02d}",
        "dealer_id": rng.choice(DEALERS),
        "brand_code": rng.choice(BRANDS),
        "vin": rng.choice(VINS),
        "event_type": rng.choice(TYPES),
        "event_date": _day(rng),
        "model_code": rng.choice(MODELS),
        "holder_type": rng.choice(HOLDERS),
        "net_price_eur": rng.choice([None, Decimal("31999.99")]),
    }


def _lead(rng: random.Random) -> dict[str, Any]:
    created_at = _instant(rng)
    return {
        "lead_id": f"L{rng.randint(1, 10)}",
        "dealer_id": rng.choice(DEALERS),
        "brand_code": rng.choice(BRANDS),
        "channel": "WEB",
        "created_at": created_at,
        "first_response_at": rng.choice(
            [None, created_at + timedelta(hours=24), created_at - timedelta(microseconds=1)]
        ),
        "customer_email": rng.choice([None, "a@example.org"]),
    }


def _survey(rng: random.Random) -> dict[str, Any]:
    return {
        "response_id": f"S{rng.randint(1, 10)}",
        "dealer_id": rng.choice(DEALERS),
        "brand_code": rng.choice(BRANDS),
        "survey_type": "SALES",
        "sent_at": _instant(rng),
        "answered_at": rng.choice([None, _instant(rng)]),
        "score": rng.choice([None, 0, 10]),
    }


def _case(rng: random.Random) -> dict[str, Any]:
    return {
        "case_id": f"C{rng.randint(1, 10)}",
        "dealer_id": rng.choice(DEALERS),
        "brand_code": rng.choice(BRANDS),
        "case_type": "WARRANTY",
        "product_category": "BRAKES",
        "customer_postal_code": "80331",
        "opened_at": _instant(rng),
        "resolved_at": rng.choice([None, _instant(rng)]),
    }


def _financials(rng: random.Random) -> dict[str, Any]:
    return {
        "dealer_id": rng.choice(DEALERS),
        "brand_code": rng.choice(BRANDS),
        "fiscal_month": rng.choice(MONTHS),
        "new_vehicle_revenue_eur": Decimal(rng.randint(0, 10**6)) / 100,
    }


def _stock(rng: random.Random) -> dict[str, Any]:
    return {
        "dealer_id": rng.choice(DEALERS),
        "snapshot_date": _day(rng),
        "vin": rng.choice(VINS[:3]),
        "brand_code": rng.choice(BRANDS),
        "model_code": rng.choice(MODELS),
        "stock_status": "IN_STOCK",
        "in_stock_since": rng.choice([None, _day(rng)]),
    }


def _market(rng: random.Random) -> dict[str, Any]:
    return {
        "registration_month": rng.choice(MONTHS),
        "district_code": rng.choice(DISTRICTS),
        "brand_code": rng.choice([*BRANDS, "OTHER"]),
        "segment_code": rng.choice(["SUV", "COMPACT"]),
        "powertrain_code": "BEV",
        "holder_type": "PRIVATE",
        "units": rng.choice([0, 1, 7, 90]),
    }


def _fz10(rng: random.Random) -> dict[str, Any]:
    return {
        "registration_month": rng.choice([*MONTHS[:2], *MONTHS[12:14]]),
        "brand_name": rng.choice(["VW", "SONSTIGE", "INSGESAMT"]),
        "model_series": rng.choice(["GOLF", "INSGESAMT", "INSGESAMT"]),
        "units": rng.choice([None, 0, 1000]),
        "bev": rng.choice([None, 0, 10]),
    }


def _dealer(rng: random.Random) -> dict[str, Any]:
    return {
        "dealer_id": rng.choice(DEALERS[:3]),
        "brand_code": rng.choice(BRANDS),
        "dealer_name": f"Autohaus {rng.randint(1, 3)}",
        "contract_model": "DEALER",
        "postal_code": "80331",
        "district_code": rng.choice(DISTRICTS),
        "peer_group": "CITY",
        "is_top_partner": False,
        "opened_on": date(2000, 1, 1),
    }


def _territory(rng: random.Random) -> dict[str, Any]:
    return {
        "dealer_id": rng.choice(DEALERS),
        "brand_code": rng.choice(BRANDS),
        "district_code": rng.choice(DISTRICTS),
        "valid_from": rng.choice([date(2023, 1, 1), date(2024, 2, 29), date(2024, 3, 1)]),
        "valid_to": rng.choice([None, date(2024, 4, 29), date(2024, 4, 30)]),
    }


def _model(rng: random.Random) -> dict[str, Any]:
    return {
        "model_code": rng.choice(MODELS[:3]),
        "brand_code": rng.choice(BRANDS),
        "model_name": "Aura One",
        "segment_code": rng.choice(["SUV", "COMPACT"]),
        "powertrain_code": rng.choice(["BEV", "PETROL"]),
        "list_price_eur": Decimal("39990.00"),
        "max_discount_rate": Decimal("0.1"),
    }


def _postal_area(rng: random.Random) -> dict[str, Any]:
    return {
        "postal_code": rng.choice(["80331", "10115", "20095"]),
        "district_code": rng.choice(DISTRICTS),
        "district_name": rng.choice(["München", "Berlin"]),
        "state_code": "09",
        "population": rng.choice([None, 1_500_000]),
    }


_Row = Callable[[random.Random], dict[str, Any]]
_ROWS: dict[str, tuple[_Row, tuple[str, ...]]] = {
    "dealer__vehicle_events": (vehicle_event, ("event_id",)),
    "dealer__leads": (_lead, ("lead_id",)),
    "dealer__surveys": (_survey, ("response_id",)),
    "dealer__cases": (_case, ("case_id",)),
    "dealer__financials": (_financials, ("dealer_id", "brand_code", "fiscal_month")),
    "dealer__stock": (_stock, ("dealer_id", "snapshot_date", "vin")),
    "market__registrations": (
        _market,
        (
            "registration_month",
            "district_code",
            "brand_code",
            "segment_code",
            "powertrain_code",
            "holder_type",
        ),
    ),
    "kba__fz10": (_fz10, ("registration_month", "brand_name", "model_series")),
    "oem__dealers": (_dealer, ("dealer_id", "brand_code")),
    "oem__territories": (_territory, ("dealer_id", "brand_code", "district_code", "valid_from")),
    "oem__vehicle_models": (_model, ("model_code",)),
    "oem__postal_areas": (_postal_area, ("postal_code", "district_code")),
}
