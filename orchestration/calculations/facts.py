"""What incentives are decided on: the units of each dealer in each programme's period, in the
order in which they count, and what was measured for the dealer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from orchestration.calculations.columns import codes, column, days, ordered
from orchestration.calculations.money import (
    CENTS,
    MILLIONTHS,
    group_sums,
    running_sums,
    whole_numbers,
)
from orchestration.calculations.terms import Terms

COUNTS, DUPLICATE_VIN, SELF_REGISTRATION = range(3)
STATUSES = ("COUNTS", "DUPLICATE_VIN", "SELF_REGISTRATION")


@dataclass(frozen=True)
class Units:
    """Units sorted by group, event_date, VIN, event_id. `rows` are their rows in the table given,
    prices are in cents; `places` number the counting units of a group from 1, `revenues` are
    running sums of their net prices (cents)."""

    rows: np.ndarray
    groups: np.ndarray
    statuses: np.ndarray
    list_prices: np.ndarray
    net_prices: np.ndarray
    places: np.ndarray
    revenues: np.ndarray


class Facts:
    """Groups are dealer x programme x period, sorted by program_id, period_start, dealer_id; every
    column but `units` is an array over them. `periods` is their row in the terms, `targets` are
    units (0: none), `kpis` millionths (0: none); `unit_counts`, `list_sums` and `net_sums` are of
    the units that count."""

    def __init__(
        self, units: pa.Table, dealers: pd.DataFrame, terms: Terms, skip_others: bool = False
    ) -> None:
        """`units` as int_incentives__qualify_units without removed ones, `dealers` as
        int_incentives__measure_dealers; `skip_others` passes over those outside the terms.

        Raises:
            ValueError: a unit or dealer outside the terms or of another version, a dealer listed
                twice for a period, a status or price that no line may have.
        """
        unit_period, dealer_period = terms.rows(units), terms.rows(dealers)
        if skip_others:
            if (unit_period < 0).any():
                units = units.filter(pa.array(unit_period >= 0))
                unit_period = unit_period[unit_period >= 0]
            dealers, dealer_period = dealers[dealer_period >= 0], dealer_period[dealer_period >= 0]
        for name, table, found in (
            ("unit", units, unit_period),
            ("dealer", dealers, dealer_period),
        ):
            if (found < 0).any():
                program_id = column(table, "program_id", pa.string())[int(np.argmin(found))]
                raise ValueError(f"a {name} of programme {program_id} is of a period not listed")
        self.table = units
        unit_dealer = column(units, "dealer_id", pa.string())
        listed_dealer = column(dealers, "dealer_id", pa.string())
        names = sorted({*unit_dealer.unique().to_pylist(), *listed_dealer.unique().to_pylist()})
        numbers = {name: number for number, name in enumerate(names)}
        unit_key = unit_period * len(names) + codes(unit_dealer, numbers)
        dealer_key = dealer_period * len(names) + codes(listed_dealer, numbers)
        keys = np.unique(np.concatenate([np.unique(unit_key), dealer_key]))
        self.count = len(keys)
        self.periods = keys // max(len(names), 1)
        self.dealer_ids = pa.array(names, pa.string()).take(pa.array(keys % max(len(names), 1)))
        self._read_dealers(dealers, np.searchsorted(keys, dealer_key), terms)
        self.units = self._read_units(np.searchsorted(keys, unit_key))
        counting = self.units.statuses == COUNTS
        groups = self.units.groups[counting]
        self.unit_counts = np.bincount(groups, minlength=self.count)
        self.list_sums = group_sums(self.units.list_prices[counting], groups, self.count)
        self.net_sums = group_sums(self.units.net_prices[counting], groups, self.count)

    def _read_dealers(self, dealers: pd.DataFrame, group: np.ndarray, terms: Terms) -> None:
        self.is_listed = np.zeros(self.count, bool)
        self.is_listed[group] = True
        if len(group) != np.count_nonzero(self.is_listed):
            twice = int(np.argmax(np.bincount(group)))
            period = terms.name(self.periods[twice])
            raise ValueError(f"dealer {self.dealer_ids[twice]} is listed twice in {period}")
        self.targets = np.zeros(self.count, np.int64)
        self.targets[group] = column(dealers, "target_units", pa.int64()).fill_null(0).to_numpy()
        self.kpis = np.zeros(self.count, np.int64)
        self.kpis[group] = whole_numbers(dealers["kpi_value"], MILLIONTHS)[0]
        # nothing was measured for a dealer that is not listed: he meets no gate
        self.is_gate_met = ~terms.has_gate[self.periods]
        met = column(dealers, "is_gate_met", pa.bool_()).fill_null(False)
        self.is_gate_met[group] = np.asarray(met)

    def _read_units(self, group: np.ndarray) -> Units:
        table = self.table
        words = {word: number for number, word in enumerate(STATUSES)}
        status = codes(column(table, "unit_status", pa.string()), words)
        prices = {}
        for name in ("list_price_eur", "net_price_eur"):
            prices[name], is_null = whole_numbers(table[name], CENTS)
            self._check(~is_null & (prices[name] >= 0), f"has no {name} that may be paid on")
        self._check(status >= 0, "has a unit_status that is none of a line")
        day = days(table, "event_date")
        first, last = (day.min(), day.max()) if len(day) else (0, 0)
        vin = column(table, "vin", pa.string())
        event_id = column(table, "event_id", pa.string())
        order = ordered(group * (last - first + 1) + (day - first), vin, event_id)
        groups, statuses = group[order], status[order]
        net_prices = prices["net_price_eur"][order]
        counts = statuses == COUNTS
        starts = np.searchsorted(groups, groups)
        return Units(
            rows=order,
            groups=groups,
            statuses=statuses,
            list_prices=prices["list_price_eur"][order],
            net_prices=net_prices,
            places=_running(counts.astype(np.int64), starts),
            revenues=_running(np.where(counts, net_prices, 0), starts),
        )

    def _check(self, is_right: np.ndarray, message: str) -> None:
        if not is_right.all():
            event_id = self.table["event_id"][int(np.argmin(is_right))]
            raise ValueError(f"unit {event_id} {message}")


def _running(values: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Running sums that begin anew at each row's start."""
    sums = running_sums(values)
    return sums - (sums - values)[starts]
