"""Where investments stand, and when they will be repaid at the pace of the last months."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.calculations.columns import column, dates
from orchestration.calculations.investments import (
    Investments,
    frame_of,
    month_starts,
    read_investments,
)
from orchestration.calculations.money import (
    CENTS,
    MILLION,
    MILLIONTHS,
    decimals,
    group_sums,
    product,
    rounded_quotients,
    whole_numbers,
)

STATUS = pa.schema(
    [
        ("investment_id", pa.string()),
        ("dealer_id", pa.string()),
        ("brand_code", pa.string()),
        ("start_date", pa.date32()),
        ("refinance_months", pa.int64()),
        ("total_cost_eur", CENTS),
        ("upfront_eur", CENTS),
        ("refinanced_eur", CENTS),
        ("outstanding_eur", CENTS),
        ("paid_rate", MILLIONTHS),
        ("arrears_eur", CENTS),
        ("projected_end_month", pa.date32()),
        ("expected_balloon_eur", CENTS),
    ]
)
SIMULATION = pa.schema(
    [
        ("investment_id", pa.string()),
        ("pace_factor", MILLIONTHS),
        ("projected_end_month", pa.date32()),
        ("balloon_eur", CENTS),
    ]
)
QUARTERS = (2, 3, 4, 5)
"""The paces that are simulated, in quarters of the pace of the last months."""

_PACE_MONTHS = 6
_LAST_MONTH = (9999 - 1970) * 12 + 11


@dataclass(frozen=True)
class _Standing:
    """One row per investment, by id: cents, months since 1970. `paid` is what bonuses repaid in the
    last `counts` months (at most six), `counts` is 0 where no month is closed."""

    terms: Investments
    outstanding: np.ndarray
    arrears: np.ndarray
    last_months: np.ndarray
    paid: np.ndarray
    counts: np.ndarray


def status(ledger: pd.DataFrame, investments: pd.DataFrame) -> pd.DataFrame:
    """How each investment stands after its last row of the ledger, as `STATUS`, by investment_id.

    - Without a row all of what is refinanced is outstanding.
    - `paid_rate` is null where nothing is refinanced.
    - `projected_end_month`: the month of the last row if nothing is outstanding; null without a
      row, at a pace of 0, and where it is beyond the year 9999.
    - `expected_balloon_eur`: what is left at the planned end, whatever months were added.

    Args:
        ledger: the columns of `refinancing.LEDGER`; rows of other investments are passed over.
        investments: the columns of int_investments__list_accepted.

    Raises:
        ValueError: whatever `read_investments` refuses.
    """
    standing = _stand(ledger, read_investments(investments))
    terms, refinanced = standing.terms, standing.terms.refinanced
    is_nothing = refinanced == 0
    repaid = product(refinanced - standing.outstanding, np.full(len(terms), MILLION))
    ends, is_open_end, balloons = _project(standing, 4)
    return frame_of(
        {
            "investment_id": terms.ids,
            "dealer_id": terms.dealer_ids,
            "brand_code": terms.brand_codes,
            "start_date": dates(terms.starts.astype(np.int64)),
            "refinance_months": pa.array(terms.months),
            "total_cost_eur": decimals(terms.totals, CENTS),
            "upfront_eur": decimals(terms.upfronts, CENTS),
            "refinanced_eur": decimals(refinanced, CENTS),
            "outstanding_eur": decimals(standing.outstanding, CENTS),
            "paid_rate": decimals(
                rounded_quotients(repaid, np.where(is_nothing, 1, refinanced)),
                MILLIONTHS,
                is_nothing,
            ),
            "arrears_eur": decimals(standing.arrears, CENTS),
            "projected_end_month": month_starts(ends, is_open_end),
            "expected_balloon_eur": decimals(balloons, CENTS),
        },
        STATUS,
    )


def simulate(ledger: pd.DataFrame, investments: pd.DataFrame) -> pd.DataFrame:
    """End and balloon of each investment at other paces, as `SIMULATION`, by investment_id and
    pace_factor; the rest as `status`, of which factor 1 is the figure."""
    standing = _stand(ledger, read_investments(investments))
    count = len(standing.terms)
    projected = [_project(standing, quarters) for quarters in QUARTERS]
    ends, is_open_end, balloons = (
        np.stack(column, axis=1).reshape(-1) for column in zip(*projected, strict=True)
    )
    rows = np.repeat(np.arange(count), len(QUARTERS))
    factors = np.tile(np.array(QUARTERS) * MILLION // 4, count)
    return frame_of(
        {
            "investment_id": standing.terms.ids.take(pa.array(rows)),
            "pace_factor": decimals(factors, MILLIONTHS),
            "projected_end_month": month_starts(ends, is_open_end),
            "balloon_eur": decimals(balloons, CENTS),
        },
        SIMULATION,
    )


def _stand(ledger: pd.DataFrame, terms: Investments) -> _Standing:
    terms = terms.take(terms.by_id)
    of = pc.index_in(column(ledger, "investment_id", pa.string()), value_set=terms.ids)
    row = of.fill_null(-1).to_numpy().astype(np.int64)
    period = column(ledger, "period_no", pa.int64()).to_numpy()
    order = np.lexsort((period, row))
    order = order[row[order] >= 0]
    row, period = row[order], period[order]
    amounts = {
        name: whole_numbers(column(ledger, f"{name}_eur", CENTS), CENTS)[0][order]
        for name in ("applied", "prepaid", "closing", "arrears_out")
    }
    counts = np.bincount(row, minlength=len(terms))
    is_late = np.cumsum(counts)[row] - np.arange(len(row)) <= _PACE_MONTHS
    paid = group_sums((amounts["applied"] + amounts["prepaid"])[is_late], row[is_late], len(terms))
    has_rows = counts > 0
    last = np.cumsum(counts)[has_rows] - 1
    outstanding, arrears = terms.refinanced.copy(), np.zeros(len(terms), np.int64)
    periods = np.zeros(len(terms), np.int64)
    outstanding[has_rows] = amounts["closing"][last]
    arrears[has_rows] = amounts["arrears_out"][last]
    periods[has_rows] = period[last]
    months = terms.first_months - 1 + periods
    return _Standing(terms, outstanding, arrears, months, paid, np.minimum(counts, _PACE_MONTHS))


def _project(standing: _Standing, quarters: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """At so many quarters of the pace: the months of the ends, where there is none, and what is
    left at the planned ends (cents)."""
    terms, outstanding = standing.terms, standing.outstanding
    # outstanding over pace, over whole numbers: the pace is paid x quarters / (4 x counts)
    owed = product(outstanding, 4 * standing.counts)
    pace = product(standing.paid, np.full(len(terms), quarters))
    has_pace = pace > 0
    needed = -(-owed // np.where(has_pace, pace, 1))
    ends = standing.last_months + np.minimum(needed, _LAST_MONTH + 1).astype(np.int64)
    is_settled = (outstanding == 0) & (standing.counts > 0)
    is_open_end = ~is_settled & (~has_pace | (ends > _LAST_MONTH))
    planned = terms.first_months - 1 + terms.months
    rest = owed - product(pace, np.maximum(planned - standing.last_months, 0))
    balloons = rounded_quotients(np.maximum(rest, 0), np.maximum(4 * standing.counts, 1))
    balloons = np.where(standing.counts > 0, balloons, outstanding)
    return ends, is_open_end, balloons.astype(np.int64)
