"""Random worlds of capability: people who move, certificates that expire, files with soft faults.

    lake.load(*random_capability_world(rng))
    lake.load(*random_capability_load(rng))

`random_capability_world` fills a world: dealers deliver for 14 months, each breaks rules of quality
at a rate of his own without being quarantined; some learn a course in the midst of it, some never;
employments, certificates, criteria and rollouts begin and end around the last days of months.
`random_capability_load` changes little of it: corrections, withdrawals, other lists, lists of
nobody, late deliveries for months long over. Both are made of the same random rows.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from orchestration.ingestion.contract import Feed, load_contracts
from orchestration.settings import NETWORK_ZONE
from tests.support.lake import File
from tests.support.service_recomputed import months_away

Row = dict[str, Any]

PEERS = {
    ("D1", "AURA"): "CITY",
    ("D2", "AURA"): "CITY",
    ("D2", "BOREA"): "CITY",
    ("D3", "AURA"): "CITY",
    ("D4", "AURA"): "CITY",
    ("D5", "AURA"): "LAND",
    ("D6", "BOREA"): "LAND",
    ("D7", "BOREA"): "CITY",
    ("D8", "AURA"): "LAND",
    ("D10", "AURA"): "CITY",
    ("D11", "AURA"): "LAND",
}
"""Dealers and brands with their peer groups. D9 stands in no list of dealers."""
SELDOM = "D11"
"""Sends one file only, which keeps a rule exactly as often as the academy aims at."""
DEALERS = [*dict.fromkeys(dealer_id for dealer_id, _ in PEERS if dealer_id != SELDOM), "D9"]
SENDERS = [dealer_id for dealer_id in DEALERS if dealer_id not in ("D4", "D9")]
HUB = "dms"
"""It delivers for D4, who sends nothing himself, and for everybody now and then."""
UNTAUGHT = ("D3", "D8")
"""Nobody of them ever takes a course; new ones of a load apart."""
UNASSESSED = "D7"
FAULTS = {
    dealer_id: rate for dealer_id, rate in zip(DEALERS, [0.4, 0.1, 0.3, 0.2] * 3, strict=False)
}
"""How likely a value of a dealer breaks a rule."""
COURSES = {
    "COMPLETE": ("COMPLETENESS", 12),
    "COMPLETE_2": ("COMPLETENESS", 3),
    "VALID": ("VALIDITY", None),
    "UNIQUE": ("UNIQUENESS", 1),
    "TIMELY": ("TIMELINESS", 6),
    "CONSISTENT": ("CONSISTENCY", 24),
    "CHARGING": (None, 12),
}
"""Courses with what they teach and the months for which their certificates are valid."""
UNHEARD_OF = "NEVER_HEARD"
PERSONS = [f"P{number}" for number in range(1, 56)]
MONTHS = [date(y, m, 1) for y in (2023, 2024) for m in range(1, 13)][9:23]
"""October 2023 to November 2024: in these files arrive."""
BEGINNINGS = [
    *(date(2022, 8, 31), date(2024, 1, 31), date(2024, 2, 29), None, date(2024, 7, 1)),
    *(date(2024, 3, 31), date(2023, 6, 30), None, date(2024, 5, 31), date(2024, 10, 31)),
    *(date(2024, 1, 1), date(2023, 12, 31), None),
]
"""When a dealer begins to take a course; a course and a dealer have one of them for good."""
EDGES = [
    *(date(2023, 3, 31), date(2023, 11, 30), date(2023, 12, 31), date(2024, 1, 31)),
    *(date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 31), date(2024, 6, 30)),
    *(date(2024, 8, 31), date(2024, 10, 31), date(2024, 11, 15), date(2024, 11, 30)),
]
"""Days around which things begin and end."""
TODAYS = [
    datetime(2024, 11, 15, 11, 30, tzinfo=UTC),
    datetime(2024, 10, 31, 23, tzinfo=UTC),  # midnight in Berlin: October is over
    datetime(2024, 10, 31, 22, 59, 59, 999999, tzinfo=UTC),  # the last of it
]
EARLIER = [
    datetime(2024, 8, 31, 22, tzinfo=UTC),  # September has begun in Berlin
    datetime(2024, 8, 31, 21, 59, 59, 999999, tzinfo=UTC),
]
SYSTEMS = ["DMS", "DMS", "CRM", "CRM", "CRM", "SHOP"]
CRITERIA = ["DMS API", *(f"K{number}" for number in range(2, 8))]
"""Codes are free: one has a blank."""
QUARANTINED = ["DUPLICATE_KEY_IN_FILE", "MISSING_REQUIRED", "BAD_TYPE", "BAD_VALUE"]
QUARANTINED += ["WRONG_COLUMN_COUNT", "UNKNOWN_SENDER_SCOPE"]

_BERLIN = ZoneInfo(NETWORK_ZONE)
_DAY = timedelta(days=1)
_LISTED = datetime(2024, 11, 10, 3)


def random_capability_world(rng: random.Random) -> list[File]:
    """The files of a first load: something of everything."""
    files = [
        _file(rng, feed, many, sender=HUB if feed.startswith("dealer__") else "oem")
        for feed, many in _MANY.items()
    ]
    files += [_staff_file(rng, sender, _LISTED) for sender in [*SENDERS, HUB]]
    for month in MONTHS:
        files += [_delivery(rng, sender, month) for sender in SENDERS if rng.random() < 0.85]
        files += [_delivery(rng, HUB, month) for _ in range(3)]
    return [*files, _file_at_its_target(rng)]


def random_capability_load(rng: random.Random) -> list[File]:
    """The files of one load: new rows, corrections, withdrawals, late deliveries, lists."""
    feeds = rng.sample(list(_MANY), k=rng.randint(2, 5))
    files = [
        _file(
            rng,
            feed,
            _MANY[feed] if _feeds()[feed].mode == "snapshot" else 6,
            sender=HUB if feed.startswith("dealer__") else "oem",
            delivered_at=_LISTED + rng.choice([-1, 0, 1, 2]) * _DAY,
        )
        for feed in feeds
    ]
    files += [_delivery(rng, rng.choice([*SENDERS, HUB]), rng.choice(MONTHS)) for _ in range(3)]
    sender = rng.choice([*SENDERS, HUB])
    return [*files, _staff_file(rng, sender, _LISTED + rng.choice([-1, 1, 2]) * _DAY)]


def _file(
    rng: random.Random, feed: str, many: int, sender: str, delivered_at: datetime = _LISTED
) -> File:
    rows = _WHOLE[feed](rng) if feed in _WHOLE else _rows(rng, feed, many)
    return File(feed, rows, sender=sender, delivered_at=delivered_at, name=_name(rng, feed))


def _name(rng: random.Random, feed: str) -> str:
    return f"{feed}_{rng.randint(0, 10**9)}.csv"


@cache
def _feeds() -> dict[str, Feed]:
    return load_contracts()


def _rows(rng: random.Random, feed: str, many: int) -> list[Row]:
    """Random rows, each key once; some only withdraw their key."""
    rows = {}
    key = _feeds()[feed].key
    for _ in range(many):
        row = _ROWS[feed](rng)
        if rng.random() < (0.03 if many > 6 else 0.2):
            row = {name: row[name] for name in key} | {"is_deleted": True}
        rows[tuple(row[name] for name in key)] = row
    return list(rows.values())


# -- what dealers deliver month by month ------------------------------------------------------


def _delivery(rng: random.Random, sender: str, month: date) -> File:
    """A file of a dealer, or of the hub for many, not always a good one, nor one with rows."""
    feed = rng.choice(list(_DELIVERED))
    delivered_at = _within(rng, month)
    rows: dict[tuple, Row] = {}
    for _ in range(rng.choice([0, 4, 6, 8, 10])):
        dealer_id = rng.choice(["D4", *DEALERS]) if sender == HUB else sender
        row = _DELIVERED[feed](rng, dealer_id, delivered_at)
        if row.get("assessed_on") and dealer_id == UNASSESSED:
            continue
        if rng.random() < 0.03:
            row = {name: row[name] for name in _feeds()[feed].key} | {"is_deleted": True}
        rows[tuple(row[name] for name in _feeds()[feed].key)] = row
    return File(
        feed,
        list(rows.values()),
        sender=sender,
        delivered_at=delivered_at,
        name=_name(rng, feed),
        quarantined=rng.choices(QUARANTINED, k=rng.choice([0, 0, 1, 2])),
        rejected=rng.choice([None] * 15 + ["AMBIGUOUS_NUMBERS"]),
        is_duplicate=rng.random() < 0.05,
    )


def _file_at_its_target(rng: random.Random) -> File:
    """Of 20 leads 19 can be reached: LEAD_REACHABLE aims at 95 %."""
    delivered_at = _within(rng, rng.choice(MONTHS[-3:]))
    rows = [
        _lead(rng, SELDOM, delivered_at)
        | {"lead_id": f"S{number}", "customer_email": "a@example.org" if number else None}
        for number in range(20)
    ]
    name = _name(rng, "dealer__leads")
    return File("dealer__leads", rows, sender=SELDOM, delivered_at=delivered_at, name=name)


def _within(rng: random.Random, month: date) -> datetime:
    """An instant (UTC) of the month in Berlin, often its first or last."""
    first, following = (
        datetime(day.year, day.month, 1, tzinfo=_BERLIN).astimezone(UTC).replace(tzinfo=None)
        for day in (month, month + 32 * _DAY)
    )
    last = following - timedelta(seconds=1)
    return rng.choice([first, last, first + timedelta(seconds=rng.randrange(28 * 86_400))])


def _is_faulty(rng: random.Random, dealer_id: str) -> bool:
    return rng.random() < FAULTS.get(dealer_id, 0.5)


def _brand(rng: random.Random, dealer_id: str) -> str:
    """Mostly one of the dealer's."""
    own = [brand_code for of, brand_code in PEERS if of == dealer_id]
    return rng.choice([*own * 6, "AURA", "BOREA"])


