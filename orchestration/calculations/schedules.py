"""Plans of repayment: what falls due each month, if every instalment is paid in full."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from orchestration.calculations.apportion import apportion
from orchestration.calculations.columns import dates
from orchestration.calculations.day_count import day_counts, due_dates
from orchestration.calculations.investments import Investments, frame_of, read_investments
from orchestration.calculations.money import (
    CENTS,
    LIMIT,
    MILLION,
    decimals,
    product,
    rounded_quotients,
)

PLAN = pa.schema(
    [
        ("investment_id", pa.string()),
        ("period_no", pa.int64()),
        ("dealer_id", pa.string()),
        ("brand_code", pa.string()),
        ("due_date", pa.date32()),
        ("opening_eur", CENTS),
        ("scheduled_eur", CENTS),
        ("interest_eur", CENTS),
        ("principal_eur", CENTS),
        ("closing_eur", CENTS),
    ]
)


@dataclass(frozen=True)
class Schedule:
    """All periods of investments, one after the other: amounts in cents, the row of the investment,
    the period from 1. An investment without anything to refinance has none."""

    rows: np.ndarray
    periods: np.ndarray
    openings: np.ndarray
    scheduled: np.ndarray
    interest: np.ndarray
    closings: np.ndarray


def plan(investments: pd.DataFrame) -> pd.DataFrame:
    """The plan of every investment, as `PLAN`, by investment_id and period_no; it never changes.

    Args:
        investments: the columns of int_investments__list_accepted.

    Raises:
        ValueError: whatever `read_investments` refuses; an amount beyond decimal(18,2).
    """
    terms = read_investments(investments)
    terms = terms.take(terms.by_id)
    schedule = schedule_of(terms)
    at = pa.array(schedule.rows)
    due = due_dates(terms.starts[schedule.rows], schedule.periods)
    cents = {
        "opening_eur": schedule.openings,
        "scheduled_eur": schedule.scheduled,
        "interest_eur": schedule.interest,
        "principal_eur": schedule.scheduled - schedule.interest,
        "closing_eur": schedule.closings,
    }
    return frame_of(
        {
            "investment_id": terms.ids.take(at),
            "period_no": pa.array(schedule.periods),
            "dealer_id": terms.dealer_ids.take(at),
            "brand_code": terms.brand_codes.take(at),
            "due_date": dates(due.astype(np.int64)),
        }
        | {name: decimals(values, CENTS) for name, values in cents.items()},
        PLAN,
    )


def schedule_of(terms: Investments) -> Schedule:
    """Instalments without interest are equal parts, the odd cents in the earliest months; with
    interest a constant annuity, of which no more is taken than is owed, and the last instalment
    closes the balance."""
    counts = np.where(terms.refinanced > 0, terms.months, 0)
    firsts = np.cumsum(counts) - counts
    rows = np.repeat(np.arange(len(terms)), counts)
    periods = np.arange(len(rows)) - firsts[rows] + 1
    equal = np.ones(len(rows), np.int64)
    scheduled = apportion(terms.refinanced, equal, tie_keys=periods, groups=rows).shares
    bears_interest = terms.rates > 0
    at = bears_interest[rows]
    scheduled[at] = _annuities(terms)[rows[at]]
    openings, interest, closings = (np.zeros(len(rows), np.int64) for _ in range(3))
    balances = terms.refinanced.copy()
    for period in range(1, int(counts.max(initial=0)) + 1):
        row = np.flatnonzero(counts >= period)
        at = firsts[row] + period - 1
        openings[at] = balances[row]
        charged = bears_interest[row]
        interest[at[charged]] = interest_of(terms, row[charged], balances[row[charged]], period)
        owed = balances[row] + interest[at]
        check_amounts(terms, row, owed)
        scheduled[at] = np.where(counts[row] == period, owed, np.minimum(scheduled[at], owed))
        closings[at] = balances[row] = owed - scheduled[at]
    return Schedule(rows, periods, openings, scheduled, interest, closings)


def interest_of(
    terms: Investments, rows: np.ndarray, balances: np.ndarray, periods: np.ndarray | int
) -> np.ndarray:
    """The interest (cents) on balances from the due date before a period to that of the period,
    rounded half up."""
    starts = terms.starts[rows]
    ends = due_dates(starts, periods)
    day, year = day_counts(terms.day_counts[rows], due_dates(starts, np.asarray(periods) - 1), ends)
    charged = product(product(balances, terms.rates[rows]), day)
    interest = rounded_quotients(charged, year * MILLION)
    check_amounts(terms, rows, interest)
    return interest


def check_amounts(terms: Investments, rows: np.ndarray, amounts: np.ndarray) -> None:
    """Refuse amounts (cents) that decimal(18,2) does not hold, by the name of the investment."""
    if len(amounts) and amounts.max() >= LIMIT:
        name = terms.name(rows[int(np.argmax(amounts >= LIMIT))])
        raise ValueError(f"what falls due of {name} is beyond decimal(18,2)")


def annuity(principal: int, rate: int, months: int) -> int:
    """The constant instalment (cents) of a principal (cents) at a yearly rate (millionths, above
    0), a twelfth of it a month; exact, rounded half up."""
    # with i = rate / year: principal x i x (1 + i)^n / ((1 + i)^n - 1), over whole numbers
    year = 12 * MILLION
    grown, still = (year + rate) ** months, year**months
    numerator, denominator = principal * rate * grown, year * (grown - still)
    return (2 * numerator + denominator) // (2 * denominator)


def _annuities(terms: Investments) -> np.ndarray:
    """The annuity of each investment, 0 for those without interest."""
    columns = (terms.refinanced, terms.rates, terms.months)
    distinct, number = np.unique(np.stack(columns, axis=1), axis=0, return_inverse=True)
    each = [annuity(p, r, n) if p and r else 0 for p, r, n in distinct.tolist()]
    return np.array([min(a, LIMIT) for a in each], np.int64)[number.reshape(-1)]
