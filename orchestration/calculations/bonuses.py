"""Bonuses that repay investments: postings of incentives by the month that they repay in."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from orchestration.calculations.columns import column, objects
from orchestration.calculations.investments import month_starts
from orchestration.calculations.money import CENTS, LIMIT, group_sums, whole_numbers

BONUSES = ["dealer_id", "brand_code", "month", "bonus_cents"]
_PERIOD = ["dealer_id", "brand_code", "program_id", "period_start"]


def bonus_by_month(postings: pd.DataFrame, until: date) -> pd.DataFrame:
    """What postings into the months up to `until` credit to refinancing: `BONUSES`, one row per
    dealer, brand and month (its first day) that any of them belongs to, in that order; int64 cents.

    A positive posting belongs to the month into which it went, a negative one to the month of the
    first posting of the same dealer, programme and period: it takes back what was earned
    there.

    Args:
        postings: the columns of source ledger.incentive_postings, from the first close on; the
            earliest posting of a period counts as its first, whether it credits or not.

    Raises:
        ValueError: the bonus of a month is beyond decimal(18,2).
    """
    into = column(postings, "posted_in_month", pa.date32()).cast(pa.int32()).to_numpy()
    cents, _ = whole_numbers(column(postings, "amount_eur", CENTS), CENTS)
    credits = column(postings, "credits_refinancing", pa.bool_()).fill_null(False)
    keys = pd.DataFrame({name: postings[name].to_numpy(object) for name in _PERIOD})
    keys["month"] = into.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    first = keys.groupby(_PERIOD, sort=False)["month"].transform("min").to_numpy(np.int64)
    last = np.datetime64(until, "M").astype(np.int64)
    taken = credits.to_numpy(zero_copy_only=False) & (keys["month"].to_numpy() <= last)
    keys["month"] = np.where(cents < 0, first, keys["month"])
    keys, cents = keys[taken], cents[taken]
    grouped = keys.groupby(["dealer_id", "brand_code", "month"], sort=True)
    number = grouped.ngroup().to_numpy(np.int64)
    found = keys.iloc[np.unique(number, return_index=True)[1]]
    sums = group_sums(cents, number, len(found))
    if len(sums) and max(abs(s) for s in sums.tolist()) >= LIMIT:
        raise ValueError("the bonus of a dealer in a month is beyond decimal(18,2)")
    return pd.DataFrame(
        {
            "dealer_id": objects(found["dealer_id"].tolist()),
            "brand_code": objects(found["brand_code"].tolist()),
            "month": objects(month_starts(found["month"].to_numpy(np.int64))),
            "bonus_cents": sums.astype(np.int64),
        }
    )