def _lead(rng: random.Random, dealer_id: str, delivered_at: datetime) -> Row:
    age = rng.choice([1, 20, 45, 46, 46, 60]) if _is_faulty(rng, dealer_id) else rng.randint(0, 30)
    created_at = delivered_at - age * _DAY
    wrong = _is_faulty(rng, dealer_id)
    is_sold = rng.random() < 0.4
    return {
        "lead_id": f"L{rng.randint(1, 900)}",
        "dealer_id": dealer_id,
        "brand_code": _brand(rng, dealer_id),
        "channel": "WEB",
        "model_code": rng.choice([None, "M1", "M1", "M9" if wrong else "M1"]),
        "created_at": created_at,
        "first_response_at": rng.choice(
            [None, created_at, created_at + timedelta(microseconds=-1 if wrong else 1)]
        ),
        "sold_vin": "WAUZZZ8V0KA000001" if is_sold else None,
        "lost_at": created_at if not is_sold or wrong else None,
        "customer_email": rng.choice(
            [None, "nobody", "a@b"] if _is_faulty(rng, dealer_id) else ["a@example.org"]
        ),
    }


def _vehicle_event(rng: random.Random, dealer_id: str, delivered_at: datetime) -> Row:
    wrong = _is_faulty(rng, dealer_id)
    days = rng.choice([-2, -1, 0, 45, 46]) if wrong else rng.randint(0, 20)
    list_price = Decimal("40000.00")
    return {
        "event_id": f"E{rng.randint(1, 900)}",
        "dealer_id": dealer_id,
        "brand_code": _brand(rng, dealer_id),
        "vin": f"WAUZZZ8V0KA{rng.randrange(300):06d}",
        "event_type": rng.choice(["INVOICE", "INVOICE", "REGISTRATION", "ORDER"]),
        "event_date": delivered_at.date() - days * _DAY,
        "model_code": "M1",
        "holder_type": None if wrong else "PRIVATE",
        "list_price_eur": None if _is_faulty(rng, dealer_id) else list_price,
        "net_price_eur": rng.choice([None, Decimal("50000.00")] if wrong else [list_price]),
    }


