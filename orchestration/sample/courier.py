"""The courier: cuts frames into deliveries, spoils some, and puts the files into the drop zone.

The only module of the sample that writes. A file is written under a name ending `.part`, which the
loader passes over, and renamed; its own time is that of the delivery.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.ingestion.contract import Feed
from orchestration.sample import dialects, faults
from orchestration.sample.dialects import Dialect
from orchestration.sample.timeline import Schedule
from orchestration.settings import NETWORK_ZONE

CORRECTION_DAYS = 12
"""A correction comes so many days after the delivery that it corrects."""
RENEWED_DAYS = 1
"""A rejected file is delivered again, repaired, on the next day."""
LATE_DAYS = 48
"""A late file comes so many days after it is due: before that of the next quarter."""


@dataclass
class Ledger:
    """What was delivered, and what must become of it."""

    files: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    """Data rows by feed, of the files that load: neither rejected nor delivered before."""
    bad_rows: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Rows that must be quarantined, by feed and reason."""
    rejected: dict[tuple[str, str], str] = field(default_factory=dict)
    """Feed and name of each file that must be rejected, with the reason."""
    duplicates: list[tuple[str, str]] = field(default_factory=list)
    """Feed and name of each file with the bytes of an earlier one."""
    withdrawn: Counter[str] = field(default_factory=Counter)
    """Rows that withdraw a key, by feed."""
    written: set[tuple[str, str]] = field(default_factory=set)


@dataclass(frozen=True)
class Sender:
    """Who delivers, when, and how well."""

    name: str
    number: int
    schedule: Schedule
    bad_rate: float = 0.0
    is_dealer: bool = False
    stranger: str = ""
    """A dealer whose rows get into this one's files by mistake."""


@dataclass(frozen=True)
class Mishap:
    """One delivery that goes wrong as a whole: `reason` is a rejection's, or DUPLICATE."""

    feed: str
    period: int
    reason: str


