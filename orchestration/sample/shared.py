"""Investments that partners and OEM share, and who takes part in them.

What a partner carries is set by what a programme costs for each of its contracts, so that the sum
fits a network of any size: 450 million euro at 30 % would be three thousand contracts' joint CRM.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from orchestration.ingestion.contract import Feed
from orchestration.sample import frames
from orchestration.sample.catalog import BRANDS
from orchestration.sample.network import Network
from orchestration.sample.timeline import Span, first_day, off_sunday

_NEVER = -1


@dataclass(frozen=True)
class Shared:
    """A programme. Days are counted from the middle of the sample, where the joint CRM goes live:
    of two years, twelve months lie on either side of it."""

    program_id: str
    name: str
    key: str
    brands: tuple[int, ...]
    cost: int
    """Euro for each contract of its brands."""
    partners: int
    """What they carry, millionths."""
    decided: int
    live: int | None
    floor: float | None = None
    cap: float | None = None
    """Multiples of what a member carries in the mean."""


PROGRAMS = (
    Shared(
        "SHARED-CRM", "Joint customer relationship management", "LEADS", (0, 1, 2), 150_000,
        300_000, decided=-75, live=0, floor=0.4, cap=2.0,
    ),
    Shared(
        "SHARED-CHARGING", "Charging points at the showrooms", "UNITS", (1, 2), 36_000, 450_000,
        decided=-40, live=95, floor=0.5, cap=1.6,
    ),
    Shared(
        "SHARED-DATA", "Common data platform", "EQUAL", (0, 2), 10_001, 500_000,
        decided=60, live=None,
    ),
)  # fmt: skip
_TOLD_AFTER = 6
"""Days from the decision to its delivery."""
_JOINED_BEFORE, _JOINED_AFTER = 30, 45
_LEFT_BEFORE, _LEFT_AFTER = 9, 70
"""Days from joining, or leaving, to the decision, or from it."""
_RAISED_AFTER = 65
"""Days after which the joint CRM has become a tenth dearer."""


def programs(feed: Feed, net: Network, span: Span) -> Iterator[tuple[pa.Table, int]]:
    """Each programme when it is decided, and once more where it becomes dearer; with the day."""
    told: dict[int, list[pa.Table]] = {}
    for program in PROGRAMS:
        decided, live = _days(program, span)
        found = _members(program, net, span)
        if not found.is_counted.any():
            continue
        day = _told(decided, span)
        told.setdefault(day, []).append(_program(feed, program, net, found, decided, live, 1.0))
        if program is PROGRAMS[0]:
            dearer = _program(feed, program, net, found, decided, live, 1.1)
            told.setdefault(int(off_sunday(day + _RAISED_AFTER)), []).append(dearer)
    yield from _by_day(told, span)


def members(feed: Feed, net: Network, span: Span) -> Iterator[tuple[pa.Table, int]]:
    """Who takes part in a programme at its decision, then who joins or leaves after it; with the
    day."""
    told: dict[int, list[pa.Table]] = {}
    for program in PROGRAMS:
        decided, _ = _days(program, span)
        found = _members(program, net, span)
        if not found.is_counted.any():
            continue
        day = _told(decided, span)
        known = np.flatnonzero(found.joined <= decided)
        told.setdefault(day, []).append(_membership(feed, program, net, found, known, decided))
        late = int(off_sunday(day + _LEFT_AFTER))
        news = np.flatnonzero((found.joined > decided) | (found.left > decided))
        if len(news):
            told.setdefault(late, []).append(_membership(feed, program, net, found, news, late))
    yield from _by_day(told, span)


def _by_day(told: dict[int, list[pa.Table]], span: Span) -> Iterator[tuple[pa.Table, int]]:
    """What is delivered within the sample, a table for each day."""
    for day in sorted(d for d in told if d <= span.end):
        yield pa.concat_tables(told[day]), day


@dataclass(frozen=True)
class Members:
    """Contracts that ever take part, an entry each: days, -1 where one stays."""

    contract: np.ndarray
    joined: np.ndarray
    left: np.ndarray
    is_counted: np.ndarray
    """Whether it is a member on the day of the decision."""


def _days(program: Shared, span: Span) -> tuple[int, int]:
    middle = int(first_day(span.first_month + span.months // 2))
    return middle + program.decided, _NEVER if program.live is None else middle + program.live


def _told(decided: int, span: Span) -> int:
    return int(off_sunday(max(decided + _TOLD_AFTER, span.start - 17)))


def _members(program: Shared, net: Network, span: Span) -> Members:
    """Nine in ten of the contracts whose dealers are open; one in ten joins later, one in fifteen
    leaves after the decision, one in twenty before it."""
    decided, _ = _days(program, span)
    dealer = net.dealer
    is_open = (net.opened[dealer] <= decided - _JOINED_BEFORE) & (
        (net.closed[dealer] < 0) | (net.closed[dealer] > decided)
    )
    contract = np.flatnonzero(is_open & np.isin(net.brand, program.brands))
    count = np.arange(len(contract))
    joined = np.where(count % 10 == 7, decided + _JOINED_AFTER, decided - _JOINED_BEFORE)
    left = np.where(count % 15 == 4, decided + _LEFT_AFTER - _TOLD_AFTER, _NEVER)
    left = np.where(count % 20 == 11, decided - _LEFT_BEFORE, left)
    is_counted = (joined <= decided) & ((left < 0) | (left > decided))
    return Members(contract, joined, left, is_counted)


def _program(
    feed: Feed,
    program: Shared,
    net: Network,
    members: Members,
    decided: int,
    live: int,
    rise: float,
) -> pa.Table:
    count = int(np.isin(net.brand, program.brands).sum())
    total = round(program.cost * count * rise) * 100
    mean = total * program.partners / 1_000_000 / int(members.is_counted.sum())
    floor, cap = (
        -1 if bound is None else round(bound * mean / 100_000) * 100_000
        for bound in (program.floor, program.cap)
    )
    return frames.frame(
        feed,
        {
            "program_id": pa.array([program.program_id]),
            "program_name": pa.array([program.name]),
            "total_cost_eur": frames.ints(np.array([total])),
            "partner_share_rate": frames.ints(np.array([program.partners])),
            "allocation_key": pa.array([program.key]),
            "min_share_eur": frames.ints(np.array([floor]), np.array([floor < 0])),
            "max_share_eur": frames.ints(np.array([cap]), np.array([cap < 0])),
            "decided_on": frames.days(np.array([decided])),
            "go_live_on": frames.days(np.array([live]), np.array([live < 0])),
        },
    )


def _membership(
    feed: Feed, program: Shared, net: Network, members: Members, rows: np.ndarray, known_on: int
) -> pa.Table:
    """Some members, as then known."""
    contract, left = members.contract[rows], members.left[rows]
    return frames.frame(
        feed,
        {
            "program_id": pa.array([program.program_id] * len(rows), pa.string()),
            "dealer_id": frames.texts(net.dealer_id, net.dealer[contract]),
            "brand_code": frames.texts(BRANDS, net.brand[contract]),
            "joined_on": frames.days(members.joined[rows]),
            "left_on": frames.days(left, (left < 0) | (left > known_on)),
        },
    )
