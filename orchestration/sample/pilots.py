"""Pilots of new ways to sell: one that works and is rolled out, one that does harm, one without
effect, one with too few dealers, and one that is still to begin.

What a pilot changes is in the data of its dealers from its first day on, and of the others from the
day on which they take it over.
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
from orchestration.sample.timeline import Span, first_day, month_of, off_sunday, stream

_NEVER = -1
_MILLION = 1_000_000
_PILOT, _CONTROL = 0, 1
_ARMS = ("PILOT", "CONTROL")
_MOST = 60
"""Dealers of an arm at most, however large the network."""
_TOLD_BEFORE, _JOINED_BEFORE, _JOINED_AFTER = 30, 20, 40
_JOINS_LATE = 9
"""One member in so many joins when the pilot runs already."""
_MOVED_AFTER = 33
"""Days into a pilot after which a dealer is told to be of the other arm, where one is."""
_TOLD_AFTER = 3
"""Days after which it is told who works with what is tried."""
_DECIDED_AFTER = 30
_WAVES = 8
"""Months over which a pilot is rolled out."""
_ON_TIME, _LATE = 0.68, 0.9
"""Cumulated shares: of roll-outs on time, of those that go live at all."""
_FASTER_TO_CLOSE = 1.5
"""Closing rate with the showroom that works, as a multiple."""
_SLOWER_TO_ANSWER = 7.0
"""Hours to the first answer with the assistant that does harm, as a multiple."""


@dataclass(frozen=True)
class Pilot:
    """A pilot; times are shares of the span, from its first day on."""

    pilot_id: str
    name: str
    brand: int
    kpi: str
    success: float
    min_dealers: int
    begins: float
    lasts: float | None
    begins_on: int = 1
    """Day of the month."""
    arm_size: int = _MOST
    is_rolled_out: bool = False
    moves_a_dealer: bool = False


WORKS = Pilot(
    "PILOT-VR", "Showroom in virtual reality", 0, "CLOSING_RATE", 0.02, 6, 0.42, 0.25,
    is_rolled_out=True,
)  # fmt: skip
HARMS = Pilot(
    "PILOT-ASSISTANT", "Assistant that writes the first answer", 1, "LEAD_RESPONSE_24H", 0.03, 4,
    0.5, None,
)  # fmt: skip
PILOTS = (
    WORKS,
    HARMS,
    Pilot(
        "PILOT-LOUNGE", "Delivery lounge", 2, "CSI", 2.0, 4, 0.38, 0.3, begins_on=15,
        moves_a_dealer=True,
    ),
    Pilot(
        "PILOT-HOME", "Delivery to the customer's home", 2, "NPS", 5.0, 5, 0.46, 0.25, arm_size=2,
    ),
    Pilot(
        "PILOT-REMOTE", "Sales talk by video", 0, "REVENUE_GROWTH", 0.02, 6, 1.0, 0.25,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Members:
    """Dealers of a pilot by their contract, an entry each; days."""

    contract: np.ndarray
    arm: np.ndarray
    joined: np.ndarray


@dataclass(frozen=True)
class Rollouts:
    """Who takes a pilot over, an entry each; days, -1 for who is not live."""

    contract: np.ndarray
    planned: np.ndarray
    live: np.ndarray


class Pilots:
    """The pilots of a network: when they run, who takes part, what they change."""

    def __init__(self, net: Network, span: Span, seed: int) -> None:
        self._net, self._span, self._seed = net, span, seed
        self._members = {p.pilot_id: self._drawn(p, n) for n, p in enumerate(PILOTS)}
        self._rollouts = self._rolled_out(WORKS)
        contracts = len(net.dealer)
        self._sees = np.full(contracts, np.iinfo(np.int64).max)
        is_live = self._rollouts.live >= 0
        self._sees[self._rollouts.contract[is_live]] = self._rollouts.live[is_live]
        self._asks = np.full(contracts, np.iinfo(np.int64).max)
        members = self._members[HARMS.pilot_id]
        piloting = members.arm == _PILOT
        begins = self.days(HARMS)[0]
        self._asks[members.contract[piloting]] = np.maximum(members.joined[piloting], begins)

    def days(self, pilot: Pilot) -> tuple[int, int]:
        """First and last day; -1 without an end."""
        months = self._span.months
        first = self._span.first_month + max(1, round(months * pilot.begins))
        begins = int(first_day(first)) + pilot.begins_on - 1
        if pilot.lasts is None:
            return begins, _NEVER
        return begins, int(first_day(first + max(1, round(months * pilot.lasts)))) - 1

    def members(self, pilot: Pilot) -> Members:
        return self._members[pilot.pilot_id]

    def closing(self, contracts: np.ndarray) -> np.ndarray:
        """What the showroom makes of the closing rate: a factor for each contract and month."""
        is_live = self._sees[contracts][:, None] <= first_day(self._span.numbers)[None, :]
        return np.where(is_live, _FASTER_TO_CLOSE, 1.0)

    def delay(self, contract: np.ndarray, day: np.ndarray) -> np.ndarray:
        """What the assistant makes of the time to the first answer: a factor."""
        return np.where(self._asks[contract] <= day, _SLOWER_TO_ANSWER, 1.0)

    def _drawn(self, pilot: Pilot, number: int) -> Members:
        """Contracts of dealers who are open before and after, in two arms of about equal size:
        of each two that sell alike one, by lot."""
        net, (begins, ends) = self._net, self.days(pilot)
        rng = stream(self._seed, "pilots", number)
        stays = (net.closed < 0) | (net.closed > max(ends, self._span.end))
        is_open = (net.opened < begins - 180) & stays
        contract = np.flatnonzero((net.brand == pilot.brand) & is_open[net.dealer])
        contract = rng.permutation(contract)[: 2 * pilot.arm_size]
        contract = contract[np.argsort(-net.volume[contract], kind="stable")]
        place = np.arange(len(contract))
        coin = rng.integers(0, 2, len(contract) // 2 + 1)
        arm = (coin[place // 2] + place) % 2
        joined = np.where(
            place % _JOINS_LATE == _JOINS_LATE - 1, begins + _JOINED_AFTER, begins - _JOINED_BEFORE
        )
        return Members(contract, arm, joined)

    def _rolled_out(self, pilot: Pilot) -> Rollouts:
        """The pilot's dealers from its first day on, the others of the brand in waves after it."""
        net, (begins, ends) = self._net, self.days(pilot)
        rng = stream(self._seed, "rollouts")
        members = self.members(pilot)
        first = np.flatnonzero(members.arm == _PILOT)
        own = members.contract[first]
        stays = (net.closed < 0) | (net.closed > self._span.end)
        is_open = (net.opened <= ends) & stays
        others = np.flatnonzero((net.brand == pilot.brand) & is_open[net.dealer])
        others = rng.permutation(others[~np.isin(others, own)])
        wave = np.arange(len(others)) * _WAVES // max(len(others), 1)
        month = self._span.first_month + (ends - self._span.start + _DECIDED_AFTER) // 30 + 1
        planned = first_day(month + wave)
        fate = rng.random(len(others))
        after = np.where(
            fate < _ON_TIME, rng.integers(-4, 1, len(others)), rng.integers(8, 75, len(others))
        )
        live = np.where((fate < _LATE) & (planned + after <= self._span.end), planned + after, -1)
        started = np.maximum(members.joined[first], begins)
        return Rollouts(
            np.concatenate([own, others]),
            np.concatenate([started, planned]),
            np.concatenate([started, live]),
        )

    # -- what the OEM tells, tables with the day of each ----------------------------------------

    def pilots(self, feed: Feed) -> Iterator[tuple[pa.Table, int]]:
        """The pilots when they are told."""
        told: dict[int, list[pa.Table]] = {}
        for pilot in PILOTS:
            begins, ends = self.days(pilot)
            columns = {
                "pilot_id": pa.array([pilot.pilot_id]),
                "pilot_name": pa.array([pilot.name]),
                "brand_code": pa.array([BRANDS[pilot.brand]]),
                "kpi_code": pa.array([pilot.kpi]),
                "starts_on": frames.days(np.array([begins])),
                "ends_on": frames.days(np.array([ends]), np.array([ends < 0])),
                "success_uplift_rate": frames.ints(np.array([round(pilot.success * _MILLION)])),
                "min_dealers": frames.ints(np.array([pilot.min_dealers])),
            }
            told.setdefault(self._told(begins), []).append(frames.frame(feed, columns))
        yield from self._by_day(told)

    def pilot_members(self, feed: Feed) -> Iterator[tuple[pa.Table, int]]:
        """Who takes part, told with the pilot; who joins later; and who has changed the arm."""
        told: dict[int, list[pa.Table]] = {}
        for pilot in PILOTS:
            begins, _ = self.days(pilot)
            members = self.members(pilot)
            is_late = members.joined > begins
            moved = np.arange(len(is_late)) == (1 if pilot.moves_a_dealer else _NEVER)
            for rows, day, arm in (
                (~is_late, self._told(begins), members.arm),
                (is_late, int(off_sunday(begins + _JOINED_AFTER + 3)), members.arm),
                (moved, int(off_sunday(begins + _MOVED_AFTER)), 1 - members.arm),
            ):
                at = np.flatnonzero(rows)
                if len(at):
                    columns = {
                        "pilot_id": pa.array([pilot.pilot_id] * len(at)),
                        "dealer_id": self._dealers(members.contract[at]),
                        "arm": frames.texts(_ARMS, arm[at]),
                        "joined_on": frames.days(members.joined[at]),
                    }
                    told.setdefault(day, []).append(frames.frame(feed, columns))
        yield from self._by_day(told)

    def pilot_rollouts(self, feed: Feed) -> Iterator[tuple[pa.Table, int]]:
        """The plan for the network when it is decided, and each month who has gone live."""
        _, ends = self.days(WORKS)
        r = self._rollouts
        is_first = r.planned < ends
        decided = int(off_sunday(ends + _DECIDED_AFTER))
        # of the others, who goes live is told on the fifth of the next month
        live_told = np.where(is_first, r.live + _TOLD_AFTER, first_day(month_of(r.live) + 1) + 4)
        live_told = np.where(r.live >= 0, off_sunday(live_told), _NEVER)
        told: dict[int, list[pa.Table]] = {}
        for day in sorted({decided, *live_told[live_told >= 0].tolist()}):
            at = np.flatnonzero((live_told == day) | (~is_first & (day == decided)))
            if len(at):
                columns = {
                    "pilot_id": pa.array([WORKS.pilot_id] * len(at)),
                    "dealer_id": self._dealers(r.contract[at]),
                    "planned_on": frames.days(r.planned[at]),
                    "live_on": frames.days(r.live[at], live_told[at] != day),
                }
                told[day] = [frames.frame(feed, columns)]
        yield from self._by_day(told)

    def _dealers(self, contract: np.ndarray) -> pa.Array:
        return frames.texts(self._net.dealer_id, self._net.dealer[contract])

    def _told(self, begins: int) -> int:
        return max(int(off_sunday(begins - _TOLD_BEFORE)), self._span.start - 17)

    def _by_day(self, told: dict[int, list[pa.Table]]) -> Iterator[tuple[pa.Table, int]]:
        """What is delivered within the sample, a table for each day."""
        for day in sorted(d for d in told if d <= self._span.end):
            yield pa.concat_tables(told[day]).combine_chunks(), day
