"""Random worlds of the service: so few places, categories and dealers that rules keep competing.

    lake.load(*random_service_world(rng))
    lake.load(*random_service_load(rng))

`random_service_world` fills a world: every tie between rules is decided in it, cases lie around
midnight in Berlin and around the edges of validities, go-lives fall on the last days of months.
Dealers close while their rules hold, brands have no rules, hubs deliver for all.
`random_service_load` changes little of it. Both are made of the same random rows.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from orchestration.ingestion.contract import Feed, load_contracts
from orchestration.settings import NETWORK_ZONE
from tests.support.lake import File
from tests.support.random_loads import vehicle_event

Row = dict[str, Any]

DEALERS = ["D1", "D2", "D3", "D4", "D9"]  # D9 never stands in a list of dealers
SENDERS = ["D1", "D2", "D3", "D9"]  # D4 sends nothing himself: a hub does
HUBS = ["dms", "dms", "hub"]
"""They send files with rows of several dealers; a dealer's file holds his own."""
BRANDS = ["AURA", "BOREA"]
CASE_TYPES = ["WARRANTY", "COMPLAINT", "SERVICE_REQUEST"]
CATEGORIES = ["BRAKES", "ENGINE", "brakes"]
PREFIXES = [None, "", "8", "80", "80", "803", "8033", "80331", "81", "0", "04109", "04109"]
POSTAL_CODES = ["80331", "80335", "80995", "81541", "01067", "10115"]
ODD_CODES = [None, "", "8", "8033", "803311", "D-80331", "80 331", "8033x", "\u0668\u0660331"]
SLOTS = [
    ("AURA", None, None, "80", 1),
    ("AURA", None, "BRAKES", "80", 1),
    ("AURA", "WARRANTY", None, "80", 1),
    ("AURA", "WARRANTY", "BRAKES", None, 2),
    ("AURA", None, None, "", 2),
    ("BOREA", None, None, "80331", 1),
    ("BOREA", "COMPLAINT", "ENGINE", "80331", 1),
    ("BOREA", None, "ENGINE", None, -3),
]
"""What many rules have alike, up to priority."""
PROCESSES = ["LEADS", "WARRANTY", "STOCK"]
ROLES = ["RESPONSIBLE", "ACCOUNTABLE", "ACCOUNTABLE", "ACCOUNTABLE", "CONSULTED", "INFORMED"]
PARTIES = ["OEM", "PARTNER", "D1"]
MONTHS = [date(y, m, 1) for y in (2023, 2024) for m in range(1, 13)][8:]
EDGES = [date(2024, 2, 29), date(2024, 3, 1), date(2024, 3, 31), date(2024, 7, 1)]
"""Days on which rules begin or end and dealers open or close; cases lie around them."""
GO_LIVES = [date(2024, 3, 31), date(2024, 8, 31), date(2024, 8, 30), date(2024, 2, 29), EDGES[3]]
AS_OF = datetime(2024, 11, 15, 11, 30, tzinfo=UTC)
"""Some of what the worlds hold happens later."""
REASONS = ["BAD_TYPE", "BAD_VALUE", "MISSING_REQUIRED"]

_BERLIN = ZoneInfo(NETWORK_ZONE)
_DELIVERED = [datetime(2024, 11, day, 3) for day in (1, 3, 8, 8, 12, 14)]
_HOUR = 3_600_000_000


def random_service_world(rng: random.Random) -> list[File]:
    """The files of a first load: something of everything."""
    files = [
        _file(rng, feed, many, "oem" if feed.startswith("oem__") else "dms", _DELIVERED[2])
        for feed, many in _MANY.items()
    ]
    return files + [_file_of_dealer(rng) for _ in range(50)]


def random_service_load(rng: random.Random) -> list[File]:
    """The files of one load: new rows, corrections, withdrawals, late older versions, lists."""
    feeds = rng.sample(list(_MANY), k=rng.randint(1, 4))
    files = [
        _file(
            rng,
            feed,
            max(_MANY[feed], 8) if _feeds()[feed].mode == "snapshot" else 3,
            "oem" if feed.startswith("oem__") else rng.choice([*SENDERS, *HUBS]),
            rng.choice(_DELIVERED),
        )
        for feed in feeds
    ]
    return files + [_file_of_dealer(rng) for _ in range(rng.choice([0, 0, 1, 2]))]


def _file_of_dealer(rng: random.Random) -> File:
    """A file of a dealer or a hub, not always a good one, nor one with rows."""
    feed = rng.choice([feed for feed in _MANY if feed.startswith("dealer__")])
    sender = rng.choice([*SENDERS, *SENDERS, *HUBS])
    file = _file(rng, feed, rng.choice([0, 3, 3, 3]), sender, rng.choice([_instant, _recent])(rng))
    return replace(
        file,
        quarantined=rng.choices(REASONS, k=rng.choice([0, 0, 1, 2])),
        rejected=rng.choice([None] * 5 + ["AMBIGUOUS_NUMBERS"]),
        is_duplicate=rng.random() < 0.1,
    )


