"""How many units a dealer lacks to the next tier: now, and on any day that is past.

What belongs here: the one formula of the distance, which the outlook shows of today, and its use on
days. What does not: what the next tier pays (`outlook`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from orchestration.calculations import terms as t
from orchestration.calculations.columns import codes, column, days, picked
from orchestration.calculations.measures import Groups, Progress, progress
from orchestration.calculations.money import MILLION, narrowed, product
from orchestration.calculations.terms import Terms

UNIT_MEASURES = ("UNITS_REGISTERED", "UNITS_INVOICED", "TARGET_ATTAINMENT")
"""Measures that lead to a tier by units alone, whatever they cost."""

_CENTS_OF_A_MILLIONTH = MILLION // 100
_DAY_SPAN = 2**32
_NONE = 2**63 - 1


@dataclass(frozen=True)
class NextTiers:
    """Of each group: the first threshold above its measure (millionths, 0 at the top), and the
    fewest further units that reach it (0 where `is_unreachable`: units do not lead there)."""

    thresholds: np.ndarray
    is_top: np.ndarray
    units: np.ndarray
    is_unreachable: np.ndarray


def next_tiers(
    groups: Groups,
    terms: Terms,
    so_far: Progress,
    unit_counts: np.ndarray,
    net_sums: np.ndarray,
    net_prices: np.ndarray,
) -> NextTiers:
    """The next tier of each group with so many counting units and such a sum of their net prices,
    of which `so_far` is the progress; further units have the net prices given (cents)."""
    thresholds, is_top = terms.tiers.next_thresholds(terms.versions[groups.periods], so_far.reached)
    kind = terms.measures[groups.periods]
    is_revenue, is_attainment = kind == t.REVENUE_NET, kind == t.TARGET_ATTAINMENT
    wanted = product(thresholds, np.where(is_attainment, groups.targets, 1))
    missing = -(-wanted // MILLION) - unit_counts
    if is_revenue.any():
        # a sum of cents reaches a threshold where its millionths do
        missing_cents = -(-thresholds // _CENTS_OF_A_MILLIONTH) - net_sums
        by_revenue = -(-missing_cents // np.maximum(net_prices, 1))
        missing = np.where(is_revenue, by_revenue, missing)
    is_unreachable = (
        is_top
        | (kind == t.KPI)
        | (is_attainment & (groups.targets <= 0))
        | (is_revenue & (net_prices == 0))
        | (missing >= 2**63)  # more than a bigint, and than there will ever be
    )
    units = narrowed(np.where(is_unreachable, 0, missing))
    return NextTiers(thresholds, is_top, units, is_unreachable.astype(bool))


def tier_distances(
    invoice_days: pa.Table,
    counts: pa.Table,
    dealers: pa.Table | pd.DataFrame,
    periods: pd.DataFrame,
    tiers: pd.DataFrame,
) -> pa.Table:
    """`invoice_days` (dealer_id, brand_code, segment_code, powertrain_code, day), row by row, with
    what the dealer still lacked to the nearest next tier of the brand on that day:
    units_to_next_tier, and the program_id of that tier, of several the first. Both are null where
    every programme is at its top, or there is none.

    Counted is what qualifies, as known now, and is dated before the day. A programme is looked at
    in the period that holds the day, if its measure is one of `UNIT_MEASURES`, it lists the dealer,
    and models of the segment and powertrain count for it. `counts` has the units that count:
    program_id, program_version, period_start, dealer_id, event_date, unit_count (a day may have
    several rows); `dealers`, `periods` and `tiers` are as in `decide_lines`. Rows of other
    programmes, periods and dealers are passed over.

    Raises:
        ValueError: a dealer listed twice for a period, and whatever `Terms` refuses.
    """
    by_units = periods[periods["measure"].isin(UNIT_MEASURES)]
    terms = Terms(by_units, tiers)
    names = column(invoice_days, "dealer_id", pa.string()).unique().to_pylist()
    numbers = {name: number for number, name in enumerate(names)}
    listed = _listed(dealers, terms, numbers)
    group, row = _pairs(invoice_days, listed, terms, by_units, numbers)
    is_fit = np.ones(len(row), bool)
    for name in ("segment_code", "powertrain_code"):
        is_fit &= _is_of(name, invoice_days, terms, by_units, listed.periods[group], row)
    group, row = group[is_fit], row[is_fit]
    day = days(invoice_days, "day")[row]
    unit_counts = _counts_before(counts, listed, terms, numbers, group, day)
    nothing = np.zeros(len(group), np.int64)
    pairs = _Pairs(listed.periods[group], listed.targets[group], kpis=nothing)
    so_far = progress(pairs, terms, unit_counts, nothing)
    ahead = next_tiers(pairs, terms, so_far, unit_counts, net_sums=nothing, net_prices=nothing)

    is_reachable = ~ahead.is_unreachable
    count = invoice_days.num_rows
    units = _least(ahead.units, row, is_reachable, count)
    # periods are sorted by programme
    nearest = _least(pairs.periods, row, is_reachable & (ahead.units == units[row]), count)
    has_none = nearest == _NONE
    program_ids = pa.array(terms.program_ids, pa.string())
    return invoice_days.append_column(
        "units_to_next_tier", pa.array(units, mask=has_none)
    ).append_column("program_id", picked(program_ids, np.where(has_none, -1, nearest)))


def _least(values: np.ndarray, rows: np.ndarray, chosen: np.ndarray, count: int) -> np.ndarray:
    """The least of the chosen values of each row 0 .. count-1, `_NONE` where there is none."""
    least = np.full(count, _NONE)
    np.minimum.at(least, rows[chosen], values[chosen])
    return least


@dataclass(frozen=True)
class _Listed:
    """Dealers (their numbers) in periods (rows of the terms), with their targets."""

    periods: np.ndarray
    dealers: np.ndarray
    targets: np.ndarray


@dataclass(frozen=True)
class _Pairs:
    """Dealers in periods on a day: `Groups`."""

    periods: np.ndarray
    targets: np.ndarray
    kpis: np.ndarray


def _listed(
    dealers: pa.Table | pd.DataFrame, terms: Terms, numbers: dict[str | None, int]
) -> _Listed:
    """Those that are asked for, sorted by period and dealer."""
    period = terms.rows(dealers)
    dealer = codes(column(dealers, "dealer_id", pa.string()), numbers)
    targets = column(dealers, "target_units", pa.int64()).fill_null(0).to_numpy()
    at = np.flatnonzero((period >= 0) & (dealer >= 0))
    at = at[np.lexsort((dealer[at], period[at]))]
    period, dealer = period[at], dealer[at]
    twice = np.flatnonzero((period[1:] == period[:-1]) & (dealer[1:] == dealer[:-1]))
    if len(twice):
        name = list(numbers)[int(dealer[twice[0]])]
        raise ValueError(f"dealer {name} is listed twice in {terms.name(int(period[twice[0]]))}")
    return _Listed(period, dealer, targets[at])


def _pairs(
    invoice_days: pa.Table,
    listed: _Listed,
    terms: Terms,
    by_units: pd.DataFrame,
    numbers: dict[str | None, int],
) -> tuple[np.ndarray, np.ndarray]:
    """Each place in `listed` with each row of `invoice_days` that its period holds."""
    brands = {code: number for number, code in enumerate(dict.fromkeys(terms.brand_codes))}
    dealer = codes(column(invoice_days, "dealer_id", pa.string()), numbers)
    brand = codes(column(invoice_days, "brand_code", pa.string()), brands)
    key = _by_day(dealer * (len(brands) + 1) + brand + 1, days(invoice_days, "day"))
    order = np.argsort(key, kind="stable")
    key = key[order]

    ends = np.zeros(len(terms.starts), np.int64)
    ends[terms.rows(by_units)] = days(by_units, "period_end")
    brand_of = np.array([brands[code] for code in terms.brand_codes], np.int64)
    holder = listed.dealers * (len(brands) + 1) + brand_of[listed.periods] + 1
    first = np.searchsorted(key, _by_day(holder, terms.starts[listed.periods]), side="left")
    last = np.searchsorted(key, _by_day(holder, ends[listed.periods]), side="right")
    held = np.maximum(last - first, 0)
    group = np.repeat(np.arange(len(held)), held)
    place = np.arange(len(group)) - np.repeat(np.cumsum(held) - held - first, held)
    return group, order[place]


def _is_of(
    name: str,
    invoice_days: pa.Table,
    terms: Terms,
    by_units: pd.DataFrame,
    period: np.ndarray,
    row: np.ndarray,
) -> np.ndarray:
    """Whether a period asks for the code that a row of `invoice_days` has, or for none."""
    asked = column(by_units, name, pa.string())
    numbers = {code: number for number, code in enumerate(asked.drop_null().unique().to_pylist())}
    wanted = np.full(len(terms.starts), -1)
    wanted[terms.rows(by_units)] = codes(asked, numbers)
    given = codes(column(invoice_days, name, pa.string()), numbers)
    return (wanted[period] < 0) | (wanted[period] == given[row])


def _counts_before(
    counts: pa.Table,
    listed: _Listed,
    terms: Terms,
    numbers: dict[str | None, int],
    group: np.ndarray,
    day: np.ndarray,
) -> np.ndarray:
    """The units of each group (a place in `listed`) that are dated before the day."""
    keys = listed.periods * len(numbers) + listed.dealers
    period = terms.rows(counts)
    dealer = codes(column(counts, "dealer_id", pa.string()), numbers)
    own = period * len(numbers) + dealer
    place = np.searchsorted(keys, own)
    at = np.flatnonzero((period >= 0) & (dealer >= 0) & (place < len(keys)))
    at = at[keys[place[at]] == own[at]]
    dated = _by_day(place[at], days(counts, "event_date")[at])
    order = np.argsort(dated, kind="stable")
    units = column(counts, "unit_count", pa.int64()).to_numpy()[at][order]
    up_to = np.append(0, np.cumsum(units))
    dated = dated[order]
    before = np.searchsorted(dated, _by_day(group, day), side="left")
    of_earlier_groups = np.searchsorted(dated, np.arange(len(keys)) * _DAY_SPAN, side="left")
    return up_to[before] - up_to[of_earlier_groups][group]


def _by_day(numbers: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Numbers that sort by a number, then by day."""
    return numbers * _DAY_SPAN + (day + _DAY_SPAN // 2)
