"""What dealers say and do in the dialogue with the OEM: pulse surveys, weekly meetings of top
partners with their actions, and modules of business models that they take up.

All of it is made for the whole network at once, then told by each sender at his own pace: what
became of an action or a module stands in a later delivery.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from orchestration.ingestion.contract import Feed
from orchestration.sample import frames
from orchestration.sample.customers import Telling
from orchestration.sample.network import Network
from orchestration.sample.requirements import Modules
from orchestration.sample.timeline import DAY, Schedule, Span, first_day, stream
from orchestration.sample.vehicles import brand_texts

_NEVER = -1
_ANSWERS = 0.8
_INCREASED = (0.56, 0.67)
"""Share of answers that report more requirements, in the first and in the last wave."""
_MEETS = 0.86
"""Share of weeks in which a top partner and the OEM meet."""
_ACTIONS = 0.7
"""Actions that a meeting raises."""
_TOPICS = (
    "Auftragseingang; Zulassungen",
    "Kundenzufriedenheit, Beschwerden",
    "Elektroanteil | Ladepunkte",
    "Bestand & Lieferzeiten",
    None,
)
_TITLES = (
    "Probefahrten am Samstag anbieten",
    "Lieferzeiten verbindlich nennen",
    "Leads binnen 24 Stunden beantworten",
    "Vorführwagen tauschen",
    "Gewährleistungsfälle > 10 Tage abarbeiten",
    "Preisliste korrigieren",
)
_OWNERS = ("OEM", "PARTNER")
_ADOPTS = 0.5
"""Share of the modules of his brand for which a dealer decides."""


@dataclass(frozen=True)
class Told:
    """What the network has to tell of one feed: contract, beginning and end of each row's story
    (days, -1 without an end), and its columns of the rows and of what is known by then."""

    contract: np.ndarray
    begun: np.ndarray
    ended: np.ndarray
    columns: Callable[[np.ndarray, Telling], dict[str, pa.Array]]

    def of(
        self, feed: Feed, contracts: np.ndarray, schedule: Schedule
    ) -> tuple[pa.Table, np.ndarray, np.ndarray]:
        """The rows of a sender's contracts, with period and day of each."""
        mine = np.flatnonzero(np.isin(self.contract, contracts))
        ended = np.where(self.ended[mine] < 0, _NEVER, self.ended[mine] * DAY)
        told = Telling.of(schedule, self.begun[mine] * DAY, ended)
        table = frames.frame(feed, self.columns(mine[told.entity], told))
        return table, told.period, self.begun[mine][told.entity]


def dialogue(net: Network, span: Span, offered: Modules, seed: int) -> Iterator[tuple[str, Told]]:
    """What is told of each feed of dealers, by the name of the feed."""
    yield "dealer__pulse_surveys", _pulse(net, span, stream(seed, "pulse"))
    rng = stream(seed, "meetings")
    meetings = _Meetings.of(net, span, rng)
    yield "dealer__meetings", _met(net, meetings, rng)
    yield "dealer__actions", _acted(net, span, meetings, rng)
    yield "dealer__module_adoptions", _adopted(net, span, offered, stream(seed, "modules"))


def _is_open(net: Network, contract: np.ndarray, day: np.ndarray) -> np.ndarray:
    dealer = net.dealer[contract]
    last = np.where(net.closed[dealer] < 0, day, net.closed[dealer])
    return (net.opened[dealer] <= day) & (day <= last)


def _pulse(net: Network, span: Span, rng: np.random.Generator) -> Told:
    """A wave each May and November; of its answers an exact share reports more."""
    waves = span.numbers[span.numbers % 6 == 4]
    contract = np.tile(np.arange(len(net.dealer)), len(waves))
    wave = np.repeat(np.arange(len(waves)), len(net.dealer))
    month = waves[wave]
    answers = (rng.random(len(wave)) < _ANSWERS) & _is_open(net, contract, first_day(month + 1) - 1)
    contract, wave, month = contract[answers], wave[answers], month[answers]
    count = np.bincount(wave, minlength=len(waves))
    order = np.lexsort((rng.random(len(wave)), wave))
    place = np.empty(len(wave), dtype=np.int64)
    place[order] = np.arange(len(wave)) - np.repeat(np.cumsum(count) - count, count)
    share = np.linspace(_INCREASED[1], _INCREASED[0], len(waves))[::-1]
    increased = place < np.rint(share * count)[wave]
    trust = np.clip(np.rint(rng.normal(6.4, 1.7, len(wave)) - increased), 0, 10)
    silent = rng.random(len(wave)) < 0.1

    def columns(rows: np.ndarray, told: Telling) -> dict[str, pa.Array]:
        return {
            **_dealer(net, contract[rows]),
            "wave_month": frames.days(first_day(month[rows])),
            "requirements_increased": frames.flags(increased[rows]),
            "trust_score": frames.ints(trust[rows], silent[rows]),
        }

    return Told(contract, first_day(month), np.full(len(month), _NEVER), columns)


