"""Days, months and chance: the clock of the sample, none of it from the machine's clock.

Days are int64 counted from 1970-01-01, months int64 counted from 1970-01, seconds int64 of the
wall clock of the network's zone.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

LAST_MONTH = date(2025, 12, 1)
"""The reference: without a start, the sample ends with this month, whatever today is."""

DAY = 86_400
SEASON = np.array([0.78, 0.86, 1.26, 0.95, 0.98, 1.18, 0.95, 0.88, 1.12, 0.97, 0.99, 1.08])
"""How a calendar month's registrations stand to the mean: quarter ends are pushed."""


def stream(seed: int, label: str, *numbers: int) -> np.random.Generator:
    """The random numbers of one named purpose, independent of every other purpose's."""
    return np.random.default_rng([seed, zlib.crc32(label.encode()), *numbers])


def to_day(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def from_day(day: int) -> date:
    return date(1970, 1, 1) + timedelta(days=int(day))


def to_month(day: date) -> int:
    return (day.year - 1970) * 12 + day.month - 1


def first_day(month: np.ndarray | int) -> np.ndarray:
    """First day of each month."""
    return np.asarray(month).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def month_of(day: np.ndarray | int) -> np.ndarray:
    return np.asarray(day).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def off_sunday(day: np.ndarray) -> np.ndarray:
    """Sundays become Saturdays, or Mondays where the Saturday lies in the month before."""
    sunday = (day + 3) % 7 == 6
    return np.where(sunday, np.where(day == first_day(month_of(day)), day + 1, day - 1), day)


def awake(second: np.ndarray) -> np.ndarray:
    """Instants of the night move to the morning; so none falls into a change of the clock."""
    of_day = second % DAY
    return np.where(of_day < 7 * 3600, second - of_day + 7 * 3600 + of_day % 3600, second)


def pick(rng: np.random.Generator, weights: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """For each entry of `rows` a column of `weights` (rows x choices), drawn by that row."""
    cumulated = np.cumsum(weights, axis=1, dtype=float)
    cumulated /= cumulated[:, -1:]
    cumulated[:, -1] = 1.0
    ladder = (cumulated + np.arange(len(weights))[:, None]).ravel()
    at = np.searchsorted(ladder, rows + rng.random(len(rows)), side="right")
    return np.clip(at - rows * weights.shape[1], 0, weights.shape[1] - 1)


@dataclass(frozen=True)
class Span:
    """The months of the sample."""

    first_month: int
    months: int

    @classmethod
    def of(cls, start: date | None, months: int) -> Span:
        """Raises ValueError where there is no month or no valid start."""
        if months < 1:
            raise ValueError(f"months is {months}: give 1 or more")
        if start is None:
            return cls(to_month(LAST_MONTH) - months + 1, months)
        if not 1995 <= start.year <= 2090:
            raise ValueError(f"start is {start}: give a month of the years 1995 to 2090")
        return cls(to_month(start), months)

    @property
    def numbers(self) -> np.ndarray:
        return np.arange(self.first_month, self.first_month + self.months)

    @property
    def start(self) -> int:
        """First day."""
        return int(first_day(self.first_month))

    @property
    def end(self) -> int:
        """Last day."""
        return int(first_day(self.first_month + self.months)) - 1

    @property
    def month_ends(self) -> np.ndarray:
        return first_day(self.numbers + 1) - 1

    def years_in(self, month: np.ndarray) -> np.ndarray:
        """Years since the sample began, as a fraction."""
        return (month - self.first_month) / 12


@dataclass(frozen=True)
class Schedule:
    """When a sender delivers: a few days after each month or quarter, at his own hour."""

    span: Span
    sender_no: int
    cadence: int
    """Months of a delivery: 1 or 3."""
    part: int = 0
    """Large senders deliver a period in several parts, some minutes apart."""

    def period_of(self, month: np.ndarray | int) -> np.ndarray:
        return np.asarray(month) // self.cadence - self.span.first_month // self.cadence

    @property
    def periods(self) -> int:
        return int(self.period_of(self.span.first_month + self.span.months - 1)) + 1

    def end_day(self, period: np.ndarray | int) -> np.ndarray:
        """Last day that a period's delivery covers."""
        quarter = np.asarray(period) + self.span.first_month // self.cadence
        return np.minimum(first_day((quarter + 1) * self.cadence) - 1, self.span.end)

    def cutoff(self, period: np.ndarray) -> np.ndarray:
        """What happened before this second is known to a period's delivery."""
        return (self.end_day(period) + 1) * DAY

    def stamp(self, period: int, later_days: int = 0) -> datetime:
        """Wall-clock time of a period's delivery."""
        days = 2 + (self.sender_no * 5 + period * 3) % 4 + later_days
        minutes = 5 * 60 + (self.sender_no * 37) % 360 + 7 * self.part + (311 if later_days else 0)
        midnight = datetime.combine(from_day(int(self.end_day(period)) + days), datetime.min.time())
        return midnight + timedelta(minutes=minutes % 1440, days=minutes // 1440)
