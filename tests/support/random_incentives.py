"""Random worlds of targets, programmes and vehicles, delivered bit by bit while months are closed.

    world = random_world(seed=3)
    for load in world.loads: ...

Vehicles are claimed twice, moved, corrected, withdrawn, cancelled and deregistered on the last day
that matters and on the day after; rules come late, with consent or without; programmes are of every
kind, some of none that is allowed. What is delivered keeps to what the loader accepts: a close is
never moved, and no version that a close has used is changed. In a world with `late` files some are
stamped before a close that had been taken when they came.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from tests.support.incentives_recomputed import Load, period_end, period_start
from tests.support.lake import FIRST_LOAD, File, Lake
from tests.support.recomputed import last_day, later

Row = dict[str, Any]

FIRST_MONTH = date(2024, 1, 1)
BRANDS = ["AURA", "BOREA", "CIRRO"]
SEGMENTS = ["COMPACT", "SUV"]
POWERTRAINS = ["BEV", "PETROL"]
KINDS = [(s, p) for s in SEGMENTS for p in POWERTRAINS]
DISTRICTS = ["09162", "11000", "02000", "05315"]
UNKNOWN_DEALER = "D99"
UNKNOWN_MODEL = "M99"
GATES = [("CSI", "70"), ("EV_SHARE", "0.4"), ("CLOSING_RATE", "0.3"), ("DATA_QUALITY", "0.9")]
MEASURED = ["CSI", "EV_SHARE", "MARKET_PENETRATION"]


@dataclass(frozen=True)
class World:
    loads: list[Load]

    def as_of(self, number: int) -> datetime:
        """An instant (aware) after so many loads and before the next."""
        return self.loads[number - 1].loaded_at.replace(tzinfo=UTC) + timedelta(hours=2)

    def in_one_load(self) -> World:
        """Everything at once, at the time of the last load."""
        files = [file for load in self.loads for file in load.files]
        return World([Load(self.loads[-1].loaded_at, files)])


def write(lake: Lake, load: Load) -> None:
    """Writes a load into a lake with its own `loaded_at`."""
    lake.loads = (load.loaded_at - FIRST_LOAD) / timedelta(days=1)
    assert lake.load(*load.files) == load.loaded_at


def random_world(seed: int, *, late: bool = True, months: int | None = None) -> World:
    rng = random.Random(seed)
    maker = _Maker(rng, late, months or rng.randint(6, 14))
    return maker.world()


@dataclass
class _Item:
    """A row on its way: ready on a day, in a file of its sender."""

    day: date
    feed: str
    row: Row
    sender: str = "oem"


@dataclass
class _Maker:
    rng: random.Random
    late: bool
    month_count: int
    items: list[_Item] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def world(self) -> World:
        self.months = [later(FIRST_MONTH, n) for n in range(self.month_count)]
        self.last_day = last_day(self.months[-1])
        self.network()
        self.market()
        self.weights()
        self.targets()
        self.programs()
        self.vehicles()
        self.kpis()
        return World(self.loads())

    # -- small helpers ------------------------------------------------------------------------

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def next_id(self, letter: str) -> str:
        self.numbers[letter] += 1
        return f"{letter}{self.numbers[letter]:05d}"

    def any_day(self) -> date:
        """Often at the edge of a month."""
        month = self.rng.choice(self.months)
        at_edge = [month, last_day(month), last_day(month) - timedelta(days=2)]
        return self.rng.choice([*at_edge, *[month + timedelta(days=self.rng.randint(0, 27))] * 4])

    def send(self, feed: str, row: Row, day: date, sender: str = "oem") -> None:
        self.items.append(_Item(day, feed, row, sender))

    # -- dealers, models, territories: snapshots ----------------------------------------------

    def network(self) -> None:
        self.brands = BRANDS[: self.rng.randint(2, 3)]
        dealer_ids = [f"D{n}" for n in range(1, self.rng.randint(4, 8) + 1)]
        self.dealers = [(d, b) for d in dealer_ids for b in self.brands if self.chance(0.6)]
        # the first brand has three dealers at least: peers are compared from three on
        self.dealers = sorted({*self.dealers, *((d, self.brands[0]) for d in dealer_ids[:3])})
        rows = [self._dealer(*dealer) for dealer in self.dealers]
        models = [
            {
                "model_code": f"M{n}",
                "brand_code": brand,
                "model_name": f"Model {n}",
                "segment_code": segment,
                "powertrain_code": powertrain,
                "list_price_eur": self.price(),
                "max_discount_rate": Decimal("0.1"),
            }
            for n, (brand, segment, powertrain) in enumerate(
                (b, *kind) for b in self.brands for kind in self.rng.sample(KINDS, k=3)
            )
        ]
        self.models = models
        territories = [
            {
                "dealer_id": dealer_id,
                "brand_code": brand,
                "district_code": district,
                "valid_from": date(2020, 1, 1),
                "valid_to": self.rng.choice([None, None, last_day(self.rng.choice(self.months))]),
            }
            for dealer_id, brand in self.dealers
            for district in self.rng.sample(DISTRICTS, k=self.rng.randint(0, 2))
        ]
        self.snapshots = [
            (FIRST_MONTH - timedelta(days=30), "oem__dealers", rows),
            (FIRST_MONTH - timedelta(days=30), "oem__vehicle_models", models),
            (FIRST_MONTH - timedelta(days=30), "oem__territories", territories),
        ]
        if self.chance(0.7):
            changed = [dict(r) for r in rows]
            self.rng.choice(changed)["closed_on"] = self.any_day()
            self.rng.choice(changed)["peer_group"] = "LAND"
            if len(changed) > 4 and self.chance(0.5):
                changed.pop(self.rng.randrange(len(changed)))
            self.snapshots.append((self.any_day(), "oem__dealers", changed))
        if self.chance(0.7):
            changed = [dict(r) for r in models]
            self.rng.choice(changed)["list_price_eur"] = self.price()
            self.rng.choice(changed)["segment_code"] = self.rng.choice(SEGMENTS)
            self.snapshots.append((self.any_day(), "oem__vehicle_models", changed))

    def _dealer(self, dealer_id: str, brand: str) -> Row:
        return {
            "dealer_id": dealer_id,
            "brand_code": brand,
            "dealer_name": f"Autohaus {dealer_id}",
            "contract_model": "DEALER",
            "postal_code": "80331",
            "district_code": self.rng.choice(DISTRICTS),
            "peer_group": self.rng.choice(["CITY", "CITY", "CITY", "LAND"]),
            "is_top_partner": False,
            "opened_on": self.rng.choice([date(2000, 1, 1)] * 6 + [self.any_day()]),
            "closed_on": self.rng.choice([None] * 7 + [self.any_day()]),
        }

    def price(self) -> Decimal:
        """To the cent; some alike, some that end on half a cent once a rate is applied."""
        alike = [Decimal("25000.00"), Decimal("30000.50")]
        return self.rng.choice([*alike, *[Decimal(self.rng.randint(900_000, 7_000_000)) / 100] * 4])

    def price_of_event(self) -> Decimal | None:
        odd = [None, None, Decimal("0.00"), Decimal("-250.00")]
        return self.rng.choice([*odd, *[self.price()] * 8])

    # -- market, weights, targets -------------------------------------------------------------

    def market(self) -> None:
        """Segments that grow, shrink, or have too few units to tell."""
        first = later(FIRST_MONTH, -18)
        for district in DISTRICTS:
            for kind in KINDS:
                usual, growth = self.rng.choice([2, 9, 40]), self.rng.uniform(0.5, 1.8)
                for n in range(18 + self.month_count):
                    month = later(first, n)
                    units = round(usual * (growth if month >= later(FIRST_MONTH, -6) else 1))
                    row = {
                        "registration_month": month,
                        "district_code": district,
                        "brand_code": self.rng.choice([*self.brands, "OTHER"]),
                        "segment_code": kind[0],
                        "powertrain_code": kind[1],
                        "holder_type": self.rng.choice(["PRIVATE", "DEALER"]),
                        "units": units + self.rng.randint(0, 3),
                    }
                    ready = max(later(month, 1) + timedelta(days=9), FIRST_MONTH)
                    self.send("market__registrations", row, ready, "market")
                    if self.chance(0.03):
                        corrected = row | {"units": row["units"] + self.rng.randint(1, 60)}
                        day = ready + timedelta(days=self.rng.randint(20, 120))
                        self.send("market__registrations", corrected, day, "market")

    def weights(self) -> None:
        """Two versions, with other least samples."""
        split = {"CSI": 40, "EV_SHARE": 20, "CLOSING_RATE": 20, "DATA_QUALITY": 20}
        middle = self.months[self.month_count // 2]
        validity = {1: (date(2020, 1, 1), None), 2: (middle, None)}
        for brand in self.brands:
            for version, (valid_from, valid_to) in validity.items():
                for kpi_code, weight in split.items():
                    row = {
                        "brand_code": brand,
                        "kpi_code": kpi_code,
                        "version": version,
                        "valid_from": valid_from,
                        "valid_to": valid_to,
                        "weight": Decimal(weight),
                        "floor_rate": Decimal(0),
                        "cap_rate": Decimal("1.2"),
                        "min_sample": self.rng.choice([0, 1, 1, 2, 5]),
                        "missing_policy": "EXCLUDE",
                    }
                    self.send("oem__kpi_weights", row, FIRST_MONTH)

    def targets(self) -> None:
        """Tiny ones, one to three versions each, the later ones late, with consent or without."""
        quarters = [m for m in self.months if m.month % 3 == 1] + [later(self.months[-1], 1)]
        of_stranger = (UNKNOWN_DEALER, self.brands[0])
        for dealer_id, brand in [*self.dealers, of_stranger]:
            for quarter in dict.fromkeys(period_start("QUARTER", q) for q in quarters):
                for segment, powertrain in KINDS:
                    if self.chance(0.55):
                        continue
                    for version in range(1, self.rng.choice([1, 1, 2, 3]) + 1):
                        key = (dealer_id, brand, quarter, segment, powertrain, version)
                        self._target(*key)

    def _target(
        self,
        dealer_id: str,
        brand: str,
        quarter: date,
        segment: str,
        powertrain: str,
        version: int,
    ) -> None:
        base = self.rng.choice([0, 1, 1, 2, 2, 3, 4, 5, 8])
        least = self.rng.choice([0, 0, base // 2, base, base + 1])
        late = [quarter + timedelta(days=1), quarter + timedelta(days=40)]
        in_time = [quarter, quarter - timedelta(days=20)]
        end = period_end("QUARTER", quarter)
        row = {
            "dealer_id": dealer_id,
            "brand_code": brand,
            "quarter_start": quarter,
            "segment_code": segment,
            "powertrain_code": powertrain,
            "version": version,
            "base_units": base,
            "min_purchase_units": least,
            "max_units": self.rng.choice([None, None, None, least, base, base + 1, base + 3]),
            "announced_on": self.rng.choice(in_time if version == 1 else [None, *in_time, *late]),
            "consented_on": self.rng.choice(
                [None, None, quarter + timedelta(days=50), end, end + timedelta(days=1)]
            ),
        }
        if row["max_units"] is not None and row["max_units"] < least:
            row["max_units"] = least
        ready = quarter - timedelta(days=15) if version == 1 else self.any_day()
        self.send("oem__sales_targets", row, max(ready, FIRST_MONTH))
        if self.chance(0.04):
            key = ("dealer_id", "brand_code", "quarter_start", "segment_code", "powertrain_code")
            gone = {name: row[name] for name in (*key, "version")} | {"is_deleted": True}
            self.send("oem__sales_targets", gone, ready + timedelta(days=100))

    # -- programmes ---------------------------------------------------------------------------

    def programs(self) -> None:
        self.holds: list[tuple[int | None, int]] = []
        measures = ["UNITS_REGISTERED", "UNITS_INVOICED", "REVENUE_NET", "TARGET_ATTAINMENT", "KPI"]
        bases = ["EUR_PER_UNIT", "RATE_OF_LIST_PRICE", "RATE_OF_NET_PRICE", "FIXED_EUR"]
        modes = ["RETROACTIVE", "MARGINAL", "LINEAR"]
        grains = ["MONTH", "QUARTER", "YEAR"]
        some = [
            (m, b, t)
            for m in measures
            for b in bases
            for t in modes
            if t != "MARGINAL"
            or (b != "FIXED_EUR" and m not in ("TARGET_ATTAINMENT", "KPI"))
            or self.chance(0.1)
        ]
        self.rng.shuffle(some)
        # every measure and every mode stands among the first
        chosen = some[:12]
        for measure in measures:
            chosen.append(next(c for c in some if c[0] == measure and c[2] != "MARGINAL"))
        chosen.append(("UNITS_REGISTERED", "EUR_PER_UNIT", "MARGINAL"))
        chosen.append(("REVENUE_NET", "RATE_OF_NET_PRICE", "MARGINAL"))
        for measure, basis, mode in chosen:
            grain = self.rng.choice([*grains, "MONTH", "QUARTER"])
            self._program(self.next_id("P"), measure, basis, mode, grain)

    def _program(self, program_id: str, measure: str, basis: str, mode: str, grain: str) -> None:
        rng = self.rng
        row = {
            "program_id": program_id,
            "version": rng.choice([1, 1, 3]),
            "brand_code": rng.choice(self.brands),
            "program_name": f"Programme {program_id}",
            "period_grain": grain,
            "measure": measure,
            "measure_kpi_code": None,
            "payout_basis": basis,
            "tier_mode": mode,
            "segment_code": rng.choice([None] * 4 + SEGMENTS),
            "powertrain_code": rng.choice([None] * 4 + POWERTRAINS),
            "requires_strong_market": rng.choice([None, False, False, False, True]),
            "gate_kpi_code": None,
            "gate_min_value": None,
            "cap_eur": None,
            "hold_days": rng.choice([None, 0, 14, 30, 90]),
            "grace_days": rng.choice([0, 5, 14, 45]),
            "payment_days": rng.choice([0, 10, 30]),
            "credits_refinancing": self.chance(0.5),
            "valid_from": rng.choice([date(2023, 1, 1), FIRST_MONTH, self.months[1]]),
            "valid_to": rng.choice([None, None, None, self.any_day()]),
            "announced_on": date(2022, 12, 1),
            "consented_on": None,
            "approved_by_1": "Anna Amsel",
            "approved_by_2": "Bernd Buche",
        }
        if measure == "TARGET_ATTAINMENT" and grain == "MONTH" and self.chance(0.8):
            row["period_grain"] = "QUARTER"
        if measure == "KPI":
            row["measure_kpi_code"] = rng.choice(MEASURED)
        if self.chance(0.25):
            kpi_code, value = rng.choice(GATES)
            row |= {"gate_kpi_code": kpi_code, "gate_min_value": Decimal(value)}
        if row["requires_strong_market"]:
            kind = rng.choice(KINDS)
            row |= {"segment_code": kind[0], "powertrain_code": kind[1]}
        if basis == "FIXED_EUR":
            row["cap_eur"] = rng.choice([None, None, Decimal("500.01")])
        elif self.chance(0.3):
            row["cap_eur"] = rng.choice([Decimal("1000.00"), Decimal("333.33"), Decimal(0)])
        if self.chance(0.12):
            row |= rng.choice(
                [
                    {"approved_by_2": row["approved_by_1"]},
                    {"gate_kpi_code": "CSI", "gate_min_value": None},
                    {"requires_strong_market": True, "segment_code": None},
                    {"measure": "KPI", "measure_kpi_code": None},
                ]
            )
        self.holds.append((row["hold_days"], row["grace_days"]))
        # delivered at first, or only when a close or two have been taken
        ready = rng.choice([FIRST_MONTH] * 4 + [self.any_day()])
        self._version(row, ready)
        if self.chance(0.6):
            self._next_version(row, ready)

    def _next_version(self, row: Row, ready: date) -> None:
        rng = self.rng
        start = period_start(row["period_grain"], self.any_day())
        end = period_end(row["period_grain"], start)
        announced = rng.choice([start, start - timedelta(days=9), start + timedelta(days=1)])
        consented = rng.choice([None, None, start + timedelta(days=10), end, later(end, 1)])
        changed = row | {
            "version": row["version"] + 1,
            "valid_from": rng.choice([row["valid_from"], start]),
            "valid_to": rng.choice([None, end]),
            "announced_on": announced,
            "consented_on": consented,
            "hold_days": rng.choice([row["hold_days"], 60]),
            "grace_days": rng.choice([row["grace_days"], 20]),
        }
        # only where every close knows the version that they are compared with
        if ready == FIRST_MONTH and self.chance(0.15):
            changed["period_grain"] = "MONTH" if row["period_grain"] == "YEAR" else "YEAR"
        if ready == FIRST_MONTH and self.chance(0.1):
            changed["brand_code"] = rng.choice(self.brands)
        known = rng.choice([announced, consented or announced, self.any_day()])
        self._version(changed, max(known, ready))

    def _version(self, row: Row, ready: date) -> None:
        """The version with its tiers; sometimes sent again as it is."""
        tiers = self._tiers(row)
        days = [ready] + [ready + timedelta(days=70)] * self.chance(0.2)
        for day in days:
            self.send("oem__incentive_programs", row, day)
            for tier in tiers:
                self.send("oem__incentive_tiers", tier, day)

    def _tiers(self, row: Row) -> list[Row]:
        rng = self.rng
        steps = {
            "UNITS_REGISTERED": ["0", "1", "2", "3", "5", "2.5"],
            "UNITS_INVOICED": ["0", "1", "2", "3", "5", "2.5"],
            "REVENUE_NET": ["0", "20000", "50000.5", "90000", "150000"],
            "TARGET_ATTAINMENT": ["0.333333", "0.5", "0.7", "1", "1.25", "2"],
            "KPI": ["0.1", "0.25", "0.5", "40", "62.5", "80"],
        }[row["measure"]]
        count = rng.randint(1, 4)
        thresholds = sorted(Decimal(t) for t in rng.sample(steps, k=count))
        if self.chance(0.04):
            thresholds = [*thresholds, thresholds[-1]]
        if self.chance(0.02):
            thresholds = []
        rates = {
            "EUR_PER_UNIT": ["100", "250.005", "333.333333", "0", "12000"],
            "FIXED_EUR": ["100", "1000.005", "777.77", "0"],
            "RATE_OF_LIST_PRICE": ["0.005", "0.0125", "0.02", "0.03", "0.000001", "0.4"],
            "RATE_OF_NET_PRICE": ["0.005", "0.0125", "0.02", "0.03", "0.000001"],
        }[row["payout_basis"]]
        numbers = rng.sample(range(1, 9), k=len(thresholds))
        return [
            {
                "program_id": row["program_id"],
                "version": row["version"],
                "tier_no": tier_no,
                "threshold": threshold,
                "rate": Decimal(rng.choice(rates)),
            }
            for tier_no, threshold in zip(sorted(numbers), thresholds, strict=True)
        ]

    # -- vehicles -----------------------------------------------------------------------------

    def vehicles(self) -> None:
        for month in self.months:
            for dealer_id, brand in [*self.dealers, (UNKNOWN_DEALER, self.brands[0])]:
                for _ in range(self.rng.choice([0, 1, 3, 4, 6])):
                    self._vehicle(dealer_id, brand, month)

    def _vehicle(self, dealer_id: str, brand: str, month: date) -> None:
        """Ordered, invoiced, registered; perhaps taken back, claimed again, corrected."""
        rng = self.rng
        self.numbers["VIN"] += 1
        vin = f"WAUZZZ8V0KA{self.numbers['VIN']:06d}"
        edges = [month, last_day(month)]
        day = rng.choice([*edges, *[month + timedelta(days=rng.randint(1, 26))] * 3])
        of_brand = [m["model_code"] for m in self.models if m["brand_code"] == brand]
        base = {
            "dealer_id": dealer_id,
            "brand_code": brand,
            "vin": vin,
            "model_code": UNKNOWN_MODEL if self.chance(0.04) else rng.choice(of_brand),
            "list_price_eur": self.price_of_event(),
            "net_price_eur": self.price_of_event(),
            "holder_type": rng.choice(["PRIVATE"] * 6 + ["FLEET", None, "DEALER", "OEM"]),
        }
        events = []
        if self.chance(0.5):
            ordered = day - timedelta(days=rng.randint(0, 100))
            promised = rng.choice([None, day - timedelta(days=20), day, day + timedelta(days=20)])
            events.append(self._event(base, "ORDER", ordered, promised))
        if self.chance(0.8):
            invoiced = day - timedelta(days=rng.choice([0, 0, 1, 12, -5]))
            events.append(self._event(base, "INVOICE", invoiced))
        if self.chance(0.85):
            events.append(self._event(base, "REGISTRATION", day))
        if self.chance(0.15):
            other_dealer, other_brand = rng.choice(self.dealers)
            other = base | {"dealer_id": other_dealer, "brand_code": other_brand}
            kind = rng.choice(["REGISTRATION", "REGISTRATION", "INVOICE"])
            again = day + timedelta(days=rng.choice([-8, 0, 0, 1, 25, 40]))
            events.append(self._event(rng.choice([base, other]), kind, again))
        for event in events:
            self._deliver(event)
        claims = [e for e in events if e["event_type"] != "ORDER"]
        if events and self.chance(0.4):
            self._take_back(rng.choice([*events, *claims, *claims]))

    def _event(self, base: Row, kind: str, day: date, promised: date | None = None) -> Row:
        letter = self.rng.choice("AEZ")
        return base | {
            "event_id": self.next_id(letter),
            "event_type": kind,
            "event_date": day,
            "promised_on": promised,
        }

    def _take_back(self, event: Row) -> None:
        """On the last day on which it removes the unit for some programme, or on the day after."""
        rng = self.rng
        hold, grace = rng.choice(self.holds)
        day = event["event_date"]
        edges = [
            *[day + timedelta(days=30 if hold is None else hold)] * 2,
            *(
                period_end(grain, period_start(grain, day)) + timedelta(days=grace)
                for grain in ("MONTH", "QUARTER", "YEAR")
            ),
            *(day - timedelta(days=1), day, day + timedelta(days=1)),
        ]
        when = rng.choice(edges) + timedelta(days=rng.choice([0, 0, 1]))
        kind = rng.choice(["CANCELLATION", "DEREGISTRATION"])
        taken = self._event({k: v for k, v in event.items() if k != "event_id"}, kind, when)
        if self.chance(0.1):
            taken["dealer_id"] = rng.choice(self.dealers)[0]
        self._deliver(taken)

    def _deliver(self, event: Row) -> None:
        """Once, soon or late; then perhaps corrected or withdrawn."""
        rng = self.rng
        delay = rng.choice([0, 1, 3, 3, 9, 9, 40, 100])
        ready = max(event["event_date"] + timedelta(days=delay), FIRST_MONTH)
        sender = "dms" if self.chance(0.8) else event["dealer_id"]
        self.send("dealer__vehicle_events", event, ready, sender)
        if self.chance(0.12):
            other_dealer, other_brand = rng.choice(self.dealers)
            day = event["event_date"]
            change = rng.choice(
                [
                    {"dealer_id": other_dealer, "brand_code": other_brand},
                    {"event_date": day + timedelta(days=rng.choice([-31, -1, 1, 31]))},
                    {"list_price_eur": self.price(), "net_price_eur": self.price()},
                    {"holder_type": rng.choice(["PRIVATE", "DEALER"])},
                    {"model_code": rng.choice(self.models)["model_code"]},
                    {"is_deleted": True},
                ]
            )
            changed = event | change
            if changed.get("is_deleted"):
                changed = {"event_id": event["event_id"], "is_deleted": True}
            later_day = ready + timedelta(days=rng.choice([1, 20, 60, 150]))
            self.send("dealer__vehicle_events", changed, later_day, "dms")

    # -- what gates and measures look at ------------------------------------------------------

    def kpis(self) -> None:
        for month in self.months:
            for dealer_id, brand in self.dealers:
                for _ in range(self.rng.choice([0, 1, 2, 4])):
                    self._survey(dealer_id, brand, month)
                for _ in range(self.rng.choice([0, 1, 3])):
                    self._lead(dealer_id, brand, month)

    def _survey(self, dealer_id: str, brand: str, month: date) -> None:
        at = datetime.combine(month, time(9)) + timedelta(days=self.rng.randint(0, 26))
        row = {
            "response_id": self.next_id("S"),
            "dealer_id": dealer_id,
            "brand_code": brand,
            "survey_type": "SALES",
            "sent_at": at,
            "answered_at": at + timedelta(days=self.rng.choice([0, 0, 9])),
            "score": self.rng.choice([0, 5, 7, 7, 8, 9, 10]),
        }
        delay = timedelta(days=self.rng.choice([1, 1, 1, 60]))
        self.send("dealer__surveys", row, at.date() + delay, "dms")

    def _lead(self, dealer_id: str, brand: str, month: date) -> None:
        at = datetime.combine(month, time(9)) + timedelta(days=self.rng.randint(0, 26))
        row = {
            "lead_id": self.next_id("L"),
            "dealer_id": dealer_id,
            "brand_code": brand,
            "channel": "WEB",
            "created_at": at,
            "sold_vin": self.rng.choice([None, None, "WAUZZZ8V0KA000001"]),
        }
        self.send("dealer__leads", row, at.date() + timedelta(days=2), "dms")

    # -- loads and closes ---------------------------------------------------------------------

    def loads(self) -> list[Load]:
        """Twice a month about; files are stamped between the load before and their own."""
        days = [FIRST_MONTH + timedelta(days=1)]
        while days[-1] < self.last_day + timedelta(days=60):
            days.append(days[-1] + timedelta(days=self.rng.choice([7, 12, 16, 22])))
        instants = [
            datetime.combine(day, time(self.rng.choice([1, 4, 21]), self.rng.choice([0, 30])))
            for day in days
        ]
        closes = self._closes(instants)
        loads = []
        for number, loaded_at in enumerate(instants):
            since = instants[number - 1] if number else loaded_at - timedelta(days=50)
            files = self._files(loaded_at, since, closes)
            loads.append(Load(loaded_at, files + closes.get(number, [])))
        return loads

    def _files(
        self, loaded_at: datetime, since: datetime, closes: dict[int, list[File]]
    ) -> list[File]:
        batches: dict[tuple, dict[tuple, Row]] = defaultdict(dict)
        left = []
        for item in self.items:
            if item.day > loaded_at.date():
                left.append(item)
                continue
            # a row that stands twice among those at hand comes in two files, the later one last
            part = 0
            key = _key(item)
            while key in batches[item.feed, item.sender, part]:
                part += 1
            batches[item.feed, item.sender, part][key] = item.row
        self.items = left
        files = []
        for (feed, sender, part), rows in batches.items():
            if rows:
                stamp = self._stamp(loaded_at, since, part)
                files.append(self._file(feed, sender, list(rows.values()), stamp))
        for day, feed, rows in list(self.snapshots):
            if day <= loaded_at.date():
                self.snapshots.remove((day, feed, rows))
                files.append(self._file(feed, "oem", rows, self._stamp(loaded_at, since, 9)))
        return files

    def _stamp(self, loaded_at: datetime, since: datetime, part: int) -> datetime:
        """Unlike every other, so that the order of deliveries does not hang on that of loads."""
        self.numbers["stamp"] += 1
        unlike = timedelta(microseconds=self.numbers["stamp"])
        if self.late and part == 0 and self.chance(0.1):
            return since - timedelta(days=self.rng.randint(1, 60)) + unlike
        span = (loaded_at - since) / timedelta(minutes=1)
        start = min(part, 8) / 9
        at = since + timedelta(minutes=int(span * (start + self.rng.random() / 9.1)))
        return max(at, since + timedelta(seconds=1)) + unlike

    def _file(self, feed: str, sender: str, rows: list[Row], stamp: datetime) -> File:
        is_dealers = feed.startswith("dealer__")
        self.numbers["file"] += 1
        return File(
            feed,
            rows,
            sender=sender,
            delivered_at=stamp,
            name=f"{sender}_{stamp:%Y%m%dT%H%M%S}_{self.numbers['file']}.csv",
            quarantined=["BAD_VALUE"] * self.rng.choice([0, 0, 1, 3]) if is_dealers else (),
        )

    def _closes(self, instants: list[datetime]) -> dict[int, list[File]]:
        """By load: the closes that it brings. A few days after the month's end; announced before
        the instant itself, or known only some loads later, two at once now and then."""
        found: dict[int, list[File]] = defaultdict(list)
        first = self.rng.choice([0, 0, 1])
        last_closed = self.month_count - self.rng.choice([0, 1, 2])
        at, number = datetime.min, 0
        for month in self.months[first:last_closed]:
            day = later(month, 1) + timedelta(days=self.rng.randint(1, 25))
            at = max(at, datetime.combine(day, time(self.rng.choice([9, 22, 23]))))
            taken = next((n for n, loaded in enumerate(instants) if loaded > at), None)
            if taken is None:
                break
            # in the load before, announced in advance (what then comes next is late); or known late
            choices = [0, 0, 0, 1, -1] if self.late else [0, 0, 1]
            number = max(number, taken + self.rng.choice(choices), 0)
            if number >= len(instants):
                break
            row = {"period_month": month, "closed_at": at, "closed_by": "Clara Controlling"}
            sent = min(instants[number] - timedelta(minutes=5), at + timedelta(minutes=10))
            self.numbers["stamp"] += 1
            sent += timedelta(microseconds=self.numbers["stamp"])
            found[number].append(self._file("oem__period_closes", "oem", [row], sent))
            if self.chance(0.15) and number + 1 < len(instants):
                again = instants[number + 1] - timedelta(minutes=3)
                found[number + 1].append(self._file("oem__period_closes", "oem", [row], again))
        return found


def _key(item: _Item) -> tuple:
    keys: dict[str, Iterable[str]] = {
        "market__registrations": (
            *("registration_month", "district_code", "brand_code", "segment_code"),
            *("powertrain_code", "holder_type"),
        ),
        "oem__kpi_weights": ("brand_code", "kpi_code", "version"),
        "oem__sales_targets": (
            *("dealer_id", "brand_code", "quarter_start", "segment_code"),
            *("powertrain_code", "version"),
        ),
        "oem__incentive_programs": ("program_id", "version"),
        "oem__incentive_tiers": ("program_id", "version", "tier_no"),
        "dealer__vehicle_events": ("event_id",),
        "dealer__surveys": ("response_id",),
        "dealer__leads": ("lead_id",),
    }
    return tuple(item.row[name] for name in keys[item.feed])
