"""Tiers of a programme version: which a measure has reached, and the rate it earns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from orchestration.calculations.money import MILLIONTHS, narrowed, rounded_quotients, whole_numbers

# Where a version has fewer tiers than another: above every threshold of 18 digits.
_NEVER = 2**62


class Tiers:
    """The tiers of all versions, one row of each matrix per version, padded at the end: thresholds
    and rates in millionths, tier numbers."""

    def __init__(self, tiers: pd.DataFrame, versions: list[tuple[str, int]]) -> None:
        """`tiers` as int_incentives__list_tiers; `versions` (program_id, version) name the rows.

        Raises:
            ValueError: a version without tiers, thresholds not strictly ascending with the tier
                number, a negative rate.
        """
        number = {version: row for row, version in enumerate(versions)}
        keys = zip(tiers["program_id"], tiers["program_version"], strict=True)
        row = np.array([number.get((p, int(v)), -1) for p, v in keys], np.int64)
        thresholds, no_threshold = whole_numbers(tiers["threshold"], MILLIONTHS)
        rates, no_rate = whole_numbers(tiers["rate"], MILLIONTHS)
        tier_nos = tiers["tier_no"].to_numpy(np.int64)
        order = np.lexsort((tier_nos, row))
        order = order[row[order] >= 0]
        row, tier_nos, thresholds, rates = (a[order] for a in (row, tier_nos, thresholds, rates))
        self.counts = np.bincount(row, minlength=len(versions))
        same = row[1:] == row[:-1]
        _refuse(versions, np.flatnonzero(self.counts == 0), "has no tiers")
        _refuse(versions, row[(no_threshold | no_rate)[order]], "has a tier without its figures")
        _refuse(versions, row[rates < 0], "has a negative rate")
        is_ascending = (thresholds[1:] > thresholds[:-1]) & (tier_nos[1:] > tier_nos[:-1])
        _refuse(versions, row[1:][same & ~is_ascending], "has tiers that do not ascend")
        place = np.arange(len(row)) - (np.cumsum(self.counts) - self.counts)[row]
        shape = (len(versions), int(self.counts.max(initial=0)))
        self.thresholds = np.full(shape, _NEVER)
        self.rates = np.zeros(shape, np.int64)
        self.tier_nos = np.zeros(shape, np.int64)
        self.thresholds[row, place] = thresholds
        self.rates[row, place] = rates
        self.tier_nos[row, place] = tier_nos

    def reached(self, versions: np.ndarray, numerator: np.ndarray, denominator: Any) -> np.ndarray:
        """How many thresholds are at or below each measure (millionths, a fraction)."""
        # a whole threshold is at or below a fraction if it is at or below its whole part
        whole = numerator // denominator
        if whole.dtype == object:
            whole = np.clip(whole, -_NEVER + 1, _NEVER - 1).astype(np.int64)
        count = np.zeros(len(whole), np.int64)
        for tier in range(self.thresholds.shape[1]):
            count += self.thresholds[versions, tier] <= whole
        return count

    def numbers(self, versions: np.ndarray, reached: np.ndarray) -> np.ndarray:
        """The number of the highest tier reached; of no meaning where none is."""
        return self.tier_nos[versions, np.maximum(reached - 1, 0)]

    def flat_rates(self, versions: np.ndarray, reached: np.ndarray) -> np.ndarray:
        """The rate of the highest tier reached, 0 below the first."""
        return np.where(reached > 0, self.rates[versions, np.maximum(reached - 1, 0)], 0)

    def next_thresholds(
        self, versions: np.ndarray, reached: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """The first threshold above the measure, and whether there is none (0 there)."""
        is_top = reached >= self.counts[versions]
        found = self.thresholds[versions, np.where(is_top, 0, reached)]
        return np.where(is_top, 0, found), is_top

    def linear_rates(
        self,
        versions: np.ndarray,
        reached: np.ndarray,
        numerator: np.ndarray,
        denominator: np.ndarray,
    ) -> np.ndarray:
        """Interpolated between the thresholds, rounded half up to the millionth; 0 below the first,
        the last rate above the last."""
        rates = self.flat_rates(versions, reached)
        at = np.flatnonzero((reached > 0) & (reached < self.counts[versions]))
        row, upper = versions[at], reached[at]
        # thresholds x rates x measures leave 64 bits easily; these are groups, not lines
        low, high, low_rate, high_rate, top, bottom = (
            a.astype(object)
            for a in (
                self.thresholds[row, upper - 1],
                self.thresholds[row, upper],
                self.rates[row, upper - 1],
                self.rates[row, upper],
                numerator[at],
                denominator[at],
            )
        )
        span = (high - low) * bottom
        between = low_rate * span + (high_rate - low_rate) * (top - low * bottom)
        rates[at] = narrowed(rounded_quotients(between, span))
        return rates


def _refuse(versions: list[tuple[str, int]], rows: np.ndarray, what: str) -> None:
    if len(rows):
        program_id, version = versions[int(rows[0])]
        raise ValueError(f"programme {program_id} version {version} {what}")
