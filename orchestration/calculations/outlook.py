"""What the next units of an open period are worth to each dealer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from orchestration.calculations import terms as t
from orchestration.calculations.columns import dates, objects
from orchestration.calculations.facts import COUNTS, Facts
from orchestration.calculations.incentives import Decided, measure_values
from orchestration.calculations.measures import Measured, measure, unit_bases, unit_tiers
from orchestration.calculations.money import (
    CENTS,
    LIMIT,
    MILLIONTHS,
    decimal_objects,
    group_sums,
    rounded_amounts,
    rounded_quotients,
)
from orchestration.calculations.terms import Terms
from orchestration.calculations.tier_distances import next_tiers


@dataclass(frozen=True)
class _Means:
    """Mean prices (cents, half up) of the counting units of each group, 0 where there are none,
    and what one more unit at these prices is paid on."""

    list_prices: np.ndarray
    net_prices: np.ndarray
    bases: np.ndarray
    is_unknown: np.ndarray


def look_ahead(
    units: pa.Table,
    dealers: pd.DataFrame,
    periods: pd.DataFrame,
    tiers: pd.DataFrame,
    decided: Decided,
) -> pd.DataFrame:
    """The outlook of every statement in `decided` that is of one of `periods` (the open ones).

    The other inputs are those of `decide_lines`; rows of other periods are passed over. Further
    units have the mean prices of the dealer's counting units, rounded half up to the cent; caps
    apply, and but for the payout now gates are taken as met. Amounts in EUR, as Decimal; None where
    there is no next tier, or no price to reckon with, or an amount beyond decimal(18,2).
    """
    terms = Terms(periods, tiers)
    facts = Facts(units, dealers, terms, skip_others=True)
    shown, group = _shown(decided.statements, facts, terms)
    means = _means(facts, terms)
    now = measure(facts, terms, facts.unit_counts, facts.net_sums)
    ahead = next_tiers(facts, terms, now, facts.unit_counts, facts.net_sums, means.net_prices)

    payout = _payouts(facts, terms, means, now, np.zeros(facts.count, np.int64))
    one_more = _payouts(facts, terms, means, now, np.ones(facts.count, np.int64))
    at_next = _payouts(facts, terms, means, now, ahead.units)
    next_unit = one_more - payout
    is_unpriced = means.is_unknown | _is_beyond(next_unit)
    no_list_price = facts.unit_counts == 0
    is_cliff = ~is_unpriced & ~no_list_price & (next_unit > means.list_prices)

    def shown_as(values: np.ndarray, kind: Any, nulls: np.ndarray) -> pd.Series:
        values, nulls = values[group], nulls[group]
        return decimal_objects(np.where(nulls, 0, values).astype(np.int64), kind, nulls)

    units_missing = np.where(ahead.is_unreachable, None, ahead.units.astype(object))[group]
    period = facts.periods[group]
    return pd.DataFrame(
        {
            "dealer_id": objects(facts.dealer_ids.take(pa.array(group))),
            "brand_code": objects(terms.brand_codes[p] for p in period),
            "program_id": objects(terms.program_ids[p] for p in period),
            "period_start": objects(dates(terms.starts[period])),
            "measure_value": measure_values(now, group),
            "next_threshold": shown_as(ahead.thresholds, MILLIONTHS, ahead.is_top),
            "units_to_next_tier": pd.array(units_missing, dtype="Int64"),
            "payout_now_eur": decimal_objects(shown["entitlement_cents"].to_numpy(), CENTS),
            "payout_at_next_tier_eur": shown_as(
                at_next, CENTS, ahead.is_unreachable | means.is_unknown | _is_beyond(at_next)
            ),
            "next_unit_value_eur": shown_as(next_unit, CENTS, is_unpriced),
            "mean_list_price_eur": shown_as(means.list_prices, CENTS, no_list_price),
            "is_cliff": is_cliff[group].astype(bool),
        }
    )


def _shown(statements: pd.DataFrame, facts: Facts, terms: Terms) -> tuple[pd.DataFrame, np.ndarray]:
    """The statements of the periods at hand, and the group of each."""
    period = terms.rows(statements)
    shown, period = statements[period >= 0], period[period >= 0]
    groups = pd.MultiIndex.from_arrays([facts.periods, facts.dealer_ids.to_pylist()])
    found = groups.get_indexer(pd.MultiIndex.from_arrays([period, shown["dealer_id"]]))
    if (found < 0).any():
        dealer_id = shown["dealer_id"].iloc[int(np.argmin(found))]
        raise ValueError(f"dealer {dealer_id} has a statement, but neither units nor a measure")
    return shown, found


def _means(facts: Facts, terms: Terms) -> _Means:
    count = np.maximum(facts.unit_counts, 1)
    list_prices = rounded_quotients(facts.list_sums, count)
    net_prices = rounded_quotients(facts.net_sums, count)
    basis = terms.bases[facts.periods]
    is_by_price = (basis == t.RATE_OF_LIST_PRICE) | (basis == t.RATE_OF_NET_PRICE)
    needs_price = is_by_price | (terms.measures[facts.periods] == t.REVENUE_NET)
    prices = np.where(basis == t.RATE_OF_LIST_PRICE, list_prices, net_prices)
    return _Means(
        list_prices=list_prices,
        net_prices=net_prices,
        bases=np.where(is_by_price, prices, 100),
        is_unknown=needs_price & (facts.unit_counts == 0),
    )


def _payouts(
    facts: Facts, terms: Terms, means: _Means, now: Measured, further: np.ndarray
) -> np.ndarray:
    """What each group is paid (cents) with so many further units, gates taken as met: Python
    integers."""
    further = further.astype(object)
    then = measure(
        facts, terms, facts.unit_counts + further, facts.net_sums + further * means.net_prices
    )
    last = rounded_amounts(means.bases, then.rates)
    # paid by the unit, those before the last are in the tier of now: it alone reaches another
    is_marginal = terms.modes[facts.periods] == t.MARGINAL
    before_last = np.where(is_marginal, rounded_amounts(means.bases, now.rates), last)
    added = np.where(further > 0, last + before_last * np.maximum(further - 1, 0), 0)

    _, rates = unit_tiers(facts, terms, then)
    counting = facts.units.statuses == COUNTS
    amounts = rounded_amounts(unit_bases(facts, terms)[counting], rates[counting])
    paid = group_sums(amounts, facts.units.groups[counting], facts.count) + added
    paid = np.where(terms.bases[facts.periods] == t.FIXED_EUR, last, paid).astype(object)
    caps = terms.caps[facts.periods].astype(object)
    return np.where(terms.has_no_cap[facts.periods], paid, np.minimum(paid, caps))


def _is_beyond(amounts: np.ndarray) -> np.ndarray:
    return np.abs(amounts) >= LIMIT
