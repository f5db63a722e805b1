"""Contracts of the dealers and what changes them: versions of technology standards, objections and
signatures, and what is done where a contract's performance is escalated.

A number of a contract decides what was agreed in it, so that each way of adopting a standard
occurs. Some contracts end and are renewed, some end for good, some outlive their dealer. Whether
a contract is in breach is reckoned from scores that the sample does not know; the ambitious ones,
where nearly all but the best of a peer group are, get the events of an escalation.
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
from orchestration.sample.timeline import Span, first_day, month_of, off_sunday
from orchestration.sample.vehicles import brand_texts

_NEVER = -1
_TOLD_BEFORE, _OPENING_TOLD_BEFORE, _RENEWAL_TOLD_BEFORE, _END_TOLD_AFTER = 17, 20, 30, 6
"""Days before the sample, an opening and a renewal; days after a closing."""
_MISTAKE_TOLD, _MISTAKE_WITHDRAWN = 12, 47
"""Days of the sample on which a contract that never was is told, and taken back."""
_OVERLAP = 15
"""Days by which one renewal begins before the contract that it renews has ended."""

_AUTOMATIC = np.array([6, 9, 4])
"""Of ten contracts how many adopt standards by themselves, by brand."""
_OBJECTION_DAYS = np.array([14, 30, 30, 60])
_QUANTILES = np.array([250_000, 350_000, 200_000, 100_000])
_AMBITIOUS = 900_000
"""Millionths; one contract in five is ambitious, and who satisfies his customers least."""
_LEAST_SATISFYING = 1 / 6
_RENEWS, _ENDS = (4, 1), (23, 9)
"""Every so many contracts, and which of them, are renewed, and end without."""

# code, then its versions: published, mandatory from and withdrawn in months of a sample of two
# years; those before it began are negative, nothing is later than the sample but what is asked for
_STANDARDS = (
    (
        "OTA",
        (("1.0", -20, -18, None), ("2.0", 5, 8, None), ("2.1", 14, 16, 17), ("3.0", 18, 20, None)),
    ),
    ("CHARGING", (("2023.1", -10, -7, None), ("2024.1", 9, 12, None))),
    ("DATA", (("1", -15, -12, None), ("2", 11, 15, 12), ("3", 13, 17, None))),
    ("DIAGNOSTICS", (("4.0", -8, -6, None), ("5.0", 22, 72, None))),
)
_SPAN = 24
_VERSIONS = ("1.0", "2.0", "2.1", "3.0", "2023.1", "2024.1", "1", "2", "3", "4.0", "5.0")

_OBJECTS = 9
"""Every so many automatic contracts object to a version."""
_SIGNS_WITHIN, _SIGNS = 110, 7
"""Days after its publication within which a version is signed; of ten contracts so many sign."""
OBJECTION, ADOPTION, OBJECTION_RESOLVED = range(3)
_EVENTS = ("OBJECTION", "ADOPTION", "OBJECTION_RESOLVED")

_ESCALATION_EVENTS = ("ACKNOWLEDGED", "PLAN_AGREED", "CLOSED")
# What is done about escalations: event and days after the opening, six ways in turn. What was
# closed opens again where breaches go on, and is taken up once more.
_WAYS = (
    ((0, 9), (1, 20), (2, 215), (0, 385)),
    ((0, 12), (2, 80), (0, 200)),
    (),
    ((0, 5), (1, 50), (2, 140), (0, 290)),
    ((1, 15), (2, 70), (1, 200)),
    ((0, 6),),
)


@dataclass(frozen=True)
class Agreements:
    """Contracts, an entry each, the renewals last. Days are counted from 1970; -1 is no end."""

    contract: np.ndarray
    """Dealer and brand, as the network numbers them."""
    number: np.ndarray
    """1, or 2 for a renewal."""
    valid_from: np.ndarray
    valid_to: np.ndarray
    is_automatic: np.ndarray
    objection_days: np.ndarray
    quantile: np.ndarray
    breach_quarters: np.ndarray
    told: np.ndarray
    end_told: np.ndarray
    """Day on which the end is told; -1 for with the contract, or never."""

    def ids(self, net: Network) -> pa.Array:
        brands = [name[:3] for name in BRANDS]
        return pa.array(
            [
                f"K-{brands[net.brand[c]]}-{net.dealer_id[net.dealer[c]]}-{n}"
                for c, n in zip(self.contract.tolist(), self.number.tolist(), strict=True)
            ],
            pa.string(),
        )


def agree(net: Network, span: Span) -> Agreements:
    """The contracts of the network, each with its renewal."""
    c = np.arange(len(net.dealer))
    dealer = net.dealer
    opened, closed = net.opened[dealer], net.closed[dealer]
    before = span.start - _TOLD_BEFORE
    valid_from = np.maximum(opened, first_day(span.first_month - 12 * (1 + c % 5)))
    told = np.maximum(np.where(opened > before, opened - _OPENING_TOLD_BEFORE, before), before)

    # ends lie in the middle of the sample, on the last day of a month
    month = span.first_month + span.months * (6 + c % 15) // _SPAN
    ends = first_day(month + 1) - 1
    may_end = (closed < 0) & (ends > valid_from + 90) & (ends < span.end)
    renews = may_end & (c % _RENEWS[0] == _RENEWS[1])
    finishes = may_end & (c % _ENDS[0] == _ENDS[1]) & ~renews
    valid_to = np.where(renews | finishes, ends, _NEVER)
    end_told = np.where(valid_to >= 0, ends - _RENEWAL_TOLD_BEFORE, _NEVER)
    is_ended_with_dealer = (closed >= 0) & (dealer % 2 == 0)
    valid_to = np.where(is_ended_with_dealer, closed, valid_to)
    end_told = np.where(is_ended_with_dealer, closed + _END_TOLD_AFTER, end_told)

    satisfaction = net.satisfaction[dealer]
    is_ambitious = (c % 5 == 3) | (satisfaction < np.quantile(satisfaction, _LEAST_SATISFYING))
    again = np.flatnonzero(renews)
    begins = valid_to[again] + 1
    begins[:1] -= _OVERLAP
    first = Agreements(
        contract=c,
        number=np.ones_like(c),
        valid_from=valid_from,
        valid_to=valid_to,
        is_automatic=c * 7 % 10 < _AUTOMATIC[net.brand],
        objection_days=_OBJECTION_DAYS[c % len(_OBJECTION_DAYS)],
        quantile=np.where(is_ambitious, _AMBITIOUS, _QUANTILES[c % len(_QUANTILES)]),
        breach_quarters=np.where(c % 7 == 0, 3, 2 - (c % 11 == 3)),
        told=told,
        end_told=end_told,
    )
    renewed = Agreements(
        contract=again,
        number=np.full_like(again, 2),
        valid_from=begins,
        valid_to=np.full_like(again, _NEVER),
        is_automatic=np.ones(len(again), dtype=bool),
        objection_days=np.full_like(again, 30),
        quantile=np.full_like(again, 250_000),
        breach_quarters=np.full_like(again, 2),
        told=first.end_told[again],
        end_told=np.full_like(again, _NEVER),
    )
    return Agreements(
        *(np.concatenate([getattr(first, n), getattr(renewed, n)]) for n in vars(first))
    )


def contracts(
    feed: Feed, net: Network, span: Span, agreed: Agreements
) -> Iterator[tuple[pa.Table, int, int]]:
    """The contracts as they are told, and once more where they end; a table for each day, with
    the day and the rows that withdraw."""
    ids = agreed.ids(net)
    days = np.union1d(agreed.told, agreed.end_told[agreed.end_told >= 0])
    mistakes = (span.start + _MISTAKE_TOLD, span.start + _MISTAKE_WITHDRAWN)
    for day in np.union1d(days, mistakes).tolist():
        if day > span.end:
            break
        rows = np.flatnonzero((agreed.told == day) | (agreed.end_told == day))
        table = _contracts(feed, net, agreed, ids, rows, day)
        if day in mistakes:
            table = pa.concat_tables([table, _mistake(feed, net, span, day == mistakes[1])])
        yield table, day, int(day == mistakes[1])


def _contracts(
    feed: Feed, net: Network, agreed: Agreements, ids: pa.Array, rows: np.ndarray, day: int
) -> pa.Table:
    contract, valid_to = agreed.contract[rows], agreed.valid_to[rows]
    is_unknown = (valid_to < 0) | (agreed.end_told[rows] > day)
    return frames.frame(
        feed,
        {
            "contract_id": ids.take(pa.array(rows)),
            "dealer_id": frames.texts(net.dealer_id, net.dealer[contract]),
            "brand_code": brand_texts(net, contract),
            "valid_from": frames.days(agreed.valid_from[rows]),
            "valid_to": frames.days(valid_to, is_unknown),
            "auto_adopt_standards": frames.flags(agreed.is_automatic[rows]),
            "objection_days": frames.ints(agreed.objection_days[rows]),
            "benchmark_quantile": frames.ints(agreed.quantile[rows]),
            "breach_quarters": frames.ints(agreed.breach_quarters[rows]),
            "is_deleted": frames.flags(np.zeros(len(rows), dtype=bool)),
        },
    )


def _mistake(feed: Feed, net: Network, span: Span, is_withdrawn: bool) -> pa.Table:
    """A contract beside that of the largest dealer, told by mistake."""
    first = np.zeros(1, dtype=np.int64)
    return frames.frame(
        feed,
        {
            "contract_id": pa.array([f"K-{BRANDS[net.brand[0]][:3]}-{net.dealer_id[0]}-9"]),
            "dealer_id": frames.texts(net.dealer_id, net.dealer[first]),
            "brand_code": brand_texts(net, first),
            "valid_from": frames.days(first + span.start),
            "auto_adopt_standards": frames.flags(first),
            "objection_days": frames.ints(first),
            "benchmark_quantile": frames.ints(first + 250_000),
            "breach_quarters": frames.ints(first + 2),
            "is_deleted": frames.flags(first + is_withdrawn),
        },
    )


@dataclass(frozen=True)
class Versions:
    """Versions of the standards of all brands, an entry each; days, -1 where not withdrawn."""

    code: tuple[str, ...]
    version: np.ndarray
    brand: np.ndarray
    published: np.ndarray
    mandatory: np.ndarray
    withdrawn: np.ndarray


def versions(span: Span) -> Versions:
    """All versions, by standard and brand. Each brand publishes some days after the one before."""
    rows = [
        (f"{name[:3]}-{code}", _VERSIONS.index(version), brand, *_dates(span, times, brand))
        for code, every in _STANDARDS
        for brand, name in enumerate(BRANDS)
        for version, *times in every
    ]
    code, *numbers = zip(*rows, strict=True)
    return Versions(code, *(np.array(column) for column in numbers))


def _dates(span: Span, times: list[int | None], brand: int) -> list[int]:
    published, mandatory, withdrawn = (
        _NEVER if t is None else int(first_day(span.first_month + _scaled(t, span))) for t in times
    )
    shifted = int(off_sunday(np.int64(published + 3 + 2 * brand)))
    return [shifted, mandatory, withdrawn if withdrawn < 0 else max(withdrawn, shifted) + 9]


def _scaled(months: int, span: Span) -> int:
    return months if months < 0 else months * span.months // _SPAN


def standards(feed: Feed, span: Span, told: Versions) -> Iterator[tuple[pa.Table, int]]:
    """The versions two days before they are published, and once more when they are withdrawn."""
    before = span.start - _TOLD_BEFORE
    first = np.maximum(off_sunday(told.published - 2), before)
    days = np.union1d(first, told.withdrawn[told.withdrawn >= 0])
    for day in days[days <= span.end].tolist():
        rows = np.flatnonzero((first == day) | (told.withdrawn == day))
        withdrawn = told.withdrawn[rows]
        columns = {
            "standard_code": frames.texts(told.code, rows),
            "version": frames.texts(_VERSIONS, told.version[rows]),
            "brand_code": frames.texts(BRANDS, told.brand[rows]),
            "published_on": frames.days(told.published[rows]),
            "mandatory_from": frames.days(told.mandatory[rows]),
            "withdrawn_on": frames.days(withdrawn, (withdrawn < 0) | (withdrawn > day)),
        }
        yield frames.frame(feed, columns), day


def events(
    feed: Feed, net: Network, span: Span, agreed: Agreements, told: Versions
) -> Iterator[tuple[pa.Table, int]]:
    """Objections, their resolutions and signatures, month by month; with the day of delivery."""
    fits = net.brand[agreed.contract][:, None] == told.brand[None, :]
    fits &= told.published[None, :] >= agreed.valid_from[:, None]
    a, v = np.nonzero(fits)
    # a number of its own for each pair, by which the cases go round
    turn = agreed.contract[a] * 5 + v * 7 + agreed.number[a]
    published, window = told.published[v], agreed.objection_days[a]
    automatic = agreed.is_automatic[a]
    objects = automatic & (turn % _OBJECTS == 1)
    objected = published + np.minimum(turn // 3 % 40, window)
    objected[np.flatnonzero(objects)[4:5]] += 75  # one comes when the window is over
    way = turn // _OBJECTS % 3  # stays, is resolved, is signed in spite of it
    signs = ~automatic & (turn % 10 < _SIGNS)
    signed = published + 8 + turn * 13 % _SIGNS_WITHIN
    made = (
        (OBJECTION, objects, objected),
        (OBJECTION_RESOLVED, objects & (way == 1), objected + 40),
        (ADOPTION, objects & (way == 2), objected + 95),
        (ADOPTION, signs, signed),
    )
    pair = np.concatenate([np.flatnonzero(chosen) for _, chosen, _ in made])
    kind = np.concatenate([np.full(chosen.sum(), kind) for kind, chosen, _ in made])
    day = off_sunday(np.concatenate([on[chosen] for _, chosen, on in made]))
    last = agreed.valid_to[a[pair]]
    kept = (day <= span.end) & ((last < 0) | (day <= last))
    pair, kind, day = pair[kept], kind[kept], day[kept]

    ids = agreed.ids(net).take(pa.array(a[pair]))
    code, version = frames.texts(told.code, v[pair]), frames.texts(_VERSIONS, told.version[v[pair]])
    columns = {
        "contract_id": ids,
        "event_type": frames.texts(_EVENTS, kind),
        "standard_code": code,
        "version": version,
        "event_on": frames.days(day),
    }
    yield from _monthly(feed, columns, day, span, "CE")


def escalation_events(
    feed: Feed, net: Network, span: Span, agreed: Agreements
) -> Iterator[tuple[pa.Table, int]]:
    """What is done about the ambitious contracts, which are taken to be in breach from their first
    quarter on; with the day of delivery."""
    rows = np.flatnonzero(agreed.quantile == _AMBITIOUS)
    begins = np.maximum(agreed.valid_from[rows], span.start)
    quarter = month_of(begins) // 3
    opened = first_day((quarter + agreed.breach_quarters[rows]) * 3)
    way = np.arange(len(rows)) % len(_WAYS)
    made = [
        (np.flatnonzero(way == number), kind, days)
        for number, steps in enumerate(_WAYS)
        for kind, days in steps
    ]
    at = np.concatenate([found for found, _, _ in made])
    kind = np.concatenate([np.full(len(found), kind) for found, kind, _ in made])
    day = off_sunday(np.concatenate([opened[found] + days for found, _, days in made]))
    last = agreed.valid_to[rows[at]]
    kept = (day <= span.end) & ((last < 0) | (day <= last))
    columns = {
        "contract_id": agreed.ids(net).take(pa.array(rows[at[kept]])),
        "event_type": frames.texts(_ESCALATION_EVENTS, kind[kept]),
        "event_on": frames.days(day[kept]),
    }
    yield from _monthly(feed, columns, day[kept], span, "EE")


def _monthly(
    feed: Feed, columns: dict[str, pa.Array], day: np.ndarray, span: Span, prefix: str
) -> Iterator[tuple[pa.Table, int]]:
    """Events in the order of their days, those of a month on the third day of the next one, what
    was before the sample on the day before it. Each has an id of its own."""
    order = np.argsort(day, kind="stable")
    columns = {name: values.take(pa.array(order)) for name, values in columns.items()}
    columns["event_id"] = frames.numbered(prefix, np.arange(len(order)) + 1, width=6)
    table, month = frames.frame(feed, columns), np.maximum(month_of(day[order]), span.first_month)
    for m in np.unique(month).tolist():
        yield table.filter(pa.array(month == m)), int(first_day(m + 1)) + 2
