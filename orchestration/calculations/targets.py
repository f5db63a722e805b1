"""Proposals of targets: the network's base spread by how each dealer's market has moved."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa

from orchestration.calculations.apportion import Apportioned, apportion
from orchestration.calculations.columns import column
from orchestration.calculations.money import (
    MILLION,
    MILLIONTHS,
    decimal_objects,
    product,
    rounded_quotients,
)

KEY = ["dealer_id", "brand_code", "quarter_start", "segment_code", "powertrain_code"]
PROPOSALS = [
    *KEY,
    "base_units",
    "min_purchase_units",
    "max_units",
    "regional_index",
    "raw_units",
    "proposed_units",
    "is_feasible",
    "is_strong_market",
]
_GROUP = ["brand_code", "quarter_start", "segment_code", "powertrain_code"]

# Weights over a common denominator may have hundreds of digits: not for all rows at once.
_ROWS_AT_ONCE = 100_000


def propose(inputs: pd.DataFrame) -> pd.DataFrame:
    """Propose the units of each dealer x brand x quarter x segment x powertrain.

    `inputs` as int_targets__list_proposal_inputs; the result has the columns of
    mart_target_proposal, sorted by its key. The base of all dealers of a brand in a quarter,
    segment and powertrain is split in proportion to base x index, within minimum and maximum. A
    minimum above the maximum wins over it, and makes the whole split infeasible. The index and the
    raw units (base x index) are shown rounded half up to six decimals, as Decimal.

    Raises:
        ValueError: negative units, an index that is no positive fraction.
        TypeError: an index that is not of whole numbers.
    """
    groups = inputs.groupby(_GROUP, sort=True).ngroup().to_numpy(np.int64)
    order = np.argsort(groups, kind="stable")
    rows, groups = inputs.iloc[order].reset_index(drop=True), groups[order]
    base = column(rows, "base_units", pa.int64()).to_numpy()
    floors = column(rows, "min_purchase_units", pa.int64()).to_numpy()
    most = column(rows, "max_units", pa.int64())
    has_no_cap = np.asarray(most.is_null())
    caps = most.fill_null(0).to_numpy()
    tops, bottoms = _fractions(rows)
    for what, is_wrong in (
        ("negative units", (base < 0) | (floors < 0) | (caps < 0)),
        ("an index that is no positive fraction", (tops <= 0) | (bottoms <= 0)),
    ):
        if is_wrong.any():
            key = ", ".join(map(str, rows.loc[int(np.argmax(is_wrong)), KEY]))
            raise ValueError(f"the target of {key} has {what}")
    is_contradiction = ~has_no_cap & (floors > caps)

    proposed = np.zeros(len(rows), np.int64)
    is_feasible = np.ones(len(rows), bool)
    for at in _batches(groups):
        numbers = groups[at] - groups[at.start]
        found = _split(
            base[at], floors[at], caps[at], has_no_cap[at], tops[at], bottoms[at], numbers, rows[at]
        )
        is_refused = np.bincount(numbers, is_contradiction[at]) > 0
        proposed[at] = found.shares
        is_feasible[at] = (found.is_feasible & ~is_refused)[numbers]

    raw = rounded_quotients(product(product(base, tops), np.array(MILLION)), bottoms)
    index = rounded_quotients(product(tops, np.array(MILLION)), bottoms)
    proposals = rows.assign(
        base_units=base,
        min_purchase_units=floors,
        max_units=pd.array(np.where(has_no_cap, None, caps), dtype="Int64"),
        regional_index=decimal_objects(index, MILLIONTHS),
        raw_units=decimal_objects(raw, MILLIONTHS),
        proposed_units=proposed,
        is_feasible=is_feasible,
    )
    return proposals[PROPOSALS].sort_values(KEY, kind="stable").reset_index(drop=True)


def _split(
    base: np.ndarray,
    floors: np.ndarray,
    caps: np.ndarray,
    has_no_cap: np.ndarray,
    tops: np.ndarray,
    bottoms: np.ndarray,
    groups: np.ndarray,
    keys: pd.DataFrame,
) -> Apportioned:
    totals = np.zeros(int(groups[-1]) + 1, np.int64)
    np.add.at(totals, groups, base)
    no_cap = np.maximum(totals[groups], floors)
    return apportion(
        totals,
        _weights(base, tops, bottoms, groups),
        floors,
        np.where(has_no_cap, no_cap, np.maximum(caps, floors)),
        tie_keys=list(zip(keys["dealer_id"], keys["brand_code"], strict=True)),
        groups=groups,
    )


def _weights(
    base: np.ndarray, tops: np.ndarray, bottoms: np.ndarray, groups: np.ndarray
) -> list[int]:
    """base x index of each row over the common denominator of its group, as whole numbers."""
    bounds = [0, *(np.flatnonzero(np.diff(groups)) + 1).tolist(), len(groups)]
    weights: list[int] = []
    for start, end in zip(bounds[:-1], bounds[1:], strict=True):
        own = bottoms[start:end].tolist()
        common = math.lcm(*set(own))
        factors = {bottom: common // bottom for bottom in set(own)}
        of_rows = zip(base[start:end].tolist(), tops[start:end].tolist(), own, strict=True)
        weights += [units * top * factors[bottom] for units, top, bottom in of_rows]
    return weights


def _fractions(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Numerators and denominators of the index in lowest terms, Python integers."""
    tops, bottoms = np.empty(len(rows), object), np.empty(len(rows), object)
    pairs = zip(rows["index_numerator"], rows["index_denominator"], strict=True)
    for row, (top, bottom) in enumerate(pairs):
        if isinstance(top, float) or isinstance(bottom, float) or top != int(top):
            raise TypeError(f"the index {top} / {bottom} is not of whole numbers")
        top, bottom = int(top), int(bottom)
        divisor = math.gcd(top, bottom) or 1
        tops[row], bottoms[row] = top // divisor, bottom // divisor
    return tops, bottoms


def _batches(groups: np.ndarray) -> Iterator[slice]:
    """Slices of whole groups, of about so many rows."""
    start = 0
    while start < len(groups):
        last = groups[min(start + _ROWS_AT_ONCE, len(groups)) - 1]
        end = int(np.searchsorted(groups, last, side="right"))
        yield slice(start, end)
        start = end