def _books(rng: random.Random, dealer_id: str, delivered_at: datetime) -> Row:
    wrong = _is_faulty(rng, dealer_id)
    amounts = [name for name, kind in _amounts() if kind == "decimal"]
    return dict.fromkeys(amounts, Decimal("1000.00")) | {
        "dealer_id": dealer_id,
        "brand_code": _brand(rng, dealer_id),
        "fiscal_month": rng.choice(MONTHS),
        "fixed_expenses_eur": Decimal("0.00" if wrong else "0.01"),
    }


@cache
def _amounts() -> list[tuple[str, str]]:
    return [(column.name, column.kind) for column in _feeds()["dealer__financials"].columns]


def _assessment(rng: random.Random, dealer_id: str, delivered_at: datetime) -> Row:
    """A criterion met, or not, mostly not long before delivery."""
    days = rng.choice([-3, -1, 0, 1, 40, 100])
    return _assessed(rng, dealer_id) | {
        "assessed_on": rng.choice([_around(rng), delivered_at.date() - days * _DAY])
    }


_DELIVERED: dict[str, Callable[[random.Random, str, datetime], Row]] = {
    "dealer__leads": _lead,
    "dealer__vehicle_events": _vehicle_event,
    "dealer__financials": _books,
    "dealer__it_assessments": _assessment,
}


