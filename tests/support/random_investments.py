"""Random worlds of investments: those of incentives, with showrooms that their bonuses repay.

    world = random_investment_world(seed=3)
    for load in world.loads: ...

An investment of every policy, some with interest; amounts are of the size of what its dealer earns,
so that some are repaid early, some in time, some never. Start dates fall on the last days of
months. Dealers have several of them, or become agents; investments are refused, terminated,
corrected and withdrawn after a close has seen them. Beside them: financials of more than two years
with gaps, and shared programmes of every key, some with floors and caps that cannot be kept to.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

from tests.support.incentives_recomputed import Close, Load, post_all_closes
from tests.support.lake import File
from tests.support.random_incentives import FIRST_MONTH, UNKNOWN_DEALER, World, random_world
from tests.support.recomputed import last_day, later

Row = dict[str, Any]
DealerBrand = tuple[str, str]

SURPLUS = ["NEXT", "LAST", "REAMORTISE", "PAY_OUT"]
SHORTFALL = ["CARRY", "EXTEND", "CASH_CALL"]
END = ["BALLOON", "EXTEND", "WRITE_OFF"]
POLICIES = list(product(SURPLUS, SHORTFALL, END))
DAY_COUNTS = ["ACT/365", "30E/360"]
MONTHS_OF_FINANCIALS = 30
USUAL_BONUS = Decimal("1500.00")


def random_investment_world(seed: int, *, late: bool = True, months: int | None = None) -> World:
    """A world as of `random_world` with the same arguments, and its investments."""
    incentives = random_world(seed, late=late, months=months)
    return _Maker(random.Random(f"investments {seed}"), incentives, late).world()


@dataclass
class _Maker:
    rng: random.Random
    incentives: World
    late: bool
    items: list[tuple[date, str, str, Row]] = field(default_factory=list)
    """Day on which it is ready, feed, sender, row."""
    stamps: int = 0

    def world(self) -> World:
        loads = self.incentives.loads
        self.last_day = loads[-1].loaded_at.date() - timedelta(days=45)
        self.last_month = self.last_day.replace(day=1)
        self.dealers = sorted(
            {(row["dealer_id"], row["brand_code"]) for row in self._rows("oem__dealers")}
        )
        self.steady_bonuses()
        loads = self._loads(loads)
        self.bonuses = self._bonuses(loads)
        least = sorted(self.dealers, key=lambda dealer: self.bonuses[dealer])
        agents = [least[0]] if self.chance(0.85) else []
        future_agents = [self.rng.choice(least[1:])] if self.chance(0.4) else []
        self.investments([*agents, *future_agents])
        self.financials()
        self.shared_programs()
        return World(self._loads(with_agents(loads, agents, future_agents)))

    # -- small helpers ------------------------------------------------------------------------

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def money(self, low: int, high: int) -> Decimal:
        """Between two amounts of whole EUR, to the cent."""
        return Decimal(self.rng.randint(low * 100, high * 100)) / 100

    def any_day(self, first: date = FIRST_MONTH) -> date:
        return first + timedelta(days=self.rng.randint(0, max((self.last_day - first).days, 0)))

    def send(self, feed: str, row: Row, day: date, sender: str = "oem") -> None:
        self.items.append((max(day, FIRST_MONTH), feed, sender, row))

    def _rows(self, feed: str) -> list[Row]:
        loads = self.incentives.loads
        return [row for load in loads for f in load.files if f.feed == feed for row in f.rows]

    # -- bonuses ------------------------------------------------------------------------------

    def steady_bonuses(self) -> None:
        """A programme of each brand that pays each unit, and dealers whose bonus of a month falls
        below zero: most of its units were posted later, all are taken back."""
        for number, brand in enumerate(sorted({brand for _, brand in self.dealers}), start=1):
            program = {
                "program_id": f"Q{number}",
                "version": 1,
                "brand_code": brand,
                "program_name": f"Steady {brand}",
                "period_grain": "MONTH",
                "measure": "UNITS_REGISTERED",
                "payout_basis": "EUR_PER_UNIT",
                "tier_mode": "RETROACTIVE",
                "hold_days": 120,
                "grace_days": 0,
                "payment_days": 10,
                "credits_refinancing": True,
                "valid_from": date(2023, 1, 1),
                "announced_on": date(2022, 12, 1),
                "approved_by_1": "Anna Amsel",
                "approved_by_2": "Bernd Buche",
            }
            tier = {
                "program_id": f"Q{number}",
                "version": 1,
                "tier_no": 1,
                "threshold": Decimal(1),
                "rate": Decimal(self.rng.choice(["120.5", "333.333333", "75"])),
            }
            self.send("oem__incentive_programs", program, FIRST_MONTH)
            self.send("oem__incentive_tiers", tier, FIRST_MONTH)
        loads = self.incentives.loads
        closes = post_all_closes(loads, self.incentives.as_of(len(loads))).closes
        self.negative: list[tuple[DealerBrand, date]] = []
        for close, following in zip(closes, closes[1:], strict=False):
            if self.chance(0.8):
                dealer = self.rng.choice(self.dealers)
                self.negative.append((dealer, close.month))
                for number in range(25):
                    self._taken_back(dealer, close, following, is_late=number > 0)

    def _taken_back(
        self, dealer: DealerBrand, close: Close, following: Close, *, is_late: bool
    ) -> None:
        """A unit of the closed month, known at its close or at the next, deregistered after."""
        self.stamps += 1
        number = self.stamps
        model = next(m for m in self._rows("oem__vehicle_models") if m["brand_code"] == dealer[1])
        registered = {
            "event_id": f"N{number:05d}",
            "dealer_id": dealer[0],
            "brand_code": dealer[1],
            "vin": f"WAUZZZ8V0KB{number:06d}",
            "model_code": model["model_code"],
            "event_type": "REGISTRATION",
            "event_date": close.month + timedelta(days=3),
            "holder_type": "PRIVATE",
        }
        gone = registered | {
            "event_id": f"O{number:05d}",
            "event_type": "DEREGISTRATION",
            "event_date": close.month + timedelta(days=60),
        }
        ready = close.known_loaded_at.date() if is_late else close.month
        gone_on = following.known_loaded_at.date() + timedelta(days=2)
        self.send("dealer__vehicle_events", registered, ready + timedelta(days=2), "dms")
        self.send("dealer__vehicle_events", gone, gone_on, "dms")

    def _bonuses(self, loads: list[Load]) -> dict[DealerBrand, Decimal]:
        """What each dealer gets from programmes that repay, over all closes."""
        found: dict[DealerBrand, Decimal] = defaultdict(Decimal)
        for posting in post_all_closes(loads, World(loads).as_of(len(loads))).postings:
            if posting["credits_refinancing"]:
                found[posting["dealer_id"], posting["brand_code"]] += posting["amount_eur"]
        return found

    # -- investments --------------------------------------------------------------------------

    def investments(self, agents: list[DealerBrand]) -> None:
        """One of each policy; some dealers have a single one, others several."""
        earning = [dealer for dealer in self.dealers if self.bonuses.get(dealer, 0) > 0]
        self.rng.shuffle(earning)
        negative = [dealer for dealer, _ in self.negative]
        earning.sort(key=lambda dealer: dealer in negative)
        alone, crowded = earning[: len(earning) // 3], earning[len(earning) // 3 :]
        policies = list(POLICIES)
        self.rng.shuffle(policies)
        for number, policy in enumerate(policies, start=1):
            if number <= len(alone):
                dealer = alone[number - 1]
            else:
                dealer = self.rng.choice([*crowded * 2, *negative, *self.dealers])
            self._investment(f"I{number:03d}", dealer, policy)
        refused = [
            {"annual_interest_rate": Decimal("0.02"), "surplus_policy": "NEXT"},
            {"annual_interest_rate": Decimal("-0.01"), "surplus_policy": "PAY_OUT"},
            {"total_cost_eur": Decimal("0.00")},
            {"total_cost_eur": Decimal("-5.00"), "annual_interest_rate": Decimal("-0.01")},
            {"upfront_rate": Decimal("1.000001")},
            {"refinance_months": 0},
            {"dealer_id": UNKNOWN_DEALER},
        ]
        for number, change in enumerate(refused, start=len(POLICIES) + 1):
            dealer, policy = self.rng.choice(self.dealers), self.rng.choice(POLICIES)
            self._investment(f"I{number:03d}", dealer, policy, **change)
        for number, dealer in enumerate(agents, start=90):
            self._investment(f"I{number:03d}", dealer, self.rng.choice(POLICIES))
        for number, (dealer, month) in enumerate(self.negative, start=50):
            start = {"start_date": later(month, -2), "refinance_months": 12}
            self._investment(f"I{number:03d}", dealer, self.rng.choice(POLICIES), **start)
        for number, rate in enumerate(["1", "0"], start=95):
            paid = {"upfront_rate": Decimal(rate)}
            self._investment(f"I{number:03d}", self.rng.choice(self.dealers), POLICIES[0], **paid)

    def _investment(
        self, investment_id: str, dealer: DealerBrand, policy: tuple[str, str, str], **change: Any
    ) -> None:
        rng = self.rng
        surplus, shortfall, end = policy
        usual = self.bonuses.get(dealer, Decimal(0)) or USUAL_BONUS
        size = usual * rng.choice([Decimal("0.1"), Decimal("0.3"), 1, 1, 3, 12])
        total = max(size.quantize(Decimal("0.01")), Decimal("1.00")) + self.money(0, 9)
        row = {
            "investment_id": investment_id,
            "dealer_id": dealer[0],
            "brand_code": dealer[1],
            "total_cost_eur": total,
            "upfront_rate": Decimal(rng.choice(["0.6", "0.6", "0.333333", "0.25"])),
            "refinance_months": rng.choice([1, 2, 2, 3, 3, 4, 5, 7, 12, 36]),
            "annual_interest_rate": Decimal(0),
            "day_count": rng.choice(DAY_COUNTS),
            "start_date": self._start(),
            "surplus_policy": surplus,
            "shortfall_policy": shortfall,
            "end_policy": end,
            "max_extension_months": rng.choice([None, 0, 1, 2, 3, 6]),
            "terminated_on": None,
        }
        if surplus == "PAY_OUT" and self.chance(0.75):
            row["annual_interest_rate"] = Decimal(rng.choice(["0.036", "0.094822", "0.18"]))
        if "EXTEND" in policy and self.chance(0.5):
            row["max_extension_months"] = rng.choice([2, 4])
        row |= change
        if self.chance(0.15):
            row["terminated_on"] = self._end(row)
        ready = row["start_date"] + timedelta(days=rng.choice([-60, -30, -30, 0, 20, 90]))
        self.send("oem__showroom_investments", row, ready)
        if self.chance(0.35):
            self._correct(row, max(ready, FIRST_MONTH))

    def _start(self) -> date:
        """Mostly on one of the last days of a month; before the first close, during them, after."""
        rng = self.rng
        first = later(FIRST_MONTH, -5)
        count = 12 * (self.last_month.year - first.year) + self.last_month.month - first.month
        month = later(first, rng.choice([*range(count), *range(3, 8), *range(3, 8), *range(3, 8)]))
        return min(month + timedelta(days=rng.choice([0, 14, 28, 29, 30])), last_day(month))

    def _end(self, row: Row) -> date:
        """Before the first instalment, in the month of one, or after the end of all."""
        months = self.rng.choice([0, 1, 2, 3, 4, 60])
        month = later(row["start_date"].replace(day=1), months)
        return self.rng.choice([month, last_day(month)])

    def _correct(self, row: Row, ready: date) -> None:
        """Delivered again with a change, after some closes; perhaps set right once more."""
        rng = self.rng
        dealer = rng.choice(self.dealers)
        change = rng.choice(
            [
                {"total_cost_eur": row["total_cost_eur"] + Decimal("100.01")},
                {"total_cost_eur": Decimal(0)},
                {"start_date": months_shifted(row["start_date"], rng.choice([-1, 1]))},
                {"dealer_id": dealer[0], "brand_code": dealer[1]},
                {"end_policy": rng.choice(END), "max_extension_months": 2},
                {"shortfall_policy": rng.choice(SHORTFALL)},
                {"refinance_months": rng.choice([2, 6])},
                {"terminated_on": self._end(row)},
                {"is_deleted": True},
            ]
        )
        changed = row | change
        if changed.get("is_deleted"):
            changed = {"investment_id": row["investment_id"], "is_deleted": True}
        day = ready + timedelta(days=rng.choice([10, 45, 80, 150]))
        self.send("oem__showroom_investments", changed, day)
        if self.chance(0.5):
            back = day + timedelta(days=rng.choice([30, 60]))
            self.send("oem__showroom_investments", row, back)

    # -- financials ---------------------------------------------------------------------------

    def financials(self) -> None:
        """Margins that rise, fall, or fall by exactly 12 %; reserves from none to plenty."""
        stranger = (UNKNOWN_DEALER, self.dealers[0][1])
        for dealer in [*self.dealers, stranger]:
            if self.chance(0.1):
                continue
            cost = max(self.bonuses.get(dealer, Decimal(0)), USUAL_BONUS)
            scale = int(cost) * self.rng.choice([1, 1, 5])
            usual = self.rng.choice(["0.16", "0.1", "-0.02"])
            now = self.rng.choice(["0.1408", "0.1408", "0.14", "0.2", "0.05"])
            revenue = self.rng.choice([None, Decimal(scale * 100), Decimal(0)])
            for n in range(MONTHS_OF_FINANCIALS):
                month = later(self.last_month, n - MONTHS_OF_FINANCIALS + 1)
                if self.chance(0.01):
                    continue
                is_new = n >= MONTHS_OF_FINANCIALS - 12
                turnover = self.money(scale, scale * 20) if revenue is None else revenue
                margin = Decimal(now if is_new else usual)
                row = self._books(dealer, month, turnover, margin, scale)
                day = later(month, 1) + timedelta(days=self.rng.choice([5, 12, 40]))
                self.send("dealer__financials", row, day, "dms")
                if self.chance(0.03):
                    again = row | {"liquid_funds_eur": self.money(-scale, scale)}
                    self.send("dealer__financials", again, day + timedelta(days=50), "dms")

    def _books(
        self, dealer: DealerBrand, month: date, turnover: Decimal, margin: Decimal, scale: int
    ) -> Row:
        return {
            "dealer_id": dealer[0],
            "brand_code": dealer[1],
            "fiscal_month": month,
            "new_vehicle_revenue_eur": turnover,
            "new_vehicle_gross_profit_eur": (turnover * margin).quantize(Decimal("0.01")),
            "used_vehicle_revenue_eur": self.money(0, scale),
            "used_vehicle_gross_profit_eur": self.money(0, scale),
            "service_revenue_eur": self.money(0, scale),
            "service_gross_profit_eur": self.money(0, scale),
            "fixed_expenses_eur": self.money(scale // 4, scale),
            "operating_result_eur": self.money(-scale // 10, scale // 8),
            "equity_eur": self.money(-scale, 3 * scale),
            "total_assets_eur": self.rng.choice([self.money(scale, 9 * scale)] * 9 + [Decimal(0)]),
            "liquid_funds_eur": self.money(0, 9 * scale),
        }

    # -- shared programmes --------------------------------------------------------------------

    def shared_programs(self) -> None:
        for number, key in enumerate(["EQUAL", "UNITS", "LEADS"] * 3, start=1):
            self._shared_program(f"S{number:02d}", key)

    def _shared_program(self, program_id: str, key: str) -> None:
        rng = self.rng
        brands = sorted({brand for _, brand in self.dealers})
        chosen = rng.sample(brands, k=rng.choice([1, 1, len(brands)]))
        everybody = [dealer for dealer in self.dealers if dealer[1] in chosen]
        members = rng.sample(everybody, k=rng.randint(1, len(everybody)))
        total = self.money(100, 90_000)
        decided_on = self.any_day(later(FIRST_MONTH, 1))
        if self.chance(0.3):
            decided_on = rng.choice([date(2024, 2, 29), date(2024, 3, 1), date(2024, 3, 31)])
        mean = total * Decimal("0.3") / len(members)
        least = rng.choice([None, None, Decimal(0), mean / 2, mean, mean * 2])
        most = rng.choice([None, None, mean * 2, mean * Decimal("1.1"), mean, mean / 2])
        live = rng.choice([decided_on + timedelta(days=rng.choice([-90, 0, 30])), None])
        if self.chance(0.4):
            live = later(self.last_month, -12)
        row = {
            "program_id": program_id,
            "program_name": f"CRM {program_id}",
            "total_cost_eur": total,
            "partner_share_rate": Decimal(rng.choice(["0.3", "0.3", "0.333333", "0", "1"])),
            "allocation_key": key,
            "min_share_eur": None if least is None else least.quantize(Decimal("0.01")),
            "max_share_eur": None if most is None else most.quantize(Decimal("0.01")),
            "decided_on": decided_on,
            "go_live_on": live,
        }
        self.send("oem__shared_programs", row, decided_on)
        if self.chance(0.2):
            again = row | {"total_cost_eur": total + 1, "max_share_eur": None}
            self.send("oem__shared_programs", again, decided_on + timedelta(days=40))
        for dealer in [*members, (UNKNOWN_DEALER, chosen[0])]:
            day = timedelta(days=1)
            joined_on = rng.choice([decided_on - 30 * day] * 5 + [decided_on, decided_on + day])
            left_on = rng.choice(
                [None] * 7 + [decided_on - day, decided_on, decided_on + day, joined_on]
            )
            member = {
                "program_id": program_id,
                "dealer_id": dealer[0],
                "brand_code": dealer[1],
                "joined_on": joined_on,
                "left_on": left_on,
            }
            self.send("oem__shared_program_members", member, joined_on)

    # -- loads --------------------------------------------------------------------------------

    def _loads(self, given: list[Load]) -> list[Load]:
        """The loads with what is ready beside what they bring already."""
        loads: list[Load] = []
        for load in given:
            since = loads[-1].loaded_at if loads else load.loaded_at - timedelta(days=50)
            files = [*load.files, *self._files(load.loaded_at, since)]
            loads.append(Load(load.loaded_at, files))
        return loads

    def _files(self, loaded_at: datetime, since: datetime) -> list[File]:
        """What is ready. A row that stands twice among it comes in two files, the later last."""
        batches: dict[tuple[str, str, int], dict[tuple, Row]] = defaultdict(dict)
        ready = [item for item in self.items if item[0] <= loaded_at.date()]
        self.items = [item for item in self.items if item[0] > loaded_at.date()]
        for _, feed, sender, row in sorted(ready, key=lambda item: item[0]):
            key = tuple(row[name] for name in _KEYS[feed])
            part = 0
            while key in batches[feed, sender, part]:
                part += 1
            batches[feed, sender, part][key] = row
        files = []
        for (feed, sender, part), rows in batches.items():
            if rows:
                stamp = self._stamp(loaded_at, since, part)
                name = f"{sender}_{stamp:%Y%m%dT%H%M%S}_{feed}_{part}.csv"
                of_feed = {"feed": feed, "sender": sender, "delivered_at": stamp, "name": name}
                files.append(File(rows=list(rows.values()), **of_feed))
        return files

    def _stamp(self, loaded_at: datetime, since: datetime, part: int) -> datetime:
        """Unlike every other; in a world with late files some lie before what was loaded before."""
        self.stamps += 1
        unlike = timedelta(microseconds=500_000 + self.stamps)
        if self.late and part == 0 and self.chance(0.15):
            return since - timedelta(days=self.rng.randint(1, 40)) + unlike
        seconds = int((loaded_at - since).total_seconds())
        at = since + timedelta(seconds=1 + seconds * min(part, 8) // 10)
        return at + timedelta(seconds=self.rng.randint(0, seconds // 10 - 2)) + unlike


def with_agents(
    loads: list[Load], agents: list[DealerBrand], future_agents: list[DealerBrand]
) -> list[Load]:
    """The same loads; agents from the first snapshot of dealers on, or from the second."""
    changed = []
    now = agents
    for load in loads:
        files = []
        for file in load.files:
            if file.feed == "oem__dealers":
                rows = [
                    {**row, "contract_model": "AGENT_GENUINE"}
                    if (row["dealer_id"], row["brand_code"]) in now
                    else row
                    for row in file.rows
                ]
                file = replace(file, rows=rows)
                now = [*agents, *future_agents]
            files.append(file)
        changed.append(Load(load.loaded_at, files))
    return changed


def months_shifted(day: date, months: int) -> date:
    month = later(day.replace(day=1), months)
    return min(month + timedelta(days=day.day - 1), last_day(month))


_KEYS = {
    "oem__incentive_programs": ("program_id", "version"),
    "oem__incentive_tiers": ("program_id", "version", "tier_no"),
    "dealer__vehicle_events": ("event_id",),
    "oem__showroom_investments": ("investment_id",),
    "oem__shared_programs": ("program_id",),
    "oem__shared_program_members": ("program_id", "dealer_id", "brand_code"),
    "dealer__financials": ("dealer_id", "brand_code", "fiscal_month"),
}
