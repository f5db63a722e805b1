"""What customers pay less than the list price, and why: habits of the dealer, kinds of customers,
the end of a month - and tiers of incentives that are nearly reached when a quarter ends.

Dealers who lack few units give more than the brand allows in the last two weeks of a quarter. Such
days often lie in a premium window of the brand (`campaigns`): there the two goals conflict.
"""

from __future__ import annotations

import csv

import numpy as np

from orchestration.sample import targets
from orchestration.sample.catalog import BRANDS, FLEET, RENTAL, Models
from orchestration.sample.incentives import PROGRAMS
from orchestration.sample.network import Network
from orchestration.sample.timeline import Span, first_day, month_of
from orchestration.settings import DBT_PROJECT_DIR


def _near_units() -> int:
    parameters = DBT_PROJECT_DIR / "seeds" / "governance_parameters.csv"
    with parameters.open(encoding="utf-8", newline="") as lines:
        values = {row["parameter_code"]: row["value"] for row in csv.DictReader(lines)}
    return int(values["NEAR_TIER_UNITS"])


NEAR_UNITS = _near_units()
"""Who lacks so many units at most is near a tier; from the parameters, as in the marts."""
LAST_DAYS = 14
"""Days at the end of a quarter on which discounts are pushed."""
_GIVES_IN, _GIVES_IN_PUSHING = 0.45, 0.75
"""Share of the invoices of such days beyond the limit; of dealers who push at any month's end."""
_BEYOND = (0.004, 0.055)
"""How far beyond the limit, fractions of the list price."""
_MILLION = 1_000_000


class Discounts:
    """Discounts, and the pressure behind them: the units that lack to the next tier of a brand's
    target programme, quarter by quarter."""

    def __init__(self, net: Network, models: Models, span: Span, scale: float, seed: int) -> None:
        self.scale = scale
        self._first = span.first_month // 3
        last = (span.first_month + span.months - 1) // 3
        goals = np.zeros((len(net.dealer), last - self._first + 1), dtype=np.int64)
        for q in range(goals.shape[1]):
            goals[:, q] = targets.announced(net, models, span, scale, self._first + q, seed)
        programs = {p.brand: p for p in PROGRAMS if p.measure == "TARGET_ATTAINMENT"}
        self._is_yearly = np.array([programs[b].grain == "YEAR" for b in range(len(BRANDS))])
        shares = [[share for share, _ in programs[b].tiers] for b in range(len(BRANDS))]
        self._shares = np.rint(np.array(shares) * _MILLION).astype(np.int64)
        # of a yearly programme the quarters of a year share its goal
        year = (self._first + np.arange(goals.shape[1])) // 4
        of_year = (goals[:, :, None] * (year[:, None] == year[None, :])).sum(axis=1)
        self._goals = np.where(self._is_yearly[net.brand][:, None], of_year, goals)
        self._brand = net.brand
        self._net, self._models = net, models

    def is_near(
        self, contract: np.ndarray, day: np.ndarray, counted_on: np.ndarray, parts: int
    ) -> np.ndarray:
        """Whether the contract lacked few units on the day, given those counted before it.

        `counted_on` is the day on which each vehicle counts, -1 where it does not; the vehicles are
        one of so many equal `parts` of what the contracts sell.
        """
        brand = self._brand[contract]
        quarter = month_of(np.maximum(day, 0)) // 3 - self._first
        known = (day >= 0) & (quarter >= 0) & (quarter < self._goals.shape[1])
        counts = np.flatnonzero(counted_on >= 0)
        ladder = np.sort(self._rung(contract[counts], counted_on[counts]))
        begins = self._begins(contract, day)
        sold = np.searchsorted(ladder, self._rung(contract, np.maximum(day, 0)))
        sold = (sold - np.searchsorted(ladder, self._rung(contract, begins))) * parts
        goal = self._goals[contract, np.clip(quarter, 0, self._goals.shape[1] - 1)]
        missing = -(-goal[:, None] * self._shares[brand] // _MILLION) - sold[:, None]
        return known & (goal > 0) & ((missing > 0) & (missing <= NEAR_UNITS)).any(axis=1)

    def per_mille(
        self,
        contract: np.ndarray,
        model: np.ndarray,
        holder: np.ndarray,
        is_self: np.ndarray,
        invoice: np.ndarray,
        counted_on: np.ndarray,
        parts: int,
        rng: np.random.Generator,
    ) -> np.ndarray:
        """The discount of each vehicle in thousandths of its list price; the last two arguments but
        one are those of `is_near`."""
        [push] = rng.spawn(1)  # of its own, so that what comes after hangs on no pressure
        n, dealer = len(contract), self._net.dealer[contract]
        month = month_of(np.maximum(invoice, 0))
        discount = (
            self._net.discount[dealer]
            + rng.normal(0, 0.022, n)
            + 0.02 * (holder == FLEET)
            + 0.05 * (holder == RENTAL)
            + 0.10 * is_self
            + 0.01 * (first_day(month + 1) - invoice <= 3)
        )
        is_late = first_day(month // 3 * 3 + 3) - invoice <= LAST_DAYS
        gives_in = np.where(self._net.pushes[dealer], _GIVES_IN_PUSHING, _GIVES_IN)
        is_pushed = is_late & (push.random(n) < gives_in)
        is_pushed &= self.is_near(contract, invoice, counted_on, parts)
        beyond = self._models.max_discount[model] / _MILLION + push.uniform(*_BEYOND, n)
        discount = np.where(is_pushed, np.maximum(discount, beyond), discount)
        return np.rint(np.clip(discount, 0, 0.35) * 1000).astype(np.int64)

    def _begins(self, contract: np.ndarray, day: np.ndarray) -> np.ndarray:
        """First day of the programme's period that holds the day."""
        month = month_of(np.maximum(day, 0))
        months = np.where(self._is_yearly[self._brand[contract]], 12, 3)
        return first_day(month // months * months)

    @staticmethod
    def _rung(contract: np.ndarray, day: np.ndarray) -> np.ndarray:
        """A number that sorts by contract, then by day."""
        return contract * 1_000_000 + day
