"""How far a dealer has come in a programme, and the rate that this earns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from orchestration.calculations import terms as t
from orchestration.calculations.facts import Facts
from orchestration.calculations.money import MILLION, narrowed, product
from orchestration.calculations.terms import Terms

_MILLIONTHS_OF_A_CENT = MILLION // 100


class Groups(Protocol):
    """Dealers in periods of programmes, and what is measured of them beside their units; `Facts`
    are such groups. Arrays over the groups, as there."""

    periods: np.ndarray
    targets: np.ndarray
    kpis: np.ndarray


@dataclass(frozen=True)
class Progress:
    """Of each group: the measure in millionths as an exact fraction, and how many tiers it
    reaches."""

    numerators: np.ndarray
    denominators: np.ndarray
    reached: np.ndarray


@dataclass(frozen=True)
class Measured(Progress):
    """`rates` (millionths) are those of a unit where the tier is the same for all."""

    rates: np.ndarray


def progress(
    groups: Groups, terms: Terms, unit_counts: np.ndarray, net_sums: np.ndarray
) -> Progress:
    """How far groups are with so many counting units and such a sum of their net prices (cents)."""
    kind, versions = terms.measures[groups.periods], terms.versions[groups.periods]
    is_attainment = kind == t.TARGET_ATTAINMENT
    has_target = groups.targets > 0
    units = product(unit_counts, np.array(MILLION))
    numerators = np.where(is_attainment & ~has_target, 0, units)
    numerators = np.where(kind == t.KPI, groups.kpis, numerators)
    is_revenue = kind == t.REVENUE_NET
    if is_revenue.any():
        revenue = product(np.where(is_revenue, net_sums, 0), np.array(_MILLIONTHS_OF_A_CENT))
        numerators = np.where(is_revenue, revenue, numerators)
    numerators = narrowed(numerators)
    denominators = np.where(is_attainment & has_target, groups.targets, 1)
    reached = terms.tiers.reached(versions, numerators, denominators)
    # without a target nothing is earned, not even at a threshold of zero
    reached = np.where(is_attainment & ~has_target, 0, reached)
    return Progress(numerators, denominators, reached)


def measure(
    groups: Groups, terms: Terms, unit_counts: np.ndarray, net_sums: np.ndarray
) -> Measured:
    """The measures with so many counting units and such a sum of their net prices (cents)."""
    so_far = progress(groups, terms, unit_counts, net_sums)
    numerators, denominators, reached = so_far.numerators, so_far.denominators, so_far.reached
    versions = terms.versions[groups.periods]
    rates = terms.tiers.flat_rates(versions, reached)
    linear = np.flatnonzero(terms.modes[groups.periods] == t.LINEAR)
    if len(linear):
        rates[linear] = terms.tiers.linear_rates(
            versions[linear], reached[linear], numerators[linear], denominators[linear]
        )
    return Measured(numerators, denominators, reached, rates)


def unit_tiers(facts: Facts, terms: Terms, measured: Measured) -> tuple[np.ndarray, np.ndarray]:
    """Of each unit, in the order of `facts.units`: how many tiers are reached, and its rate."""
    units = facts.units
    reached, rates = measured.reached[units.groups], measured.rates[units.groups]
    period = facts.periods[units.groups]
    marginal = np.flatnonzero(terms.modes[period] == t.MARGINAL)
    if len(marginal):
        versions = terms.versions[period[marginal]]
        by_place = product(units.places[marginal], np.array(MILLION))
        is_revenue = terms.measures[period[marginal]] == t.REVENUE_NET
        if is_revenue.any():
            revenues = np.where(is_revenue, units.revenues[marginal], 0)
            revenues = product(revenues, np.array(_MILLIONTHS_OF_A_CENT))
            by_place = np.where(is_revenue, revenues, by_place)
        reached[marginal] = terms.tiers.reached(versions, by_place, 1)
        rates[marginal] = terms.tiers.flat_rates(versions, reached[marginal])
    return reached, rates


def unit_bases(facts: Facts, terms: Terms) -> np.ndarray:
    """What the rate of each unit applies to, in cents: a price, or 1.00."""
    basis = terms.bases[facts.periods[facts.units.groups]]
    return np.where(
        basis == t.RATE_OF_LIST_PRICE,
        facts.units.list_prices,
        np.where(basis == t.RATE_OF_NET_PRICE, facts.units.net_prices, 100),
    )
