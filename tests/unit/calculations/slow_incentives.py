"""The rules of incentives once more, one unit at a time in fractions: what the tests compare with.

It reads the rows of `cases.Case` and shares no code with the calculations.
"""

import math
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import count
from typing import Any

from tests.unit.calculations.cases import CENT, MILLIONTH, Case, unit
from tests.unit.calculations.slow_apportion import apportioned

Group = tuple[str, date, str]


def half_up(value: Fraction, digit: Decimal) -> Decimal:
    units = value / Fraction(digit)
    return digit * math.floor(units + Fraction(1, 2))


def group_of(row: dict[str, Any]) -> Group:
    return row["program_id"], row["period_start"], row["dealer_id"]


class SlowGroup:
    """One dealer in one period of a programme."""

    def __init__(self, case: Case, group: Group) -> None:
        self.group = group
        self.terms = next(
            p for p in case.periods if (p["program_id"], p["period_start"]) == group[:2]
        )
        version = self.terms["program_id"], self.terms["program_version"]
        self.tiers = sorted(
            (t for t in case.tiers if (t["program_id"], t["program_version"]) == version),
            key=lambda t: t["tier_no"],
        )
        self.dealer = next((d for d in case.dealers if group_of(d) == group), None)
        own = [u for u in case.units if group_of(u) == group]
        self.units = sorted(own, key=lambda u: (u["event_date"], u["vin"], u["event_id"]))

    @property
    def counting(self) -> list[dict[str, Any]]:
        return [u for u in self.units if u["unit_status"] == "COUNTS"]

    @property
    def gate(self) -> bool:
        if self.dealer is not None:
            return self.dealer["is_gate_met"]
        return not (self.terms["gate_kpi_code"] or self.terms["requires_strong_market"])

    @property
    def target(self) -> int:
        return (self.dealer or {}).get("target_units") or 0

    def measure(self) -> Fraction:
        match self.terms["measure"]:
            case "REVENUE_NET":
                return sum((Fraction(u["net_price_eur"]) for u in self.counting), Fraction(0))
            case "TARGET_ATTAINMENT":
                return Fraction(len(self.counting), self.target) if self.target else Fraction(0)
            case "KPI":
                return Fraction((self.dealer or {}).get("kpi_value") or 0)
        return Fraction(len(self.counting))

    def tier(self, measure: Fraction) -> dict[str, Any] | None:
        if self.terms["measure"] == "TARGET_ATTAINMENT" and not self.target:
            return None
        return next((t for t in reversed(self.tiers) if t["threshold"] <= measure), None)

    def rate(self, measure: Fraction) -> Decimal:
        tier = self.tier(measure)
        if tier is None:
            return Decimal(0)
        above = [t for t in self.tiers if t["tier_no"] > tier["tier_no"]]
        if self.terms["tier_mode"] != "LINEAR" or not above:
            return tier["rate"]
        low, high = Fraction(tier["threshold"]), Fraction(above[0]["threshold"])
        along = (measure - low) / (high - low)
        rise = Fraction(above[0]["rate"]) - Fraction(tier["rate"])
        return half_up(Fraction(tier["rate"]) + rise * along, MILLIONTH)

    def lines(self) -> list[dict[str, Any]]:
        if self.terms["payout_basis"] == "FIXED_EUR":
            own = [None] if self.dealer is not None else []
        else:
            own = self.units
        lines = []
        place, revenue = 0, Fraction(0)
        for row in own:
            measure = self.measure()
            status = row["unit_status"] if row else "COUNTS"
            if row and status == "COUNTS":
                place, revenue = place + 1, revenue + Fraction(row["net_price_eur"])
            if self.terms["tier_mode"] == "MARGINAL":
                measure = revenue if self.terms["measure"] == "REVENUE_NET" else Fraction(place)
            lines.append(self.line(row, status, measure))
        self.cut(lines)
        return lines

    def line(self, row: dict[str, Any] | None, status: str, measure: Fraction) -> dict[str, Any]:
        tier, rate = self.tier(measure), self.rate(measure)
        reason = None
        if status != "COUNTS":
            reason = status
        elif not self.gate:
            reason = "GATE_NOT_MET"
        elif tier is None:
            reason = "BELOW_FIRST_TIER"
        bases = {
            "RATE_OF_LIST_PRICE": (row or {}).get("list_price_eur"),
            "RATE_OF_NET_PRICE": (row or {}).get("net_price_eur"),
        }
        basis = bases.get(self.terms["payout_basis"], Decimal("1.00"))
        paid = half_up(Fraction(basis) * Fraction(rate), CENT) if not reason else Decimal("0.00")
        of_unit = ("event_id", "vin", "event_date", "list_price_eur", "net_price_eur")
        lineage = ("batch_id", "source_file", "source_row")
        return {
            "program_id": self.group[0],
            "program_version": self.terms["program_version"],
            "period_start": self.group[1],
            "dealer_id": self.group[2],
            "brand_code": self.terms["brand_code"],
            **{name: (row or {}).get(name) for name in of_unit},
            "tier_no": None if reason else tier["tier_no"],
            "tier_rate": None if reason else rate,
            "basis_amount_eur": None if reason else basis,
            "amount_eur": paid,
            "zero_reason": reason,
            **{name: (row or {}).get(name) for name in lineage},
        }

    def cut(self, lines: list[dict[str, Any]]) -> None:
        cap = self.terms["cap_eur"]
        if cap is None or sum(line["amount_eur"] for line in lines) <= cap:
            return
        cents = [int(line["amount_eur"] * 100) for line in lines]
        cap_cents = int(cap * 100)
        shares, _ = apportioned(
            cap_cents,
            cents,
            [0] * len(lines),
            [cap_cents] * len(lines),
            [line["event_id"] or "" for line in lines],
        )
        for line, share in zip(lines, shares, strict=True):
            line["amount_eur"] = CENT * share


