"""What a pilot gains: how its dealers have changed against how control dealers have.

The uplift is a difference in differences: each dealer's own change of the key figure, averaged over
the pilot's dealers, less the average over the control dealers. It is reckoned exactly; its interval
is a statistic (`intervals`).
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pandas as pd

from orchestration.calculations.intervals import difference_interval
from orchestration.calculations.money import (
    LIMIT,
    MILLION,
    MILLIONTHS,
    decimal_objects,
    whole_numbers,
)

PILOT, CONTROL = "PILOT", "CONTROL"


def pilot_effects(changes: pd.DataFrame) -> pd.DataFrame:
    """The uplift of each pilot with its 95 % interval: pilot_id, uplift, ci_low, ci_high (Decimal
    of six places, rounded half away from zero, in the unit of the key figure), sorted by pilot.

    `changes` has a row for each dealer of a pilot: pilot_id, arm, change (Decimal of at most six
    places; more is better). Dealers without a change are passed over. Null are the uplift without a
    dealer in each arm, the ends without two in each, and what decimal(18,6) does not hold.

    Raises:
        ValueError: an arm that is none.
    """
    unknown = set(changes["arm"]) - {PILOT, CONTROL}
    if unknown:
        raise ValueError(f"arm {sorted(map(str, unknown))} is none of {PILOT}, {CONTROL}")
    millionths, is_missing = whole_numbers(changes["change"], MILLIONTHS)
    made = changes[["pilot_id", "arm"]].assign(millionths=millionths)
    pilot_ids, found = [], []
    # a handful of pilots: what they share is only the rounding
    for pilot_id, rows in made.assign(is_missing=is_missing).groupby("pilot_id", sort=True):
        known = rows[~rows["is_missing"]]
        arms = [known.loc[known["arm"] == arm, "millionths"] for arm in (PILOT, CONTROL)]
        pilot_ids.append(pilot_id)
        found.append(_effect(*(arm.to_numpy(np.int64) for arm in arms)))
    names = ("uplift", "ci_low", "ci_high")
    figures = {name: _shown([f[at] for f in found]) for at, name in enumerate(names)}
    return pd.DataFrame({"pilot_id": pd.Series(pilot_ids, dtype=object)} | figures)


def _effect(pilot: np.ndarray, control: np.ndarray) -> tuple[int | None, ...]:
    """Uplift and interval in millionths, from the changes (millionths) of both arms."""
    if not (len(pilot) and len(control)):
        return None, None, None
    means = [Fraction(sum(arm.tolist()), len(arm)) for arm in (pilot, control)]
    uplift = means[0] - means[1]
    interval = difference_interval(pilot / MILLION, control / MILLION)
    if interval.low is None or interval.high is None:
        return _rounded(uplift), None, None
    # around the exact uplift: floats of large figures are not as fine
    reach = (Fraction(interval.high) - Fraction(interval.low)) / 2 * MILLION
    return _rounded(uplift), _rounded(uplift - reach), _rounded(uplift + reach)


def _rounded(value: Fraction) -> int:
    """Half away from zero."""
    whole = math.floor(abs(value) + Fraction(1, 2))
    return whole if value >= 0 else -whole


def _shown(millionths: list[int | None]) -> pd.Series:
    kept = [None if v is None or abs(v) >= LIMIT else v for v in millionths]
    is_null = np.array([v is None for v in kept], bool)
    return decimal_objects(np.array([v or 0 for v in kept], np.int64), MILLIONTHS, is_null)