# -- people -----------------------------------------------------------------------------------


def _around(rng: random.Random) -> date:
    return rng.choice(EDGES) + rng.choice([-1, 0, 0, 1]) * _DAY


def _usual_dealers(person_id: str) -> list[str]:
    """Where a person works: everybody at one of them, some at two at once or after another."""
    number = int(person_id[1:])
    return [DEALERS[number % len(DEALERS)], DEALERS[(3 * number + 1) % len(DEALERS)]]


def _staff_file(rng: random.Random, sender: str, delivered_at: datetime) -> File:
    """The people of a dealer; the hub's tell of D4, D9 and of some people of all the others, of
    whom their own dealer tells otherwise. Now and then nobody."""
    rows = {}
    for person_id in PERSONS if rng.random() < 0.9 else []:
        first, second = _usual_dealers(person_id)
        row = _employment(rng, person_id, first)
        found = [row]
        if rng.random() < 0.5 and second != first:
            left_on = row["employed_to"] or _around(rng)
            moved_on = left_on + rng.choice([1, 1, 0, -20]) * _DAY
            found.append(_employment(rng, person_id, second) | {"employed_from": moved_on})
        for one in found:
            is_told = one["dealer_id"] in ("D4", "D9") or rng.random() < 0.1
            if is_told if sender == HUB else one["dealer_id"] == sender:
                rows[one["person_id"], one["dealer_id"]] = one
    return File(
        "dealer__staff",
        list(rows.values()),
        sender=sender,
        delivered_at=delivered_at,
        name=_name(rng, "dealer__staff"),
        quarantined=rng.choices(QUARANTINED, k=rng.choice([0, 1])),
    )


def _employment(rng: random.Random, person_id: str, dealer_id: str) -> Row:
    return {
        "person_id": person_id,
        "dealer_id": dealer_id,
        "brand_code": _brand(rng, dealer_id),
        "role": rng.choice(["SALES", "SERVICE"]),
        "employed_from": rng.choice([date(1998, 4, 1), date(2015, 1, 1), _around(rng)]),
        "employed_to": rng.choice([None, None, _around(rng)]),
    }


