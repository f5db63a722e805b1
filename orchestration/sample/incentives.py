"""Incentive programmes as the OEM announces them, with their tiers, one version a year.

The thresholds follow what a typical dealer of the brand sells, so that tiers are reached by some
and missed by others whatever the volumes of the sample.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from orchestration.ingestion.contract import Feed
from orchestration.sample import frames, targets
from orchestration.sample.catalog import BRANDS, POWERTRAINS, SEGMENTS, Models
from orchestration.sample.network import Network
from orchestration.sample.oem import close_day
from orchestration.sample.timeline import Span, first_day, from_day, month_of, to_day

_MILLION = 1_000_000
_APPROVERS = ("sales.director@example.org", "finance.director@example.org")
_MONTHS = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}
_RAISE = 0.04
"""What a version pays more than the one before it."""


@dataclass(frozen=True)
class Program:
    """A programme. Thresholds count in units or revenue of a typical dealer and period, in
    fractions of the target, or in the KPI's unit; rates are euro or fractions of the price."""

    program_id: str
    name: str
    brand: int
    grain: str
    measure: str
    basis: str
    mode: str
    tiers: tuple[tuple[float, float], ...]
    hold: int | None
    grace: int = 5
    payment: int = 30
    credits: bool = False
    kpi: str | None = None
    gate: tuple[str, float] | None = None
    segment: str | None = None
    powertrain: str | None = None
    needs_strong_market: bool = False
    cap: float | None = None
    """Euro; below 10 a multiple of what a typical dealer earns in a period at the last but one
    tier."""
    changes: tuple[tuple[int, int, int, int | None], ...] = ()
    """Further versions in the last year: the month with which each begins, how many days after its
    first day it is announced, what it pays more in per cent, and how many days after its first day
    the dealers have agreed (None: never)."""


PROGRAMS = (
    Program(
        "ARVA-VOLUME", "Volume bonus", 0, "MONTH", "UNITS_REGISTERED", "EUR_PER_UNIT", "MARGINAL",
        ((0.0, 100), (0.6, 200), (1.1, 300)), hold=30, changes=((7, -20, 10, None),),
    ),
    Program(
        "ARVA-TARGET", "Target bonus", 0, "QUARTER", "TARGET_ATTAINMENT", "EUR_PER_UNIT",
        "RETROACTIVE", ((0.9, 300), (1.0, 700), (1.1, 1100)), hold=60, grace=10, credits=True,
        gate=("CSI", 80.0),
    ),
    Program(
        "ARVA-SUV", "Growth in strong markets", 0, "QUARTER", "UNITS_REGISTERED",
        "RATE_OF_LIST_PRICE", "RETROACTIVE", ((0.5, 0.01), (1.0, 0.02)), hold=30,
        segment="SUV", powertrain="PETROL", needs_strong_market=True,
    ),
    Program(
        "KOLDIS-BEV", "Electric mobility", 1, "MONTH", "UNITS_INVOICED", "RATE_OF_LIST_PRICE",
        "RETROACTIVE", ((0.5, 0.01), (0.9, 0.015), (1.3, 0.02)), hold=30, payment=45,
        powertrain="BEV", cap=1.6, changes=((10, 19, -5, None),),
    ),
    Program(
        "KOLDIS-REVENUE", "Turnover bonus", 1, "QUARTER", "REVENUE_NET", "RATE_OF_NET_PRICE",
        "LINEAR", ((0.7, 0.005), (1.0, 0.0125), (1.3, 0.0175)), hold=None, grace=15,
        changes=((7, 20, 10, 40),),
    ),
    Program(
        "KOLDIS-TARGET", "Attainment bonus", 1, "QUARTER", "TARGET_ATTAINMENT",
        "RATE_OF_LIST_PRICE", "LINEAR", ((0.7, 0.005), (0.8, 0.0175), (1.2, 0.02)), hold=60,
        grace=10, credits=True,
    ),
    Program(
        "VESTRA-TURNOVER", "Year's turnover bonus", 2, "YEAR", "REVENUE_NET", "RATE_OF_NET_PRICE",
        "RETROACTIVE", ((0.6, 0.005), (0.9, 0.01), (1.1, 0.02)), hold=None, grace=20, payment=60,
        credits=True,
    ),
    Program(
        "VESTRA-CSI", "Customer satisfaction", 2, "QUARTER", "KPI", "FIXED_EUR", "RETROACTIVE",
        ((80.0, 2500), (86.0, 5000), (91.0, 7500)), hold=None, kpi="CSI",
    ),
    Program(
        "VESTRA-TARGET", "Year's target bonus", 2, "YEAR", "TARGET_ATTAINMENT", "FIXED_EUR",
        "RETROACTIVE", ((0.9, 5000), (1.0, 12000), (1.1, 20000)), hold=90, grace=20, cap=15_000.0,
    ),
)  # fmt: skip
_DRAFT = Program(
    "VESTRA-DEMO", "Demonstration cars", 2, "MONTH", "UNITS_REGISTERED", "EUR_PER_UNIT",
    "RETROACTIVE", (), hold=None,
)  # fmt: skip
"""Announced at the end of the span; its tiers are still to come."""


