"""The dealers' monthly books, in keeping with what they invoiced.

Most keep what they spend in four to seven months in reserve; one in six lives from hand to mouth.
One in five sees his margin melt away in the last two years, by a sixth a year.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from orchestration.ingestion.contract import Feed
from orchestration.sample import frames
from orchestration.sample.network import Network
from orchestration.sample.timeline import Span, first_day
from orchestration.sample.vehicles import brand_texts

_MELTS = 0.84
"""What is left of a melting margin after a year."""


def financials(
    feed: Feed, net: Network, span: Span, revenue: np.ndarray, rng: np.random.Generator
) -> tuple[pa.Table, np.ndarray, np.ndarray]:
    """One row per contract and month while the dealer is open; with its contract and month.

    `revenue` is the net invoiced of new vehicles in cents, by contract and month.
    """
    shape, months = revenue.shape, span.numbers
    mean = np.maximum(revenue.mean(axis=1, keepdims=True), 1.0)

    def around(level: float, spread: float, *size: int) -> np.ndarray:
        return level * rng.lognormal(0, spread, size or shape)

    thrift = around(1.0, 0.12, shape[0], 1)
    discount = net.discount[net.dealer][:, None]
    years = np.maximum(span.years_in(months) - max(span.months / 12 - 2, 0), 0)
    melting = np.where(net.dealer % 5 == 2, _MELTS, 1.0)[:, None] ** years
    kept = revenue * (0.115 - 0.7 * discount) * around(1, 0.08)
    new_profit = kept * melting
    used_revenue = 0.55 * mean * around(1, 0.15)
    used_profit = used_revenue * around(0.052, 0.15)
    service_revenue = 0.26 * mean * thrift * around(1, 0.08)
    service_profit = service_revenue * around(0.45, 0.05)
    gross = (kept + used_profit + service_profit).mean(axis=1, keepdims=True)
    fixed = gross * rng.uniform(0.7, 0.95, (shape[0], 1)) * around(1, 0.03)
    result = new_profit + used_profit + service_profit - fixed
    assets = 3.4 * mean * around(1, 0.2, shape[0], 1) * around(1, 0.03)
    equity = assets * rng.uniform(0.12, 0.3, (shape[0], 1)) + 0.6 * np.cumsum(result, axis=1)
    reserve = np.where(net.dealer % 6 == 5, 2.4, 4.0 + net.dealer % 4)[:, None]
    liquid = np.minimum(fixed.mean(axis=1, keepdims=True) * reserve, 0.6 * assets) * around(1, 0.12)

    # Whole cents of each entry; the result is what the rounded entries make.
    entries = {
        "new_vehicle_revenue_eur": revenue,
        "new_vehicle_gross_profit_eur": _cents(new_profit),
        "used_vehicle_revenue_eur": _cents(used_revenue),
        "used_vehicle_gross_profit_eur": _cents(used_profit),
        "service_revenue_eur": _cents(service_revenue),
        "service_gross_profit_eur": _cents(service_profit),
        "fixed_expenses_eur": _cents(fixed),
    }
    entries["operating_result_eur"] = (
        entries["new_vehicle_gross_profit_eur"]
        + entries["used_vehicle_gross_profit_eur"]
        + entries["service_gross_profit_eur"]
        - entries["fixed_expenses_eur"]
    )
    entries |= {
        "equity_eur": _cents(equity),
        "total_assets_eur": _cents(assets),
        "liquid_funds_eur": _cents(liquid),
    }
    last = np.where(net.closed < 0, span.end, net.closed)[net.dealer]
    is_open = (first_day(months + 1)[None, :] > net.opened[net.dealer][:, None]) & (
        first_day(months)[None, :] <= last[:, None]
    )
    contract, month = np.nonzero(is_open)
    table = frames.frame(
        feed,
        {
            "dealer_id": frames.texts(net.dealer_id, net.dealer[contract]),
            "brand_code": brand_texts(net, contract),
            "fiscal_month": frames.days(first_day(months[month])),
            **{name: frames.ints(values[contract, month]) for name, values in entries.items()},
        },
    )
    return table, contract, months[month]


def _cents(amount: np.ndarray) -> np.ndarray:
    return np.rint(amount).astype(np.int64)
