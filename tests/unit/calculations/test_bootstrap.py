"""Intervals of the effect of routing."""

import inspect
import math
import random
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from scipy import stats

from orchestration.calculations import bootstrap
from orchestration.calculations.bootstrap import RESAMPLES, resampled_sums, routing_intervals
from tests.support.service_recomputed import bootstrap_interval

HOUR = 3_600_000_000


def durations(brand_code="AURA", before=(), after=()):
    """Cases of both windows, in microseconds."""
    rows = [(brand_code, False, value) for value in before]
    rows += [(brand_code, True, value) for value in after]
    return pd.DataFrame(rows, columns=["brand_code", "is_after", "duration_us"])


def intervals(*frames):
    found = routing_intervals(pd.concat(frames, ignore_index=True))
    return {row["brand_code"]: (row["ci_low"], row["ci_high"]) for row in found.to_pylist()}


def some_cases(seed, count, mean_hours):
    rng = random.Random(seed)
    return [int(rng.expovariate(1 / mean_hours) * HOUR) for _ in range(count)]


def test_100_hours_before_and_53_after_are_47_percent():
    found = intervals(durations(before=[100 * HOUR] * 4, after=[53 * HOUR] * 9))
    assert found == {"AURA": (Decimal("0.470000"), Decimal("0.470000"))}


def test_cases_that_differ_have_47_percent_within_the_interval():
    before = [(100 + spread) * HOUR for spread in range(-40, 41)]
    after = [(53 + spread) * HOUR for spread in range(-20, 21)]
    low, high = intervals(durations(before=before, after=after))["AURA"]
    assert Decimal("0.40") < low < Decimal("0.47") < high < Decimal("0.53")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([3, 5, 100], [1, 2]),
        ([7], [1, 20, 3]),
        ([0, 0, 1], [4, 0]),
        (some_cases(1, 23, 100), some_cases(2, 17, 53)),
        ([2**61, 2**62, 2**61 + 5], [2**62 - 1, 3]),
    ],
)
def test_the_interval_is_that_of_resamples_taken_one_by_one(before, after):
    """In fractions; see `tests/support/service_recomputed.py`."""
    expected = bootstrap_interval("AURA", before, after)
    assert intervals(durations(before=before, after=after)) == {"AURA": expected}


def test_scipy_finds_the_same_interval():
    """But for chance: a quantile of 2,000 resamples varies by a few hundredths of the width."""
    before, after = some_cases(3, 400, 100), some_cases(4, 300, 53)
    low, high = map(float, intervals(durations(before=before, after=after))["AURA"])

    def reduction(b, a, axis=-1):
        return 1 - np.mean(a, axis=axis) / np.mean(b, axis=axis)

    peer = stats.bootstrap(
        (np.array(before, float), np.array(after, float)),
        reduction,
        n_resamples=20_000,
        method="percentile",
        vectorized=True,
        batch=500,
        # the name of the argument changed in scipy 1.15
        **{"rng" if "rng" in inspect.signature(stats.bootstrap).parameters else "random_state": 1},
    ).confidence_interval
    width = peer.high - peer.low
    assert abs(low - peer.low) < 0.08 * width
    assert abs(high - peer.high) < 0.08 * width


def test_the_interval_holds_the_true_reduction_about_95_times_in_100():
    held = 0
    for number in range(200):
        before = some_cases(f"before {number}", 60, 100)
        after = some_cases(f"after {number}", 60, 53)
        low, high = intervals(durations(f"B{number}", before, after))[f"B{number}"]
        held += low <= Decimal("0.47") <= high
    assert 178 <= held <= 199


def test_means_of_resamples_spread_as_the_law_says():
    """Around the mean, with a variance of (mean square - square of mean) / n."""
    values = np.array(sorted(some_cases(5, 250, 10)))
    means = resampled_sums(values, np.random.default_rng(1)) / len(values)
    standard_error = values.std() / math.sqrt(len(values))
    assert abs(means.mean() - values.mean()) < 4 * standard_error / math.sqrt(RESAMPLES)
    assert abs(means.std() / standard_error - 1) < 0.08


def test_more_cases_make_the_interval_narrower():
    widths = []
    for count in (50, 800):
        low, high = intervals(
            durations(before=some_cases(6, count, 100), after=some_cases(7, count, 53))
        )["AURA"]
        widths.append(high - low)
    assert widths[0] > 2 * widths[1]