@dataclass(frozen=True)
class Version:
    """A version of a programme. Days; `told` is that of the first delivery."""

    program: Program
    number: int
    valid_from: int
    valid_to: int
    announced: int
    told: int
    rise: float
    consented: int = -1


@dataclass(frozen=True)
class Delivery:
    """What is delivered on a day: programmes and tiers known by then."""

    day: int
    programs: pa.Table
    tiers: pa.Table
    refused: int
    """Rows of the tiers that come too late: they change what a close has settled."""


def deliveries(programs: Feed, tiers: Feed, volumes: Volumes, span: Span) -> Iterator[Delivery]:
    """One for each day that brings something new. What was delivered before comes again, unchanged,
    but once: the day after a quarter's close its rate is lowered."""
    versions = [v for program in (*PROGRAMS, _DRAFT) for v in _versions(program, span)]
    days = {v.told for v in versions} | {v.consented for v in versions if v.consented >= 0}
    late = _first_quarter_closed(span)
    for day in sorted(d for d in {*days, late} if 0 <= d <= span.end):
        known = [v for v in versions if v.told <= day]
        lowered = _in_force(known, "ARVA-TARGET", day) if day == late else None
        yield Delivery(
            day,
            _programs(programs, known, volumes, day),
            _tiers(tiers, known, volumes, lowered),
            refused=0 if lowered is None else 1,
        )


def _first_quarter_closed(span: Span) -> int:
    """The day after the first close of a quarter's last month; -1 if there is none."""
    closed = [m for m in span.numbers[:-1].tolist() if m % 3 == 2]
    return close_day(closed[0]) + 1 if closed else -1


def _in_force(versions: list[Version], program_id: str, closed_on: int) -> Version:
    """The version under which the quarter was settled that was closed the day before."""
    begins = int(first_day(month_of(closed_on) - 3))
    return next(
        v
        for v in versions
        if v.program.program_id == program_id and v.valid_from <= begins <= v.valid_to
    )


