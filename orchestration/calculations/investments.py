"""The terms of accepted showroom investments as numbers, and frames of results about them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.calculations.columns import codes, column, days
from orchestration.calculations.day_count import CONVENTIONS
from orchestration.calculations.money import (
    CENTS,
    MILLION,
    MILLIONTHS,
    rounded_amounts,
    whole_numbers,
)

NEXT, LAST, REAMORTISE, PAY_OUT = range(4)
SURPLUS = ("NEXT", "LAST", "REAMORTISE", "PAY_OUT")
CARRY, EXTEND_SHORTFALL, CASH_CALL = range(3)
SHORTFALL = ("CARRY", "EXTEND", "CASH_CALL")
BALLOON, EXTEND_END, WRITE_OFF = range(3)
END = ("BALLOON", "EXTEND", "WRITE_OFF")

MOST_MONTHS = 1_200
NEVER = 2**40  # a month beyond all months


@dataclass(frozen=True)
class Investments:
    """One row per investment, by dealer and brand, then in the order in which they are repaid: by
    start date, then id. Amounts in cents, rates in millionths, months as months since 1970."""

    ids: pa.Array
    dealer_ids: pa.Array
    brand_codes: pa.Array
    totals: np.ndarray
    upfronts: np.ndarray
    refinanced: np.ndarray
    months: np.ndarray
    rates: np.ndarray
    day_counts: np.ndarray
    starts: np.ndarray  # datetime64[D]
    surplus: np.ndarray  # numbers as above, like the two that follow
    shortfall: np.ndarray
    end: np.ndarray
    extensions: np.ndarray  # the most months that may be added
    terminated: np.ndarray  # month, NEVER where it is not
    groups: np.ndarray  # number of dealer x brand, ascending

    def __len__(self) -> int:
        return len(self.totals)

    @property
    def first_months(self) -> np.ndarray:
        """The month of the first due date."""
        return self.starts.astype("datetime64[M]").astype(np.int64) + 1

    @property
    def by_id(self) -> np.ndarray:
        """The rows in the order of their ids."""
        return pc.sort_indices(self.ids).to_numpy().astype(np.int64)

    def take(self, rows: np.ndarray) -> Investments:
        """Some rows, in the order given."""
        columns = {f.name: getattr(self, f.name) for f in fields(self)}
        at = pa.array(rows)
        return Investments(
            **{n: c.take(at) if isinstance(c, pa.Array) else c[rows] for n, c in columns.items()}
        )

    def name(self, row: int) -> str:
        return f"investment {self.ids[int(row)].as_py()}"


def read_investments(frame: pd.DataFrame) -> Investments:
    """Investments from the columns of int_investments__list_accepted (those of the delivery).

    Raises:
        ValueError: an investment that cannot be reckoned, by name: an id that is there twice, an
            amount, rate or number of months that is missing or out of bounds, an unknown policy or
            day count, interest with a surplus policy that has no place for it.
    """
    texts = {
        name: column(frame, name, pa.string())
        for name in ("investment_id", "dealer_id", "brand_code")
    }
    start_days = column(frame, "start_date", pa.date32())
    keys = {"dealer": texts["dealer_id"], "brand": texts["brand_code"], "start": start_days}
    table = pa.table(keys | {"id": texts["investment_id"]})
    order = pc.sort_indices(table, sort_keys=[(n, "ascending") for n in table.column_names])
    frame = frame.iloc[order.to_numpy()]
    ids, dealer_ids, brand_codes = (c.take(order) for c in texts.values())
    names = ids.to_pylist()

    def check(is_right: Any, what: str) -> None:
        if not np.all(is_right):
            raise ValueError(f"investment {names[int(np.argmin(is_right))]} {what}")

    def numbers(name: str, kind: pa.DataType) -> np.ndarray:
        values, nulls = whole_numbers(column(frame, name, kind), kind)
        check(~nulls, f"has no {name}")
        return values

    def choice(name: str, words: tuple[str, ...]) -> np.ndarray:
        numbered = {word: number for number, word in enumerate(words)}
        found = codes(column(frame, name, pa.string()), numbered)
        check(found >= 0, f"has a {name} that is none of {', '.join(words)}")
        return found

    is_named = [np.asarray(c.is_valid()) for c in (ids, dealer_ids, brand_codes)]
    check(np.logical_and.reduce(is_named), "names no dealer or brand, or has no id")
    check(~pd.Series(names, dtype=object).duplicated().to_numpy(), "is there twice")
    check(np.asarray(start_days.is_valid())[order.to_numpy()], "has no start_date")
    totals, rates = numbers("total_cost_eur", CENTS), numbers("annual_interest_rate", MILLIONTHS)
    upfront_rates = numbers("upfront_rate", MILLIONTHS)
    check(totals > 0, "costs nothing")
    check((upfront_rates >= 0) & (upfront_rates <= MILLION), "has an upfront_rate beyond 0 to 1")
    check(rates >= 0, "has a negative interest rate")
    months = _counts(frame, "refinance_months")
    check(
        (months >= 1) & (months <= MOST_MONTHS), f"is not refinanced in 1 to {MOST_MONTHS} months"
    )
    extensions = _counts(frame, "max_extension_months")
    check(extensions >= 0, "has negative max_extension_months")
    surplus = choice("surplus_policy", SURPLUS)
    check((rates == 0) | (surplus == PAY_OUT), "bears interest, so surplus can only be paid out")
    upfronts = rounded_amounts(totals, upfront_rates)
    is_new = ~(_same_as_before(dealer_ids) & _same_as_before(brand_codes))
    return Investments(
        ids=ids,
        dealer_ids=dealer_ids,
        brand_codes=brand_codes,
        totals=totals,
        upfronts=upfronts,
        refinanced=totals - upfronts,
        months=months,
        rates=rates,
        day_counts=choice("day_count", CONVENTIONS),
        starts=days(frame, "start_date").astype("datetime64[D]"),
        surplus=surplus,
        shortfall=choice("shortfall_policy", SHORTFALL),
        end=choice("end_policy", END),
        extensions=np.minimum(extensions, MOST_MONTHS),
        terminated=_months(column(frame, "terminated_on", pa.date32())),
        groups=np.cumsum(is_new) - 1,
    )


def frame_of(columns: dict[str, pa.Array], schema: pa.Schema) -> pd.DataFrame:
    """Arrow columns as a frame that shares their memory (ArrowDtype), in the schema's order."""
    table = pa.table([columns[name] for name in schema.names], schema=schema)
    return table.to_pandas(types_mapper=pd.ArrowDtype)


def month_starts(months: np.ndarray, nulls: np.ndarray | None = None) -> pa.Array:
    """Months since 1970 as the dates of their first days."""
    first = np.where(nulls, 0, months) if nulls is not None else months
    first = first.astype("datetime64[M]").astype("datetime64[D]")
    return pa.array(first.astype(np.int32), mask=nulls).cast(pa.date32())


def _counts(frame: pd.DataFrame, name: str) -> np.ndarray:
    """Whole numbers, 0 where there is none."""
    return column(frame, name, pa.int64()).fill_null(0).to_numpy().astype(np.int64)


def _months(dates: pa.Array) -> np.ndarray:
    day = dates.cast(pa.int32()).fill_null(0).to_numpy().astype("datetime64[D]")
    return np.where(dates.is_valid(), day.astype("datetime64[M]").astype(np.int64), NEVER)


def _same_as_before(values: pa.Array) -> np.ndarray:
    numbers = values.dictionary_encode().indices.to_numpy()
    return np.append(False, numbers[1:] == numbers[:-1])[: len(numbers)]