@dataclass(frozen=True)
class _Meetings:
    """Meetings, an entry each; days."""

    contract: np.ndarray
    held: np.ndarray
    ids: pa.Array

    @classmethod
    def of(cls, net: Network, span: Span, rng: np.random.Generator) -> _Meetings:
        """Each top partner has a day of the week for each brand, now and then another one."""
        top = np.flatnonzero(net.is_top[net.dealer])
        monday = np.arange(span.start - (span.start + 3) % 7, span.end + 1, 7)
        contract, week = np.repeat(top, len(monday)), np.tile(monday, len(top))
        moved = rng.integers(-1, 2, len(week)) * (rng.random(len(week)) < 0.1)
        held = week + np.clip(contract % 5 + moved, 0, 4)
        kept = (rng.random(len(week)) < _MEETS) & (held >= span.start) & (held <= span.end)
        kept &= _is_open(net, contract, held)
        contract, held = contract[kept], held[kept]
        return cls(contract, held, frames.numbered("M", np.arange(len(held)) + 1, width=6))


def _met(net: Network, meetings: _Meetings, rng: np.random.Generator) -> Told:
    contract, held = meetings.contract, meetings.held
    participants = 2 + rng.poisson(2.2, len(held))
    topic = rng.integers(0, len(_TOPICS), len(held))

    def columns(rows: np.ndarray, told: Telling) -> dict[str, pa.Array]:
        return {
            "meeting_id": meetings.ids.take(pa.array(rows)),
            **_dealer(net, contract[rows]),
            "held_on": frames.days(held[rows]),
            "participants": frames.ints(participants[rows], rows % 13 == 7),
            "topics": frames.texts(_TOPICS, topic[rows]),
        }

    return Told(contract, held, np.full(len(held), _NEVER), columns)


def _acted(net: Network, span: Span, meetings: _Meetings, rng: np.random.Generator) -> Told:
    """Actions are decided within three weeks and due some weeks after that; some are done late,
    some never, a few wait for a decision."""
    meeting = np.repeat(np.arange(len(meetings.held)), rng.poisson(_ACTIONS, len(meetings.held)))
    count, raised = len(meeting), meetings.held[meeting]
    owner = (rng.random(count) < 0.55).astype(np.int64)
    decided = raised + rng.integers(0, 22, count)
    is_decided = rng.random(count) < 0.93
    due = decided + rng.integers(10, 46, count)
    done = decided + np.rint(rng.lognormal(3.0, 0.7, count)).astype(np.int64)
    is_kept = rng.random(count) < np.where(owner == 0, 0.88, 0.94)
    is_done = is_decided & is_kept & (done <= span.end)
    is_decided &= decided <= span.end
    title = rng.integers(0, len(_TITLES), count)
    ids = frames.numbered("A", np.arange(count) + 1, width=6)
    ended = np.where(is_done, done, np.where(is_decided, decided, _NEVER))

    def columns(rows: np.ndarray, told: Telling) -> dict[str, pa.Array]:
        until = told.known_until // DAY
        undecided = ~is_decided[rows] | (decided[rows] >= until)
        return {
            "action_id": ids.take(pa.array(rows)),
            "meeting_id": meetings.ids.take(pa.array(meeting[rows])),
            "owner": frames.texts(_OWNERS, owner[rows]),
            "raised_on": frames.days(raised[rows]),
            "decided_on": frames.days(decided[rows], undecided),
            "due_on": frames.days(due[rows], undecided),
            "done_on": frames.days(done[rows], ~is_done[rows] | (done[rows] >= until)),
            "title": frames.texts(_TITLES, title[rows]),
        }

    return Told(meetings.contract[meeting], raised, ended, columns)


def _adopted(net: Network, span: Span, offered: Modules, rng: np.random.Generator) -> Told:
    """Of four modules three are live, most within six months; of the others some are abandoned."""
    contract, module = np.nonzero(net.brand[:, None] == offered.brand[None, :])
    chosen = rng.random(len(contract)) < _ADOPTS
    contract, module = contract[chosen], module[chosen]
    count = len(contract)
    first = np.maximum(offered.available[module], span.start)
    first = np.maximum(first, net.opened[net.dealer[contract]] + 30)
    decided = first + (rng.beta(1.2, 1.8, count) * 420).astype(np.int64)
    fate = rng.random(count)
    quick = 25 + (rng.beta(2, 1.6, count) * 155).astype(np.int64)
    late = rng.integers(195, 420, count)
    live = decided + np.where(fate < 0.68, quick, late)
    gone = decided + rng.integers(40, 300, count)
    goes_live, is_gone = fate < 0.82, (fate >= 0.82) & (fate < 0.92)
    kept = (decided <= span.end) & _is_open(net, contract, decided)
    last = net.closed[net.dealer[contract]]
    last = np.where(last < 0, span.end, last)
    goes_live, is_gone = goes_live & (live <= last), is_gone & (gone <= last)
    contract, module, decided, live, gone, goes_live, is_gone = (
        values[kept] for values in (contract, module, decided, live, gone, goes_live, is_gone)
    )
    ended = np.where(goes_live, live, np.where(is_gone, gone, _NEVER))

    def columns(rows: np.ndarray, told: Telling) -> dict[str, pa.Array]:
        until = told.known_until // DAY
        return {
            **_dealer(net, contract[rows]),
            "module_code": frames.texts(offered.code, module[rows]),
            "decided_on": frames.days(decided[rows]),
            "live_on": frames.days(live[rows], ~goes_live[rows] | (live[rows] >= until)),
            "abandoned_on": frames.days(gone[rows], ~is_gone[rows] | (gone[rows] >= until)),
        }

    return Told(contract, decided, ended, columns)


def _dealer(net: Network, contract: np.ndarray) -> dict[str, pa.Array]:
    return {
        "dealer_id": frames.texts(net.dealer_id, net.dealer[contract]),
        "brand_code": brand_texts(net, contract),
    }
