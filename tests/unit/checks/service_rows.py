"""Rows of the marts of service: good ones, and those that break a rule each."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.unit.checks.small_warehouse import Row

JAN, FEB, MAR = date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1)
ALPHA_OF_D1: Row = {"dealer_id": "D1", "brand_code": "ALPHA"}
FIRST_FILE = datetime(2025, 3, 1, 0, 1)
"""When a small lake receives its first file, which is one of vehicle events of D1."""


def fact(number: int, opened_at: datetime, **change: Any) -> Row:
    return ALPHA_OF_D1 | {
        "case_id": f"C{number:03d}",
        "case_type": "WARRANTY",
        "opened_at": opened_at,
        "opened_month": opened_at.date().replace(day=1),
        "resolved_at": opened_at + timedelta(hours=100),
        **change,
    }


CASES = [
    *(fact(n, datetime(2025, 2, 28, 22, 59)) for n in range(30)),  # a minute before in Berlin
    *(fact(n, datetime(2025, 2, 28, 23), opened_month=MAR) for n in range(30, 60)),
    fact(60, datetime(2025, 3, 10), resolved_at=None),
]


def routed(case: Row, **change: Any) -> Row:
    return {
        "case_id": case["case_id"],
        "brand_code": "ALPHA",
        "opened_at": case["opened_at"],
        "resolved_at": case["resolved_at"],
        "received_by_dealer_id": "D1",
        "responsible_party": "D1",
        "rule_id": "R1",
        "matched_prefix_length": 2,
        "is_unrouted": False,
        "is_ambiguous": False,
        "was_misrouted": False,
        "is_service_level_breached": False,
        **change,
    }


ROUTED = [routed(case) for case in CASES]
UNROUTED: Row = {
    "responsible_party": "OEM",
    "rule_id": None,
    "matched_prefix_length": None,
    "is_unrouted": True,
    "was_misrouted": True,
}


def times(**change: Any) -> Row:
    return ALPHA_OF_D1 | {
        "case_type": "WARRANTY",
        "opened_month": FEB,
        "opened_count": 30,
        "resolved_count": 30,
        "open_count": 0,
        "timed_count": 30,
        "mean_hours": Decimal(100),
        "median_hours": Decimal(100),
        "p90_hours": Decimal(100),
        "reopened_rate": Decimal(0),
        "backlog_count": 0,
        **change,
    }


def later_times(**change: Any) -> Row:
    march = times(opened_month=MAR, opened_count=31, open_count=1, backlog_count=1)
    return march | change


def effect(**change: Any) -> Row:
    return {
        "brand_code": "ALPHA",
        "go_live_on": MAR,
        "cases_before": 30,
        "cases_after": 31,
        "resolved_before": 30,
        "resolved_after": 30,
        "mean_hours_before": Decimal(100),
        "mean_hours_after": Decimal(53),
        "mean_reduction_rate": Decimal("0.47"),
        "ci_low": Decimal("0.47"),
        "ci_high": Decimal("0.5"),
        **change,
    }


def conflict(**change: Any) -> Row:
    return {
        "rule_id": "R1",
        "other_rule_id": "R2",
        "brand_code": "ALPHA",
        "responsible_dealer_id": "D1",
        "other_responsible_dealer_id": "D2",
        "overlap_from": JAN,
        "case_count": 0,
        **change,
    }


def coverage(**change: Any) -> Row:
    return {
        "brand_code": "ALPHA",
        "postal_code": "80331",
        "product_category": "BRAKES",
        "is_covered": True,
        "covered_case_types": 1,
        **change,
    }


def gap(**change: Any) -> Row:
    return {
        "brand_code": "ALPHA",
        "process_code": "WARRANTY",
        "gap_from": JAN,
        "gap_to": date(2025, 1, 31),
        "accountable_count": 0,
        **change,
    }


def second_gap(**change: Any) -> Row:
    return gap(gap_from=FEB, gap_to=date(2025, 2, 28), accountable_count=2) | change


def now(**change: Any) -> Row:
    return ALPHA_OF_D1 | {
        "in_stock_units": 10,
        "in_transit_units": 1,
        "demo_units": 0,
        "units_over_90_days": 4,
        "units_over_180_days": 2,
        "open_leads": 1,
        "oldest_unanswered_lead_hours": Decimal(5),
        "campaign_leads_90d": 0,
        "open_cases": 1,
        "open_cases_under_1_day": 0,
        "open_cases_1_to_7_days": 1,
        "open_cases_over_7_days": 0,
        "breached_cases": 1,
        "responsible_open_cases": 1,
        "data_as_of": FIRST_FILE,
        **change,
    }


def freshness(**change: Any) -> Row:
    return {
        "dealer_id": "D1",
        "feed": "dealer__vehicle_events",
        "last_delivered_at": FIRST_FILE,
        "hours_since": Decimal(2400),
        **change,
    }


GOOD: dict[str, list[Row]] = {
    "fct_case": CASES,
    "mart_case_routing": ROUTED,
    "mart_case_cycle_time": [times(), later_times()],
    "mart_routing_effect": [effect()],
    "mart_routing_conflicts": [conflict()],
    "mart_routing_coverage": [coverage()],
    "mart_responsibility_gaps": [gap(), second_gap()],
    "mart_dealer_now": [now()],
    "mart_dealer_feed_freshness": [freshness()],
}
"""Rows that agree with each other, with the first file, and with a `dim_dealer` that knows D1."""

BROKEN: dict[str, tuple[dict[str, list[Row]], Row]] = {
    "CASES_ROUTED_EXACTLY_ONCE": (
        {"mart_case_routing": ROUTED[1:]},
        {"case_id": "C000", "routed_rows": None},
    ),
    "CASE_HAS_ONE_RESPONSIBLE": (
        {"mart_case_routing": [ROUTED[0] | {"responsible_party": None}, *ROUTED[1:]]},
        {"case_id": "C000", "rule_id": "R1", "responsible_party": None},
    ),
    "CASE_AMBIGUITY_IS_A_CONFLICT": (
        {
            "mart_case_routing": [
                ROUTED[0] | {"is_ambiguous": True, "runner_up_rule_id": "R2"},
                *ROUTED[1:],
            ]
        },
        {"case_id": "C000", "rule_id": "R1", "runner_up_rule_id": "R2"},
    ),
    "CYCLE_TIME_COUNTS_ADD_UP": (
        {"mart_case_cycle_time": [times(), later_times(open_count=0)]},
        {"opened_count": 31, "resolved_count": 30, "open_count": 0},
    ),
    "CYCLE_TIME_FIGURES_IN_RANGE": (
        {"mart_case_cycle_time": [times(p90_hours=Decimal("99.999999")), later_times()]},
        {"median_hours": "100.000000", "p90_hours": "99.999999"},
    ),
    "CYCLE_TIME_COUNTS_EVERY_CASE": (
        {"mart_case_cycle_time": [times()]},
        {"opened_month": "2025-03-01", "mart_cases": None, "cases": 31},
    ),
    "ROUTING_EFFECT_COUNTS_EVERY_CASE": (
        {"mart_routing_effect": [effect(cases_after=30)]},
        {"brand_code": "ALPHA", "cases_after": 30, "opened_before": 30, "opened_after": 31},
    ),
    "ROUTING_EFFECT_IS_OF_MEANS": (
        {"mart_routing_effect": [effect(mean_reduction_rate=Decimal("0.470002"))]},
        {"mean_hours_after": "53.000000", "mean_reduction_rate": "0.470002"},
    ),
    "ROUTING_EFFECT_INTERVAL_ORDERED": (
        {"mart_routing_effect": [effect(ci_high=Decimal("0.469999"))]},
        {"ci_low": "0.470000", "ci_high": "0.469999"},
    ),
    "ROUTING_CONFLICT_OF_TWO_DEALERS": (
        {"mart_routing_conflicts": [conflict(other_responsible_dealer_id="D1")]},
        {"rule_id": "R1", "other_rule_id": "R2"},
    ),
    "ROUTING_COVERAGE_COUNTS_KINDS": (
        {"mart_routing_coverage": [coverage(covered_case_types=0)]},
        {"postal_code": "80331", "is_covered": True, "covered_case_types": 0},
    ),
    "RESPONSIBILITY_GAPS_APART": (
        {"mart_responsibility_gaps": [gap(), second_gap(gap_from=date(2025, 1, 31))]},
        {"gap_from": "2025-01-31", "previous_to": "2025-01-31"},
    ),
    "DEALER_NOW_STOCK_ADDS_UP": (
        {"mart_dealer_now": [now(units_over_90_days=1)]},
        {"units_over_90_days": 1, "units_over_180_days": 2},
    ),
    "DEALER_NOW_CASES_ADD_UP": (
        {"mart_dealer_now": [now(open_cases_1_to_7_days=0)]},
        {"open_cases": 1, "open_cases_1_to_7_days": 0},
    ),
    "DEALER_NOW_LEADS_ADD_UP": (
        {"mart_dealer_now": [now(open_leads=0)]},
        {"open_leads": 0, "oldest_unanswered_lead_hours": "5.000000"},
    ),
    "DEALER_NOW_AS_OF_NEWEST_DELIVERY": (
        {"mart_dealer_now": [now(data_as_of=None)]},
        {"dealer_id": "D1", "data_as_of": None},
    ),
    "DEALER_FEED_FRESHNESS_IN_BOOKS": (
        {"mart_dealer_feed_freshness": [], "mart_dealer_now": [now(data_as_of=None)]},
        {"dealer_id": "D1", "feed": "dealer__vehicle_events", "last_delivered_at": None},
    ),
}
"""For each critical rule the rows that break it, and what its example shows."""

WARNED: dict[str, dict[str, list[Row]]] = {
    "CASES_MOSTLY_ROUTED": {
        "mart_case_routing": [routed(fact(70, FIRST_FILE), **UNROUTED)],
    },
    "CASES_SELDOM_AMBIGUOUS": {
        "mart_case_routing": [routed(fact(71, FIRST_FILE), is_ambiguous=True)],
    },
    "CASES_MOSTLY_RECEIVED_BY_RESPONSIBLE": {
        "mart_case_routing": [routed(fact(72, FIRST_FILE), was_misrouted=True)],
    },
    "CASES_MOSTLY_WITHIN_SERVICE_LEVEL": {
        "mart_case_routing": [routed(fact(73, FIRST_FILE), is_service_level_breached=True)],
    },
    "ROUTING_CONFLICTS_WITHOUT_CASES": {
        "mart_routing_conflicts": [conflict(rule_id="R3", other_rule_id="R4", case_count=1)]
    },
    "ROUTING_COVERAGE_MOSTLY_THERE": {
        "mart_routing_coverage": [
            coverage(postal_code="80333", is_covered=False, covered_case_types=0)
        ]
    },
    "ROUTING_EFFECT_WITHIN_INTERVAL": {
        "mart_routing_effect": [
            effect(brand_code="B1", ci_low=Decimal("0.470001")),
            effect(brand_code="B2", ci_low=None, ci_high=None),
        ]
    },
    "ROUTING_EFFECT_SAMPLE_ENOUGH": {
        "mart_routing_effect": [effect(brand_code="B3", resolved_after=29)]
    },
    "ROUTING_EFFECT_SAVES_TIME": {
        "mart_routing_effect": [effect(brand_code="B4", mean_reduction_rate=Decimal(0))]
    },
    "RESPONSIBILITY_GAPS_ENDED": {
        "mart_responsibility_gaps": [gap(process_code="PRICING", gap_to=None)]
    },
    "DEALER_NOW_DATA_FRESH": {
        "mart_dealer_now": [now(dealer_id="D3", data_as_of=FIRST_FILE - timedelta(days=101))]
    },
    "DEALER_NOW_STOCK_SELDOM_OLD": {
        "mart_dealer_now": [now(dealer_id="D4", units_over_180_days=3)]
    },
    "DEALER_FEED_DELIVERED_LATELY": {
        "mart_dealer_feed_freshness": [
            freshness(dealer_id="D3", hours_since=Decimal("2400.000001"))
        ]
    },
}
"""For each warning the rows that join the good ones."""
