"""What each member of a shared programme carries."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from orchestration.calculations.apportion import apportion
from orchestration.calculations.columns import column
from orchestration.calculations.money import CENTS, decimals, whole_numbers

_KEY = ["program_id", "dealer_id", "brand_code"]


def allocate(members: pd.DataFrame) -> pd.DataFrame:
    """Split what partners carry of each programme among its members, by weight, to the cent.

    The columns of `members` (int_investments__list_members) and `partner_share_eur`, sorted by
    programme, dealer and brand: equal odd cents go in that order. A programme whose floors or caps
    cannot hold its total is refused: it has no rows.

    Raises:
        ValueError: a negative weight or floor.
    """
    rows = members.sort_values(_KEY, ignore_index=True)
    groups = rows.groupby("program_id", sort=True).ngroup().to_numpy(np.int64)
    totals, _ = whole_numbers(column(rows, "program_partner_total_eur", CENTS), CENTS)
    floors, _ = whole_numbers(column(rows, "min_share_eur", CENTS), CENTS)
    caps, has_no_cap = whole_numbers(column(rows, "max_share_eur", CENTS), CENTS)
    is_contradiction = ~has_no_cap & (caps < floors)
    caps = np.where(has_no_cap, None, np.maximum(caps, floors).astype(object))
    firsts = np.unique(groups, return_index=True)[1]
    split = apportion(
        totals[firsts],
        column(rows, "allocation_weight", pa.int64()).to_numpy(),
        floors,
        caps,
        groups=groups,
    )
    is_held = np.asarray(split.is_feasible, bool)
    is_held[groups[is_contradiction]] = False
    shares = pd.Series(
        pd.array(decimals(split.shares.astype(np.int64), CENTS), dtype=pd.ArrowDtype(CENTS))
    )
    return rows.assign(partner_share_eur=shares)[is_held[groups]].reset_index(drop=True)
