"""What each unit earns: the lines of incentives, and their sums by dealer, programme and period."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from orchestration.calculations import terms as t
from orchestration.calculations.apportion import apportion
from orchestration.calculations.columns import column, dates, objects, picked
from orchestration.calculations.facts import COUNTS, DUPLICATE_VIN, SELF_REGISTRATION, Facts
from orchestration.calculations.measures import Measured, measure, unit_bases, unit_tiers
from orchestration.calculations.money import (
    CENTS,
    LIMIT,
    MILLIONTHS,
    decimal_objects,
    decimals,
    group_sums,
    narrowed,
    rounded_amounts,
    rounded_quotients,
)
from orchestration.calculations.terms import Terms

ZERO_REASONS = ("DUPLICATE_VIN", "SELF_REGISTRATION", "GATE_NOT_MET", "BELOW_FIRST_TIER")
LINES = pa.schema(
    [
        ("program_id", pa.string()),
        ("program_version", pa.int64()),
        ("period_start", pa.date32()),
        ("dealer_id", pa.string()),
        ("brand_code", pa.string()),
        ("event_id", pa.string()),
        ("vin", pa.string()),
        ("event_date", pa.date32()),
        ("list_price_eur", CENTS),
        ("net_price_eur", CENTS),
        ("tier_no", pa.int64()),
        ("tier_rate", MILLIONTHS),
        ("basis_amount_eur", CENTS),
        ("amount_eur", CENTS),
        ("zero_reason", pa.string()),
        ("batch_id", pa.string()),
        ("source_file", pa.string()),
        ("source_row", pa.int64()),
    ]
)
_OF_THE_UNIT = (
    "event_id",
    "vin",
    "event_date",
    "list_price_eur",
    "net_price_eur",
    "batch_id",
    "source_file",
    "source_row",
)


@dataclass(frozen=True)
class Decided:
    """`lines` as `LINES`; `statements`: one row per group with a line, in the order of the lines:
    dealer_id, brand_code, program_id, program_version, period_start, measure_numerator and
    measure_denominator (whole numbers, in millionths), measure_value (Decimal), tier_no (Int64,
    null below the first), qualifying_units, entitlement_cents (int64)."""

    lines: pa.Table
    statements: pd.DataFrame


@dataclass(frozen=True)
class _Lines:
    """Lines sorted by group; `units` is their place among the sorted units, -1 for none."""

    groups: np.ndarray
    units: np.ndarray
    reached: np.ndarray
    rates: np.ndarray
    bases: np.ndarray
    statuses: np.ndarray


def decide_lines(
    units: pa.Table, dealers: pd.DataFrame, periods: pd.DataFrame, tiers: pd.DataFrame
) -> Decided:
    """Decide what every unit of whole groups (dealer x programme x period) earns.

    Columns are those of int_incentives__qualify_units (no removed units), __measure_dealers,
    __list_periods and __list_tiers; amounts in EUR, rates as fractions or EUR. Lines come sorted by
    program_id, period_start, dealer_id, event_date, vin, event_id. A programme that pays a fixed
    sum has one line for every dealer in `dealers`, and none for its units.

    Raises:
        ValueError: an amount beyond decimal(18,2), and whatever `Terms` and `Facts` refuse.
    """
    terms = Terms(periods, tiers)
    facts = Facts(units, dealers, terms)
    measured = measure(facts, terms, facts.unit_counts, facts.net_sums)
    lines = _lines(facts, terms, measured)
    reasons = _zero_reasons(facts, lines)
    pays = reasons < 0
    amounts = rounded_amounts(np.where(pays, lines.bases, 0), np.where(pays, lines.rates, 0))
    _check_amounts(amounts, lines, facts, terms)
    amounts, entitlements = _capped(amounts.astype(np.int64), lines, facts, terms)
    return Decided(
        lines=_line_table(facts, terms, lines, reasons, amounts),
        statements=_statements(facts, terms, measured, lines, entitlements),
    )


def _lines(facts: Facts, terms: Terms, measured: Measured) -> _Lines:
    is_fixed = terms.bases[facts.periods] == t.FIXED_EUR
    reached, rates = unit_tiers(facts, terms, measured)
    bases = unit_bases(facts, terms)
    own = facts.units
    columns = [own.groups, np.arange(len(own.groups)), reached, rates, bases, own.statuses]
    if is_fixed.any():
        pays_by_unit = ~is_fixed[own.groups]
        fixed = np.flatnonzero(is_fixed & facts.is_listed)
        ones = np.ones(len(fixed), np.int64)
        added = [fixed, -ones, measured.reached[fixed], measured.rates[fixed], 100 * ones]
        added.append(COUNTS * ones)
        columns = [
            np.concatenate([a[pays_by_unit], b]) for a, b in zip(columns, added, strict=True)
        ]
        order = np.argsort(columns[0], kind="stable")
        columns = [c[order] for c in columns]
    return _Lines(*columns)


def _zero_reasons(facts: Facts, lines: _Lines) -> np.ndarray:
    """Positions in ZERO_REASONS, the first that applies; -1 where a line pays."""
    conditions = [
        lines.statuses == DUPLICATE_VIN,
        lines.statuses == SELF_REGISTRATION,
        ~facts.is_gate_met[lines.groups],
        lines.reached == 0,
    ]
    return np.select(conditions, range(len(ZERO_REASONS)), -1)


def _check_amounts(amounts: np.ndarray, lines: _Lines, facts: Facts, terms: Terms) -> None:
    if len(amounts) and amounts.max() >= LIMIT:
        line = int(np.argmax(amounts >= LIMIT))
        group, unit = int(lines.groups[line]), int(lines.units[line])
        of = "the fixed sum"
        if unit >= 0:
            of = f"event {facts.table['event_id'][int(facts.units.rows[unit])]}"
        raise ValueError(f"{of} of {_name(facts, terms, group)} is beyond decimal(18,2)")


def _name(facts: Facts, terms: Terms, group: int) -> str:
    return f"dealer {facts.dealer_ids[group]} in {terms.name(int(facts.periods[group]))}"


def _capped(
    amounts: np.ndarray, lines: _Lines, facts: Facts, terms: Terms
) -> tuple[np.ndarray, np.ndarray]:
    """The amounts (cents) of the lines within the caps, and their sums by group."""
    sums = group_sums(amounts, lines.groups, facts.count)
    caps = terms.caps[facts.periods]
    over = ~terms.has_no_cap[facts.periods] & (sums > caps)
    sums = narrowed(np.where(over, caps, sums))
    if len(sums) and sums.max() >= LIMIT:
        name = _name(facts, terms, int(np.argmax(sums >= LIMIT)))
        raise ValueError(f"the entitlement of {name} is beyond decimal(18,2)")
    at = np.flatnonzero(over[lines.groups])
    if len(at):
        event_ids = column(facts.table, "event_id", pa.string())
        units = lines.units[at]
        keys = picked(event_ids, np.where(units < 0, -1, facts.units.rows[units]))
        numbers = np.cumsum(over) - 1
        split = apportion(caps[over], amounts[at], tie_keys=keys, groups=numbers[lines.groups[at]])
        amounts[at] = split.shares
    return amounts, sums


def _line_table(
    facts: Facts, terms: Terms, lines: _Lines, reasons: np.ndarray, amounts: np.ndarray
) -> pa.Table:
    period = facts.periods[lines.groups]
    is_zero = reasons >= 0
    tier_nos = terms.tiers.numbers(terms.versions[period], lines.reached)
    columns = {
        "program_id": pa.array(terms.program_ids, pa.string()).take(pa.array(period)),
        "program_version": pa.array(terms.program_versions[period]),
        "period_start": dates(terms.starts[period]),
        "dealer_id": facts.dealer_ids.take(pa.array(lines.groups)),
        "brand_code": pa.array(terms.brand_codes, pa.string()).take(pa.array(period)),
        "tier_no": pa.array(tier_nos, mask=is_zero),
        "tier_rate": decimals(lines.rates, MILLIONTHS, is_zero),
        "basis_amount_eur": decimals(lines.bases, CENTS, is_zero),
        "amount_eur": decimals(amounts, CENTS),
        "zero_reason": picked(pa.array(ZERO_REASONS), reasons),
    }
    # a fixed sum is of no unit
    rows = np.full(len(lines.units), -1)
    has_unit = lines.units >= 0
    rows[has_unit] = facts.units.rows[lines.units[has_unit]]
    for name in _OF_THE_UNIT:
        columns[name] = picked(column(facts.table, name, LINES.field(name).type), rows)
    return pa.table([columns[name] for name in LINES.names], schema=LINES)


def _statements(
    facts: Facts, terms: Terms, measured: Measured, lines: _Lines, entitlements: np.ndarray
) -> pd.DataFrame:
    group = np.unique(lines.groups)
    period = facts.periods[group]
    reached = measured.reached[group]
    tier_nos = terms.tiers.numbers(terms.versions[period], reached)
    return pd.DataFrame(
        {
            "dealer_id": objects(facts.dealer_ids.take(pa.array(group))),
            "brand_code": objects(terms.brand_codes[p] for p in period),
            "program_id": objects(terms.program_ids[p] for p in period),
            "program_version": terms.program_versions[period],
            "period_start": objects(dates(terms.starts[period])),
            "measure_numerator": measured.numerators[group],
            "measure_denominator": measured.denominators[group],
            "measure_value": measure_values(measured, group),
            "tier_no": pd.array(np.where(reached > 0, tier_nos, None), dtype="Int64"),
            "qualifying_units": facts.unit_counts[group],
            "entitlement_cents": entitlements[group],
        }
    )


def measure_values(measured: Measured, groups: np.ndarray) -> pd.Series:
    """The measures of groups, rounded half up to six decimals for show; beyond twelve digits before
    the point the largest number of twelve."""
    values = rounded_quotients(measured.numerators[groups], measured.denominators[groups])
    return decimal_objects(np.minimum(values, LIMIT - 1).astype(np.int64), MILLIONTHS)
