"""How long introductions take, of which some have not ended: medians of Kaplan and Meier.

    durations = rollout_durations(rollouts)

Whatever still runs, or was given up, has lasted so long at least; leaving it out would make
introductions look short, counting it as ended would, too. The share that is not live after t days
is the product, over all days up to t on which one went live, of 1 - live on the day / not ended
before it; the median is the first day on which that share is at most one half. What training saves
is 1 - median with / median without it. Its interval draws the introductions of each group again,
with replacement and as many as there are, 2,000 times, and takes the 2.5 % and 97.5 % quantiles;
the generator is seeded by the system's code, so nothing hangs on other systems or on the order of
rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pandas as pd
import pyarrow as pa

from orchestration.calculations.bootstrap import (
    QUANTILES,
    RESAMPLES,
    SEED,
    quantile_of_fractions,
    rounded_millionths,
)
from orchestration.calculations.columns import column
from orchestration.calculations.money import MILLIONTHS, decimals

_CHUNK = 1 << 20
"""Introductions drawn at a time, and figures of days held at a time."""
_HALF = 0.5 + 1e-9
"""One half as a product of quotients in floating point may show it."""

SCHEMA = pa.schema(
    [
        ("system_code", pa.string()),
        ("is_trained", pa.bool_()),
        ("rollouts", pa.int64()),
        ("completed", pa.int64()),
        ("median_days", pa.int64()),
        ("reduction_rate", MILLIONTHS),
        ("ci_low", MILLIONTHS),
        ("ci_high", MILLIONTHS),
    ]
)


def rollout_durations(rollouts: pa.Table | pd.DataFrame) -> pa.Table:
    """A row for each system, and for all together (system_code null), and group that has
    introductions: system_code, is_trained, rollouts, completed, median_days (null if not half of
    them ever go live), and in the row of trained ones reduction_rate, ci_low, ci_high (fractions,
    decimal(18,6), half up; null where a median is, or the untrained one is 0; the interval also
    where that is so in more than half of the draws), sorted by system, all together last.

    `rollouts` has system_code, is_trained, duration_days, is_live (False: it lasts at least so
    long).

    Raises:
        ValueError: a value is missing, or a duration is negative.
    """
    given = {
        "system_code": column(rollouts, "system_code", pa.string()),
        "is_trained": column(rollouts, "is_trained", pa.bool_()),
        "duration_days": column(rollouts, "duration_days", pa.int64()),
        "is_live": column(rollouts, "is_live", pa.bool_()),
    }
    for name, values in given.items():
        if values.null_count:
            raise ValueError(f"an introduction without {name}")
    days = given["duration_days"].to_numpy()
    if len(days) and days.min() < 0:
        raise ValueError(f"an introduction of {days.min()} days")
    is_live, is_trained = np.asarray(given["is_live"]), np.asarray(given["is_trained"])
    encoded = given["system_code"].dictionary_encode()
    systems, names = encoded.indices.to_numpy(), encoded.dictionary.to_pylist()
    chosen = [(name, systems == names.index(name)) for name in sorted(names)]
    made: list[dict[str, object]] = []
    for name, of_system in [*chosen, (None, np.ones(len(days), bool))]:
        groups = [
            (days[rows], is_live[rows])
            for rows in (of_system & ~is_trained, of_system & is_trained)
        ]
        made += _rows(name, groups)
    return pa.Table.from_pylist(made, schema=SCHEMA)


def _rows(system_code: str | None, groups: list[tuple[np.ndarray, np.ndarray]]) -> Iterator[dict]:
    medians = [median_days(*group) for group in groups]
    for is_trained, (days, is_live) in enumerate(groups):
        if len(days):
            row = {
                "system_code": system_code,
                "is_trained": bool(is_trained),
                "rollouts": len(days),
                "completed": int(is_live.sum()),
                "median_days": medians[is_trained],
            }
            if is_trained and None not in medians and medians[0]:
                row["reduction_rate"] = _shown(1 - Fraction(medians[1], medians[0]))
                low, high = reduction_interval(system_code or "", *groups)
                row |= {"ci_low": _shown(low), "ci_high": _shown(high)}
            yield row


def median_days(days: np.ndarray, is_live: np.ndarray) -> int | None:
    """The first day by which at most half are not live, exactly; None if there is none."""
    ends, places = np.unique(days, return_inverse=True)
    ended = np.bincount(places, minlength=len(ends))
    live = np.bincount(places, weights=is_live, minlength=len(ends)).astype(np.int64)
    left, of = 1, 1
    for day, at_risk, gone in zip(ends, ended[::-1].cumsum()[::-1], live, strict=True):
        if gone:
            left, of = left * int(at_risk - gone), of * int(at_risk)
            if 2 * left <= of:
                return int(day)
    return None


def reduction_interval(
    system_code: str,
    untrained: tuple[np.ndarray, np.ndarray],
    trained: tuple[np.ndarray, np.ndarray],
) -> tuple[Fraction | None, Fraction | None]:
    """The ends of the 95 % interval, unrounded; each group is its days, and which went live."""
    seeds = np.random.SeedSequence([SEED, *system_code.encode()]).spawn(2)
    drawn = [
        resampled_medians(*group, np.random.Generator(np.random.PCG64(seed)))
        for group, seed in zip((untrained, trained), seeds, strict=True)
    ]
    is_told = (drawn[0] > 0) & (drawn[1] >= 0)
    if 2 * is_told.sum() < RESAMPLES:
        return None, None
    without, with_training = drawn[0][is_told], drawn[1][is_told]
    low, high = quantile_of_fractions(without - with_training, without, QUANTILES)
    return low, high


def resampled_medians(
    days: np.ndarray, is_live: np.ndarray, generator: np.random.Generator
) -> np.ndarray:
    """The medians of `RESAMPLES` samples (int64), each as large as the group; -1 where there is
    none."""
    # sorted: what is drawn must not hang on the order of rows
    order = np.lexsort((is_live, days))
    ends, places = np.unique(days[order], return_inverse=True)
    # an introduction's place among the days, and among those on which one went live
    live = np.where(is_live[order], places, len(ends))
    count, width = len(days), len(ends) + 1
    medians = np.full(RESAMPLES, -1, np.int64)
    at_a_time = max(_CHUNK // max(count, width), 1)
    for first in range(0, RESAMPLES, at_a_time):
        samples = min(at_a_time, RESAMPLES - first)
        drawn = generator.integers(0, count, (samples, count))
        sample = np.arange(samples)[:, None] * width
        ended = _counts(sample + places[drawn], samples, width)[:, :-1]
        gone = _counts(sample + live[drawn], samples, width)[:, :-1]
        at_risk = ended[:, ::-1].cumsum(axis=1)[:, ::-1]
        left = np.cumprod(1 - gone / np.maximum(at_risk, 1), axis=1) <= _HALF
        found = left.any(axis=1)
        medians[first : first + samples][found] = ends[left.argmax(axis=1)[found]]
    return medians


def _counts(places: np.ndarray, samples: int, width: int) -> np.ndarray:
    return np.bincount(places.ravel(), minlength=samples * width).reshape(samples, width)


def _shown(value: Fraction | None) -> object:
    if value is None:
        return None
    millionths = rounded_millionths(value)
    return None if millionths is None else decimals(np.array([millionths]), MILLIONTHS)[0].as_py()
