"""Due dates of instalments, and the days between them by the conventions of interest."""

from __future__ import annotations

from typing import Any

import numpy as np

THIRTY_E_360, ACT_365, THIRTY_360 = range(3)
CONVENTIONS = ("30E/360", "ACT/365", "30/360")
"""By their numbers above. Deliveries name the first two; 30/360 is the US bond basis."""


def due_dates(anchors: np.ndarray, months: Any) -> np.ndarray:
    """The days (datetime64[D]) that many months after the anchors, clipped to the month's end.

    Always from the anchor, never from an earlier due date: 31 January, 29 February, 31 March.
    """
    anchors = anchors.astype("datetime64[D]")
    starting = anchors.astype("datetime64[M]")
    month = starting + np.asarray(months, np.int64)
    last = (month + 1).astype("datetime64[D]") - 1
    return np.minimum(
        month.astype("datetime64[D]") + (anchors - starting.astype(anchors.dtype)), last
    )


def day_counts(
    conventions: Any, starts: np.ndarray, ends: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Days from start to end (datetime64[D]) by convention (its number), and the days of the year
    that they are parts of; int64.

    30E/360: a 31st is a 30th. 30/360: a first 31st is a 30th, a last one is where the first day is
    a 30th or 31st; the end of February is no exception. ACT/365: days of the calendar.

    Raises:
        ValueError: a convention that is none of `CONVENTIONS`.
    """
    conventions = np.asarray(conventions, np.int64)
    if conventions.size and not (conventions.min() >= 0 and conventions.max() < len(CONVENTIONS)):
        raise ValueError("there is no such day-count convention")
    first_month, first_day = _months_and_days(starts)
    last_month, last_day = _months_and_days(ends)
    cut_first = np.minimum(first_day, 30)
    is_us = conventions == THIRTY_360
    cut_last = np.where(is_us & (first_day < 30), last_day, np.minimum(last_day, 30))
    thirty = 30 * (last_month - first_month) + cut_last - cut_first
    actual = (ends.astype("datetime64[D]") - starts.astype("datetime64[D]")).astype(np.int64)
    is_actual = conventions == ACT_365
    return np.where(is_actual, actual, thirty), np.where(is_actual, 365, 360)


def _months_and_days(dates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Months since 1970, and the day of the month from 1."""
    month = dates.astype("datetime64[M]")
    day = dates.astype("datetime64[D]") - month.astype("datetime64[D]")
    return month.astype(np.int64), day.astype(np.int64) + 1