def slow_groups(case: Case) -> list[SlowGroup]:
    groups = {group_of(row) for row in case.units + case.dealers}
    return [SlowGroup(case, group) for group in sorted(groups)]


def slow_lines(case: Case) -> list[dict[str, Any]]:
    return [line for group in slow_groups(case) for line in group.lines()]


def slow_statements(case: Case) -> list[dict[str, Any]]:
    statements = []
    for group in slow_groups(case):
        lines = group.lines()
        if lines:
            measure = group.measure()
            statements.append(
                {
                    "dealer_id": group.group[2],
                    "brand_code": group.terms["brand_code"],
                    "program_id": group.group[0],
                    "program_version": group.terms["program_version"],
                    "period_start": group.group[1],
                    "measure": measure,
                    "measure_value": half_up(measure, MILLIONTH),
                    "tier_no": (group.tier(measure) or {}).get("tier_no"),
                    "qualifying_units": len(group.counting),
                    "entitlement_cents": int(100 * sum(line["amount_eur"] for line in lines)),
                }
            )
    return statements


def slow_outlook(case: Case, group: SlowGroup, furthest: int) -> dict[str, Any]:
    """The outlook of one group, found by adding units until the next tier is reached; a
    next tier beyond `furthest` units is taken for out of reach."""
    measure = group.measure()
    counting = group.counting
    means = {
        name: half_up(sum((Fraction(u[name]) for u in counting), Fraction(0)) / len(counting), CENT)
        if counting
        else None
        for name in ("list_price_eur", "net_price_eur")
    }

    def then(more: int) -> SlowGroup:
        program_id, start, dealer_id = group.group
        prices = [means["list_price_eur"] or 0, means["net_price_eur"] or 0]
        added = [
            unit(90_000 + n, *prices, program_id=program_id, period_start=start)
            | {"dealer_id": dealer_id, "event_date": date.max}
            for n in range(more)
        ]
        dealers = [d | {"is_gate_met": True} for d in case.dealers if group_of(d) == group.group]
        periods = [
            p | {"gate_kpi_code": None, "requires_strong_market": False} for p in case.periods
        ]
        more_case = replace(case, units=group.units + added, dealers=dealers, periods=periods)
        return SlowGroup(more_case, group.group)

    def payout(more: int) -> Decimal:
        return sum((line["amount_eur"] for line in then(more).lines()), Decimal(0))

    above = None
    for tier in reversed(group.tiers):
        if tier["threshold"] > measure or (
            group.terms["measure"] == "TARGET_ATTAINMENT" and not group.target
        ):
            above = tier
    of_price = {"RATE_OF_LIST_PRICE", "RATE_OF_NET_PRICE"}
    is_unpriced = not counting and (
        group.terms["payout_basis"] in of_price or group.terms["measure"] == "REVENUE_NET"
    )
    missing = None
    if above is not None and group.terms["measure"] != "KPI":
        steps = (n for n in count(1) if n > furthest or then(n).measure() >= above["threshold"])
        missing = next(steps)
        if missing > furthest or (
            group.terms["measure"] == "TARGET_ATTAINMENT" and not group.target
        ):
            missing = None
    next_unit = None if is_unpriced else payout(1) - payout(0)
    mean_list = means["list_price_eur"]
    return {
        "dealer_id": group.group[2],
        "brand_code": group.terms["brand_code"],
        "program_id": group.group[0],
        "period_start": group.group[1],
        "measure_value": half_up(measure, MILLIONTH),
        "next_threshold": above and above["threshold"],
        "units_to_next_tier": missing,
        "payout_now_eur": sum((line["amount_eur"] for line in group.lines()), Decimal(0)),
        "payout_at_next_tier_eur": None if missing is None or is_unpriced else payout(missing),
        "next_unit_value_eur": next_unit,
        "mean_list_price_eur": mean_list,
        "is_cliff": None not in (next_unit, mean_list) and next_unit > mean_list,
    }
