"""Medians of introductions of which some have not ended, and what training saves."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from orchestration.calculations.survival import (
    median_days,
    reduction_interval,
    resampled_medians,
    rollout_durations,
)

Spans = Sequence[tuple[int, bool]]


def arrays(spans: Spans) -> tuple[np.ndarray, np.ndarray]:
    return (
        np.array([days for days, _ in spans], np.int64),
        np.array([is_live for _, is_live in spans], bool),
    )


def rollouts(**groups: Spans) -> pd.DataFrame:
    """Introductions by `<system>_trained` or `<system>_untrained`."""
    rows = []
    for name, spans in groups.items():
        system, _, group = name.partition("_")
        rows += [(system.upper(), group == "trained", days, live) for days, live in spans]
    return pd.DataFrame(rows, columns=["system_code", "is_trained", "duration_days", "is_live"])


def shown(frame: pd.DataFrame) -> dict[tuple[str | None, bool], dict]:
    return {
        (row["system_code"], row["is_trained"]): row for row in rollout_durations(frame).to_pylist()
    }


def drawn_one_by_one(spans: Spans, generator: np.random.Generator, draws: int) -> list[int]:
    """The medians of the draws, each by itself."""
    ordered = sorted(spans)
    picks = generator.integers(0, len(ordered), (draws, len(ordered)))
    found = (median_days(*arrays([ordered[i] for i in pick])) for pick in picks)
    return [-1 if median is None else median for median in found]


LIVE = [(10, True), (20, True), (30, True), (40, True)]


def test_without_running_ones_the_median_is_the_day_by_which_half_are_live():
    assert median_days(*arrays(LIVE)) == 20
    assert median_days(*arrays(LIVE[:3])) == 20
    assert median_days(*arrays(LIVE[:1])) == 10


def test_what_still_runs_counts_until_the_day_it_was_seen_last():
    """Left out, the median of these would be 10; taken as ended, 20."""
    spans = [(10, True), (20, False), (30, False), (40, True), (50, True)]
    assert median_days(*arrays(spans)) == 40


def test_what_ends_on_a_day_was_still_there_on_it():
    assert median_days(*arrays([(10, False), (10, True)])) == 10
    assert median_days(*arrays([(9, False), (10, True)])) == 10


def test_where_half_never_go_live_there_is_no_median():
    assert median_days(*arrays([(10, True), (99, False), (99, False)])) is None
    assert median_days(*arrays([])) is None


def test_an_exact_half_counts_however_many_quotients_make_it():
    """In floating point the product of many is a little more or less than a half."""
    for count in range(2, 200, 2):
        halves = [(day, True) for day in range(1, count + 1)]
        assert median_days(*arrays(halves)) == count // 2
        medians = resampled_medians(*arrays([(7, True)] * count), np.random.default_rng(1))
        assert set(medians) == {7}


@given(st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=1, max_size=80))
def test_the_median_is_that_of_statsmodels(spans):
    days, is_live = arrays(spans)
    if not is_live.any():
        assert median_days(days, is_live) is None
        return
    curve = SurvfuncRight(days, is_live.astype(int))
    reached = curve.surv_times[curve.surv_prob <= 0.5 + 1e-9]
    assert median_days(days, is_live) == (int(reached[0]) if len(reached) else None)


@given(
    st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=25),
    st.integers(0, 2**32),
)
def test_a_draw_has_the_median_that_it_has_alone(spans, seed):
    drawn = resampled_medians(*arrays(spans), np.random.default_rng(seed))
    alone = drawn_one_by_one(spans, np.random.default_rng(seed), 50)
    assert drawn[:50].tolist() == alone


def test_chunks_change_nothing(monkeypatch):
    spans = [(day * 7 % 90, day % 3 > 0) for day in range(40)]
    whole = resampled_medians(*arrays(spans), np.random.default_rng(5))
    monkeypatch.setattr("orchestration.calculations.survival._CHUNK", 1_000)
    assert (resampled_medians(*arrays(spans), np.random.default_rng(5)) == whole).all()


def test_training_saves_45_percent():
    found = shown(
        rollouts(dms_untrained=[(100, True)] * 9, dms_trained=[(55, True)] * 5 + [(80, False)])
    )
    trained = found["DMS", True]
    assert trained["median_days"] == 55
    assert trained["reduction_rate"] == Decimal("0.450000")
    assert trained["ci_low"] <= trained["reduction_rate"] <= trained["ci_high"]
    untrained = found["DMS", False]
    assert (untrained["rollouts"], untrained["completed"]) == (9, 9)
    assert (trained["rollouts"], trained["completed"]) == (6, 5)
    for name in ("reduction_rate", "ci_low", "ci_high"):
        assert untrained[name] is None


def test_a_third_is_rounded_half_up_once():
    found = shown(rollouts(a_untrained=[(3, True)], a_trained=[(1, True)]))
    assert found["A", True]["reduction_rate"] == Decimal("0.666667")
    found = shown(rollouts(a_untrained=[(3, True)], a_trained=[(8, True)]))
    assert found["A", True]["reduction_rate"] == Decimal("-1.666667")


def test_all_systems_together_are_a_row_of_their_own():
    given = rollouts(
        a_untrained=[(10, True), (12, True)], b_untrained=[(50, True)], b_trained=[(5, True)]
    )
    found = rollout_durations(given).to_pylist()
    assert [(row["system_code"], row["is_trained"]) for row in found] == [
        ("A", False),
        ("B", False),
        ("B", True),
        (None, False),
        (None, True),
    ]
    assert [row["rollouts"] for row in found] == [2, 1, 1, 3, 1]
    assert [row["median_days"] for row in found] == [10, 50, 5, 12, 5]


def test_without_a_median_of_both_there_is_no_reduction():
    never, at_once = [(99, False)] * 3, [(0, True)] * 3
    for groups in (
        {"a_untrained": never, "a_trained": LIVE},
        {"a_untrained": LIVE, "a_trained": never},
        {"a_untrained": at_once, "a_trained": LIVE},
        {"a_trained": LIVE},
    ):
        row = shown(rollouts(**groups))["A", True]
        assert (row["reduction_rate"], row["ci_low"], row["ci_high"]) == (None, None, None)
    whole = shown(rollouts(a_untrained=LIVE, a_trained=at_once))["A", True]
    assert whole["reduction_rate"] == whole["ci_low"] == whole["ci_high"] == 1


def test_without_a_reduction_there_is_no_interval_though_half_of_the_draws_have_one():
    """500 of 1,001 went live: the median is just not reached, and in half of the draws it is."""
    half = [(20, True)] * 500 + [(99, False)] * 501
    row = shown(rollouts(b_untrained=[(40, True)] * 9, b_trained=half))["B", True]
    assert row["median_days"] is None
    assert (row["reduction_rate"], row["ci_low"], row["ci_high"]) == (None, None, None)
    # with the draws of this system; of another there may be just fewer than half
    assert reduction_interval("B", arrays([(40, True)] * 9), arrays(half)) != (None, None)


def test_an_interval_that_most_draws_do_not_have_is_not_told():
    mostly_running = [(5, True)] + [(9, False)] * 9
    assert reduction_interval("A", arrays(mostly_running), arrays(LIVE)) == (None, None)
    half_running = [(5, True)] * 6 + [(9, False)] * 4
    low, high = reduction_interval("A", arrays(half_running), arrays([(4, True)] * 4))
    assert low == high == Fraction(1, 5)


def test_the_interval_hangs_on_the_system_only():
    spans = [(day, day % 4 > 0) for day in range(20, 70)]
    base = rollouts(a_untrained=spans, a_trained=[(d // 2, live) for d, live in spans])
    others = rollouts(b_untrained=LIVE, b_trained=LIVE)
    row = shown(base)["A", True]
    assert row["ci_low"] < row["reduction_rate"] < row["ci_high"]
    turned = pd.concat([others, base.sample(frac=1, random_state=1)], ignore_index=True)
    assert shown(turned)["A", True] == row
    assert shown(base.assign(system_code="C"))["C", True]["ci_low"] is not None


def test_no_introductions_have_no_rows():
    assert rollout_durations(rollouts()).num_rows == 0


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [("duration_days", -1, "-1 days"), ("system_code", None, "without system_code")],
)
def test_what_cannot_be_is_refused(column, value, message):
    broken = rollouts(a_trained=LIVE).assign(**{column: value})
    with pytest.raises(ValueError, match=message):
        rollout_durations(broken)
