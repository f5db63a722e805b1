"""Rows of the mart of what diverging goals cost: a good one, and those that break a rule each."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.unit.checks.small_warehouse import Row


def cost(**change: Any) -> Row:
    return {
        "dealer_id": "D1",
        "brand_code": "ALPHA",
        "year": 2025,
        "waiting_hours": Decimal("10.333333"),
        "hourly_rate_eur": Decimal(65),
        "waiting_cost_eur": Decimal("671.67"),
        "late_leads": 3,
        "fast_leads": 10,
        "fast_sold_leads": 2,
        "closing_rate": Decimal("0.2"),
        "gross_profit_eur": Decimal(5000),
        "invoiced_units": 5,
        "lost_lead_cost_eur": Decimal(600),
        "misrouted_cases": 4,
        "misrouting_unit_cost_eur": Decimal(85),
        "misrouting_cost_eur": Decimal(340),
        "total_cost_eur": Decimal("1611.67"),
        **change,
    }


GOOD: dict[str, list[Row]] = {"mart_misalignment_cost": [cost()]}

WARNED: dict[str, dict[str, list[Row]]] = {
    "MISALIGNMENT_COSTS_ARE_OF_QUANTITIES": {
        "mart_misalignment_cost": [cost(dealer_id="D2", misrouted_cases=5)]
    },
    "MISALIGNMENT_WITHIN_GROSS_PROFIT": {
        "mart_misalignment_cost": [cost(dealer_id="D3", gross_profit_eur=Decimal("1611.66"))]
    },
}
"""For each warning the rows that join the good ones."""