def _file(rng: random.Random, feed: str, many: int, sender: str, delivered_at: datetime) -> File:
    rows = _rows(rng, feed, many, only_of=sender if sender in SENDERS else None)
    name = f"{feed}_{rng.randint(0, 10**9)}.csv"
    return File(feed, rows, sender=sender, delivered_at=delivered_at, name=name)


@cache
def _feeds() -> dict[str, Feed]:
    return load_contracts()


def _rows(rng: random.Random, feed: str, many: int, only_of: str | None) -> list[Row]:
    """Random rows, of one dealer if he is given, each key once; some of a feed of events only
    withdraw their key."""
    rows = {}
    key = _feeds()[feed].key
    for _ in range(many):
        row = _ROWS[feed](rng) | ({"dealer_id": only_of} if only_of else {})
        if _feeds()[feed].mode == "events" and rng.random() < (0.04 if many > 5 else 0.15):
            row = {name: row[name] for name in key} | {"is_deleted": True}
        rows[tuple(row[name] for name in key)] = row
    return list(rows.values())


def _id(rng: random.Random, letter: str, most: int) -> str:
    """Not all of the same length, nor of the same case: ids compare as text."""
    number = rng.randint(1, most)
    return f"{letter if number % 7 else letter.lower()}{number}"


def _around(rng: random.Random, day: date) -> date:
    return day + timedelta(days=rng.choice([-1, 0, 0, 1]))


def _instant(rng: random.Random) -> datetime:
    """UTC; mostly within an instant or hours of a midnight in Berlin at an edge."""
    edges = [*EDGES, *EDGES, *GO_LIVES, *MONTHS, *MONTHS]
    day = _around(rng, rng.choice(edges)) if rng.random() < 0.6 else _any_day(rng)
    midnight = datetime(day.year, day.month, day.day, tzinfo=_BERLIN).astimezone(UTC)
    shift = rng.choice([0, 0, -1, 1, -_HOUR, _HOUR, 2 * _HOUR, 30_000_000_000, 10 * _HOUR])
    return midnight.replace(tzinfo=None) + timedelta(microseconds=shift)


def _any_day(rng: random.Random) -> date:
    return MONTHS[0] + timedelta(days=rng.randint(0, 30 * len(MONTHS)))


def _recent(rng: random.Random) -> datetime:
    """Around the instant as of which the marts are seen, and whole days before it."""
    before = rng.choice([0, 1, 7, 90]) * 24 * _HOUR + rng.choice([-1, 0, 1, _HOUR, -_HOUR])
    return AS_OF.replace(tzinfo=None) - timedelta(microseconds=before)


def _rule(rng: random.Random) -> Row:
    valid_from = rng.choice([date(2020, 1, 1)] * 3 + [_around(rng, rng.choice(EDGES))])
    last_days = [_around(rng, rng.choice(EDGES)), _around(rng, AS_OF.date())]
    valid_to = rng.choice([None] * 3 + last_days)
    competing = ("brand_code", "case_type", "product_category", "postal_prefix", "priority")
    any_slot = (
        rng.choice(BRANDS),
        rng.choice([None, *CASE_TYPES]),
        rng.choice([None, *CATEGORIES]),
        rng.choice(PREFIXES),
        rng.choice([1, 1, 2, -3]),
    )
    slot = rng.choice(SLOTS) if rng.random() < 0.4 else any_slot
    return dict(zip(competing, slot, strict=True)) | {
        "rule_id": _id(rng, "R", 200),
        "responsible_dealer_id": rng.choice(DEALERS),
        "valid_from": valid_from,
        "valid_to": valid_to,
    }


def _case(rng: random.Random) -> Row:
    opened_at = _recent(rng) if rng.random() < 0.15 else _instant(rng)
    brand_code = rng.choice([*BRANDS * 10, "CETUS"])
    took = rng.choice([-1, 0, 1, 24 * _HOUR, 24 * _HOUR + 1, 10**11 + 1, rng.randint(0, 10**13)])
    resolved_at = opened_at + timedelta(microseconds=took)
    resolutions = [None, *[resolved_at] * 4, max(opened_at, _recent(rng))]
    return {
        "case_id": _id(rng, "C", 1200),
        "dealer_id": rng.choice(DEALERS),
        "brand_code": brand_code,
        "case_type": rng.choice(CASE_TYPES),
        "product_category": rng.choice([*CATEGORIES, "TYRES"]),
        "customer_postal_code": rng.choice([*POSTAL_CODES * 3, *ODD_CODES]),
        "opened_at": opened_at,
        "first_assigned_at": rng.choice([None, opened_at, opened_at + timedelta(seconds=1)]),
        "resolved_at": opened_at if brand_code == "CETUS" else rng.choice(resolutions),
        "reopened_count": rng.choice([None, 0, 0, 1, 2]),
    }


def _go_live(rng: random.Random) -> Row:
    return {
        "brand_code": rng.choice([*BRANDS, "CETUS", "DORADO"]),
        "go_live_on": rng.choice(GO_LIVES),
    }


