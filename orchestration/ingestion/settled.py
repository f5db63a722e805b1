"""What a close has settled stays: closes themselves, and the programmes that they could pay.

What belongs here: judging good rows of three small feeds against what was accepted before them. A
month closes once, unless its close is withdrawn before the ledger posts it. A programme version
that could have applied to a closed period is never changed, nor are its tiers. (One that was
refused then, or had no tiers, could not.) What does not: values and formats (`convert`), what a
close posts.

The rows accepted before are those in the lake and those of this load that come earlier in the order
of delivery, all closes of a load before anything else: so the outcome does not depend on how
deliveries are grouped into loads, as long as a close is loaded before what it refuses, and is not
withdrawn after it.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.ingestion import lake
from orchestration.ingestion.contract import Feed
from orchestration.ingestion.drop_zone import CLOSES, TERMS
from orchestration.ingestion.taken import Taken
from orchestration.ledger.tables import posted_months
from orchestration.settings import Settings

PROGRAMS, TIERS = TERMS
_WATCHED = (CLOSES, *TERMS)
_KEYS = {
    CLOSES: ("period_month",),
    PROGRAMS: ("program_id", "version"),
    TIERS: ("program_id", "version", "tier_no"),
}
_GRAIN_MONTHS = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}


@dataclass(frozen=True)
class _Row:
    """An accepted row. Instants are naive, UTC."""

    values: dict[str, Any]
    delivered_at: datetime
    loaded_at: datetime
    source_file: str

    @property
    def arrival(self) -> tuple[datetime, datetime, str]:
        """The latest delivery wins, at equal time the later load, then the file's name."""
        return self.delivered_at, self.loaded_at, self.source_file

    @property
    def is_deleted(self) -> bool:
        return bool(self.values["is_deleted"])


@dataclass(frozen=True)
class _Close:
    """A close and what was known at it: what was delivered by `closed_at` and loaded by `bound`,
    the first load at which the close was both taken and known. A file with an old stamp that is
    loaded later changes nothing that was posted. Before that load nothing can have been posted, so
    there is no bound yet (`datetime.max`)."""

    month: date
    closed_at: datetime
    bound: datetime

    def knows(self, delivered_at: datetime, loaded_at: datetime) -> bool:
        return delivered_at <= self.closed_at and loaded_at <= self.bound

    def newest(self, rows: list[_Row]) -> _Row | None:
        """Of a key's rows the newest that was known, None if there was none or it was withdrawn."""
        known = [row for row in rows if self.knows(row.delivered_at, row.loaded_at)]
        row = max(known, key=lambda r: r.arrival, default=None)
        return None if row is None or row.is_deleted else row