@dataclass
class Courier:
    """Writes into one drop zone and keeps the ledger."""

    target: Path
    ledger: Ledger = field(default_factory=Ledger)

    def put(self, feed: Feed, sender: str, stamp: datetime, dialect: Dialect, data: bytes) -> str:
        """Write one file; gives its name."""
        name = f"{sender}_{stamp.strftime(dialect.stamp)}{dialect.suffix}"
        if (feed.name, name) in self.ledger.written:
            raise AssertionError(f"{feed.name}/{name} twice: the schedule has a fault")
        folder = self.target / feed.name
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / f"{name}.part"
        unfinished.write_bytes(data)
        seconds = int(stamp.replace(tzinfo=ZoneInfo(NETWORK_ZONE)).timestamp())
        os.utime(unfinished, (seconds, seconds))
        unfinished.replace(folder / name)
        self.ledger.files[feed.name] += 1
        self.ledger.written.add((feed.name, name))
        return name

    def send(
        self, feed: Feed, sender: str, stamp: datetime, dialect: Dialect, table: pa.Table
    ) -> None:
        """Deliver a whole frame as one good file."""
        [data] = dialects.write_all(feed, dialect, table, [0, table.num_rows])
        self.put(feed, sender, stamp, dialect, data)
        self.ledger.rows[feed.name] += table.num_rows

    def deliver(
        self,
        feed: Feed,
        sender: Sender,
        dialect: Dialect,
        table: pa.Table,
        period: np.ndarray,
        order: np.ndarray,
        rng: np.random.Generator,
        mishaps: tuple[Mishap, ...] = (),
        changed: pa.Table | None = None,
        changed_period: np.ndarray | None = None,
        repairs: bool = False,
        twice: np.ndarray | None = None,
        late: Collection[int] = (),
    ) -> None:
        """Deliver a frame period by period, rows of a file in the order given.

        Args:
            period: of each row, within the sender's schedule.
            order: sort number of each row, e.g. its day.
            changed: rows of later corrections (new versions and withdrawals, where `is_deleted`
                is set), delivered some days after the files of `changed_period`.
            repairs: whether bad rows are delivered again with the corrections. Not for feeds whose
                rows have later versions: the repair of an older one would win over the newer.
            twice: of each row, whether it stands twice in its file.
            late: periods whose file comes late. Not for feeds that are corrected: the late file
                would win over the correction.
        """
        if sender.schedule.part:
            dialect = replace(
                dialect, stamp=Dialect.stamp
            )  # a day alone would not tell parts apart
        sorting = np.lexsort((order, period))
        table, period = table.take(pa.array(sorting)), period[sorting]
        names_dealers = any(column.name == "dealer_id" for column in feed.columns)
        has_scope = sender.is_dealer and names_dealers
        reasons = faults.reasons_for(feed, dialect.is_text, has_scope)
        count = int(rng.binomial(table.num_rows, sender.bad_rate))
        if feed.entity == "vehicle_events" and sender.bad_rate:
            count = max(count, len(reasons))
        faulty = faults.plant(
            feed,
            table,
            period,
            rng,
            count=count,
            reasons=reasons,
            stranger=sender.stranger,
            twice=None if twice is None else twice[sorting],
        )
        for reason, number in faulty.reasons.items():
            self.ledger.bad_rows[feed.name, reason] += number
        self.ledger.rows[feed.name] += faulty.table.num_rows

        present, starts = np.unique(faulty.file, return_index=True)
        cuts = [*starts.tolist(), faulty.table.num_rows]
        files = dialects.write_all(feed, dialect, faulty.table, cuts, faulty.cells, faulty.crooked)
        for p, data in zip(present.tolist(), files, strict=True):
            stamp = sender.schedule.stamp(p)
            mishap = next((m for m in mishaps if m.feed == feed.name and m.period == p), None)
            good = table.filter(pa.array(period == p)) if mishap else None
            if mishap is None or not _can_happen(mishap.reason, good):
                stamp = sender.schedule.stamp(p, LATE_DAYS) if p in late else stamp
                self.put(feed, sender.name, stamp, dialect, data)
                continue
            again = sender.schedule.stamp(p, RENEWED_DAYS)
            if mishap.reason == "DUPLICATE":
                self.put(feed, sender.name, stamp, dialect, data)
                name = self.put(feed, sender.name, again, dialect, data)
                self.ledger.duplicates.append((feed.name, name))
            else:
                broken = _broken(feed, dialect, mishap.reason, good, data)
                name = self.put(feed, sender.name, stamp, dialect, broken)
                self.ledger.rejected[feed.name, name] = mishap.reason
                self.put(feed, sender.name, again, dialect, data)
        bad = faulty.bad_rows if repairs else faulty.bad_rows[:0]
        repaired, repaired_period = table.take(pa.array(bad)), period[bad]
        if changed is not None:
            # A row that was bad as well is repaired by its newest version only.
            key = feed.key[0]
            kept = pc.invert(pc.is_in(repaired[key], changed[key].combine_chunks()))
            repaired_period = repaired_period[kept.to_numpy()]
            repaired = pa.concat_tables([repaired.filter(kept), changed])
            repaired_period = np.concatenate([repaired_period, changed_period])
        if repaired.num_rows:
            self._correct(feed, sender, dialect, repaired, repaired_period)

    def _correct(
        self,
        feed: Feed,
        sender: Sender,
        dialect: Dialect,
        repaired: pa.Table,
        repaired_period: np.ndarray,
    ) -> None:
        """Corrections of three months' deliveries in one file, some days after the last of them."""
        deleted = pc.fill_null(repaired["is_deleted"], False)
        where = repaired.column_names.index("is_deleted")
        repaired = repaired.set_column(where, "is_deleted", deleted)
        of_quarter = 3 // sender.schedule.cadence
        quarter = np.minimum(
            repaired_period // of_quarter * of_quarter + of_quarter - 1,
            sender.schedule.periods - 1,
        )
        sorting = np.argsort(quarter, kind="stable")
        repaired, quarter = repaired.take(pa.array(sorting)), quarter[sorting]
        present, starts = np.unique(quarter, return_index=True)
        files = dialects.write_all(feed, dialect, repaired, [*starts.tolist(), repaired.num_rows])
        for p, data in zip(present.tolist(), files, strict=True):
            stamp = sender.schedule.stamp(p, CORRECTION_DAYS)
            self.put(feed, sender.name, stamp, dialect, data)
        self.ledger.rows[feed.name] += repaired.num_rows
        self.ledger.withdrawn[feed.name] += int(pc.sum(repaired["is_deleted"]).as_py())


def _can_happen(reason: str, table: pa.Table) -> bool:
    """Numbers are ambiguous only where both halves of the file have some."""
    if reason != "AMBIGUOUS_NUMBERS":
        return True
    prices, half = table["list_price_eur"], table.num_rows // 2
    return len(prices[:half].drop_null()) > 0 and len(prices[half:].drop_null()) > 0


def _broken(feed: Feed, dialect: Dialect, reason: str, table: pa.Table, data: bytes) -> bytes:
    if reason == "EMPTY":
        return b""
    if reason == "AMBIGUOUS_NUMBERS":
        return dialects.mixed_numbers(feed, dialect, table)
    if reason == "MISSING_COLUMN":
        last = [c.name for c in feed.declared if c.required and not c.key][-1]
        return dialects.without_column(feed, dialect, table, last)
    if reason == "UNREADABLE":
        return data[: len(data) * 2 // 3]
    raise ValueError(f"no way to break a file so that it is {reason}")