def _training(rng: random.Random) -> Row:
    """A course taken where it is taken at all, mostly by people of the dealer: at its beginning, in
    the months after, or around an edge, also of validity, or of what is still to come."""
    person_id = rng.choice(PERSONS)
    dealers = [*_usual_dealers(person_id) * 5, *DEALERS]
    course_code = rng.choice([*list(COURSES) * 4, UNHEARD_OF])
    dealer_id = rng.choice(dealers)
    number = DEALERS.index(dealer_id) * 7 + [*COURSES, UNHEARD_OF].index(course_code) * 3
    begun = BEGINNINGS[number % len(BEGINNINGS)]
    is_untaught = dealer_id in UNTAUGHT or begun is None
    if is_untaught and rng.random() < 0.98:
        dealer_id = "D1"
        begun = BEGINNINGS[0]
    begun = begun or EDGES[-1]
    expiring = months_away(_around(rng), -rng.choice([1, 3, 6, 12, 24]))
    days = [begun, begun + rng.randint(0, 200) * _DAY, _around(rng), _around(rng), expiring]
    return {
        "event_id": f"T{rng.randint(1, 1_000)}",
        "person_id": person_id,
        "dealer_id": dealer_id,
        "course_code": course_code,
        "completed_on": max(begun, rng.choice(days)),
        "passed": rng.random() < 0.75,
    }


def _courses(rng: random.Random) -> list[Row]:
    """All, some of them changed; one may be withdrawn."""
    rows = [
        {
            "course_code": course_code,
            "course_name": course_code.title(),
            "topic": rng.choice(["DATA_QUALITY", "EV"]),
            "validity_months": rng.choice([months, months, 1]),
            "quality_dimension": dimension,
        }
        for course_code, (dimension, months) in COURSES.items()
    ]
    if rng.random() < 0.3:
        rows.append({"course_code": "COMPLETE_2", "is_deleted": True})
        rows = [row for row in rows if row["course_code"] != "COMPLETE_2" or len(row) == 2]
    return rows


# -- the network, its IT, its KPIs ------------------------------------------------------------


def _dealers(rng: random.Random) -> list[Row]:
    """Nearly all; some open or close at an edge, and one is of another peer group than usual."""
    return [
        {
            "dealer_id": dealer_id,
            "brand_code": brand_code,
            "dealer_name": f"Autohaus {dealer_id}",
            "contract_model": "DEALER",
            "postal_code": "80331",
            "district_code": "09162",
            "peer_group": rng.choice([peer_group] * 15 + ["LAND"]),
            "is_top_partner": False,
            "opened_on": rng.choice([*[date(2000, 1, 1)] * 6, _around(rng)]),
            "closed_on": rng.choice([*[None] * 6, _around(rng)]),
        }
        for (dealer_id, brand_code), peer_group in PEERS.items()
        if rng.random() < 0.97
    ]


def _model(rng: random.Random) -> list[Row]:
    return [
        {
            "model_code": model_code,
            "brand_code": "AURA",
            "model_name": "Aura One",
            "segment_code": "SUV",
            "powertrain_code": "BEV",
            "list_price_eur": Decimal("39990.00"),
            "max_discount_rate": Decimal("0.1"),
        }
        for model_code in ("M1", "M2")
    ]


def _weights(rng: random.Random) -> list[Row]:
    shares = {"TRAINING_COVERAGE": 40, "IT_READINESS": 35, "CLOSING_RATE": 25}
    return [
        {
            "brand_code": brand_code,
            "kpi_code": kpi_code,
            "version": 1,
            "valid_from": date(2020, 1, 1),
            "valid_to": None,
            "weight": Decimal(weight),
            "floor_rate": Decimal("0.5"),
            "cap_rate": Decimal("1.2"),
            "min_sample": rng.choice([0, 1, 2, 3]),
            "missing_policy": rng.choice(["EXCLUDE", "ZERO"]),
        }
        for brand_code in ("AURA", "BOREA")
        for kpi_code, weight in shares.items()
    ]


