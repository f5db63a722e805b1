"""What stands behind the page of the weekly review: SQL over the governance marts, exact sums.

Queries take `dealer_id` and `brand_code`, those of the network neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Row = dict[str, Any]

WEEKS_SHOWN = 13
_OWN = "dealer_id = $dealer_id and brand_code = $brand_code"

PARTNERS = """
select
    review.dealer_id,
    review.brand_code,
    coalesce(dealer.dealer_name, review.dealer_id) as dealer_name,
    dealer.peer_group
from (select distinct dealer_id, brand_code from mart_weekly_review) as review
left join dim_dealer as dealer using (dealer_id, brand_code)
order by dealer_id, brand_code
"""

WEEKS = f"""
select distinct iso_year, iso_week
from mart_weekly_review
where {_OWN}
order by iso_year desc, iso_week desc
"""

FINDINGS = f"""
select *
from mart_weekly_review
where {_OWN} and 100 * iso_year + iso_week between $first and $last
order by iso_year, iso_week
"""

ACTIONS = f"""
select action_id, owner, title, raised_on, decided_on, due_on
from fct_action
where {_OWN} and raised_on <= $until and (done_on is null or done_on > $until)
order by due_on nulls last, raised_on, action_id
"""

ESCALATIONS = f"""
select *
from mart_escalations
where {_OWN} and quarter_start + interval 3 month <= $until
order by contract_id, quarter_start
"""

NETWORK_ESCALATIONS = """
select escalation.*, coalesce(dealer.dealer_name, escalation.dealer_id) as dealer_name
from mart_escalations as escalation
left join dim_dealer as dealer using (dealer_id, brand_code)
where quarter_start + interval 3 month <= $until
order by contract_id, quarter_start
"""

STANDARDS = f"""
select * from mart_contract_standards where {_OWN} order by contract_id, standard_code, version
"""

ADOPTION = """
select * from mart_standard_adoption where brand_code = $brand_code order by standard_code
"""

MODULES = f"""
select module.*, coalesce(summary.module_name, module.module_code) as module_name
from mart_module_adoption as module
left join mart_module_adoption_summary as summary using (brand_code, module_code)
where {_OWN}
order by decided_on desc, module_code
"""

BRAND_MODULES = """
select * from mart_module_adoption_summary where brand_code = $brand_code order by module_code
"""

PRESSURE = """
select * from mart_requirement_pressure where brand_code = $brand_code order by month
"""

COSTS = f"select * from mart_misalignment_cost where {_OWN} order by year"

CLAIM = """
select claimed_value, measured_value, sample_count
from mart_benchmark_comparison
where claim_code = 'DIVERGING_GOALS_COST'
"""

DISCIPLINE = """
select discipline.*, coalesce(dealer.dealer_name, discipline.dealer_id) as dealer_name
from mart_dialogue_discipline as discipline
left join dim_dealer as dealer using (dealer_id, brand_code)
order by met_rate nulls last, dealer_id, brand_code
"""

MEETINGS = """
select dealer_id, brand_code, iso_year, iso_week, value > 0 as is_met
from mart_weekly_review
where finding_code = 'MEETING' and 100 * iso_year + iso_week between $first and $last
order by dealer_id, brand_code, iso_year, iso_week
"""

WAITING = ("OBJECTED", "NEEDS_SIGNATURE", "PENDING_WINDOW")
"""Statuses of a standard that is not in force yet, the most pressing first."""
COMPONENTS = {
    "waiting": ("waiting_hours", "hourly_rate_eur", "waiting_cost_eur"),
    "lost_lead": ("late_leads", None, "lost_lead_cost_eur"),
    "misrouting": ("misrouted_cases", "misrouting_unit_cost_eur", "misrouting_cost_eur"),
}
"""Component of what diverging goals cost -> its quantity, price and cost."""


def monday_of(row: Row) -> date:
    return date.fromisocalendar(row["iso_year"], row["iso_week"], 1)


def last_weeks(monday: date, count: int = WEEKS_SHOWN) -> dict[str, int]:
    """`first` and `last` (100 x ISO year + ISO week) of the weeks up to this one."""
    numbers = [
        (day.isocalendar().year * 100 + day.isocalendar().week)
        for day in (monday - timedelta(weeks=count - 1), monday)
    ]
    return {"first": numbers[0], "last": numbers[1]}


def most_pressing(partners: Sequence[Row], escalations: Iterable[Row], dialogue: Iterable[Row]):
    """The partners, those with the highest level of escalation first, then the most overdue."""
    levels: dict[tuple[str, str], tuple[date, int]] = {}
    for row in escalations:
        who = (row["dealer_id"], row["brand_code"])
        level = 0 if row["status"] in ("NONE", "CLOSED") else row["level"]
        levels[who] = max(levels.get(who, (date.min, 0)), (row["quarter_start"], level))
    overdue = {
        (row["dealer_id"], row["brand_code"]): row["overdue_oem"] + row["overdue_partner"]
        for row in dialogue
    }

    def pressing(row: Row) -> tuple[int, int]:
        who = (row["dealer_id"], row["brand_code"])
        return -levels.get(who, (date.min, 0))[1], -overdue.get(who, 0)

    return sorted(partners, key=pressing)


def waiting_standards(standards: Sequence[Row], ended: Iterable[str] = ()) -> list[Row]:
    """Versions not in force yet, with the one that is (`in_force`); those older than it are no
    longer waited for, nor those of contracts that have ended."""
    in_force = {
        (row["contract_id"], row["standard_code"]): row["version"]
        for row in standards
        if row["status"] == "IN_FORCE"
    }
    gone = set(ended)
    found = []
    for row in standards:
        if row["status"] not in WAITING or row["contract_id"] in gone:
            continue
        current = in_force.get((row["contract_id"], row["standard_code"]))
        if current is None or _version(row["version"]) > _version(current):
            found.append(row | {"in_force": current})
    return sorted(found, key=lambda row: WAITING.index(row["status"]))


def ended_contracts(escalations: Sequence[Row]) -> set[str]:
    """Contracts whose judged quarters end before those of another contract of the partner."""
    newest = {row["contract_id"]: row["quarter_start"] for row in escalations}
    return {contract for contract, start in newest.items() if start < max(newest.values())}


def share_of(part: Any, whole: Any) -> Decimal | None:
    """A rate with six digits, rounded half up; none of nothing."""
    if part is None or not whole:
        return None
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.000001"), ROUND_HALF_UP)


def gross_profit_per_vehicle(row: Row) -> Decimal | None:
    """Euros a vehicle, to the cent; at least 0, as the mart reckons."""
    if row["gross_profit_eur"] is None or not row["invoiced_units"]:
        return None
    each = Decimal(row["gross_profit_eur"]) / row["invoiced_units"]
    return max(each, Decimal(0)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _version(text: str) -> list[int]:
    """Versions are free text; their numbers order them (2.10 after 2.9)."""
    return [int(number) for number in re.findall(r"\d+", text)]
