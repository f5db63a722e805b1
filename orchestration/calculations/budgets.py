"""What of a budget each district gets: budgets follow the market."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from orchestration.calculations.apportion import apportion
from orchestration.calculations.columns import column
from orchestration.calculations.money import CENTS, whole_numbers

_KEY = ["budget_code", "district_code"]


def allocate_budgets(weights: pd.DataFrame) -> pd.DataFrame:
    """Split each budget over its districts by the registrations of their markets, to the cent.

    `weights` has a row for each budget and district: budget_code, district_code, brand_code,
    market_units, and budget_eur, the whole budget. The result has budget_code, district_code,
    brand_code, market_units and budget_cents (int64, what the district gets), sorted by budget and
    district; equal odd cents go in that order. Markets without any registration get equal parts.

    Raises:
        ValueError: a budget that is missing, negative or not the same in all its rows; negative
            registrations.
    """
    rows = weights.sort_values(_KEY, ignore_index=True)
    groups = rows.groupby("budget_code", sort=True).ngroup().to_numpy(np.int64)
    cents, is_missing = whole_numbers(column(rows, "budget_eur", CENTS), CENTS)
    totals = cents[np.unique(groups, return_index=True)[1]]
    for what, is_wrong in (
        ("is missing", is_missing),
        ("is negative", cents < 0),
        ("is not the same in all its rows", cents != totals[groups]),
    ):
        if is_wrong.any():
            raise ValueError(f"budget {rows['budget_code'][int(np.argmax(is_wrong))]} {what}")
    market_units = column(rows, "market_units", pa.int64()).to_numpy()
    split = apportion(totals, market_units, groups=groups)
    return rows[[*_KEY, "brand_code"]].assign(
        market_units=market_units, budget_cents=split.shares.astype(np.int64)
    )
