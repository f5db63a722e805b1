"""What happened to each investment month by month: bonuses that repay it, arrears, the end.

The months follow one another; `repayment` decides each.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from orchestration.calculations.columns import column
from orchestration.calculations.investments import (
    Investments,
    frame_of,
    month_starts,
    read_investments,
)
from orchestration.calculations.money import CENTS, decimals
from orchestration.calculations.repayment import AMOUNTS, SAFE, STATUSES, begin, decide

LEDGER = pa.schema(
    [
        ("investment_id", pa.string()),
        ("period_no", pa.int64()),
        ("dealer_id", pa.string()),
        ("brand_code", pa.string()),
        ("ledger_month", pa.date32()),
        *((f"{name}_eur", CENTS) for name in AMOUNTS),
        ("status", pa.string()),
    ]
)

_CELLS = 2_000_000  # investments x periods that are held at once


def refinance(
    investments: pd.DataFrame, bonuses: pd.DataFrame, last_closed_month: date
) -> pd.DataFrame:
    """The rows of every investment from its first due month to its end or the last closed month,
    as `LEDGER`, by investment_id and period_no.

    Of the bonus of a dealer, brand and month each investment takes its due, by start date, then id.
    What is left goes, in the same order, to those that still have a balance: it is paid ahead by
    their policy, or paid out. What is above all balances is paid out in the row of the last that
    had one after its due, or else in the last row. A negative bonus falls due in the first row. A
    bonus of a month without a row waits for the next one.

    Args:
        investments: the columns of int_investments__list_accepted.
        bonuses: as `bonus_by_month` gives them, in any order.
        last_closed_month: any day of it.

    Raises:
        ValueError: whatever `read_investments` refuses; an amount beyond decimal(18,2); bonuses or
            debts of a dealer that 64 bits may not sum.
    """
    terms = read_investments(investments)
    until = int(np.datetime64(last_closed_month, "M").astype(np.int64))
    paid_in = _bonuses(bonuses, terms)
    names = ("row", "period", *AMOUNTS, "status")
    kept: dict[str, list[np.ndarray]] = {n: [np.zeros(0, np.int64)] for n in names}
    for rows in _chunks(terms, until):
        for month in _months(terms, rows, *paid_in, until):
            for name in names:
                kept[name].append(month[name])
    return _frame(terms, kept)


def _frame(terms: Investments, kept: dict[str, list[np.ndarray]]) -> pd.DataFrame:
    """The rows of all months as a frame; `kept` is emptied on the way, since both are large."""
    places = np.empty(len(terms), np.int64)
    places[terms.by_id] = np.arange(len(terms))
    row = np.concatenate(kept.pop("row"))
    # months of an investment follow one another already
    order = np.argsort(places[row], kind="stable")
    row = row[order]
    period = np.concatenate(kept.pop("period"))[order]
    status = np.concatenate(kept.pop("status"))[order]
    at = pa.array(row)
    columns = {
        "investment_id": terms.ids.take(at),
        "period_no": pa.array(period),
        "dealer_id": terms.dealer_ids.take(at),
        "brand_code": terms.brand_codes.take(at),
        "ledger_month": month_starts(terms.first_months[row] + period - 1),
        "status": pa.array(STATUSES).take(pa.array(status)),
    }
    for name in AMOUNTS:
        columns[f"{name}_eur"] = decimals(np.concatenate(kept.pop(name))[order], CENTS)
    return frame_of(columns, LEDGER)


def _bonuses(
    bonuses: pd.DataFrame, terms: Investments
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Groups of the investments, months and cents, by month; others' bonuses are left out."""
    firsts = pa.array(np.flatnonzero(np.diff(terms.groups, prepend=-1)))
    names = pa.table(
        {
            "dealer_id": terms.dealer_ids.take(firsts),
            "brand_code": terms.brand_codes.take(firsts),
            "group": np.arange(len(firsts)),
        }
    )
    keys = {n: column(bonuses, n, pa.string()) for n in ("dealer_id", "brand_code")}
    found = pa.table(keys | {"at": np.arange(len(bonuses))})
    found = found.join(names, keys=list(keys), join_type="inner")
    group = np.full(len(bonuses), -1, np.int64)
    group[found["at"].to_numpy()] = found["group"].to_numpy()
    day = column(bonuses, "month", pa.date32()).cast(pa.int32()).to_numpy()
    month = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    order = np.argsort(month, kind="stable")
    order = order[group[order] >= 0]
    cents = column(bonuses, "bonus_cents", pa.int64()).to_numpy()
    # halves of the 64 bits: each fits, and so does the sum of the upper halves
    if int((np.abs(cents) >> 32).sum()) >= SAFE >> 32:
        raise ValueError("the bonuses are too large to be summed")
    return group[order], month[order], cents[order]


def _chunks(terms: Investments, until: int) -> Iterator[np.ndarray]:
    """Rows of investments whose matrices are held at once; those of a dealer and brand together."""
    begun = np.flatnonzero((terms.first_months <= until) & (terms.refinanced > 0))
    widths = _widths(terms, until)[begun]
    start = 0
    widest = 0
    edges = np.append(np.flatnonzero(np.diff(terms.groups[begun], prepend=-1)), len(begun))
    for first, after in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        widest = max(widest, int(widths[first:after].max()))
        if first > start and (after - start) * widest > _CELLS:
            yield begun[start:first]
            start, widest = first, int(widths[first:after].max())
    if start < len(begun):
        yield begun[start:]


def _widths(terms: Investments, until: int) -> np.ndarray:
    """How many periods an investment may come to have: a closed month adds one at most."""
    closed = np.maximum(until - terms.first_months + 1, 0)
    return terms.months + np.minimum(terms.extensions, closed)


def _months(
    terms: Investments,
    rows: np.ndarray,
    bonus_groups: np.ndarray,
    bonus_months: np.ndarray,
    bonus_cents: np.ndarray,
    until: int,
) -> Iterator[dict[str, np.ndarray]]:
    """What is decided in each month about some rows, all of their dealers."""
    low, high = terms.groups[rows[0]], terms.groups[rows[-1]]
    own = np.flatnonzero((bonus_groups >= low) & (bonus_groups <= high) & (bonus_months <= until))
    groups, months, cents = bonus_groups[own] - low, bonus_months[own], bonus_cents[own]
    terms = terms.take(rows)
    state = begin(terms, int(_widths(terms, until).max()))
    first_months = terms.first_months
    row_groups = terms.groups - low
    waiting = np.zeros(high - low + 1, np.int64)
    span = np.arange(int(first_months.min()), until + 1)
    ends = np.searchsorted(months, span, side="right")
    done = 0
    for month, end in zip(span.tolist(), ends.tolist(), strict=True):
        np.add.at(waiting, groups[done:end], cents[done:end])
        done = end
        live = np.flatnonzero(~state.is_over & (first_months <= month))
        if not len(live):
            continue
        is_first = np.diff(row_groups[live], prepend=-1) > 0
        pools = waiting[row_groups[live]]
        waiting[row_groups[live]] = 0
        decided = decide(state, live, month - first_months[live] + 1, month, is_first, pools)
        yield decided | {"row": rows[live]}
