"""How sure the effect of routing is: a bootstrap interval of each brand's fall in handling time.

    intervals = routing_intervals(durations)

The reduction is (mean before - mean after) / mean before. The cases of each window are drawn again,
with replacement and as many as there are, 2,000 times; the 2.5 % and 97.5 % quantiles of the
reductions that come out are the interval. Sums are exact, so nothing hangs on the order of rows or
on the size of a chunk; the generator is seeded by the brand's code, so nothing hangs on other
brands.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pandas as pd
import pyarrow as pa

from orchestration.calculations.columns import column
from orchestration.calculations.money import LIMIT, MILLION, MILLIONTHS, decimals, product

RESAMPLES = 2_000
QUANTILES = (Fraction(25, 1000), Fraction(975, 1000))
SEED = 20_240_229
CHUNK = 1 << 20
"""Cases drawn at a time: 16 MiB, however many cases there are."""

_LOW = 31
"""Bits of the lower part of a duration, where sums of whole ones could leave 64 bits."""


def routing_intervals(durations: pa.Table | pd.DataFrame) -> pa.Table:
    """The 95 % interval of each brand's reduction: brand_code, ci_low, ci_high (fractions,
    decimal(18,6), rounded half up), sorted by brand.

    `durations` has a row for each resolved case of a window: brand_code, is_after (the window after
    go-live), duration_us (microseconds). Both ends are null where a window has no case, where all
    means before are 0, and an end where it does not fit its type. Resamples whose mean before is 0
    have no reduction and are left out.

    Raises:
        ValueError: a brand, a window or a duration is missing, or a duration is negative.
    """
    brands = column(durations, "brand_code", pa.string())
    is_after = column(durations, "is_after", pa.bool_())
    microseconds = column(durations, "duration_us", pa.int64())
    for name, given in (
        ("brand_code", brands),
        ("is_after", is_after),
        ("duration_us", microseconds),
    ):
        if given.null_count:
            raise ValueError(f"a case without {name}")
    values = microseconds.to_numpy()
    if len(values) and values.min() < 0:
        raise ValueError(f"a duration of {values.min()} microseconds")
    encoded = brands.dictionary_encode()
    names = encoded.dictionary.to_pylist()
    windows = encoded.indices.to_numpy().astype(np.int64) * 2 + np.asarray(is_after)
    # Sorted by duration, too: what is drawn must not hang on the order in which cases arrive.
    order = np.lexsort((values, windows))
    ends = np.searchsorted(windows[order], np.arange(2 * len(names) + 1))
    found = {}
    for number, name in enumerate(names):
        before, after = (
            values[order[ends[window] : ends[window + 1]]]
            for window in (2 * number, 2 * number + 1)
        )
        found[name] = interval(name, before, after)
    return pa.table(
        {
            "brand_code": pa.array(sorted(found), pa.string()),
            "ci_low": _millionths([found[name][0] for name in sorted(found)]),
            "ci_high": _millionths([found[name][1] for name in sorted(found)]),
        }
    )


def interval(
    brand_code: str, before: np.ndarray, after: np.ndarray
) -> tuple[int | None, int | None]:
    """One brand's interval in millionths, from the sorted durations of both windows (int64)."""
    if not (len(before) and len(after)):
        return None, None
    seeds = np.random.SeedSequence([SEED, *brand_code.encode()]).spawn(2)
    sums_before, sums_after = (
        resampled_sums(values, np.random.Generator(np.random.PCG64(seed)))
        for values, seed in zip((before, after), seeds, strict=True)
    )
    # (sum / n - sum' / n') / (sum / n), the fraction cleared of n and n'
    is_defined = sums_before > 0
    base = product(sums_before[is_defined], np.array([len(after)]))
    fall = base - product(sums_after[is_defined], np.array([len(before)]))
    if not len(base):
        return None, None
    low, high = map(rounded_millionths, quantile_of_fractions(fall, base, QUANTILES))
    return low, high


def quantile_of_fractions(
    numerators: np.ndarray, denominators: np.ndarray, shares: Sequence[Fraction]
) -> list[Fraction]:
    """The quantiles of some fractions (whole numbers, denominators above 0, at least one),
    exactly."""
    order = np.argsort((numerators / denominators).astype(float), kind="stable")
    ascending = _Ascending(numerators[order], denominators[order])
    return [ascending.quantile(share) for share in shares]


def resampled_sums(values: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """The sums of `RESAMPLES` samples of the values (int64, none negative), each as large as they
    are: int64, or Python integers where one could not fit."""
    count = len(values)
    is_safe = int(values.max()) * count < 2**63
    parts = [values] if is_safe else [values & ((1 << _LOW) - 1), values >> _LOW]
    sums = [np.zeros(RESAMPLES, np.int64) for _ in parts]
    at_a_time = max(CHUNK // count, 1)
    for first in range(0, RESAMPLES, at_a_time):
        last = min(first + at_a_time, RESAMPLES)
        for start in range(0, count, CHUNK):
            width = min(CHUNK, count - start)
            drawn = generator.integers(0, count, (last - first, width))
            for total, part in zip(sums, parts, strict=True):
                total[first:last] += part.take(drawn).sum(axis=1)
    return sums[0] if is_safe else sums[0] + (sums[1].astype(object) << _LOW)


class _Ascending:
    """Ascending fractions, as whole numerators and denominators."""

    def __init__(self, numerators: np.ndarray, denominators: np.ndarray) -> None:
        self.numerators, self.denominators = numerators, denominators

    def quantile(self, share: Fraction) -> Fraction:
        """Interpolated linearly between the two nearest."""
        place = share * (len(self.numerators) - 1)
        below = math.floor(place)
        above = min(below + 1, len(self.numerators) - 1)
        return self[below] + (place - below) * (self[above] - self[below])

    def __getitem__(self, at: int) -> Fraction:
        return Fraction(int(self.numerators[at]), int(self.denominators[at]))


def rounded_millionths(value: Fraction) -> int | None:
    """Millionths, a half away from zero; None where a decimal(18,6) does not hold them."""
    whole = math.floor(abs(value) * MILLION + Fraction(1, 2))
    return None if whole >= LIMIT else whole if value >= 0 else -whole


def _millionths(values: list[int | None]) -> pa.Array:
    nulls = np.array([value is None for value in values], bool)
    return decimals(np.array([value or 0 for value in values], np.int64), MILLIONTHS, nulls)