def _responsibility(rng: random.Random) -> Row:
    """Most of them begin where others end, overlap by a day or leave one out."""
    valid_from = _around(rng, rng.choice([date(2024, 1, 1), *EDGES]))
    days = rng.choice([0, 1, 30, 120])
    return {
        "process_code": rng.choice(PROCESSES),
        "role": rng.choice(ROLES),
        "party": rng.choice(PARTIES),
        "brand_code": rng.choice(BRANDS),
        "valid_from": valid_from,
        "valid_to": rng.choice([None, *[valid_from + timedelta(days=days)] * 5]),
    }


def _service_level(rng: random.Random) -> Row:
    return {
        "brand_code": rng.choice(BRANDS),
        "case_type": rng.choice(CASE_TYPES),
        "target_hours": rng.choice([0, 24, 24, 168, 10_000]),
    }


def _lead(rng: random.Random) -> Row:
    created_at = _recent(rng) if rng.random() < 0.4 else _instant(rng)
    later = [None, created_at, created_at + timedelta(hours=3), _recent(rng)]
    return {
        "lead_id": _id(rng, "L", 900),
        "dealer_id": rng.choice(DEALERS),
        "brand_code": rng.choice(BRANDS),
        "campaign_id": rng.choice([None, None, "K1", "K2"]),
        "channel": "WEB",
        "created_at": created_at,
        "first_response_at": rng.choice(later),
        "sold_vin": rng.choice([None, None, "WAUZZZ8V0KA000001"]),
        "lost_at": rng.choice([None, *later]),
    }


def _stock(rng: random.Random) -> Row:
    day = rng.choice([date(2024, 10, 31), date(2024, 11, 1), AS_OF.date(), date(2024, 11, 16)])
    age = timedelta(days=rng.choice([-1, 0, 89, 90, 91, 180, 181, 400]))
    dealer_id = rng.choice([*DEALERS[:3], "D9"])
    return {
        "dealer_id": dealer_id,
        "snapshot_date": rng.choice([day, day, rng.choice(MONTHS) + timedelta(days=14)]),
        "vin": f"WAUZZZ8V0KA{rng.randrange(400):06d}",
        "brand_code": "AURA" if dealer_id == "D3" else rng.choice(BRANDS),
        "model_code": "M1",
        "stock_status": rng.choice(["IN_STOCK", "IN_STOCK", "IN_TRANSIT", "DEMO"]),
        "in_stock_since": rng.choice([None, *[day - age] * 4]),
    }


def _survey(rng: random.Random) -> Row:
    return {
        "response_id": _id(rng, "S", 100),
        "dealer_id": rng.choice(DEALERS),
        "brand_code": rng.choice(BRANDS),
        "survey_type": "SERVICE",
        "sent_at": _instant(rng),
    }


def _books(rng: random.Random) -> Row:
    return {
        "dealer_id": rng.choice(DEALERS),
        "brand_code": rng.choice(BRANDS),
        "fiscal_month": rng.choice(MONTHS),
    }


def _dealer(rng: random.Random) -> Row:
    """Open all the time, or opened or closed at an edge; not each dealer has both brands. D6 and
    his brand are known from here alone."""
    dealer_id, brand_code = rng.choice([*DEALERS[:4], *DEALERS[:4], "D6"]), rng.choice(BRANDS)
    return {
        "dealer_id": dealer_id,
        "brand_code": {"D4": "AURA", "D6": "DORADO"}.get(dealer_id, brand_code),
        "dealer_name": f"Autohaus {dealer_id}",
        "contract_model": "DEALER",
        "postal_code": "80331",
        "district_code": "09162",
        "peer_group": "CITY",
        "is_top_partner": False,
        "opened_on": rng.choice([*[date(2000, 1, 1)] * 4, _around(rng, rng.choice(EDGES))]),
        "closed_on": rng.choice([*[None] * 5, _around(rng, rng.choice(EDGES)), AS_OF.date()]),
    }


def _postal_area(rng: random.Random) -> Row:
    return {
        "postal_code": rng.choice([*POSTAL_CODES, "04109"]),
        "district_code": rng.choice(["09162", "11000"]),
        "district_name": "Kreis",
        "state_code": "09",
        "population": 1000,
    }


_ROWS: dict[str, Callable[[random.Random], Row]] = {
    "oem__dealers": _dealer,
    "oem__postal_areas": _postal_area,
    "oem__routing_rules": _rule,
    "oem__routing_go_lives": _go_live,
    "oem__responsibilities": _responsibility,
    "oem__service_levels": _service_level,
    "dealer__cases": _case,
    "dealer__leads": _lead,
    "dealer__stock": _stock,
    "dealer__surveys": _survey,
    "dealer__financials": _books,
    "dealer__vehicle_events": vehicle_event,
}
_MANY = {
    "oem__dealers": 20,
    "oem__postal_areas": 6,
    "oem__routing_rules": 110,
    "oem__routing_go_lives": 9,
    "oem__responsibilities": 30,
    "oem__service_levels": 5,
    "dealer__cases": 700,
    "dealer__leads": 300,
    "dealer__stock": 250,
    "dealer__surveys": 15,
    "dealer__financials": 15,
    "dealer__vehicle_events": 300,
}
"""Rows drawn for a world; as keys collide, some fewer come out."""
