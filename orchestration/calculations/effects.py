"""What courses of the partner academy change of the quality of data, with 95 % intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from orchestration.calculations.columns import column
from orchestration.calculations.intervals import mean_interval
from orchestration.calculations.money import (
    MILLION,
    MILLIONTHS,
    decimals,
    group_sums,
    rounded_quotients,
    whole_numbers,
)


def course_effects(changes: pa.Table | pd.DataFrame) -> pa.Table:
    """The effect of each course: course_code, effect, ci_low, ci_high (fractions, decimal(18,6),
    half up), sorted by course.

    `changes` has a row for each course and dealer: course_code, net_change (decimal(18,6), how much
    more his pass rate rose than that of comparable dealers). The effect is their mean; the ends
    are null of one dealer alone.
    """
    names = column(changes, "course_code", pa.string()).dictionary_encode()
    net, missing = whole_numbers(changes["net_change"], MILLIONTHS)
    if missing.any() or names.null_count:
        raise ValueError("a change without course_code or net_change")
    courses, groups = names.dictionary.to_pylist(), names.indices.to_numpy()
    counts = np.bincount(groups, minlength=len(courses))
    sums = group_sums(net, groups, len(courses))
    # half away from zero, as SQL rounds
    effects = np.sign(sums) * rounded_quotients(np.abs(sums), counts)
    found = [mean_interval(net[groups == number] / MILLION) for number in range(len(courses))]
    made = pa.table(
        {
            "course_code": pa.array(courses, pa.string()),
            "effect": decimals(effects, MILLIONTHS),
            "ci_low": _millionths([interval.low for interval in found]),
            "ci_high": _millionths([interval.high for interval in found]),
        }
    )
    return made.sort_by("course_code")


def _millionths(values: list[float | None]) -> pa.Array:
    """Ends of intervals: reckoned in floats, shown with six digits."""
    nulls = np.array([value is None for value in values], bool)
    shown = np.array([0.0 if value is None else value for value in values])
    whole = np.sign(shown) * np.floor(np.abs(shown) * MILLION + 0.5)
    return decimals(whole.astype(np.int64), MILLIONTHS, nulls)
