"""Random worlds of brand, campaigns and pilots around the turn of a year with a week 53.

    lake.load(*random_brand_world(rng))
    lake.load(*random_brand_load(rng))

`random_brand_world` fills a world: invoices lie around the limits of discounts and around the days
on which weeks, quarters and premium windows end; programmes with tiers of several measures look at
the same units; local campaigns overlap and change just as much as they may, or one part more; what
dealers achieve changes in the middle of 2020, so that pilots gain or lose. `random_brand_load`
changes little of it. Both are made of the same random rows.
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
from tests.support.recomputed import later

Row = dict[str, Any]

DEALERS = [f"D{number}" for number in range(1, 9)]
STRANGER = "D99"
"""He stands in no list of dealers."""
BRANDS = ["AURA", "BOREA"]
MODELS = {"M1": "AURA", "M2": "AURA", "M3": "BOREA", "M4": "BOREA", "M9": "AURA"}
"""By brand; M9 stands in no list of models."""
KINDS = [("SUV", "BEV"), ("SUV", "PETROL"), ("COMPACT", "BEV")]
DISTRICTS = ["02000", "05315", "09162", "11000", "14713"]
MONTHS = [later(date(2019, 9, 1), number) for number in range(17)]
"""September 2019 to January 2021."""
QUARTERS = [month for month in MONTHS if month.month % 3 == 1]
TURN = date(2020, 6, 1)
"""From this day on dealers with odd numbers do better, and those with even numbers worse."""
EDGES = [
    *(date(2019, 12, 29), date(2019, 12, 30), date(2019, 12, 31), date(2020, 1, 1)),
    *(date(2020, 3, 29), date(2020, 3, 31), date(2020, 4, 1), date(2020, 6, 30)),
    *(date(2020, 9, 27), date(2020, 9, 28), date(2020, 9, 30), date(2020, 10, 1)),
    *(date(2020, 12, 27), date(2020, 12, 28), date(2020, 12, 31)),
    *(date(2021, 1, 1), date(2021, 1, 3), date(2021, 1, 4)),
]
"""Ends of weeks and quarters; premium windows begin and end there, too."""
TODAYS = [
    datetime(2020, 12, 31, 22, 59, 59, 999999, tzinfo=UTC),  # New Year's Eve in Berlin
    datetime(2021, 1, 15, 11, 30, tzinfo=UTC),
    datetime(2020, 12, 31, 23, tzinfo=UTC),  # New Year's Day in Berlin
]
"""As of when the worlds are seen."""
CAMPAIGNS = 12
LOCAL_CAMPAIGNS = 108
PILOTS = 14
WEIGHTS = [
    [10, 10, 1, 9, 20, 50],
    [30, 1, 9, 60],
    [20, 10, 1, 69],
    [60, 1, 39, 100],
    [33, 33, 33],
    [15, 6, 9, 70],
    [100, 100, 100, 3],
    [20, 11, 9, 60],
    [],
]
"""Of the elements of campaigns; not all sum to 100."""

RESERVED = {
    "campaign_id": "BRAND_POSITIONING_COST",
    "brand_code": "AURA",
    "starts_on": date(2020, 3, 1),
    "ends_on": date(2020, 3, 31),
    "budget_eur": Decimal("0.07"),
    "is_premium": False,
}
"""A campaign that bears the name of the claim."""

_BERLIN = ZoneInfo(NETWORK_ZONE)
_DELIVERED = [datetime(2021, 2, day, 3) for day in (1, 3, 8, 8, 12, 14)]
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_LATEST = datetime(2020, 12, 31, 22)
"""UTC; nothing that has an instant happens later, since then it has not happened yet."""


def random_brand_world(rng: random.Random) -> list[File]:
    """The files of a first load: something of everything."""
    rows = {feed: _rows(rng, feed, many) for feed, many in _MANY.items()}
    rows["oem__campaign_elements"] += _elements(rng)
    rows["oem__brand_campaigns"].append(RESERVED)
    files = [_file(rng, feed, found, _DELIVERED[2]) for feed, found in rows.items()]
    return files + _moves(rng, rows["oem__pilot_members"])


def _moves(rng: random.Random, members: list[Row]) -> list[File]:
    """Earlier versions of some members, from before most pilots: those of the first file were in
    the other arm, of whom the second file has moved some before the pilot and leaves the others to
    be moved while it runs."""
    told = [row for row in members if "arm" in row][:12]
    other = {"PILOT": "CONTROL", "CONTROL": "PILOT"}
    earlier = [row | {"arm": other[row["arm"]]} for row in told]
    days = (datetime(2020, 5, 11, 3), datetime(2020, 5, 12, 3))
    return [
        _file(rng, "oem__pilot_members", rows, day)
        for rows, day in zip((earlier, told[:8]), days, strict=True)
    ]


def random_brand_load(rng: random.Random) -> list[File]:
    """The files of one load: new rows, corrections, withdrawals, late older versions, lists."""
    feeds = rng.sample(list(_MANY), k=rng.randint(3, 6))
    return [
        _file(
            rng,
            feed,
            _rows(rng, feed, max(_MANY[feed], 8) if _feeds()[feed].mode == "snapshot" else 5),
            rng.choice(_DELIVERED),
        )
        for feed in feeds
    ]


@cache
def _feeds() -> dict[str, Feed]:
    return load_contracts()


def _file(rng: random.Random, feed: str, rows: list[Row], delivered_at: datetime) -> File:
    senders = {"oem": ["oem"], "market": ["market"], "dealer": ["dms", "hub"]}
    return File(
        feed,
        rows,
        sender=rng.choice(senders[feed.split("__")[0]]),
        delivered_at=delivered_at,
        name=f"{feed}_{rng.randint(0, 10**9)}.csv",
    )


def _rows(rng: random.Random, feed: str, many: int) -> list[Row]:
    """Random rows, each key once; some of a feed of events only withdraw their key."""
    rows = {}
    key = _feeds()[feed].key
    for _ in range(many):
        row = _ROWS[feed](rng)
        if _feeds()[feed].mode == "events" and rng.random() < (0.02 if many > 5 else 0.15):
            row = {name: row[name] for name in key} | {"is_deleted": True}
        rows[tuple(row[name] for name in key)] = row
    return list(rows.values())


def _around(rng: random.Random, day: date) -> date:
    return day + timedelta(days=rng.choice([-1, 0, 0, 0, 1]))


def _day(rng: random.Random) -> date:
    """Often where a week, a quarter or a window ends."""
    if rng.random() < 0.5:
        return _around(rng, rng.choice(EDGES))
    return rng.choice(MONTHS) + timedelta(days=rng.randint(0, 30))


def _instant(rng: random.Random) -> datetime:
    """UTC; a third within an hour of a midnight in Berlin."""
    day = _day(rng)
    midnight = datetime(day.year, day.month, day.day, tzinfo=_BERLIN).astimezone(UTC)
    shift = rng.choice([timedelta(0), timedelta(microseconds=-1), _HOUR, 9 * _HOUR, 15 * _HOUR])
    return min(midnight.replace(tzinfo=None) + shift, _LATEST)


def _dealer_id(rng: random.Random) -> str:
    return STRANGER if rng.random() < 0.03 else rng.choice(DEALERS)


def _does_well(rng: random.Random, dealer_id: str, day: date) -> bool:
    if day < TURN:
        return rng.random() < 0.5
    return rng.random() < (0.9 if int(dealer_id[1:]) % 2 else 0.15)


# -- the network and the market ---------------------------------------------------------------


def _dealer(rng: random.Random) -> Row:
    return {
        "dealer_id": rng.choice(DEALERS),
        "brand_code": rng.choice(BRANDS),
        "dealer_name": "Autohaus",
        "contract_model": "DEALER",
        "postal_code": "80331",
        "district_code": rng.choice(DISTRICTS),
        "peer_group": "CITY",
        "is_top_partner": False,
        "opened_on": rng.choice([*[date(2000, 1, 1)] * 6, rng.choice(EDGES)]),
        "closed_on": rng.choice([*[None] * 6, _around(rng, rng.choice(EDGES)), date(2020, 2, 29)]),
    }


def _model(rng: random.Random) -> Row:
    model_code = rng.choice(["M1", "M2", "M3", "M4"])
    segment_code, powertrain_code = rng.choice(KINDS)
    return {
        "model_code": model_code,
        "brand_code": MODELS[model_code],
        "model_name": "One",
        "segment_code": segment_code,
        "powertrain_code": powertrain_code,
        "list_price_eur": Decimal("30000.00"),
        "max_discount_rate": Decimal(rng.choice(["0.1", "0.05", "0.123457", "0"])),
    }


def _market(rng: random.Random) -> Row:
    """No month before July 2019 nor after November 2020; of some districts the late ones only."""
    district_code = rng.choice(DISTRICTS)
    segment_code, powertrain_code = rng.choice(KINDS)
    months = [later(date(2019, 7, 1), number) for number in range(17)]
    return {
        "registration_month": rng.choice(months[-3:] if district_code == "14713" else months),
        "district_code": district_code,
        "brand_code": rng.choice([*BRANDS, "OTHER"]),
        "segment_code": segment_code,
        "powertrain_code": powertrain_code,
        "holder_type": rng.choice(["PRIVATE", "DEALER"]),
        "units": rng.choice([0, 1, 1, 7, 90]),
    }


# -- vehicles, programmes, targets ------------------------------------------------------------


def _vehicle_event(rng: random.Random) -> Row:
    """Each vehicle has a dealer and a model that most of its events name."""
    number = rng.randrange(500)
    kinds = ["INVOICE"] * 6 + ["REGISTRATION"] * 5 + ["CANCELLATION", "DEREGISTRATION", "ORDER"]
    model_code = list(MODELS)[number % 4] if rng.random() < 0.95 else rng.choice(list(MODELS))
    is_of_brand = rng.random() < 0.98
    list_price = rng.choice([None, "0", "35555.54", "35555.55", "40000", "40000", "8100.07"])
    return {
        "event_id": f"E{rng.randint(1, 3000):04d}",
        "dealer_id": _dealer_id(rng) if rng.random() < 0.15 else DEALERS[number % 7],
        "brand_code": MODELS[model_code] if is_of_brand else rng.choice(BRANDS),
        "vin": f"WAUZZZ8V0KA{number:06d}",
        "event_type": rng.choice(kinds),
        "event_date": _day(rng),
        "model_code": model_code,
        "holder_type": rng.choice(["PRIVATE"] * 8 + ["FLEET", None, "DEALER", "OEM"]),
        "list_price_eur": None if list_price is None else Decimal(list_price),
        "net_price_eur": _net_price(rng, list_price),
    }


def _net_price(rng: random.Random, list_price: str | None) -> Decimal | None:
    """Around a limit, to the cent; or far from it: dearer than the list says, or below nothing."""
    if rng.random() < 0.05:
        return None
    full = Decimal(list_price or "20000")
    limit = Decimal(rng.choice(["0.1", "0.05", "0.123457", "0"]))
    at_limit = (full * (1 - limit)).quantize(Decimal("0.01"))
    cents = rng.choice([0, 0, 1, -1, 2, -2, -5_000_000, 55_000])
    return at_limit + Decimal(cents).scaleb(-2)


def _program(rng: random.Random) -> Row:
    """Its grain, brand and measure are always the same; some are refused, some have no units."""
    number, version = rng.randint(1, 12), rng.choice([1, 1, 1, 2])
    measure = ["UNITS_REGISTERED", "UNITS_INVOICED", "TARGET_ATTAINMENT", "UNITS_REGISTERED"][
        number % 4
    ]
    valid_from = date(2019, 1, 1) if version == 1 else rng.choice(QUARTERS)
    announced = rng.choice([valid_from, valid_from, valid_from + _DAY, None])
    return {
        "program_id": f"P{number}",
        "version": version,
        "brand_code": BRANDS[number // 2 % 2],
        "program_name": "Bonus",
        "period_grain": "QUARTER" if measure == "TARGET_ATTAINMENT" else _grain(number),
        "measure": {11: "REVENUE_NET", 12: "KPI"}.get(number, measure),
        "measure_kpi_code": "CSI" if number == 12 else None,
        "payout_basis": rng.choice(["EUR_PER_UNIT", "RATE_OF_LIST_PRICE", "FIXED_EUR"]),
        "tier_mode": rng.choice(["RETROACTIVE", "RETROACTIVE", "LINEAR", "MARGINAL"]),
        "segment_code": rng.choice([None] * 5 + ["SUV"]),
        "powertrain_code": rng.choice([None] * 6 + ["BEV"]),
        "requires_strong_market": False,
        "gate_kpi_code": rng.choice([None] * 4 + ["CSI"]),
        "gate_min_value": Decimal(70),
        "hold_days": rng.choice([None, 0, 14, 30]),
        "grace_days": rng.choice([0, 5, 45]),
        "payment_days": 10,
        "credits_refinancing": False,
        "valid_from": valid_from,
        "valid_to": rng.choice([None] * 5 + [date(2020, 9, 30)]),
        "announced_on": date(2018, 12, 1) if version == 1 else announced,
        "consented_on": None if version == 1 else rng.choice([None, _day(rng)]),
        "approved_by_1": "Anna Amsel",
        "approved_by_2": rng.choice(["Bernd Buche"] * 9 + ["Anna Amsel"]),
    }


def _program_of_one_kind(rng: random.Random) -> Row:
    """A gate is whole or there is none."""
    row = _program(rng)
    return row if row["gate_kpi_code"] else row | {"gate_min_value": None}


def _grain(number: int) -> str:
    return ["QUARTER", "MONTH", "QUARTER", "YEAR", "QUARTER"][number % 5]


def _tier(rng: random.Random) -> Row:
    """Four of a version at most; of an attainment in shares, and not always ascending."""
    number, tier_no = rng.randint(1, 12), rng.randint(1, 4)
    is_attainment = number % 4 == 2 and number != 12
    of_units = ["3", "8.5", "15", "30"] if number % 3 == 0 else ["7", "14", "22", "60"]
    usual = ["0.333333", "1", "1.25", "3"] if is_attainment else of_units
    odd = rng.random() < 0.04
    return {
        "program_id": f"P{number}",
        "version": rng.choice([1, 1, 2]),
        "tier_no": tier_no,
        "threshold": Decimal(rng.choice(["0", "2", "40"]) if odd else usual[tier_no - 1]),
        "rate": Decimal(rng.choice(["0.005", "0.01", "0.5"])),
    }


def _sales_target(rng: random.Random) -> Row:
    segment_code, powertrain_code = rng.choice(KINDS)
    quarter = rng.choice(QUARTERS)
    return {
        "dealer_id": _dealer_id(rng),
        "brand_code": rng.choice(BRANDS),
        "quarter_start": quarter,
        "segment_code": segment_code,
        "powertrain_code": powertrain_code,
        "version": rng.choice([1, 1, 2]),
        "base_units": rng.choice([0, 1, 3, 7, 11]),
        "min_purchase_units": 0,
        "announced_on": rng.choice([None, quarter, quarter, quarter + _DAY]),
        "consented_on": rng.choice([None, None, quarter + 40 * _DAY]),
    }


# -- campaigns --------------------------------------------------------------------------------


def _campaign(rng: random.Random) -> Row:
    starts_on = _around(rng, rng.choice(EDGES))
    days = rng.choice([0, 1, 6, 13, 30, 90, -1])
    edge = min(day for day in [*EDGES, date.max] if day >= starts_on + 4 * _DAY)
    early = [date(2018, 3, 1), date(2019, 8, 31), date(2021, 4, 1)]
    return {
        "campaign_id": f"K{rng.randint(1, CAMPAIGNS)}",
        "brand_code": rng.choice(BRANDS),
        "starts_on": rng.choice([*[starts_on] * 8, rng.choice(early)]),
        "ends_on": rng.choice([starts_on + timedelta(days=days), edge]),
        "budget_eur": Decimal(rng.choice(["0", "0.01", "0.02", "1000000.00", "3333333.33"])),
        "is_premium": rng.random() < 0.6,
    }


def _elements(rng: random.Random) -> list[Row]:
    """Those of all campaigns, and of one that is unknown."""
    rows = []
    for number in range(1, CAMPAIGNS + 2):
        weights = WEIGHTS[(number + rng.randint(0, 1)) % len(WEIGHTS)]
        rows += [
            _element(rng, number, code) | {"weight": weight}
            for code, weight in enumerate(weights, start=10)
        ]
    return rows


def _element(rng: random.Random, number: int, code: int) -> Row:
    """The later of a campaign are locked more often; a dealer changes the others."""
    return {
        "campaign_id": f"K{number}",
        "element_code": f"X{code}",
        "weight": rng.choice([0, 1, 30, 31]),
        "is_locked": rng.random() < (0.5 if code > 12 else 0.05),
    }


def _any_element(rng: random.Random) -> Row:
    return _element(rng, rng.randint(1, CAMPAIGNS), rng.randint(10, 16))


def _usual_local(number: int) -> Row:
    """What most versions of a local campaign, and the leads that it brings, have alike."""
    return {
        "local_campaign_id": f"L{number}",
        "dealer_id": (DEALERS + [STRANGER])[number % 9],
        "brand_code": BRANDS[number // 9 % 2],
        "campaign_id": f"K{1 + number % 6 * 2}",
    }


def _local_campaign(rng: random.Random) -> Row:
    row = _usual_local(rng.randint(1, LOCAL_CAMPAIGNS))
    if rng.random() < 0.15:
        row["campaign_id"] = f"K{rng.choice([*range(1, CAMPAIGNS + 2), 99])}"
    today = rng.choice(TODAYS).date()
    starts_on = _around(rng, rng.choice([*EDGES, today, today, today + 30 * _DAY]))
    submitted_on = starts_on - timedelta(days=20)
    approved = [starts_on - 3 * _DAY, starts_on, starts_on + _DAY, _around(rng, today)]
    return row | {
        "submitted_on": submitted_on,
        "approved_on": rng.choice([None, None, *approved[:2] * 3, *approved]),
        "starts_on": starts_on,
        "ends_on": starts_on + timedelta(days=rng.choice([0, 6, 30, 90, -1])),
        "cost_eur": Decimal(rng.choice(["0", "0.01", "100", "1000.01", "2500.55"])),
        "impressions": rng.choice([None, 0, 1000, 30_001]),
        "clicks": rng.choice([None, 0, 7, 999]),
    }


def _change(rng: random.Random) -> Row:
    return {
        "local_campaign_id": f"L{rng.randint(1, LOCAL_CAMPAIGNS)}",
        "element_code": f"X{rng.choice([10, 10, 10, 11, 11, 11, 12, 13, 99])}",
        "is_changed": rng.random() < 0.75,
    }


def _lead(rng: random.Random) -> Row:
    """Half name a campaign; those that do are mostly of the dealer whose it is. Some local
    campaigns are never named."""
    created_at = _instant(rng)
    day = created_at.date()
    local = _usual_local(rng.randint(1, LOCAL_CAMPAIGNS))
    is_named = int(local["local_campaign_id"][1:]) % 3 > 0
    names = [local["local_campaign_id"] if is_named else None, *[local["campaign_id"]] * 2]
    campaign_id = rng.choice([None] * 3 + names + [rng.choice(["K99", "K1", "L1"])])
    is_his = campaign_id is not None and rng.random() < 0.9
    dealer_id = local["dealer_id"] if is_his else _dealer_id(rng)
    does_well = _does_well(rng, dealer_id, day)
    late = timedelta(hours=24, microseconds=rng.choice([0, 1]))
    return {
        "lead_id": f"A{rng.randint(1, 5000):04d}",
        "dealer_id": dealer_id,
        "brand_code": local["brand_code"] if is_his else rng.choice(BRANDS),
        "campaign_id": campaign_id,
        "channel": "WEB",
        "created_at": created_at,
        "first_response_at": created_at + late if does_well else rng.choice([None, _LATEST]),
        "sold_vin": f"WAUZZZ8V0KA{rng.randrange(500):06d}" if does_well else None,
    }


# -- pilots -----------------------------------------------------------------------------------


def _usual_pilot(number: int) -> Row:
    """KPI, brand and start of a pilot, which its members know."""
    starts = [TURN, TURN, date(2020, 5, 15), date(2020, 6, 2), TURN, date(2020, 10, 31)]
    late = [date(2020, 12, 1), date(2021, 1, 1), date(2021, 3, 15)]
    kpis = ["CLOSING_RATE", "CASE_CYCLE_HOURS", "LEAD_RESPONSE_24H", "CLOSING_RATE", "CSI"]
    others = ["STOCK_DAYS", "BRAND_CONSISTENCY", "MADE_UP"]
    return {
        "pilot_id": f"T{number}",
        "brand_code": BRANDS[number % 2],
        "kpi_code": others[number % 3] if number > 11 else kpis[number % 5],
        "starts_on": late[number % 3] if number in (7, 8, 9) else starts[number % 6],
    }


def _pilot(rng: random.Random) -> Row:
    row = _usual_pilot(rng.randint(1, PILOTS))
    ends = [date(2020, 12, 31), date(2020, 12, 30), date(2020, 9, 15), date(2020, 5, 1)]
    return row | {
        "pilot_name": f"Showroom {row['pilot_id']}",
        "ends_on": rng.choice([None] * 4 + ends),
        "success_uplift_rate": Decimal(rng.choice(["0.05", "0.1", "0.2", "30", "-0.1"])),
        "min_dealers": rng.choice([2, 2, 3, 3, 0, 6]),
    }


def _member(rng: random.Random) -> Row:
    """Pilots with an even number take the good dealers, the others the bad ones. Most have joined
    by the start, some not even by the first whole month."""
    number = rng.randint(1, PILOTS)
    pilot = _usual_pilot(number)
    dealer_id = _dealer_id(rng)
    is_good = int(dealer_id[1:]) % 2 == 1
    is_usual = rng.random() < 0.9
    starts_on = pilot["starts_on"]
    first_whole = starts_on if starts_on.day == 1 else later(starts_on.replace(day=1), 1)
    return {
        "pilot_id": pilot["pilot_id"],
        "dealer_id": dealer_id,
        "arm": "PILOT" if (is_good == (number // 2 % 2 == 0)) == is_usual else "CONTROL",
        "joined_on": rng.choice([starts_on - 5 * _DAY] * 6 + [first_whole, first_whole + _DAY]),
    }


def _rollout(rng: random.Random) -> Row:
    planned_on = _day(rng)
    later_on = planned_on + timedelta(days=rng.choice([0, 5, 60]))
    return {
        "pilot_id": f"T{rng.choice([*range(1, PILOTS + 1), 99])}",
        "dealer_id": _dealer_id(rng),
        "planned_on": planned_on,
        "live_on": rng.choice([None, planned_on - 9 * _DAY, later_on, later_on, date(2021, 1, 15)]),
    }


def _survey(rng: random.Random) -> Row:
    sent_at = _instant(rng)
    dealer_id = _dealer_id(rng)
    scores = [7, 8, 9, 10] if _does_well(rng, dealer_id, sent_at.date()) else [2, 3, 5, 6]
    return {
        "response_id": f"S{rng.randint(1, 900):04d}",
        "dealer_id": dealer_id,
        "brand_code": rng.choice(BRANDS),
        "survey_type": "SALES",
        "sent_at": sent_at,
        "answered_at": rng.choice([None, *[sent_at + _HOUR] * 5]),
        "score": rng.choice(scores),
    }


def _case(rng: random.Random) -> Row:
    opened_at = _instant(rng) - 60 * _HOUR
    dealer_id = _dealer_id(rng)
    took = 3 if _does_well(rng, dealer_id, opened_at.date()) else 41
    return {
        "case_id": f"C{rng.randint(1, 1500):04d}",
        "dealer_id": dealer_id,
        "brand_code": rng.choice(BRANDS),
        "case_type": "WARRANTY",
        "product_category": "BRAKES",
        "customer_postal_code": "80331",
        "opened_at": opened_at,
        "resolved_at": rng.choice([None, *[opened_at + took * _HOUR] * 6]),
    }


def _stock(rng: random.Random) -> Row:
    return {
        "dealer_id": _dealer_id(rng),
        "snapshot_date": rng.choice(MONTHS) + 27 * _DAY,
        "vin": f"WAUZZZ8V0KA{rng.randrange(500):06d}",
        "brand_code": rng.choice(BRANDS),
        "model_code": "M1",
        "stock_status": rng.choice(["IN_STOCK", "IN_STOCK", "DEMO"]),
    }


_ROWS: dict[str, Callable[[random.Random], Row]] = {
    "oem__dealers": _dealer,
    "oem__vehicle_models": _model,
    "oem__brand_campaigns": _campaign,
    "oem__campaign_elements": _any_element,
    "oem__incentive_programs": _program_of_one_kind,
    "oem__incentive_tiers": _tier,
    "oem__sales_targets": _sales_target,
    "oem__pilots": _pilot,
    "oem__pilot_members": _member,
    "oem__pilot_rollouts": _rollout,
    "market__registrations": _market,
    "dealer__vehicle_events": _vehicle_event,
    "dealer__local_campaigns": _local_campaign,
    "dealer__campaign_changes": _change,
    "dealer__leads": _lead,
    "dealer__surveys": _survey,
    "dealer__cases": _case,
    "dealer__stock": _stock,
}
_MANY = {
    "oem__dealers": 60,
    "oem__vehicle_models": 16,
    "oem__brand_campaigns": 24,
    "oem__campaign_elements": 0,
    "oem__incentive_programs": 60,
    "oem__incentive_tiers": 250,
    "oem__sales_targets": 250,
    "oem__pilots": 40,
    "oem__pilot_members": 220,
    "oem__pilot_rollouts": 60,
    "market__registrations": 300,
    "dealer__vehicle_events": 2000,
    "dealer__local_campaigns": 230,
    "dealer__campaign_changes": 190,
    "dealer__leads": 5000,
    "dealer__surveys": 1000,
    "dealer__cases": 2000,
    "dealer__stock": 300,
}
"""Rows drawn for a world; as keys collide, some fewer come out."""
