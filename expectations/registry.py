"""All quality rules, collected and checked once."""

from __future__ import annotations

from functools import cache
from types import ModuleType

from expectations import (
    brand,
    capability,
    dealer,
    governance,
    incentives,
    investments,
    lake,
    market,
    marts_brand,
    marts_capability,
    marts_core,
    marts_governance,
    marts_incentives,
    marts_investments,
    marts_market,
    marts_misalignment,
    marts_pilots,
    marts_quality,
    marts_scorecard,
    marts_service,
    oem,
    pilots,
    service,
)
from expectations.rule import Rule, RuleError

__all__ = ["Rule", "RuleError", "feed_rules", "mart_rules", "scan"]

_FEEDS: tuple[ModuleType, ...] = (
    lake,
    oem,
    governance,
    incentives,
    investments,
    service,
    capability,
    brand,
    pilots,
    market,
    dealer,
)
_MARTS: tuple[ModuleType, ...] = (
    marts_core,
    marts_market,
    marts_scorecard,
    marts_governance,
    marts_misalignment,
    marts_incentives,
    marts_investments,
    marts_service,
    marts_capability,
    marts_brand,
    marts_pilots,
    marts_quality,
)


def feed_rules() -> tuple[Rule, ...]:
    """Rules of the feeds and of the lake's books (table `lake__deliveries`), by module.

    Raises:
        RuleError: two rules have the same code.
    """
    return _collected(_FEEDS)


def mart_rules() -> tuple[Rule, ...]:
    """Rules of the marts, facts and dimensions, by module.

    Raises:
        RuleError: two rules have the same code.
    """
    return _collected(_MARTS)


def scan(table: str) -> str:
    """SELECT that gives a table's rows, `{batch}`, with what its rules compare them to."""
    for module in (*_FEEDS, *_MARTS):
        if table in module.SCANS:
            return module.SCANS[table]
    return "select * from {batch}"


@cache
def _collected(modules: tuple[ModuleType, ...]) -> tuple[Rule, ...]:
    every = [r for module in (*_FEEDS, *_MARTS) for r in module.RULES]
    codes = [r.code for r in every]
    if twice := sorted({c for c in codes if codes.count(c) > 1}):
        raise RuleError(f"rules with the same code: {', '.join(twice)}; rename one of each")
    return tuple(r for module in modules for r in module.RULES)
