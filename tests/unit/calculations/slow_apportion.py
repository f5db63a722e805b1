"""The splitting rule once more, slowly and in fractions: what the tests compare with."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any


def quotas(
    total: int, weights: Sequence[int], floors: Sequence[int], caps: Sequence[int]
) -> list[Fraction]:
    """The exact shares `clamp(k * weight, floor, cap)` of a feasible split."""
    by = {i: w for i, w in enumerate(weights) if w > 0} or dict.fromkeys(range(len(weights)), 1)
    others = [i for i in range(len(weights)) if i not in by]
    settled = {i: Fraction(floors[i]) for i in others}
    if sum(caps[i] for i in by) + sum(settled.values()) < total:
        settled = {i: Fraction(caps[i]) for i in by}
        by = dict.fromkeys(others, 1)

    def shares(k: Fraction) -> list[Fraction]:
        return [
            settled[i] if i in settled else min(max(k * by[i], Fraction(floors[i])), caps[i])
            for i in range(len(weights))
        ]

    # Between two neighbouring bounds the sum is a straight line in k.
    bends = sorted({Fraction(0)} | {Fraction(b[i], by[i]) for i in by for b in (floors, caps)})
    for low, high in zip(bends, bends[1:] or bends, strict=False):
        at_low, at_high = sum(shares(low)), sum(shares(high))
        if at_low <= total <= at_high:
            along = Fraction(total - at_low) / (at_high - at_low) if at_high > at_low else 0
            return shares(low + (high - low) * along)
    raise AssertionError("a feasible split has a factor")


def apportioned(
    total: int,
    weights: Sequence[int],
    floors: Sequence[int],
    caps: Sequence[int],
    ties: Sequence[Any],
) -> tuple[list[int], bool]:
    if sum(floors) > total:
        return list(floors), False
    if sum(caps) < total:
        return list(caps), False
    if not weights:
        return [], True
    exact = quotas(total, weights, floors, caps)
    shares = [int(x) for x in exact]
    order = sorted(
        range(len(weights)), key=lambda i: (-(exact[i] - shares[i]), -weights[i], ties[i])
    )
    for i in order[: total - sum(shares)]:
        shares[i] += 1
    return shares, True
