"""Random worlds of governance: contracts and partners around the turn of a year with a week 53.

    lake.load(*random_governance_world(rng))
    lake.load(*random_governance_load(rng))

`random_governance_world` fills a world: dealers of two peer groups whose scores rise and fall for
quarters on end, so that escalations open, rise and close; events lie around the days on which
windows, weeks, months and quarters end. `random_governance_load` changes little of it. Both are
made of the same random rows.
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
from tests.support.governance_recomputed import months_away
from tests.support.lake import File

Row = dict[str, Any]

DEALERS = {
    **{name: "AURA" for name in ("D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8")},
    **{name: "BOREA" for name in ("E1", "E2", "E3")},
}
"""Dealers and their brand; D9 stands in no list of dealers."""
TOP_PARTNERS = ["D1", "D2", "D3", "D8", "E1"]
BRANDS = ["AURA", "BOREA"]
DISTRICTS = {"09162": "80331", "02000": "20095", "14713": "04109", "11000": "10115"}
STATES = {"09162": "09", "02000": "02", "14713": "14", "11000": "11"}
MONTHS = [date(y, m, 1) for y in (2018, 2019, 2020, 2021) for m in range(1, 13)][8:37]
"""September 2018 to January 2021."""
QUARTERS = [month for month in MONTHS if month.month in (1, 4, 7, 10)]
STANDARDS = ["OTA", "NAV", "HUD", "NEXT"]
VERSIONS = ["1", "2", "10", "3", "4", "5"]
MODULES = ["AGENCY", "SERVICE", "RENTAL", "UNHEARD", "NEW"]
CONTRACTS = [f"K{number}" for number in range(1, 41)]
TODAYS = [
    datetime(2021, 1, 3, 23, tzinfo=UTC),  # midnight in Berlin after week 53 of 2020
    datetime(2021, 1, 3, 22, 59, 59, 999999, tzinfo=UTC),
    datetime(2021, 1, 12, 9, tzinfo=UTC),
    datetime(2020, 12, 31, 23, tzinfo=UTC),  # New Year's Day
]
PUBLISHED = [date(2019, 11, 30), date(2020, 2, 29), date(2020, 10, 31), date(2020, 12, 2)]
OBJECTION_DAYS = [0, 30, 31, 33, 60]

_BERLIN = ZoneInfo(NETWORK_ZONE)
_DELIVERED = [datetime(2021, 2, day, 3) for day in (1, 3, 8, 8, 12, 14)]
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_WEIGHTS = {"CSI": 70, "CLOSING_RATE": 20, "CASE_CYCLE_HOURS": 10}


def random_governance_world(rng: random.Random) -> list[File]:
    """The files of a first load: something of everything."""
    return [
        File(feed, _rows(rng, feed, many), delivered_at=_DELIVERED[2], name=_name(rng, feed))
        for feed, many in _MANY.items()
    ]


def random_governance_load(rng: random.Random) -> list[File]:
    """The files of one load: new rows, corrections, withdrawals, late older versions, lists."""
    feeds = rng.sample(list(_MANY), k=rng.randint(6, 12))
    return [
        File(
            feed,
            _rows(rng, feed, _MANY[feed] if _feeds()[feed].mode == "snapshot" else 5),
            delivered_at=rng.choice(_DELIVERED),
            name=_name(rng, feed),
        )
        for feed in feeds
    ]


def _name(rng: random.Random, feed: str) -> str:
    return f"{feed}_{rng.randint(0, 10**9)}.csv"


@cache
def _feeds() -> dict[str, Feed]:
    return load_contracts()


def _rows(rng: random.Random, feed: str, many: int) -> list[Row]:
    """Random rows, each key once; some of a feed of events only withdraw their key."""
    if feed in _WHOLE:
        return _WHOLE[feed](rng)
    rows = {}
    key = _feeds()[feed].key
    for _ in range(many):
        row = _ROWS[feed](rng)
        if _feeds()[feed].mode == "events" and rng.random() < (0.03 if many > 5 else 0.15):
            row = {name: row[name] for name in key} | {"is_deleted": True}
        rows[tuple(row[name] for name in key)] = row
    return list(rows.values())


# -- days and partners ------------------------------------------------------------------------


def _today(rng: random.Random) -> date:
    return rng.choice([date(2021, 1, 1), date(2021, 1, 3), date(2021, 1, 4), date(2021, 1, 12)])


def _around(rng: random.Random, day: date, days: int = 1) -> date:
    return day + rng.randint(-days, days) * _DAY


def _any_day(rng: random.Random) -> date:
    return MONTHS[0] + rng.randint(0, 860) * _DAY


def _day(rng: random.Random) -> date:
    """Often a Sunday or Monday, at the end of a month, or around the turn of a year."""
    kind = rng.random()
    if kind < 0.25:
        monday = _any_day(rng)
        return monday - (monday.weekday() + rng.choice([0, 1])) * _DAY
    if kind < 0.4:
        return rng.choice(MONTHS) - rng.choice([0, 1]) * _DAY
    if kind < 0.6:
        return _around(rng, date(rng.choice([2019, 2020, 2021]), 1, 1), 8)
    return _any_day(rng)


def _instant(rng: random.Random, day: date | None = None) -> datetime:
    """UTC, often within an hour or an instant of a midnight in Berlin."""
    day = day or _day(rng)
    midnight = datetime(day.year, day.month, day.day, tzinfo=_BERLIN).astimezone(UTC)
    shift = rng.choice([0, 0, 1, 59, 600, 600, 1200]) * timedelta(minutes=1)
    return (
        midnight.replace(tzinfo=None) + shift - rng.choice([0, 0, 0, 1]) * timedelta(microseconds=1)
    )


def _partner(rng: random.Random) -> Row:
    dealer_id = rng.choice([*DEALERS, *DEALERS, *TOP_PARTNERS, "D9"])
    other = rng.random() < 0.02
    return {
        "dealer_id": dealer_id,
        "brand_code": "BOREA" if other else DEALERS.get(dealer_id, "AURA"),
    }


def _told(partner: Row, instant: datetime) -> datetime:
    """E1 delivers nothing beyond the first instant of a Monday, 21 December 2020."""
    return min(instant, datetime(2020, 12, 20, 23)) if partner["dealer_id"] == "E1" else instant


def _mood(dealer_id: str, day: date) -> int:
    """How a dealer is doing in a quarter, from 0 (badly) to 3: for quarters on end."""
    quarter = 4 * day.year + (day.month - 1) // 3
    number = int(dealer_id[1:])
    return (number * 3 + (quarter + number) // (2 + number % 3)) * 7 % 4


# -- what scores are made of ------------------------------------------------------------------


def _dealers(rng: random.Random) -> list[Row]:
    rows = []
    for dealer_id, brand_code in DEALERS.items():
        number = int(dealer_id[1:])
        district = rng.choice(["02000", *DISTRICTS]) if number > 3 else "02000"
        postal_code = DISTRICTS[district]
        if number == 7:
            district, postal_code = "99999", "00000"  # of no known state
        elif number == 6:
            district = "99999"
        elif number == 2:
            postal_code = "80331"  # of another state than the district
        opened_on = closed_on = None
        if dealer_id == "D3":
            opened_on = rng.choice([date(2020, 3, 30), date(2020, 3, 31), date(2020, 4, 5)])
        if dealer_id == "D8":
            closed_on = rng.choice([date(2020, 11, 29), date(2020, 11, 30), date(2020, 9, 30)])
        rows.append(
            {
                "dealer_id": dealer_id,
                "brand_code": brand_code,
                "dealer_name": f"Autohaus {dealer_id}",
                "contract_model": "DEALER",
                "postal_code": postal_code,
                "district_code": district,
                "peer_group": "LAND" if number in (4, 5) else "CITY",
                "is_top_partner": dealer_id in TOP_PARTNERS,
                "opened_on": opened_on or date(2000, 1, 1),
                "closed_on": closed_on,
            }
        )
    return rows


def _areas(_: random.Random) -> list[Row]:
    return [
        {
            "postal_code": postal_code,
            "district_code": district,
            "district_name": "Kreis",
            "state_code": STATES[district],
        }
        for district, postal_code in DISTRICTS.items()
    ]


def _territories(rng: random.Random) -> list[Row]:
    return [
        {
            "dealer_id": dealer_id,
            "brand_code": brand_code,
            "district_code": district,
            "valid_from": rng.choice([date(2018, 1, 1), date(2020, 1, 31), date(2020, 2, 1)])
            if dealer_id != "D2"
            else date(2020, 2, 1),
            "valid_to": rng.choice([None, None, date(2020, 5, 30), date(2020, 5, 31)]),
        }
        for dealer_id, brand_code in DEALERS.items()
        for district in rng.sample(
            list(DISTRICTS), k=2 if dealer_id == "D2" else rng.choice([0, 1, 2, 2])
        )
    ]


def _models(_: random.Random) -> list[Row]:
    return [
        {
            "model_code": code,
            "brand_code": "AURA",
            "model_name": code,
            "segment_code": "SUV",
            "powertrain_code": powertrain,
            "list_price_eur": Decimal("39990.00"),
            "max_discount_rate": Decimal("0.1"),
        }
        for code, powertrain in (("M1", "BEV"), ("M2", "PETROL"), ("M3", "BEV"))
    ]


def _weights(_: random.Random) -> list[Row]:
    return [
        {
            "brand_code": brand_code,
            "kpi_code": kpi_code,
            "version": 1,
            "valid_from": date(2018, 1, 1),
            "valid_to": None,
            "weight": Decimal(weight),
            "floor_rate": Decimal(0),
            "cap_rate": Decimal("1.2"),
            "min_sample": 1,
            "missing_policy": "EXCLUDE",
        }
        for brand_code in BRANDS
        for kpi_code, weight in _WEIGHTS.items()
    ]


def _targets(rng: random.Random) -> list[Row]:
    """None of E2 and E3 in most months: there are quarters without a score."""
    usual = {"CSI": "60", "CLOSING_RATE": "0.4", "CASE_CYCLE_HOURS": "50"}
    return [
        {
            "dealer_id": dealer_id,
            "brand_code": brand_code,
            "kpi_code": kpi_code,
            "target_month": month,
            "target_value": Decimal(usual[kpi_code]),
        }
        for dealer_id, brand_code in DEALERS.items()
        for kpi_code in _WEIGHTS
        for month in MONTHS
        if rng.random() < (0.12 if dealer_id in ("E2", "E3") else 0.97)
    ]


def _survey(rng: random.Random) -> Row:
    partner = _partner(rng)
    sent_at = _instant(rng)
    answered_at = sent_at + rng.choice([1, 1, 24, 300]) * _HOUR
    best = 4 + 2 * _mood(partner["dealer_id"], answered_at.date())
    return {
        "response_id": f"S{rng.randint(1, 2600)}",
        **partner,
        "survey_type": rng.choice(["SALES", "SERVICE"]),
        "sent_at": _told(partner, sent_at),
        "answered_at": rng.choice([None, *[_told(partner, answered_at)] * 9]),
        "score": rng.choice([None, *[min(10, rng.randint(0, best))] * 9]),
    }


def _lead(rng: random.Random) -> Row:
    created_at = _instant(rng)
    if rng.random() < 0.1:
        created_at = datetime(2021, 1, 2, 23) - rng.choice([0, 24, 25]) * _HOUR
    answers = [created_at + d for d in (0 * _HOUR, 24 * _HOUR, 24 * _HOUR + _DAY / 10**9)]
    return {
        "lead_id": f"L{rng.randint(1, 1200)}",
        **_partner(rng),
        "channel": "WEB",
        "created_at": created_at,
        "first_response_at": rng.choice([None, *answers]),
        "sold_vin": rng.choice([None, None, "WAUZZZ8V0KA000001"]),
    }


def _case(rng: random.Random) -> Row:
    opened_at = _instant(rng)
    took = rng.choice([-1, 0, 1, 3600, 86_400, 500_000, 2_000_000, rng.randint(0, 4_000_000)])
    kinds = ["COMPLAINT", "COMPLAINT", "WARRANTY", "SERVICE_REQUEST"]
    case_id, partner = f"C{rng.randint(1, 1500)}", _partner(rng)
    opened_at = _told(partner, opened_at)
    return {
        "case_id": case_id,
        **partner,
        "case_type": rng.choice(kinds),
        "product_category": "BRAKES",
        "customer_postal_code": rng.choice(list(DISTRICTS.values())),
        "opened_at": opened_at,
        "resolved_at": rng.choice(
            [None, *[_told(partner, opened_at + took * timedelta(seconds=1))] * 5]
        ),
    }


def _vehicle_event(rng: random.Random) -> Row:
    partner = _partner(rng)
    is_seldom = partner["dealer_id"] == "E1"  # there are quarters without a registration
    kinds = ["REGISTRATION"] * 6 + ["ORDER"] * 5 + ["CANCELLATION", "INVOICE", "INVOICE"]
    return {
        "event_id": f"V{rng.randint(1, 2500)}",
        **partner,
        "vin": f"WAUZZZ8V0KA{rng.randrange(1500):06d}",
        "event_type": "ORDER" if is_seldom and rng.random() < 0.8 else rng.choice(kinds),
        "event_date": min(_day(rng), date(2020, 12, 20)) if is_seldom else _day(rng),
        "model_code": rng.choice(["M1", "M2", "M2", "M9"]),
        "holder_type": rng.choice(["PRIVATE", "PRIVATE", "FLEET", "DEALER", None]),
        "list_price_eur": Decimal("39990.00"),
        "net_price_eur": Decimal("36000.00"),
    }


def _market(rng: random.Random) -> Row:
    """The last months are missing, and one in the middle."""
    months = [m for m in MONTHS[:-4] if m != date(2020, 5, 1)]
    return {
        "registration_month": rng.choice(months + [date(2020, 12, 1)] * 2),
        "district_code": rng.choice(list(DISTRICTS)),
        "brand_code": rng.choice([*BRANDS, "OTHER"]),
        "segment_code": rng.choice(["SUV", "COMPACT"]),
        "powertrain_code": rng.choice(["BEV", "PETROL"]),
        "holder_type": rng.choice(["PRIVATE", "DEALER"]),
        "units": rng.choice([0, 1, 7, 90]),
    }


def _financials(rng: random.Random) -> Row:
    money = {name: Decimal(1000) for name in _MONEY}
    return {
        **_partner(rng),
        "fiscal_month": rng.choice(MONTHS),
        **money,
        "new_vehicle_gross_profit_eur": Decimal(rng.randint(-200_000, 900_000)) / 100,
    }


_MONEY = [
    f"{name}_eur"
    for name in (
        *("new_vehicle_revenue", "used_vehicle_revenue", "used_vehicle_gross_profit"),
        *("service_revenue", "service_gross_profit", "fixed_expenses", "operating_result"),
        *("equity", "total_assets", "liquid_funds"),
    )
]


def _sales_target(rng: random.Random) -> Row:
    quarter = rng.choice([*QUARTERS[-6:], date(2021, 1, 1)])
    return {
        **_partner(rng),
        "quarter_start": quarter,
        "segment_code": rng.choice(["SUV", "COMPACT"]),
        "powertrain_code": "BEV",
        "version": rng.choice([1, 2]),
        "base_units": rng.choice([0, 3, 10]),
        "min_purchase_units": 0,
        "announced_on": rng.choice([None, quarter, quarter + _DAY]),
        "consented_on": rng.choice([None, None, quarter + 5 * _DAY]),
    }


# -- contracts --------------------------------------------------------------------------------


def _contract(rng: random.Random) -> Row:
    """Most hold for years; some begin or end with a quarter, a window or today."""
    contract_id = rng.choice(CONTRACTS)
    dealer_id = rng.choice([*DEALERS, "D9"])
    ends = [day - rng.choice([1, 2]) * _DAY for day in QUARTERS[-5:]]
    lasts = [*rng.sample(ends, 2), *rng.sample(PUBLISHED, 2), _around(rng, _today(rng))]
    return {
        "contract_id": contract_id,
        "dealer_id": dealer_id,
        "brand_code": rng.choice([DEALERS.get(dealer_id, "AURA")] * 20 + ["BOREA"]),
        "valid_from": rng.choice(
            [date(2018, 1, 1)] * 6 + [date(2020, 3, 31), date(2020, 4, 1), date(2021, 1, 20)]
        ),
        "valid_to": rng.choice([None] * 5 + [date(2020, 9, 30)] + lasts),
        "auto_adopt_standards": rng.random() < 0.7,
        "objection_days": _objection_days(contract_id),
        "benchmark_quantile": Decimal(rng.choice(["0", "0.25", "0.5", "0.6", "0.75", "0.9", "1"])),
        "breach_quarters": rng.choice([1, 1, 2, 2, 3]),
    }


def _objection_days(contract_id: str) -> int:
    return OBJECTION_DAYS[int(contract_id[1:]) % len(OBJECTION_DAYS)]


def _published_on(standard_code: str, version: str) -> date:
    return PUBLISHED[(len(standard_code) + ord(standard_code[0]) + int(version)) % len(PUBLISHED)]


def _standard(rng: random.Random) -> Row:
    """HUD is of a brand that nobody has a contract for, NEXT not mandatory yet."""
    standard_code, version = rng.choice(STANDARDS), rng.choice(VERSIONS)
    published_on = _published_on(standard_code, version)
    mandatory = [published_on, date(2020, 12, 20), published_on + 400 * _DAY, _today(rng)]
    windows = [published_on + days * _DAY for days in (1, 31, 31, 32, 34, 61, 100)]
    withdrawals = [*windows, _today(rng), date(2021, 3, 1)]
    return {
        "standard_code": standard_code,
        "version": version,
        "brand_code": "CETUS" if standard_code == "HUD" else rng.choice([*BRANDS, "AURA", "AURA"]),
        "published_on": published_on,
        "mandatory_from": (
            date(2021, 2, 1)
            if standard_code == "NEXT"
            else rng.choice([*mandatory, *mandatory[:2], mandatory[1]])
        ),
        "withdrawn_on": rng.choice([None] * 12 + withdrawals),
    }


def _contract_event(rng: random.Random) -> Row:
    """Around the first and last days of windows, the resolutions also before objections."""
    contract_id = rng.choice([*CONTRACTS, *CONTRACTS, "K99"])
    standard_code, version = rng.choice(STANDARDS[:2]), rng.choice(VERSIONS)
    first = _published_on(standard_code, version)
    last = first + _objection_days(contract_id) * _DAY
    kinds = ["OBJECTION", "OBJECTION", "ADOPTION", "OBJECTION_RESOLVED"]
    return {
        "event_id": f"O{rng.randint(1, 1600)}",
        "contract_id": contract_id,
        "event_type": rng.choice(kinds),
        "standard_code": standard_code,
        "version": version,
        "event_on": rng.choice([_around(rng, first), last, _around(rng, last), _today(rng)]),
    }


def _escalation_event(rng: random.Random) -> Row:
    """Around days on which escalations open, plans are due and quarters end."""
    event_type = rng.choice(["ACKNOWLEDGED", "ACKNOWLEDGED", *["PLAN_AGREED"] * 4, "CLOSED"])
    after = (
        [-1, -1, 0, 0, 0, 1, 45]
        if event_type == "CLOSED"
        else [-1, 0, 1, 20, 29, 30, 31, 32, 33, 33]
    )
    return {
        "event_id": f"X{rng.randint(1, 1600)}",
        "contract_id": rng.choice([*CONTRACTS, *CONTRACTS[:20] * 3]),
        "event_type": event_type,
        "event_on": rng.choice(QUARTERS) + rng.choice(after) * _DAY,
    }


# -- the dialogue, modules, requirements ------------------------------------------------------


def _meeting(rng: random.Random) -> Row:
    return {
        "meeting_id": f"G{rng.randint(1, 260)}",
        **_partner(rng),
        "held_on": _day(rng)
        if rng.random() < 0.5
        else date(2020, 1, 1) + rng.randint(0, 380) * _DAY,
        "participants": rng.choice([None, 4]),
        "topics": None,
    }


def _action(rng: random.Random) -> Row:
    raised_on = _day(rng)
    later = [raised_on + days * _DAY for days in (0, 1, 7, 30)]
    decided_on = rng.choice([None, *later])
    return {
        "action_id": f"A{rng.randint(1, 700)}",
        "meeting_id": f"G{rng.randint(1, 270)}",
        "owner": rng.choice(["OEM", "PARTNER"]),
        "raised_on": raised_on,
        "decided_on": decided_on,
        "due_on": rng.choice([None, *later, _today(rng), _around(rng, _today(rng))]),
        "done_on": rng.choice([None, None, (decided_on or raised_on) + rng.randint(0, 60) * _DAY]),
        "title": "Betreuung",
    }


def _module(rng: random.Random) -> Row:
    return {
        "module_code": rng.choice(MODULES[:3]),
        "brand_code": rng.choice(BRANDS),
        "module_name": "Agentur",
        "available_from": date(2019, 1, 1),
    }


def _adoption(rng: random.Random) -> Row:
    """Decided at the ends of months, live around the ends of so many; NEW is not live anywhere."""
    ends = [date(2020, 8, 31), date(2020, 3, 31), date(2020, 7, 1), date(2020, 7, 4), _day(rng)]
    decided_on = rng.choice(ends)
    six_months_on = months_away(decided_on, 6)
    some_months_on = months_away(decided_on, rng.choice([0, 1, 2, 5, 13]))
    lives = [_today(rng), six_months_on, _around(rng, six_months_on), _around(rng, some_months_on)]
    module_code = rng.choice(MODULES)
    is_new = module_code == "NEW"
    return {
        **_partner(rng),
        "module_code": module_code,
        "decided_on": date(2020, 11, 30) if is_new else decided_on,
        "live_on": None if is_new else rng.choice([None, *lives]),
        "abandoned_on": None
        if is_new
        else rng.choice([None] * 4 + [_today(rng), *[date(2020, 12, 1)] * 3]),
    }


def _requirement(rng: random.Random) -> Row:
    """BOREA's begin after the first wave of the pulse survey, and apply to all or a peer group in
    other letters."""
    valid_from = rng.choice(MONTHS) - rng.choice([0, 1]) * _DAY
    requirement_id, brand_code = f"R{rng.randint(1, 60)}", rng.choice(BRANDS)
    groups = ["ALL", "CITY", "LAND", "NOBODY"]
    if brand_code == "BOREA":
        valid_from, groups = max(valid_from, date(2020, 3, 31)), ["all", "CITY", "Land", "NOBODY"]
    return {
        "requirement_id": requirement_id,
        "brand_code": brand_code,
        "title": "Showroom",
        "category": "SHOWROOM",
        "effort_days": rng.choice([None, Decimal("2.25"), Decimal(10)]),
        "cost_eur": rng.choice([None, Decimal("0.01"), Decimal("1234.56")]),
        "applies_to": rng.choice(groups),
        "valid_from": valid_from,
        "valid_to": rng.choice([None, valid_from, rng.choice(MONTHS) - rng.choice([0, 1]) * _DAY]),
    }


def _pulse(rng: random.Random) -> Row:
    waves = [date(2019, 12, 1), date(2020, 6, 1), date(2020, 12, 1), date(2021, 1, 1)]
    return {
        **_partner(rng),
        "wave_month": rng.choice([*waves[:3], rng.choice([*waves, date(2021, 2, 1)])]),
        "requirements_increased": rng.random() < 0.7,
        "trust_score": rng.choice([None, 5]),
    }


def _routing_rule(rng: random.Random) -> Row:
    return {
        "rule_id": f"Q{rng.randint(1, 30)}",
        "brand_code": rng.choice(BRANDS),
        "postal_prefix": rng.choice(["8", "20", "10115", None]),
        "responsible_dealer_id": rng.choice(list(DEALERS)),
        "priority": 1,
        "valid_from": date(2018, 1, 1),
        "valid_to": rng.choice([None, date(2020, 6, 30)]),
    }


def _service_level(rng: random.Random) -> Row:
    return {
        "brand_code": rng.choice(BRANDS),
        "case_type": rng.choice(["COMPLAINT", "WARRANTY"]),
        "target_hours": rng.choice([0, 24, 168]),
    }


_WHOLE: dict[str, Callable[[random.Random], list[Row]]] = {
    "oem__dealers": _dealers,
    "oem__postal_areas": _areas,
    "oem__territories": _territories,
    "oem__vehicle_models": _models,
    "oem__kpi_weights": _weights,
    "oem__kpi_targets": _targets,
}
"""Feeds whose rows are not drawn one by one."""
_ROWS: dict[str, Callable[[random.Random], Row]] = {
    "dealer__surveys": _survey,
    "dealer__leads": _lead,
    "dealer__cases": _case,
    "dealer__vehicle_events": _vehicle_event,
    "dealer__financials": _financials,
    "market__registrations": _market,
    "oem__sales_targets": _sales_target,
    "oem__contracts": _contract,
    "oem__technology_standards": _standard,
    "oem__contract_events": _contract_event,
    "oem__escalation_events": _escalation_event,
    "dealer__meetings": _meeting,
    "dealer__actions": _action,
    "oem__business_modules": _module,
    "dealer__module_adoptions": _adoption,
    "oem__requirements": _requirement,
    "dealer__pulse_surveys": _pulse,
    "oem__service_levels": _service_level,
    "oem__routing_rules": _routing_rule,
}
_MANY = {
    **dict.fromkeys(_WHOLE, 0),
    "dealer__surveys": 2600,
    "dealer__leads": 1000,
    "dealer__cases": 1200,
    "dealer__vehicle_events": 2000,
    "dealer__financials": 200,
    "market__registrations": 900,
    "oem__sales_targets": 120,
    "oem__contracts": 110,
    "oem__technology_standards": 60,
    "oem__contract_events": 1500,
    "oem__escalation_events": 900,
    "dealer__meetings": 260,
    "dealer__actions": 700,
    "oem__business_modules": 8,
    "dealer__module_adoptions": 180,
    "oem__requirements": 60,
    "dealer__pulse_surveys": 120,
    "oem__service_levels": 5,
    "oem__routing_rules": 30,
}
"""Rows drawn for a world; as keys collide, some fewer come out."""
