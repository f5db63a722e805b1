"""Rules of what diverging goals cost: each component is what its quantities make of it."""

from __future__ import annotations

from expectations.rule import CONSISTENCY, VALIDITY, Rule

_COST = "mart_misalignment_cost"

SCANS: dict[str, str] = {}

RULES = (
    Rule(
        code="MISALIGNMENT_COSTS_ARE_OF_QUANTITIES",
        table=_COST,
        dimension=CONSISTENCY,
        description="A component is its quantity times its price, as both are rounded: hours times "
        "the hourly rate, cases times the cost of one; leads cost nothing where none was lost or "
        "none of the fast ones sold.",
        passes="""
            coalesce(
                abs(misrouting_cost_eur - misrouted_cases * misrouting_unit_cost_eur)
                    <= 0.005 * (misrouted_cases + 1)
                and abs(waiting_cost_eur - waiting_hours * hourly_rate_eur)
                    <= 0.005 * (waiting_hours + 1) + 0.000001 * hourly_rate_eur
                and fast_sold_leads between 0 and fast_leads
                and coalesce(closing_rate, 0) between 0 and 1
                and (lost_lead_cost_eur = 0 or (late_leads > 0 and fast_sold_leads > 0
                    and gross_profit_eur > 0 and invoiced_units > 0)), false)
        """,
        target_rate=1.0,
    ),
    Rule(
        code="MISALIGNMENT_WITHIN_GROSS_PROFIT",
        table=_COST,
        dimension=VALIDITY,
        description="Diverging goals cost a dealer at most what he earns with new vehicles: more "
        "means that a parameter is wrong.",
        applies="gross_profit_eur > 0",
        passes="total_cost_eur <= gross_profit_eur",
        mostly=0.9,
    ),
)