class Guard:
    """Judges the files of one load, one after the other in order of delivery."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._rows: dict[str, dict[tuple, list[_Row]]] | None = None
        self._loads: list[datetime] = []

    @staticmethod
    def watches(feed: str) -> bool:
        return feed in _WATCHED

    def refused(self, taken: Taken, rows: pa.Table) -> list[tuple[int, str]]:
        """Positions of those of a file's good `rows` that would change what is settled, each with
        the column that says so."""
        if not self.watches(taken.feed.name):
            return []
        delivered_at = lake.naive_utc(taken.file.delivered_at)
        loaded_at = lake.naive_utc(taken.loaded_at)
        found = []
        for position, values in enumerate(rows.to_pylist()):
            row = _Row(values, delivered_at, loaded_at, taken.file.name)
            if column := self._breach(taken.feed, row):
                found.append((position, column))
        return found

    def accept(self, delivery: lake.Delivery) -> None:
        """Note the accepted rows of a file that is written, for the files after it."""
        if self.watches(delivery.feed) and delivery.status == lake.LOADED:
            self._note(self._accepted, delivery)

    # -- judging ------------------------------------------------------------------------------

    def _breach(self, feed: Feed, row: _Row) -> str | None:
        key = tuple(row.values[name] for name in _KEYS[feed.name])
        accepted = self._accepted[feed.name][key]
        if feed.name == CLOSES:
            return self._changed_close(_first(accepted), row)
        before = max(accepted, key=lambda r: r.arrival, default=None)
        if feed.name == PROGRAMS and before is None:
            return None
        column = _difference(feed, before, row)
        return column if column and self._is_settled_for(row) else None

    def _changed_close(self, first: _Row | None, row: _Row) -> str | None:
        """The column that would withdraw a month's posted close, move a close, or close a month
        that comes before the first in the ledger."""
        month, posted = row.values["period_month"], self._posted
        if row.is_deleted:
            return "is_deleted" if first is not None and month in posted else None
        if posted and month < posted[0]:
            return "period_month"
        if first is not None and row.values["closed_at"] != first.values["closed_at"]:
            return "closed_at"
        return None

    def _is_settled_for(self, row: _Row) -> bool:
        """Whether the row comes too late for a close at which its version could have been paid."""
        version = row.values["program_id"], row.values["version"]
        programs = self._accepted[PROGRAMS][version]
        tiers = [rows for key, rows in self._accepted[TIERS].items() if key[:2] == version]
        closes = self._closes
        for close in closes:
            if close.knows(row.delivered_at, row.loaded_at):
                continue
            program = close.newest(programs)
            known = [tier.values for rows in tiers if (tier := close.newest(rows))]
            if (
                program is not None
                and not _is_refused(program.values, known)
                and _could_be_paid(program.values, closes[0].month, close.month)
            ):
                return True
        return False

    # -- what was accepted --------------------------------------------------------------------

    @property
    def _accepted(self) -> dict[str, dict[tuple, list[_Row]]]:
        """Accepted rows by feed and key, in order of arrival."""
        if self._rows is None:
            self._rows = {feed: defaultdict(list) for feed in _WATCHED}
            deliveries = lake.read_deliveries(self._settings)
            # Not this very load: it is no later than itself, so all of it is known either way.
            self._loads = sorted({lake.naive_utc(d.loaded_at) for d in deliveries})
            files = [d for d in deliveries if self.watches(d.feed) and d.status == lake.LOADED]
            for file in sorted(files, key=lambda d: (d.loaded_at, d.delivered_at, d.source_file)):
                self._note(self._rows, file)
        return self._rows

    def _note(self, rows: dict[str, dict[tuple, list[_Row]]], file: lake.Delivery) -> None:
        if not file.accepted_rows:
            return
        table = pq.ParquetFile(lake.raw_path(self._settings, file.feed, file.batch_id)).read()
        delivered_at, loaded_at = lake.naive_utc(file.delivered_at), lake.naive_utc(file.loaded_at)
        for values in table.to_pylist():
            key = tuple(values[name] for name in _KEYS[file.feed])
            row = _Row(values, delivered_at, loaded_at, file.source_file)
            rows[file.feed][key].append(row)

    @cached_property
    def _posted(self) -> list[date]:
        """Months whose close the ledger has posted: no load changes that."""
        return posted_months(self._settings)

    @property
    def _closes(self) -> list[_Close]:
        """The close of each month that counts, in order of the months."""
        closes: list[_Close] = []
        for (month,), rows in sorted(self._accepted[CLOSES].items()):
            if first := _first(rows):
                closed_at = first.values["closed_at"]
                bounds = [self._first_load(max(closed_at, first.loaded_at))]
                bounds += [close.bound for close in closes[-1:]]
                closes.append(_Close(month, closed_at, max(bounds)))
        return closes

    def _first_load(self, since: datetime) -> datetime:
        """The first load since an instant, of whatever feed."""
        position = bisect_left(self._loads, since)
        return self._loads[position] if position < len(self._loads) else datetime.max


def _first(closes: list[_Row]) -> _Row | None:
    """Of a month's rows, in order of arrival, the one that counts: the first that is not withdrawn
    later."""
    first = None
    for row in closes:
        first = None if row.is_deleted else first or row
    return first


def _difference(feed: Feed, before: _Row | None, row: _Row) -> str | None:
    """The first column in which a row differs from the one before it of the same key."""
    was_there = before is not None and not before.is_deleted
    if row.is_deleted:
        return "is_deleted" if was_there else None
    if not was_there:
        return feed.key[-1]
    for column in feed.declared:
        if before.values.get(column.name) != row.values[column.name]:
            return column.name
    return None


def _is_refused(program: dict[str, Any], tiers: Iterable[dict[str, Any]]) -> bool:
    """Whether a version pays nothing for what stops a run at the gate, so that a correction must
    get in: two different people did not approve it, or its tiers are none or do not ascend."""
    people = [_person(program[name]) for name in ("approved_by_1", "approved_by_2")]
    ordered = sorted(tiers, key=lambda tier: tier["tier_no"])
    thresholds = [tier["threshold"] for tier in ordered]
    return (
        not all(people)
        or people[0] == people[1]
        or not thresholds
        or any(higher <= lower for lower, higher in pairwise(thresholds))
    )


def _person(name: str | None) -> str:
    """A name without capitals and blanks of any kind, as the gate compares them."""
    kept = (c for c in name or "" if c not in "\t\n\v\f\r" and unicodedata.category(c)[0] != "Z")
    return "".join(kept).lower()


def _could_be_paid(program: dict[str, Any], first_month: date, last_month: date) -> bool:
    """Whether a period that ends in a month from the first to the last closed one begins within the
    version's validity, the version being announced by its first day or consented by its last."""
    valid_to = program["valid_to"] or date.max
    announced, consented = program["announced_on"], program["consented_on"]
    return any(
        program["valid_from"] <= first <= valid_to
        and (announced <= first or (consented is not None and consented <= last))
        for first, last in _periods(_GRAIN_MONTHS[program["period_grain"]], first_month, last_month)
    )


def _periods(months: int, first: date, last: date) -> Iterator[tuple[date, date]]:
    """First and last days of the periods of so many months that end in a month from `first` to
    `last`."""
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        if number % months == months - 1:
            yield _day(number - months + 1), _day(number + 1) - timedelta(days=1)


def _day(number: int) -> date:
    """The first day of a month, counted from year 0."""
    return date(number // 12, number % 12 + 1, 1)