def test_nothing_hangs_on_the_order_of_rows_or_on_other_brands():
    aura = durations("AURA", some_cases(8, 40, 100), some_cases(9, 30, 50))
    borea = durations("BOREA", some_cases(8, 40, 100), some_cases(9, 30, 50))
    alone = intervals(aura)
    together = intervals(borea, aura.sample(frac=1, random_state=3))
    assert together["AURA"] == alone["AURA"]
    assert together["BOREA"] != alone["AURA"], "each brand has draws of its own"
    assert list(together) == ["AURA", "BOREA"]


def test_both_windows_have_draws_of_their_own():
    same = some_cases(10, 40, 100)
    low, high = intervals(durations(before=same, after=same))["AURA"]
    assert low < Decimal("-0.1") and high > Decimal("0.1")


@pytest.mark.parametrize("chunk", [1, 7, 40, 100])
def test_nothing_hangs_on_the_size_of_a_chunk(monkeypatch, chunk):
    monkeypatch.setattr(bootstrap, "RESAMPLES", 50)
    cases = durations(before=some_cases(11, 40, 100), after=some_cases(12, 9, 50))
    expected = intervals(cases)
    monkeypatch.setattr(bootstrap, "CHUNK", chunk)
    assert intervals(cases) == expected


def test_no_more_is_drawn_at_a_time_than_a_chunk(monkeypatch):
    sizes = []

    class Counting:
        def __init__(self, inner):
            self.inner = inner

        def integers(self, low, high, size):
            sizes.append(math.prod(size))
            return self.inner.integers(low, high, size)

    monkeypatch.setattr(bootstrap, "RESAMPLES", 20)
    monkeypatch.setattr(bootstrap, "CHUNK", 64)
    for count in (5, 64, 1000):
        sizes.clear()
        resampled_sums(np.arange(count), Counting(np.random.default_rng(1)))
        assert max(sizes) <= 64 and sum(sizes) == 20 * count


def test_sums_beyond_64_bits_are_exact():
    values = np.full(5, 2**62 + 1)
    sums = resampled_sums(values, np.random.default_rng(1))
    assert set(sums.tolist()) == {5 * (2**62 + 1)}


@pytest.mark.parametrize(
    ("before", "after"), [([], [1, 2]), ([1, 2], []), ([0, 0], [1, 2]), ([0, 0], [0])]
)
def test_without_a_mean_before_or_after_there_is_no_interval(before, after):
    assert intervals(durations(before=before, after=after)) == {"AURA": (None, None)}


def test_resamples_without_a_mean_before_are_left_out():
    """Of two cases before, one at 0, a quarter of the resamples has a mean of 0; the others give
    1 - 1 / 2 or 1 - 1 / 1."""
    found = intervals(durations(before=[0, 2], after=[1, 1]))
    assert found == {"AURA": (Decimal("0.000000"), Decimal("0.500000"))}


def test_an_end_that_does_not_fit_is_null():
    found = intervals(durations(before=[1], after=[10**12 + 1]))
    assert found == {"AURA": (None, None)}
    found = intervals(durations(before=[1], after=[10**12]))
    assert found["AURA"][0] == Decimal("-999999999999.000000")


def test_ends_are_rounded_half_up_away_from_zero():
    """By half a millionth, up and down."""
    found = intervals(durations(before=[2_000_000], after=[1_999_999]))
    assert found == {"AURA": (Decimal("0.000001"), Decimal("0.000001"))}
    found = intervals(durations(before=[2_000_000], after=[2_000_001]))
    assert found == {"AURA": (Decimal("-0.000001"), Decimal("-0.000001"))}


def test_no_cases_no_rows():
    found = routing_intervals(durations())
    assert found.num_rows == 0
    assert [str(field.type) for field in found.schema] == ["string", *["decimal128(18, 6)"] * 2]


def test_arrow_is_as_good_as_pandas():
    cases = durations(before=some_cases(13, 20, 100), after=some_cases(14, 20, 50))
    assert routing_intervals(pa.Table.from_pandas(cases)).equals(routing_intervals(cases))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("AURA", True, -1), "a duration of -1 microseconds"),
        (("AURA", True, None), "a case without duration_us"),
        (("AURA", None, 1), "a case without is_after"),
        ((None, True, 1), "a case without brand_code"),
    ],
)
def test_a_case_that_is_not_whole_is_refused(row, message):
    table = pa.table(
        {
            "brand_code": pa.array(["AURA", row[0]], pa.string()),
            "is_after": pa.array([False, row[1]], pa.bool_()),
            "duration_us": pa.array([1, row[2]], pa.int64()),
        }
    )
    with pytest.raises(ValueError, match=message):
        routing_intervals(table)
