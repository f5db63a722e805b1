"""Showroom investments as the OEM agrees them with dealers, before they begin, and what changes
them later.

What is refinanced is sized by the bonuses that a dealer of such volume earns, a little less for
some and more for others: some are repaid ahead of their plan, others fall short. All choices follow
from a contract's number, so that each policy meets each other one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np
import pyarrow as pa

from orchestration.ingestion.contract import Feed
from orchestration.sample import frames
from orchestration.sample.catalog import BRANDS
from orchestration.sample.incentives import Volumes
from orchestration.sample.network import Network
from orchestration.sample.oem import close_day
from orchestration.sample.timeline import Span, first_day, month_of, off_sunday

_MILLION = 1_000_000
_NEVER = -1

SURPLUS = ("NEXT", "LAST", "REAMORTISE", "PAY_OUT")
SHORTFALL = ("CARRY", "EXTEND", "CASH_CALL")
END = ("BALLOON", "EXTEND", "WRITE_OFF")
DAY_COUNT = ("30E/360", "ACT/365")
_EXTENDS = 1
"""Place of EXTEND among both."""

_BONUS_OF_UNIT = np.array([430, 800, 580])
"""Euro of a unit that the programmes which credit refinancing pay in the mean, by brand."""
_COST = np.array([80, 150, 250, 400, 600, 900, 1_200, 1_800, 2_500, 3_500, 5_000]) * 1_000
"""What showrooms cost at scale 1, euro: from a corner of the hall to flagships."""
_MONTHS = np.array([36, 36, 12, 24, 36, 12, 18])
_DEMAND = np.array([0.6, 1.0, 1.4, 0.8, 1.8])
"""Instalments, in parts of what bonuses pay in the mean."""
_UPFRONT = np.array([600_000, 500_000, 600_000, 400_000])
"""Millionths of the cost, of investments of less than three years; the others carry 60 %."""
_RATES = np.array([36_000, 0, 45_000])
"""Millionths a year, where surplus is paid out."""
_BEGINS = np.array([0, 1, 0, 3, 0, 6, 2, 9])
"""Months into the sample."""
_BEGINS_ON = np.array([31, 15, 30, 1, 29])
"""Day of the month, or its last."""
_TOLD_BEFORE, _NEXT_YEAR_TOLD_BEFORE = 20, 45


@dataclass(frozen=True)
class Terms:
    """Investments, an entry each: as they were told on a day. Amounts in cents, rates in
    millionths, days, -1 where there is none."""

    number: np.ndarray
    """Of the contract's investments: 1 or 2."""
    contract: np.ndarray
    total: np.ndarray
    upfront: np.ndarray
    months: np.ndarray
    rate: np.ndarray
    day_count: np.ndarray
    start: np.ndarray
    surplus: np.ndarray
    shortfall: np.ndarray
    end: np.ndarray
    extension: np.ndarray
    terminated: np.ndarray
    told: np.ndarray

    def take(self, rows: np.ndarray) -> Terms:
        return Terms(*(getattr(self, f.name)[rows] for f in fields(self)))


def deliveries(
    feed: Feed, net: Network, volumes: Volumes, span: Span, scale: float
) -> Iterator[tuple[pa.Table, int]]:
    """What is agreed or changed on each day, and the day."""
    terms = _joined(_versions(net, volumes, span, scale))
    within = terms.take(np.flatnonzero(terms.told <= span.end))
    for day in np.unique(within.told).tolist():
        yield _table(feed, net, within.take(np.flatnonzero(within.told == day))), day


def _versions(net: Network, volumes: Volumes, span: Span, scale: float) -> Iterator[Terms]:
    """Investments as first agreed, then what is told of some of them later."""
    is_agent = np.array([m == "AGENT_GENUINE" for m in net.contract_model])
    # now and then somebody forgets that genuine agents may not be asked to invest
    agents = np.flatnonzero(is_agent)[::6]
    agreed = _agreed(net, volumes, span, scale, agents, np.arange(len(agents)))
    theirs = agreed.take(_may_begin(net, agreed))
    yield theirs
    yield _ended(theirs, _closed(net, theirs))

    others = np.flatnonzero(~is_agent)
    agreed = _agreed(net, volumes, span, scale, others, np.arange(len(others)))
    first = agreed.take(_may_begin(net, agreed))
    count = np.searchsorted(others, first.contract)
    yield first
    yield from _changes(net, first, count)
    second = _second(first, count)
    second = second.take(_may_begin(net, second))
    yield second
    yield _ended(second, _closed(net, second))


