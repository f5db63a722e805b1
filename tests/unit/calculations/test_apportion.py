"""The splitting function: exact, within bounds, the same however it is asked."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from orchestration.calculations import apportion as module
from orchestration.calculations.apportion import apportion
from tests.unit.calculations.slow_apportion import apportioned, quotas

MANY = settings(max_examples=150, deadline=None)


@dataclass(frozen=True)
class Split:
    total: int
    weights: list[int]
    floors: list[int]
    caps: list[int]
    ties: list[int]

    def ask(self, at=None):
        rows = range(len(self.weights)) if at is None else at
        columns = ([c[i] for i in rows] for c in (self.weights, self.floors, self.caps, self.ties))
        return apportion(self.total, *columns)


@st.composite
def splits(draw, largest=None):
    size = draw(st.integers(1, 7))
    largest = largest or draw(st.sampled_from([3, 40, 10**6, 10**17, 10**30]))
    weight = st.one_of(st.just(0), st.integers(0, largest))
    bound = st.one_of(st.just(0), st.integers(0, 25), st.integers(0, largest))
    weights = draw(st.lists(weight, min_size=size, max_size=size))
    floors = draw(st.lists(bound, min_size=size, max_size=size))
    caps = [f + draw(bound) for f in floors]
    total = draw(st.integers(max(0, sum(floors) - 2), sum(caps) + 2))
    return Split(total, weights, floors, caps, draw(st.permutations(range(size))))


@MANY
@given(splits())
@example(Split(3, [1, 0, 0], [0, 0, 0], [1, 9, 9], [0, 1, 2]))
@example(Split(0, [0], [0], [0], [0]))
def test_shares_are_those_of_the_rule_in_fractions(split):
    found = split.ask()
    expected = apportioned(split.total, split.weights, split.floors, split.caps, split.ties)
    assert (found.shares.tolist(), found.is_feasible) == expected


@MANY
@given(splits())
def test_shares_sum_to_the_total_within_their_bounds_and_less_than_one_from_the_exact_share(split):
    found = split.ask()
    shares = found.shares.tolist()
    assert found.is_feasible == (sum(split.floors) <= split.total <= sum(split.caps))
    assert all(f <= x <= c for f, x, c in zip(split.floors, shares, split.caps, strict=True))
    if found.is_feasible:
        assert sum(shares) == split.total
        exact = quotas(split.total, split.weights, split.floors, split.caps)
        assert all(abs(x - q) < 1 for x, q in zip(shares, exact, strict=True))


@MANY
@given(splits(), st.randoms())
def test_the_order_of_rows_changes_nothing(split, random):
    at = list(range(len(split.weights)))
    random.shuffle(at)
    assert split.ask(at).shares.tolist() == split.ask().shares[at].tolist()


@MANY
@given(splits(), st.integers(0, 10**6), st.integers(0, 10**6))
def test_of_two_rows_with_the_same_bounds_the_larger_weight_gets_no_less(split, floor, more):
    twins = Split(
        split.total + 2 * floor,
        split.weights + [5, 6],
        split.floors + [floor] * 2,
        split.caps + [floor + more] * 2,
        split.ties + [97, 98],
    )
    smaller, larger = twins.ask().shares.tolist()[-2:]
    assert smaller <= larger


@MANY
@given(splits(), st.integers(0, 10**6))
def test_a_share_falls_by_one_at_most_when_the_total_grows(split, more):
    # The exact shares never fall; what is handed out for the fractions may move.
    bounds = (sum(split.floors), sum(split.caps))
    if bounds[0] <= split.total and split.total + more <= bounds[1]:
        grown = Split(split.total + more, split.weights, split.floors, split.caps, split.ties)
        assert all(b >= a - 1 for a, b in zip(split.ask().shares, grown.ask().shares, strict=True))


@MANY
@given(st.lists(splits(), min_size=1, max_size=6), st.randoms())
def test_many_groups_at_once_are_each_group_alone(parts, random):
    groups = [g for g, part in enumerate(parts) for _ in part.weights]
    columns = [
        [v for part in parts for v in getattr(part, name)]
        for name in ("weights", "floors", "caps", "ties")
    ]
    at = list(range(len(groups)))
    random.shuffle(at)
    together = apportion(
        [part.total for part in parts] + [0, 7],
        *([column[i] for i in at] for column in columns),
        groups=[groups[i] for i in at],
    )
    shares = dict(zip(at, together.shares.tolist(), strict=True))
    alone = [part.ask() for part in parts]
    assert [shares[i] for i in range(len(at))] == [x for a in alone for x in a.shares.tolist()]
    # of groups without a row only a total of nothing is feasible
    assert together.is_feasible.tolist() == [a.is_feasible for a in alone] + [True, False]


@MANY
@given(splits(largest=10**6))
def test_python_integers_give_what_64_bits_give(split):
    found = split.ask()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_SAFE", 0.0)
        assert split.ask().shares.tolist() == found.shares.tolist()


@pytest.mark.parametrize("size", [2**30, 2**31, 2**32, 2**61, 2**62, 2**63 - 1, 2**63, 2**90])
def test_nothing_wraps_at_the_limits_of_64_bits(size):
    weights = [size, size - 1, 1]
    caps = [size, size, size]
    for total in (size - 1, size, size + 1, 2 * size):
        found = apportion(total, weights, [0, 1, 0], caps)
        expected = apportioned(total, weights, [0, 1, 0], caps, [0, 1, 2])
        assert (found.shares.tolist(), found.is_feasible) == expected


def test_only_the_groups_that_need_it_leave_64_bits():
    found = apportion([10, 2**40], [1, 3, 2**40, 2**41], groups=[0, 0, 1, 1])
    assert found.shares.tolist() == [2, 8, 366503875925, 733007751851]
    assert found.shares.dtype == np.int64


@pytest.mark.parametrize(
    ("total", "weights", "bounds", "shares", "is_feasible"),
    [
        (10, [0, 0, 0], {}, [4, 3, 3], True),
        (10, [1, 0, 0], {"caps": [4, 9, 9]}, [4, 3, 3], True),
        (10, [1, 0, 0], {"caps": [4, None, 1]}, [4, 5, 1], True),
        (10, [1, 1], {"floors": [8, 8]}, [8, 8], False),
        (10, [1, 1], {"caps": [2, 3]}, [2, 3], False),
        (10, [1, 0], {"floors": [0, 4]}, [6, 4], True),
        (100, [1, 1, 8], {"floors": [20, 0, 0], "caps": [99, 99, 50]}, [25, 25, 50], True),
        (-1, [1, 1], {}, [0, 0], False),
        (0, [], {}, [], True),
        (1, [], {}, [], False),
    ],
)
def test_special_cases(total, weights, bounds, shares, is_feasible):
    found = apportion(total, weights, **bounds)
    assert (found.shares.tolist(), found.is_feasible) == (shares, is_feasible)


@pytest.mark.parametrize(
    "keys",
    [
        ["c", "a", "b"],
        pa.array(["c", "a", "b"]),
        [30, 10, 20],
        [("D2", "A"), ("D1", "A"), ("D1", "B")],
    ],
)
def test_the_smaller_tie_key_gets_the_odd_unit(keys):
    assert apportion(4, [1, 1, 1], tie_keys=keys).shares.tolist() == [1, 2, 1]
    assert apportion(5, [1, 1, 1], tie_keys=keys).shares.tolist() == [1, 2, 2]


def test_the_larger_weight_goes_before_the_smaller_tie_key():
    # 3 x 1/6 and 3 x 3/6 both leave a half
    assert apportion(3, [1, 3, 2], tie_keys=[0, 1, 2]).shares.tolist() == [0, 2, 1]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"weights": [1, -5]}, ValueError, "row 1: the weight -5 is negative"),
        ({"floors": [0, -1]}, ValueError, "row 1: the floor -1 is negative"),
        ({"floors": [3, 4], "caps": [3, 3]}, ValueError, "row 1: the floor 4 is above the cap 3"),
        ({"weights": [1, 0.5]}, TypeError, "row 1: the weight 0.5 is not an integer"),
        ({"weights": [1, None]}, TypeError, "row 1: the weight None"),
        ({"weights": [True, True]}, TypeError, "row 0: the weight True"),
        ({"total": 1.0}, TypeError, "row 0: the total 1.0 is not an integer"),
        ({"floors": [1]}, ValueError, "1 floors for 2 weights"),
        ({"caps": [1, 2, None]}, ValueError, "there is no cap for each of 2 weights"),
        ({"tie_keys": ["a"]}, ValueError, "1 tie_keys for 2 weights"),
        ({"total": [1], "groups": [0, 1]}, ValueError, "row 1: there is no total for group 1"),
        ({"total": [1], "groups": [0, -1]}, ValueError, "row 1: there is no total for group -1"),
    ],
)
def test_wrong_input_is_named(arguments, error, message):
    with pytest.raises(error, match=message):
        apportion(**({"total": 10, "weights": [1, 1]} | arguments))
