"""The systems of the dealers: whether their IT meets what modern systems need, and how long those
take to introduce.

At first one dealer in four meets all mandatory criteria; the others lack one to four of them, and
remedy some over time. A new mandatory criterion sets some back. Where people of the dealer have
been to the academy before, an introduction takes a little more than half of the days.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from orchestration.ingestion.contract import Feed
from orchestration.sample import frames
from orchestration.sample.academy import NEVER, deliveries
from orchestration.sample.network import Network
from orchestration.sample.timeline import Schedule, Span, first_day, month_of, off_sunday, stream
from orchestration.sample.vehicles import brand_texts

_TOLD_BEFORE = 17
_SPAN = 24

# code, name, mandatory, month of a sample of two years from which it is asked for
_CRITERIA = (
    ("BROADBAND", "Internet access of 100 Mbit/s at every workplace", True, -60),
    ("DMS-INTERFACE", "Dealer management system with an open interface", True, -48),
    ("SINGLE-SIGN-ON", "One sign-on with a second factor", True, -36),
    ("DEVICES", "Devices that are managed and kept up to date", True, -36),
    ("CRM-LINK", "Customer data exchanged with the common system", True, -20),
    ("BACKUP", "Backups that were restored in a test", True, -12),
    ("DIAGNOSIS-LINK", "Diagnosis online from every bay", True, 6),
    ("CHARGING-LINK", "Charging points in the common system", False, -12),
    ("SIGNAGE", "Digital signage in the showroom", False, 3),
)
_READY = 0.27
"""Share of the dealers who meet everything at first."""
_LACKS = 4
_REMEDIES = 900
"""Mean days until what a dealer lacks is remedied."""
_MEETS_NEW = 0.75
"""Share of the dealers who meet what is newly asked for at once."""
_ASSESSED_EVERY = 365

# code, month of a sample of two years from which it is introduced, and its pace
_SYSTEMS = (
    ("CRM-NEXT", -6, 1.0),
    ("DMS-LINK", 0, 1.25),
    ("STOCK-LIVE", 4, 0.7),
    ("EV-ADVISOR", 8, 0.85),
)
_WAVE_DAYS = 420
"""Days within which the dealers begin with a system."""
_TAKES_PART = 0.9
_MEDIAN_DAYS, _SPREAD = 150, 0.4
_TRAINED_LEFT = 0.6
"""What is left of the days where people were trained."""
_ABANDONED = 0.06


def _month(span: Span, month: int) -> int:
    return span.first_month + (month if month < 0 else month * span.months // _SPAN)


def criteria(feed: Feed, span: Span) -> Iterator[tuple[pa.Table, int]]:
    """The criteria a month before they are asked for; with the day."""
    code, name, mandatory, month = zip(*_CRITERIA, strict=True)
    valid_from = first_day(np.array([_month(span, m) for m in month]))
    told = np.maximum(off_sunday(valid_from - 30), span.start - _TOLD_BEFORE)
    for day in np.unique(told[told <= span.end]).tolist():
        rows = np.flatnonzero(told == day)
        columns = {
            "criterion_code": frames.texts(code, rows),
            "name": frames.texts(name, rows),
            "is_mandatory": frames.flags(np.array(mandatory)[rows]),
            "valid_from": frames.days(valid_from[rows]),
        }
        yield frames.frame(feed, columns), day


@dataclass(frozen=True)
class Assessments:
    """What was assessed, an entry each."""

    dealer: np.ndarray
    criterion: np.ndarray
    day: np.ndarray
    is_met: np.ndarray

    def of(
        self, feed: Feed, net: Network, contracts: np.ndarray, schedule: Schedule
    ) -> tuple[pa.Table, np.ndarray, np.ndarray]:
        """Those of the dealers of some contracts, with period and day of each; what lies before the
        sample comes with its first delivery."""
        mine = np.flatnonzero(np.isin(self.dealer, np.unique(net.dealer[contracts])))
        table = frames.frame(
            feed,
            {
                "dealer_id": frames.texts(net.dealer_id, self.dealer[mine]),
                "criterion_code": frames.texts([c[0] for c in _CRITERIA], self.criterion[mine]),
                "assessed_on": frames.days(self.day[mine]),
                "is_met": frames.flags(self.is_met[mine]),
            },
        )
        period = np.maximum(schedule.period_of(month_of(self.day[mine])), 0)
        return table, period, self.day[mine]


def assess(net: Network, span: Span, seed: int) -> Assessments:
    """Each dealer is assessed once a year, for what is newly asked for, and again when he has
    remedied something."""
    rng = stream(seed, "it")
    count, kinds = len(net.dealer_id), len(_CRITERIA)
    asked = first_day(np.array([_month(span, c[3]) for c in _CRITERIA]))
    mandatory = np.flatnonzero([c[2] for c in _CRITERIA])
    place = (rng.permutation(count) + 0.5) / count
    lacking = np.where(place < _READY, 0, rng.integers(1, _LACKS + 1, count))
    old = mandatory[asked[mandatory] <= span.start]
    rank = rng.random((count, len(old))).argsort(axis=1).argsort(axis=1)
    met_from = np.zeros((count, kinds), dtype=np.int64)
    remedied = span.start + rng.exponential(_REMEDIES, (count, kinds)).astype(np.int64)
    met_from[:, old] = np.where(rank < lacking[:, None], remedied[:, old], 0)
    newer = np.setdiff1d(np.arange(kinds), old)
    late = asked[newer][None, :] + rng.integers(20, 700, (count, len(newer)))
    met_from[:, newer] = np.where(rng.random((count, len(newer))) < _MEETS_NEW, 0, late)

    first = np.maximum(span.start - rng.integers(5, 300, count), net.opened + 20)
    rounds = first[:, None] + _ASSESSED_EVERY * np.arange(span.months // 12 + 3)[None, :]
    dealer, turn, criterion = (
        axis.ravel()
        for axis in np.meshgrid(
            np.arange(count), np.arange(rounds.shape[1]), np.arange(kinds), indexing="ij"
        )
    )
    yearly = rounds[dealer, turn] + criterion % 3
    again_dealer, again_criterion = np.nonzero(met_from > 0)
    again = met_from[again_dealer, again_criterion]
    new_dealer = np.repeat(np.arange(count), len(newer))
    new_criterion = np.tile(newer, count)
    new = asked[new_criterion] + rng.integers(-20, 40, len(new_criterion))
    dealer = np.concatenate([dealer, again_dealer, new_dealer])
    criterion = np.concatenate([criterion, again_criterion, new_criterion])
    day = off_sunday(np.concatenate([yearly, again, new]))
    is_met = day >= met_from[dealer, criterion] - 1  # a Sunday's is assessed on the Saturday
    last = np.where(net.closed < 0, span.end, net.closed)[dealer]
    kept = (day <= last) & (day >= off_sunday(first)[dealer]) & (day >= asked[criterion] - 30)
    dealer, criterion, day, is_met = dealer[kept], criterion[kept], day[kept], is_met[kept]
    # of two assessments of a day one counts: that of what was remedied, which comes last
    order = np.lexsort((np.arange(len(day)), day, criterion, dealer))
    key = np.stack([dealer[order], criterion[order], day[order]])
    is_last = np.append((key[:, 1:] != key[:, :-1]).any(axis=0), True)
    chosen = order[is_last]
    return Assessments(dealer[chosen], criterion[chosen], day[chosen], is_met[chosen])


@dataclass(frozen=True)
class Rollouts:
    """Introductions, an entry each; days, -1 where it did not happen within the sample."""

    contract: np.ndarray
    system: np.ndarray
    started: np.ndarray
    live: np.ndarray
    abandoned: np.ndarray


def introduce(net: Network, span: Span, trained_since: np.ndarray, seed: int) -> Rollouts:
    """The introductions of all systems. `trained_since` is by dealer the day since which somebody
    of him has passed a course, -1 for never."""
    rng = stream(seed, "rollouts")
    contract, system = (
        axis.ravel()
        for axis in np.meshgrid(np.arange(len(net.dealer)), np.arange(len(_SYSTEMS)), indexing="ij")
    )
    count, dealer = len(contract), net.dealer[contract]
    offered = first_day(np.array([_month(span, s[1]) for s in _SYSTEMS]))[system]
    length = _WAVE_DAYS * span.months // _SPAN
    started = off_sunday(offered + (rng.random(count) * length).astype(np.int64))
    since = trained_since[dealer]
    is_trained = (since >= 0) & (since <= started)
    pace = np.array([s[2] for s in _SYSTEMS])[system]
    days = _MEDIAN_DAYS * pace * rng.lognormal(0, _SPREAD, count)
    days = np.maximum(np.rint(days * np.where(is_trained, _TRAINED_LEFT, 1.0)), 5).astype(np.int64)
    is_given_up = rng.random(count) < _ABANDONED
    live = np.where(is_given_up, NEVER, off_sunday(started + days))
    abandoned = np.where(is_given_up, started + rng.integers(30, 200, count), NEVER)
    last = np.where(net.closed < 0, span.end, net.closed)[dealer]
    kept = (rng.random(count) < _TAKES_PART) & (started >= net.opened[dealer]) & (started <= last)
    # who closes gives up what still runs
    is_closed_over = (net.closed[dealer] >= 0) & (np.maximum(live, abandoned) > last)
    live = np.where(is_closed_over | (live > last), NEVER, live)
    abandoned = np.where(is_closed_over, last, np.where(abandoned > last, NEVER, abandoned))
    return Rollouts(*(v[kept] for v in (contract, system, started, live, abandoned)))


def rollouts(
    feed: Feed, net: Network, span: Span, found: Rollouts
) -> Iterator[tuple[pa.Table, int]]:
    """Introductions when they begin, and once more when they end, month by month; with the day."""
    ids = pa.array(
        [
            f"R-{_SYSTEMS[s][0]}-{net.dealer_id[net.dealer[c]]}-{c}"
            for s, c in zip(found.system.tolist(), found.contract.tolist(), strict=True)
        ],
        pa.string(),
    )
    cut, told = deliveries(span)
    ended = np.maximum(found.live, found.abandoned)
    begins = np.searchsorted(cut, found.started)
    ends = np.where(ended >= 0, np.searchsorted(cut, ended), NEVER)
    for number, day in enumerate(told.tolist()):
        rows = np.flatnonzero((begins == number) | (ends == number))
        if not len(rows):
            continue
        contract = found.contract[rows]
        is_open = (ended[rows] < 0) | (ended[rows] > cut[number])
        columns = {
            "rollout_id": ids.take(pa.array(rows)),
            "dealer_id": frames.texts(net.dealer_id, net.dealer[contract]),
            "brand_code": brand_texts(net, contract),
            "system_code": frames.texts([s[0] for s in _SYSTEMS], found.system[rows]),
            "started_on": frames.days(found.started[rows]),
            "live_on": frames.days(found.live[rows], is_open | (found.live[rows] < 0)),
            "abandoned_on": frames.days(
                found.abandoned[rows], is_open | (found.abandoned[rows] < 0)
            ),
        }
        yield frames.frame(feed, columns), day