def _versions(program: Program, span: Span) -> list[Version]:
    """One for each calendar year, announced in the December before, and its changes in the last."""
    first, last = from_day(span.start).year, from_day(span.end).year
    if program is _DRAFT:
        end = to_day(date(last + 1, 12, 31))
        return [Version(program, 1, span.end + 1, end, span.end - 6, span.end - 6, 0.0)]
    found: list[Version] = []
    for year in range(first, last + 2):
        announced = to_day(date(year - 1, 12, 10))
        told = max(announced, span.start - 17)
        begins, ends = to_day(date(year, 1, 1)), to_day(date(year, 12, 31))
        if told > span.end:
            break
        if year == first and program.grain != "YEAR":
            begins = int(first_day(span.first_month // 3 * 3))  # nothing closes before the sample
        rise = _RAISE * (year - first)
        found.append(Version(program, len(found) + 1, begins, ends, announced, told, rise))
        for month, after, per_cent, agreed in program.changes if year == last else ():
            begins = to_day(date(year, month, 1))
            told = begins + after
            if span.start < told <= span.end and begins >= span.start:
                consented = -1 if agreed is None else begins + agreed
                consented = consented if consented <= span.end else -1
                changed = rise + per_cent / 100
                number = len(found) + 1
                found.append(Version(program, number, begins, ends, told, told, changed, consented))
    return found


class Volumes:
    """What a typical dealer of a brand sells in a month: units, and their mean list price."""

    def __init__(self, net: Network, models: Models, span: Span, scale: float) -> None:
        quarters = np.unique(span.numbers // 3)[:4]
        by_cell = sum(targets.units(net, models, span, scale, q) for q in quarters.tolist())
        self._units = by_cell / (3 * len(quarters))
        self._net, self._models = net, models
        self._cells = targets.cells(models)[0]

    @property
    def by_contract(self) -> np.ndarray:
        """Units a month of each contract."""
        return self._units.sum(axis=1)

    def of(self, program: Program) -> tuple[float, float]:
        """Units a period and the mean price in euro of what fits the programme."""
        fits = np.ones(len(self._cells), dtype=bool)
        on_offer = self._models.brand == program.brand
        if program.segment:
            fits &= self._cells[:, 0] == SEGMENTS.index(program.segment)
            on_offer &= self._models.segment == SEGMENTS.index(program.segment)
        if program.powertrain:
            fits &= self._cells[:, 1] == POWERTRAINS.index(program.powertrain)
            on_offer &= self._models.powertrain == POWERTRAINS.index(program.powertrain)
        mine = self._units[self._net.brand == program.brand][:, fits].sum(axis=1)
        units = float(np.median(mine)) if len(mine) else 0.0
        weights = np.where(on_offer, self._models.weight, 0)
        price = float(np.average(self._models.list_price, weights=weights)) * 1.04
        return units * _MONTHS[program.grain], price

    def thresholds(self, program: Program) -> list[int]:
        """Thresholds in millionths, strictly ascending whatever the volumes."""
        units, price = self.of(program)
        found: list[int] = []
        for number, (threshold, _) in enumerate(program.tiers):
            if program.measure.startswith("UNITS"):
                value = max(number + 1, round(threshold * units))
            elif program.measure == "REVENUE_NET":
                value = max(number + 1, round(threshold * units * price / 10_000)) * 10_000
            else:
                value = threshold
            found.append(max(round(value * _MILLION), found[-1] + 1 if found else 0))
        return found

    def cap(self, program: Program) -> int:
        """Cents, a multiple of 500 euro; -1 without a cap."""
        if program.cap is None:
            return -1
        if program.cap >= 10:
            return round(program.cap * 100)
        units, price = self.of(program)
        euro = program.cap * units * price * program.tiers[-2][1]
        return max(1, round(euro / 500)) * 50_000


def _programs(feed: Feed, versions: list[Version], volumes: Volumes, day: int) -> pa.Table:
    of = [v.program for v in versions]
    gate = [p.gate or (None, -1.0) for p in of]
    caps = np.array([volumes.cap(p) for p in of])
    hold = np.array([-1 if p.hold is None else p.hold for p in of])
    least = np.array([round(value * _MILLION) for _, value in gate])
    consented = np.array([v.consented if v.consented <= day else -1 for v in versions])
    return frames.frame(
        feed,
        {
            "program_id": pa.array([p.program_id for p in of]),
            "version": frames.ints(np.array([v.number for v in versions])),
            "brand_code": frames.texts(BRANDS, np.array([p.brand for p in of])),
            "program_name": pa.array([f"{BRANDS[p.brand].title()} {p.name.lower()}" for p in of]),
            "period_grain": pa.array([p.grain for p in of]),
            "measure": pa.array([p.measure for p in of]),
            "measure_kpi_code": pa.array([p.kpi for p in of], pa.string()),
            "payout_basis": pa.array([p.basis for p in of]),
            "tier_mode": pa.array([p.mode for p in of]),
            "segment_code": pa.array([p.segment for p in of], pa.string()),
            "powertrain_code": pa.array([p.powertrain for p in of], pa.string()),
            "requires_strong_market": frames.flags(np.array([p.needs_strong_market for p in of])),
            "gate_kpi_code": pa.array([code for code, _ in gate], pa.string()),
            "gate_min_value": frames.ints(least, least < 0),
            "cap_eur": frames.ints(caps, caps < 0),
            "hold_days": frames.ints(hold, hold < 0),
            "grace_days": frames.ints(np.array([p.grace for p in of])),
            "payment_days": frames.ints(np.array([p.payment for p in of])),
            "credits_refinancing": frames.flags(np.array([p.credits for p in of])),
            "valid_from": frames.days(np.array([v.valid_from for v in versions])),
            "valid_to": frames.days(np.array([v.valid_to for v in versions])),
            "announced_on": frames.days(np.array([v.announced for v in versions])),
            "consented_on": frames.days(consented, consented < 0),
            "approved_by_1": pa.array([_APPROVERS[0]] * len(of)),
            "approved_by_2": pa.array([_APPROVERS[1]] * len(of)),
        },
    )


def _tiers(
    feed: Feed, versions: list[Version], volumes: Volumes, lowered: Version | None
) -> pa.Table:
    """The tiers of the versions; the first rate of `lowered` is a fifth lower than it was."""
    rows = [
        (v.program.program_id, v.number, place + 1, threshold, _rate(v, v.program.tiers[place][1]))
        for v in versions
        for place, threshold in enumerate(volumes.thresholds(v.program))
    ]
    program_id, number, tier, threshold, rate = (list(column) for column in zip(*rows, strict=True))
    if lowered is not None:
        at = rows.index(
            next(r for r in rows if r[:2] == (lowered.program.program_id, lowered.number))
        )
        rate[at] = rate[at] * 4 // 5
    return frames.frame(
        feed,
        {
            "program_id": pa.array(program_id),
            "version": frames.ints(np.array(number)),
            "tier_no": frames.ints(np.array(tier)),
            "threshold": frames.ints(np.array(threshold)),
            "rate": frames.ints(np.array(rate)),
        },
    )


def _rate(version: Version, rate: float) -> int:
    """Millionths: whole euro, or hundredths of a per cent, with the version's rise."""
    risen = rate * (1 + version.rise)
    return round(risen) * _MILLION if rate >= 1 else round(risen * 10_000) * 100