def _agreed(
    net: Network,
    volumes: Volumes,
    span: Span,
    scale: float,
    contract: np.ndarray,
    count: np.ndarray,
) -> Terms:
    """The first investment of each contract; `count` numbers them."""
    surplus, shortfall, end = count % 4, count % 3, count // 3 % 3
    demand = count % len(_DEMAND)
    # the hardest to repay are short, so that their rest is seen to be forgiven or put off
    is_short = (demand == len(_DEMAND) - 1) & (end != END.index("BALLOON"))
    months = np.where(is_short, 12, _MONTHS[count % len(_MONTHS)])
    upfront = np.where(months == 36, 600_000, _UPFRONT[count // 2 % len(_UPFRONT)])
    bonus = volumes.by_contract[contract] * _BONUS_OF_UNIT[net.brand[contract]]
    refinanced = bonus * _DEMAND[demand] * months
    rate = np.where(surplus == SURPLUS.index("PAY_OUT"), _RATES[count // 4 % 3], 0)
    rate = np.where(count % 40 == 17, 29_000, rate)  # a mistake: such surplus cannot be used
    is_next_year = (count % 7 == 4) & ~is_short
    begins = np.where(is_short, 0, _BEGINS[count % len(_BEGINS)])
    begins = span.first_month + np.where(is_next_year, span.months + count % 3, begins)
    told = np.where(
        is_next_year, span.end - _NEXT_YEAR_TOLD_BEFORE, first_day(begins) - _TOLD_BEFORE
    )
    return Terms(
        number=np.ones_like(count),
        contract=contract,
        total=_cost(refinanced / (1 - upfront / _MILLION), scale, count),
        upfront=upfront,
        months=months,
        rate=rate,
        day_count=count // 12 % 2,
        start=np.minimum(
            first_day(begins) + _BEGINS_ON[count // 2 % len(_BEGINS_ON)], first_day(begins + 1)
        )
        - 1,
        surplus=surplus,
        shortfall=shortfall,
        end=end,
        extension=_extension(shortfall, end, count),
        terminated=np.full_like(count, _NEVER),
        told=np.maximum(off_sunday(told), span.start - 17),
    )


def _cost(wanted: np.ndarray, scale: float, count: np.ndarray) -> np.ndarray:
    """Cents: the showroom that costs about as much; of some the bill was odd."""
    sizes = _COST * scale
    apart = np.abs(np.log(np.maximum(wanted, 1.0))[:, None] - np.log(sizes)[None, :])
    total = np.rint(sizes[apart.argmin(axis=1)] * 100).astype(np.int64)
    return total + np.where(count % 3 == 1, total * (count % 10 + 1) // 997, 0)


def _extension(shortfall: np.ndarray, end: np.ndarray, count: np.ndarray) -> np.ndarray:
    extends = (shortfall == _EXTENDS) | (end == _EXTENDS)
    return np.where(extends, np.where(count % 2, 6, 12), _NEVER)


def _may_begin(net: Network, terms: Terms) -> np.ndarray:
    """Rows whose dealer is open when they are told and when they begin."""
    opened, closed = net.opened[_dealer(net, terms)], _closed(net, terms)
    return np.flatnonzero((opened <= terms.told) & ((closed < 0) | (closed > terms.start)))


def _second(first: Terms, count: np.ndarray) -> Terms:
    """Some dealers add the workshop, a third of the cost, half a year later, under other terms."""
    rows = np.flatnonzero(count % 6 == 2)
    terms, count = first.take(rows), count[rows]
    surplus = (terms.surplus + 1) % 4
    shortfall, end = (terms.shortfall + 1) % 3, (terms.end + 2) % 3
    begins = month_of(terms.start) + 6
    return replace(
        terms,
        number=np.full_like(count, 2),
        total=terms.total // 3,
        months=np.full_like(count, 24),
        rate=np.where(surplus == SURPLUS.index("PAY_OUT"), _RATES[0], 0),
        day_count=1 - terms.day_count,
        start=first_day(begins) + 14,
        surplus=surplus,
        shortfall=shortfall,
        end=end,
        extension=_extension(shortfall, end, count),
        told=off_sunday(first_day(begins) - _TOLD_BEFORE),
    )


def _changes(net: Network, first: Terms, count: np.ndarray) -> Iterator[Terms]:
    """When the first months are closed already, some have cost more in the end, and some are shown
    more patience; investments of dealers who close are terminated, and now and then another."""
    early, closed = first_day(month_of(first.start) + 11) + 17, _closed(net, first)
    ends = np.where((count % 30 == 10) & (closed < 0), early, closed)
    told_of_end = np.where(ends > first.start, _told_of(ends), np.iinfo(np.int64).max)
    told = _after_close(first, 3)
    is_dearer = (count % 12 == 4) & (told < told_of_end)
    dearer = replace(
        first, total=np.where(is_dearer, first.total * 21 // 20, first.total), told=told
    )
    yield dearer.take(np.flatnonzero(is_dearer))
    told = _after_close(first, 5)
    is_milder = (count % 12 == 7) & (told < told_of_end)
    shortfall = np.where(is_milder, SHORTFALL.index("CARRY"), first.shortfall)
    milder = replace(
        dearer, shortfall=shortfall, extension=_extension(shortfall, first.end, count), told=told
    )
    yield milder.take(np.flatnonzero(is_milder))
    yield _ended(milder, ends)


def _ended(terms: Terms, ends: np.ndarray) -> Terms:
    """Those that end ahead of time, on the days given (-1: never), as told some days later."""
    ended = replace(terms, terminated=ends, told=_told_of(ends))
    return ended.take(np.flatnonzero(ends > terms.start))


def _told_of(ends: np.ndarray) -> np.ndarray:
    return off_sunday(ends + 3)


def _dealer(net: Network, terms: Terms) -> np.ndarray:
    return net.dealer[terms.contract]


def _closed(net: Network, terms: Terms) -> np.ndarray:
    """Last day of the dealers, -1 while they are open."""
    return net.closed[_dealer(net, terms)]


def _after_close(terms: Terms, months: int) -> np.ndarray:
    """Two days after a month was closed in which the investment ran."""
    after = np.array([close_day(m) + 2 for m in (month_of(terms.start) + months).tolist()])
    return np.maximum(off_sunday(after.astype(np.int64)), terms.told + 1)


def _joined(versions: Iterator[Terms]) -> Terms:
    parts = list(versions)
    return Terms(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Terms)))


def _table(feed: Feed, net: Network, terms: Terms) -> pa.Table:
    dealer = _dealer(net, terms)
    brand = net.brand[terms.contract]
    keys = zip(dealer.tolist(), brand.tolist(), terms.number.tolist(), strict=True)
    return frames.frame(
        feed,
        {
            "investment_id": pa.array(
                [f"SR-{net.dealer_id[d]}-{BRANDS[b]}-{n}" for d, b, n in keys], pa.string()
            ),
            "dealer_id": frames.texts(net.dealer_id, dealer),
            "brand_code": frames.texts(BRANDS, brand),
            "total_cost_eur": frames.ints(terms.total),
            "upfront_rate": frames.ints(terms.upfront),
            "refinance_months": frames.ints(terms.months),
            "annual_interest_rate": frames.ints(terms.rate),
            "day_count": frames.texts(DAY_COUNT, terms.day_count),
            "start_date": frames.days(terms.start),
            "surplus_policy": frames.texts(SURPLUS, terms.surplus),
            "shortfall_policy": frames.texts(SHORTFALL, terms.shortfall),
            "end_policy": frames.texts(END, terms.end),
            "max_extension_months": frames.ints(terms.extension, terms.extension < 0),
            "terminated_on": frames.days(terms.terminated, terms.terminated < 0),
        },
    )
