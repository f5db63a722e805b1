"""Random loads over a world so small that keys, VINs, dealers and months keep colliding.

`random_world` fills it: scorecards of all kinds come out of it. `random_load` changes little of it.
Both are made of the same random rows.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from orchestration.ingestion.contract import Feed, load_contracts
from tests.support.lake import File

Row = dict[str, Any]

DEALERS = ["D1", "D2", "D3", "D4", "D9"]  # D9 never stands in a list of dealers
SELDOM = "D5"  # in the list, but hardly anything happens there
BRANDS = ["AURA", "BOREA"]
MODELS = ["M1", "M2", "M3", "M9"]  # M9 never stands in a list of models
DISTRICTS = ["09162", "11000", "02000"]
MONTHS = [date(y, m, 1) for y in (2023, 2024) for m in range(1, 13)]
HOLDERS = ["PRIVATE", "FLEET", "RENTAL", "DEALER", "OEM", None]
TYPES = ["REGISTRATION"] * 4 + ["CANCELLATION"] * 3 + ["INVOICE"] * 4 + ["ORDER", "DEMO_IN"]
USUAL_TARGETS = {
    "CSI": "60",
    "NPS": "20",
    "MARKET_PENETRATION": "0.3",
    "SALES_EFFECTIVENESS": "0.04",
    "REVENUE_GROWTH": "0.1",
    "EV_SHARE": "0.6",
    "CLOSING_RATE": "0.5",
    "LEAD_RESPONSE_24H": "0.6",
    "RETURN_ON_SALES": "0.02",
    "SERVICE_ABSORPTION": "0.7",
    "STOCK_DAYS": "60",
    "BRAND_CONSISTENCY": "0.6",
    "DATA_QUALITY": "0.9",
    "CASE_CYCLE_HOURS": "30",
    "OF_ANOTHER_SYSTEM": "1",  # no KPI of the catalog
}
_WITHOUT = {2: "OF_ANOTHER_SYSTEM", 3: "CSI"}  # what a version of the weights never names
_DELIVERED = [datetime(2025, 1, day) for day in (1, 5, 10, 10, 15, 20)]
_VALIDITY = {
    1: ([date(2022, 1, 1), date(2023, 3, 1)], [None]),
    2: ([date(2023, 4, 30), date(2023, 5, 1)], [date(2023, 12, 30), date(2023, 12, 31)]),
    3: ([date(2024, 2, 29), date(2024, 3, 1)], [None, date(2024, 9, 29)]),
}
REASONS = ["BAD_TYPE", "BAD_VALUE", "MISSING_REQUIRED"]


def random_world(rng: random.Random) -> list[File]:
    """The files of a first load: something of everything, most dealers, models, rules present.

    Among them are files of dealers delivered in the months of the world, with quarantined rows, and
    rejected ones.
    """
    whole = [(feed, _rows(rng, feed, _MANY.get(feed, 12))) for feed in _ROWS]
    versions = [(b, v) for b in BRANDS for v in _VALIDITY]
    whole += [("oem__kpi_weights", _weights(rng, *version)) for version in versions]
    by_hub = [(feed, _rows(rng, feed, 12)) for feed in _ROWS if _feeds()[feed].mode == "snapshot"]
    return [
        File(feed, rows, sender=sender, delivered_at=_DELIVERED[2], name=_name(rng, feed))
        for sender, files in (("oem", whole), ("hub", by_hub))
        for feed, rows in files
    ] + [_file_of_dealer(rng) for _ in range(60)]


def random_load(rng: random.Random, rows: int = 3) -> list[File]:
    """The files of one load: new rows, corrections, withdrawals, late older versions, snapshots.

    A file has at most `rows` rows (weights and snapshots apart, which come whole): few, so that a
    load touches only some of the months.
    """
    feeds = rng.sample([*_ROWS, "oem__kpi_weights"], k=rng.randint(1, 5))
    if rng.random() < 0.7:
        feeds.append("dealer__vehicle_events")
    files = [_file(rng, feed, rows) for feed in dict.fromkeys(feeds)]
    if rng.random() < 0.3:
        files.append(_file_of_dealer(rng))
    return files


def _file(rng: random.Random, feed: str, rows: int) -> File:
    is_dealers = feed.startswith("dealer__")
    return File(
        feed,
        _rows(rng, feed, rows),
        sender=rng.choice(["oem", "hub"]) if feed.startswith("oem__") else rng.choice(DEALERS),
        delivered_at=rng.choice(_DELIVERED),
        name=_name(rng, feed),
        quarantined=rng.choices(REASONS, k=rng.randint(0, 2)) if is_dealers else (),
    )


def _file_of_dealer(rng: random.Random) -> File:
    """A file of a dealer delivered in the months that it is about, not always a good one."""
    feed = rng.choice([f for f in _ROWS if f.startswith("dealer__")])
    return File(
        feed,
        _rows(rng, feed, 3),
        sender=rng.choice(DEALERS),
        delivered_at=_instant(rng),
        name=_name(rng, feed),
        quarantined=rng.choices(REASONS, k=rng.choice([0, 0, 1, 2])),
        rejected=rng.choice([None] * 5 + ["AMBIGUOUS_NUMBERS"]),
    )


def _name(rng: random.Random, feed: str) -> str:
    return f"{feed}_{rng.randint(0, 10**9)}.csv"


@cache
def _feeds() -> dict[str, Feed]:
    return load_contracts()


def _rows(rng: random.Random, feed: str, most: int) -> list[Row]:
    """Random rows, each key once; a snapshot, or a version of the weights, as good as whole."""
    if feed == "oem__kpi_weights":
        weights = _weights(rng, rng.choice(BRANDS), rng.randint(1, 3))
        return [_withdrawn(feed, row) for row in weights] if rng.random() < 0.2 else weights
    is_snapshot = _feeds()[feed].mode == "snapshot"
    count = max(most, 25) if is_snapshot else most if most > 100 else rng.randint(1, most)
    if rng.random() < (0.02 if is_snapshot or most > 100 else 0.1):
        count = 0
    rows = {}
    for _ in range(count):
        row = _ROWS[feed](rng)
        if not is_snapshot and rng.random() < (0.15 if most <= 100 else 0.02):
            row = _withdrawn(feed, row)
        rows[tuple(row[name] for name in _feeds()[feed].key)] = row
    return list(rows.values())


def _withdrawn(feed: str, row: Row) -> Row:
    return {name: row[name] for name in _feeds()[feed].key} | {"is_deleted": True}


def _id(rng: random.Random, letter: str, most: int) -> str:
    """Half of them are of the first ten, so that a few rows, too, meet what is there."""
    return f"{letter}{rng.randint(1, rng.choice([10, most])):04d}"


def _dealer_id(rng: random.Random) -> str:
    return SELDOM if rng.random() < 0.005 else rng.choice(DEALERS)


def _vin(rng: random.Random) -> str:
    return f"WAUZZZ8V0KA{rng.randrange(rng.choice([8, 1000, 1000])):06d}"


def _day(rng: random.Random) -> date:
    return rng.choice(MONTHS) + timedelta(days=rng.choice([0, 1, 14, 27, 28]))


def _instant(rng: random.Random) -> datetime:
    """Often within the two hours that are another day, or month, in Berlin."""
    midnight = datetime.combine(rng.choice(MONTHS), datetime.min.time())
    return midnight - timedelta(minutes=rng.choice([1, 59, 61, 119, 121, 600, -600]))


def _later(rng: random.Random, instant: datetime, most_hours: int) -> datetime:
    """Also in months in which nothing else happens any more."""
    return instant + timedelta(hours=rng.choice([1, 50, 50, 50, most_hours]))


def vehicle_event(rng: random.Random) -> Row:
    """One event of a vehicle, any kind, often of the same VIN, dealer and day as another."""
    vin = _vin(rng)
    usual_dealer = DEALERS[int(vin[-3:]) % len(DEALERS)]
    return {
        "event_id": _id(rng, "E", 2500),
        "dealer_id": rng.choice([_dealer_id(rng), *[usual_dealer] * 2]),
        "brand_code": rng.choice(BRANDS),
        "vin": vin,
        "event_type": rng.choice(TYPES),
        "event_date": _day(rng),
        "model_code": rng.choice(MODELS),
        "holder_type": rng.choice(HOLDERS),
        # around the discount of 10 %, to the cent and to less than one
        "list_price_eur": _money(rng, None, "0", "35555.54", "35555.55", "40000"),
        "net_price_eur": _money(rng, None, "0", "-100", "31999.99", "36000", "38000.01"),
    }


def _money(rng: random.Random, *amounts: str | None) -> Decimal | None:
    amount = rng.choice(amounts)
    return None if amount is None else Decimal(amount)


def _lead(rng: random.Random) -> Row:
    created_at = _instant(rng)
    return {
        "lead_id": _id(rng, "L", 1500),
        "dealer_id": _dealer_id(rng),
        "brand_code": rng.choice(BRANDS),
        "channel": "WEB",
        "created_at": created_at,
        "first_response_at": rng.choice(
            [
                None,
                created_at + timedelta(hours=24),
                created_at + timedelta(hours=24, microseconds=1),
                created_at - timedelta(microseconds=1),
            ]
        ),
        "sold_vin": rng.choice([None, _vin(rng)]),
        "customer_email": rng.choice([None, "a@example.org"]),
    }


def _survey(rng: random.Random) -> Row:
    sent_at = _instant(rng)
    return {
        "response_id": _id(rng, "S", 1500),
        "dealer_id": _dealer_id(rng),
        "brand_code": rng.choice(BRANDS),
        "survey_type": rng.choice(["SALES", "SERVICE"]),
        "sent_at": sent_at,
        "answered_at": rng.choice([None, *[_later(rng, sent_at, 1000)] * 4]),
        "score": rng.choice([None, *range(11)]),
    }


def _case(rng: random.Random) -> Row:
    opened_at = _instant(rng)
    took = timedelta(microseconds=rng.choice([-1, 0, 1, 10**9, 10**11 + 1, 3 * 10**11]))
    return {
        "case_id": _id(rng, "C", 1500),
        "dealer_id": _dealer_id(rng),
        "brand_code": rng.choice(BRANDS),
        "case_type": "WARRANTY",
        "product_category": "BRAKES",
        "customer_postal_code": rng.choice(["80331", "x"]),
        "opened_at": opened_at,
        "resolved_at": rng.choice([None, *[opened_at + took] * 5, _later(rng, opened_at, 2500)]),
    }


def _financials(rng: random.Random) -> Row:
    def euro(least: int, most: int) -> Decimal:
        return rng.choice([Decimal(0), *[Decimal(rng.randint(least, most)) / 100] * 5])

    is_closed_showroom = rng.random() < 0.05
    revenue = 0 if is_closed_showroom else 10**8
    return {
        "dealer_id": _dealer_id(rng),
        "brand_code": rng.choice(BRANDS),
        "fiscal_month": rng.choice(MONTHS),
        "new_vehicle_revenue_eur": euro(-(10**4), revenue),
        "new_vehicle_gross_profit_eur": euro(-(10**6), 10**7),
        "used_vehicle_revenue_eur": euro(0, revenue),
        "used_vehicle_gross_profit_eur": euro(-(10**6), 10**7),
        "service_revenue_eur": euro(0, revenue),
        "service_gross_profit_eur": euro(-(10**6), 10**7),
        "fixed_expenses_eur": euro(-(10**4), 10**7),
        "operating_result_eur": euro(-(10**6), 10**7),
        "equity_eur": euro(-(10**6), 10**9),
        "total_assets_eur": euro(0, 10**9),
        "liquid_funds_eur": euro(0, 10**8),
    }


def _stock(rng: random.Random) -> Row:
    return {
        "dealer_id": _dealer_id(rng),
        "snapshot_date": rng.choice(MONTHS) + timedelta(days=rng.choice([14, 27])),
        "vin": _vin(rng),
        "brand_code": rng.choice(BRANDS),
        "model_code": rng.choice(MODELS),
        "stock_status": rng.choice(["IN_STOCK", "IN_STOCK", "IN_TRANSIT", "DEMO"]),
        "in_stock_since": rng.choice([None, _day(rng)]),
    }


def _market(rng: random.Random) -> Row:
    return {
        "registration_month": rng.choice(MONTHS[:-1]),
        "district_code": rng.choice(DISTRICTS),
        "brand_code": rng.choice([*BRANDS, "OTHER"]),
        "segment_code": rng.choice(["SUV", "COMPACT", "VAN"]),
        "powertrain_code": rng.choice(["BEV", "PETROL"]),
        "holder_type": rng.choice(["PRIVATE", "DEALER"]),
        "units": rng.choice([0, 1, 7, 90]),
    }


def _fz10(rng: random.Random) -> Row:
    return {
        "registration_month": rng.choice([*MONTHS[:2], *MONTHS[12:14]]),
        "brand_name": rng.choice(["VW", "SONSTIGE", "INSGESAMT"]),
        "model_series": rng.choice(["GOLF", "INSGESAMT", "INSGESAMT"]),
        "units": rng.choice([None, 0, 1000]),
        "bev": rng.choice([None, 0, 10]),
    }


def _dealer(rng: random.Random) -> Row:
    return {
        "dealer_id": rng.choice([*DEALERS[:4], SELDOM]),
        "brand_code": rng.choice(BRANDS),
        "dealer_name": f"Autohaus {rng.randint(1, 3)}",
        "contract_model": "DEALER",
        "postal_code": "80331",
        "district_code": rng.choice(DISTRICTS),
        "peer_group": rng.choice(["CITY", "CITY", "CITY", "LAND"]),
        "is_top_partner": False,
        "opened_on": rng.choice([*[date(2000, 1, 1)] * 4, date(2023, 6, 30), date(2023, 7, 1)]),
        "closed_on": rng.choice([*[None] * 6, date(2024, 2, 28), date(2024, 2, 29)]),
    }


def _territory(rng: random.Random) -> Row:
    return {
        "dealer_id": _dealer_id(rng),
        "brand_code": rng.choice(BRANDS),
        "district_code": rng.choice(DISTRICTS),
        "valid_from": rng.choice([date(2023, 1, 1), date(2024, 2, 29), date(2024, 3, 1)]),
        "valid_to": rng.choice([None, date(2024, 4, 29), date(2024, 4, 30)]),
    }


def _model(rng: random.Random) -> Row:
    return {
        "model_code": rng.choice(MODELS[:3]),
        "brand_code": rng.choice(BRANDS),
        "model_name": "Aura One",
        "segment_code": rng.choice(["SUV", "COMPACT"]),
        "powertrain_code": rng.choice(["BEV", "PETROL"]),
        "list_price_eur": Decimal("39990.00"),
        "max_discount_rate": rng.choice([Decimal("0.1"), Decimal("0.05"), Decimal(0)]),
    }


def _postal_area(rng: random.Random) -> Row:
    return {
        "postal_code": rng.choice(["80331", "10115", "20095"]),
        "district_code": rng.choice(DISTRICTS),
        "district_name": rng.choice(["München", "Berlin"]),
        "state_code": "09",
        "population": rng.choice([None, 1_500_000]),
    }


def _target(rng: random.Random) -> Row:
    kpi_code = rng.choice(list(USUAL_TARGETS))
    usual = Decimal(USUAL_TARGETS[kpi_code])
    usually = ["0.1", "0.5", "0.9", "1", "1", "1.1", "1.3", "3", "0.333333"]
    times = rng.choice([*usually, *usually, "0", "-1"])
    return {
        "dealer_id": _dealer_id(rng),
        "brand_code": rng.choice(BRANDS),
        "kpi_code": kpi_code,
        "target_month": rng.choice(MONTHS),
        "target_value": (usual * Decimal(times)).quantize(Decimal("0.000001")),
    }


def _weights(rng: random.Random, brand_code: str, version: int) -> list[Row]:
    """A version of the weights, with the same KPIs in every file: some have no weight, the others
    sum to 100."""
    valid_from, valid_to = (rng.choice(days) for days in _VALIDITY[version])
    kpi_codes = [kpi_code for kpi_code in USUAL_TARGETS if kpi_code != _WITHOUT.get(version)]
    # few KPIs make scores alike
    some = rng.randint(1, 2) if version == 2 else rng.choice([9, len(kpi_codes), len(kpi_codes)])
    return [
        {
            "brand_code": brand_code,
            "kpi_code": kpi_code,
            "version": version,
            "valid_from": valid_from,
            "valid_to": valid_to,
            "weight": weight,
            "floor_rate": Decimal(rng.choice(["0", "0.5", "0.9"])),
            "cap_rate": Decimal(rng.choice(["1", "1.2", "1.5", "2.123457"])),
            "min_sample": rng.choice([0, 1, 1, 2, 3, 8, 300]),
            "missing_policy": rng.choice(["EXCLUDE", "EXCLUDE", "ZERO"]),
        }
        for kpi_code, weight in _split(rng, kpi_codes, some).items()
    ]


def _split(rng: random.Random, kpi_codes: list[str], some: int) -> dict[str, Decimal]:
    """100 split among so many of the KPIs, to the last of six digits; 0 for the others."""
    cuts = sorted(rng.sample(range(1, 100_000_000), k=some - 1))
    parts = [b - a for a, b in zip([0, *cuts], [*cuts, 100_000_000], strict=True)]
    weights = dict.fromkeys(kpi_codes, Decimal(0))
    return weights | {
        k: Decimal(n).scaleb(-6) for k, n in zip(rng.sample(kpi_codes, k=some), parts, strict=True)
    }


_ROWS: dict[str, Callable[[random.Random], Row]] = {
    "dealer__vehicle_events": vehicle_event,
    "dealer__leads": _lead,
    "dealer__surveys": _survey,
    "dealer__cases": _case,
    "dealer__financials": _financials,
    "dealer__stock": _stock,
    "market__registrations": _market,
    "kba__fz10": _fz10,
    "oem__dealers": _dealer,
    "oem__territories": _territory,
    "oem__vehicle_models": _model,
    "oem__postal_areas": _postal_area,
    "oem__kpi_targets": _target,
}
_MANY = {
    "dealer__vehicle_events": 5000,
    "dealer__leads": 2500,
    "dealer__surveys": 2500,
    "dealer__cases": 2500,
    "dealer__financials": 500,
    "dealer__stock": 300,
    "market__registrations": 900,
    "oem__kpi_targets": 10_000,
}
"""Rows drawn for a world; as keys collide, some fewer come out."""