def _target(rng: random.Random) -> Row:
    dealer_id, brand_code = rng.choice(list(PEERS))
    return {
        "dealer_id": dealer_id,
        "brand_code": brand_code,
        "kpi_code": rng.choice(["TRAINING_COVERAGE", "IT_READINESS", "CLOSING_RATE"]),
        "target_month": rng.choice(MONTHS),
        "target_value": Decimal(rng.choice(["0.5", "0.7", "0.333333"])),
    }


def _criteria(rng: random.Random) -> list[Row]:
    """The first is asked of dealers a while after they are first assessed; some never are."""
    days = [date(2023, 6, 30), date(2023, 9, 1), date(2024, 2, 29), _around(rng)]
    return [
        {
            "criterion_code": criterion_code,
            "name": f"Kriterium {criterion_code}",
            "is_mandatory": number % 3 != 2,
            "valid_from": rng.choice(days),
        }
        for number, criterion_code in enumerate(CRITERIA[:-1])
        if rng.random() < 0.9
    ]


def _assessed(rng: random.Random, dealer_id: str) -> Row:
    is_good = dealer_id in ("D1", "D2", "D5")
    return {
        "dealer_id": dealer_id,
        "criterion_code": rng.choice(CRITERIA[1:] if dealer_id in ("D6", "D10") else CRITERIA),
        "assessed_on": _around(rng),
        "is_met": rng.random() < (0.97 if is_good else 0.6),
    }


def _any_assessment(rng: random.Random) -> Row:
    return _assessed(rng, rng.choice([d for d in [*DEALERS, "D1", "D2"] if d != UNASSESSED]))


def _rollout(rng: random.Random) -> Row:
    """Most go live; the others run, are given up, or are dated as they cannot be."""
    started_on = rng.choice([_around(rng), date(2023, 1, 1) + rng.randint(0, 680) * _DAY])
    took = started_on + rng.choice([0, 10, 20, 20, 30, 45, 45, 60, 90, 120]) * _DAY
    ends = [(took, None)] * 12 + [(None, None)] * 4 + [(None, took)] * 3
    ends += [(started_on - _DAY, None), (None, started_on - _DAY), (took, took)]
    ends += [(EDGES[-1] + 40 * _DAY, None), (None, EDGES[-1] + 40 * _DAY)]
    live_on, abandoned_on = rng.choice(ends)
    return {
        "rollout_id": f"R{rng.randint(1, 150)}",
        "dealer_id": rng.choice([*DEALERS, *UNTAUGHT * 2]),
        "brand_code": rng.choice(["AURA", "BOREA"]),
        "system_code": rng.choice(SYSTEMS),
        "started_on": started_on,
        "live_on": live_on,
        "abandoned_on": abandoned_on,
    }


_WHOLE: dict[str, Callable[[random.Random], list[Row]]] = {
    "oem__dealers": _dealers,
    "oem__vehicle_models": _model,
    "oem__courses": _courses,
    "oem__it_criteria": _criteria,
    "oem__kpi_weights": _weights,
}
_ROWS: dict[str, Callable[[random.Random], Row]] = {
    "oem__training_events": _training,
    "dealer__it_assessments": _any_assessment,
    "oem__system_rollouts": _rollout,
    "oem__kpi_targets": _target,
}
_MANY = {
    "oem__dealers": 1,
    "oem__vehicle_models": 1,
    "oem__courses": 1,
    "oem__it_criteria": 1,
    "oem__kpi_weights": 1,
    "oem__kpi_targets": 200,
    "oem__training_events": 260,
    "dealer__it_assessments": 250,
    "oem__system_rollouts": 90,
}
"""Rows drawn for a world; as keys collide, some fewer come out. Whole lists have their own."""
