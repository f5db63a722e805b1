"""Rows of the marts of governance: good ones, and those that break a rule each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tests.unit.checks import misalignment_rows, small_governance
from tests.unit.checks.small_warehouse import Row

Q1, Q2 = date(2025, 1, 1), date(2025, 4, 1)
EVENTS = "oem__escalation_events"
OPENED, DUE, RISEN = date(2025, 7, 1), date(2025, 7, 31), date(2025, 8, 1)
ALPHA_OF_D1: Row = {"dealer_id": "D1", "brand_code": "ALPHA"}


def adopted(**change: Any) -> Row:
    return ALPHA_OF_D1 | {
        "contract_id": "K1",
        "standard_code": "OTA",
        "version": "2.0",
        "effective_on": date(2025, 2, 1),
        "status": "IN_FORCE",
        "is_automatic": True,
        **change,
    }


OLD_VERSION = adopted(version="1.0", effective_on=date(2024, 2, 1), status="SUPERSEDED")
OBJECTED = {
    "status": "OBJECTED",
    "effective_on": None,
    "is_automatic": False,
    "objected_on": date(2025, 1, 5),
}
PENDING = {"status": "PENDING_WINDOW", "effective_on": date(2999, 1, 1)}
UNSIGNED = {"status": "NEEDS_SIGNATURE", "effective_on": None, "is_automatic": False}
WITHDRAWN = {"status": "WITHDRAWN", "withdrawn_on": date(2025, 3, 1)}


def adoption(**change: Any) -> Row:
    return {
        "brand_code": "ALPHA",
        "standard_code": "OTA",
        "current_version": "2.0",
        "contracts": 3,
        "contracts_on_current": 2,
        "adoption_rate": Decimal("0.666667"),
        "automatic_contracts": 1,
        "automatic_rate": Decimal("0.333333"),
        **change,
    }


def benchmark(**change: Any) -> Row:
    quantiles = {f"q{q}": Decimal(q) for q in (10, 25, 50, 75, 90)}
    return {
        "brand_code": "ALPHA",
        "peer_group": "CITY",
        "quarter_start": Q1,
        "kpi_code": "SCORE",
        "dealer_count": 4,
        **quantiles,
        **change,
    }


def escalation(**change: Any) -> Row:
    """A quarter in breach, with a plan that was agreed in time."""
    return ALPHA_OF_D1 | {
        "contract_id": "K1",
        "quarter_start": Q2,
        "score_mean": Decimal(49),
        "benchmark_score": Decimal(50),
        "is_breach": True,
        "breaches_in_row": 2,
        "level": 1,
        "due_on": DUE,
        "status": "PLAN_AGREED",
        "opened_on": OPENED,
        **change,
    }


def calm(**change: Any) -> Row:
    return (
        escalation(
            quarter_start=Q1,
            breaches_in_row=1,
            level=0,
            due_on=None,
            status="NONE",
            opened_on=None,
        )
        | change
    )


def finding(code: str = "ORDERS", comparison: str = "YEAR_BEFORE", **change: Any) -> Row:
    return ALPHA_OF_D1 | {
        "iso_year": 2020,
        "iso_week": 53,
        "week_start": date(2020, 12, 28),
        "finding_code": code,
        "value": Decimal(1),
        "comparison_value": Decimal(1),
        "comparison": comparison,
        "finding_text_de": "Satz.",
        "finding_text_en": "Sentence.",
        **change,
    }


FINDINGS = [
    finding(),
    finding("NPS", value=Decimal(-100)),
    finding("WORST_CASE_TYPE", "NETWORK", subject="WARRANTY"),
    finding("OPEN_ACTIONS", "OVERDUE"),
    finding("MEETING", "WEEKS_MET", comparison_value=Decimal(13)),
    finding("QUARTER_TARGET", "TARGET"),
]


def dialogue(**change: Any) -> Row:
    return ALPHA_OF_D1 | {
        "weeks_due": 3,
        "weeks_met": 2,
        "met_rate": Decimal("0.666667"),
        "median_days_to_decision": Decimal(0),
        "median_days_to_done": None,
        "actions_open": 2,
        "overdue_oem": 1,
        "overdue_partner": 0,
        **change,
    }


def module(**change: Any) -> Row:
    return ALPHA_OF_D1 | {
        "module_code": "M1",
        "decided_on": Q1,
        "live_on": OPENED,
        "months_to_live": 6,
        "is_within_six_months": True,
        "status": "LIVE",
        **change,
    }


def summary(**change: Any) -> Row:
    return {
        "brand_code": "ALPHA",
        "module_code": "M1",
        "decided_count": 7,
        "live_count": 5,
        "abandoned_count": 1,
        "within_six_count": 4,
        "verdict_count": 6,
        "within_six_rate": Decimal("0.666667"),
        **change,
    }


def asked(**change: Any) -> Row:
    """A month with the pulse of the spec."""
    return {
        "brand_code": "ALPHA",
        "month": date(2025, 2, 1),
        "active_requirements": 2,
        "effort_days": Decimal(3),
        "cost_eur": Decimal(1000),
        "dealer_count": 2,
        "cost_per_dealer_eur": Decimal(1000),
        "change_24m_rate": Decimal("0.999999"),
        "pulse_answers": 100,
        "pulse_increased": 67,
        "pulse_rate": Decimal("0.67"),
        "pulse_ci_low": Decimal("0.573053"),
        "pulse_ci_high": Decimal("0.754369"),
        **change,
    }


def first_asked(**change: Any) -> Row:
    none = dict.fromkeys(("pulse_rate", "pulse_ci_low", "pulse_ci_high", "change_24m_rate"))
    return asked(month=Q1, pulse_answers=0, pulse_increased=0, **none) | change


GOOD: dict[str, list[Row]] = {
    "mart_contract_standards": [adopted(), OLD_VERSION],
    "mart_standard_adoption": [adoption()],
    "mart_performance_benchmark": [benchmark()],
    "mart_escalations": [calm(), escalation()],
    "mart_weekly_review": FINDINGS,
    "mart_dialogue_discipline": [dialogue()],
    "mart_module_adoption": [module()],
    "mart_module_adoption_summary": [summary()],
    "mart_requirement_pressure": [first_asked(), asked()],
    **misalignment_rows.GOOD,
}
"""Rows that agree with each other and with a `dim_dealer` in which D1 is a top partner."""

BROKEN: dict[str, tuple[dict[str, list[Row]], Row]] = {
    "STANDARD_STATUS_FITS_ITS_DAYS": (
        {"mart_contract_standards": [adopted(withdrawn_on=date(2025, 2, 1)), OLD_VERSION]},
        {"effective_on": "2025-02-01", "withdrawn_on": "2025-02-01"},
    ),
    "STANDARD_ADOPTED_BY_ITSELF_OR_SIGNED": (
        {
            "mart_contract_standards": [
                adopted(is_automatic=False, adopted_on=date(2025, 2, 2)),
                OLD_VERSION,
            ]
        },
        {"version": "2.0", "adopted_on": "2025-02-02"},
    ),
    "STANDARD_ONE_VERSION_IN_FORCE": (
        {"mart_contract_standards": [adopted(), OLD_VERSION | {"status": "IN_FORCE"}]},
        {"contract_id": "K1", "standard_code": "OTA", "in_force": 2},
    ),
    "STANDARD_ADOPTION_COUNTS_PARTS": (
        {"mart_standard_adoption": [adoption(adoption_rate=Decimal("0.66667"))]},
        {"contracts_on_current": 2, "adoption_rate": "0.666670"},
    ),
    "BENCHMARK_QUANTILES_ORDERED": (
        {"mart_performance_benchmark": [benchmark(q75=Decimal("90.000001"))]},
        {"q75": "90.000001", "q90": "90.000000"},
    ),
    "ESCALATION_BREACH_IS_BELOW_BENCHMARK": (
        {"mart_escalations": [calm(), escalation(score_mean=Decimal(50))]},
        {"score_mean": "50.000000", "benchmark_score": "50.000000", "is_breach": True},
    ),
    "ESCALATION_LEVEL_FITS_STATUS": (
        {"mart_escalations": [calm(), escalation(level=2)]},
        {"level": 2, "level_2_on": None},
    ),
    "ESCALATION_DUE_ON_A_WEEKDAY": (
        {"mart_escalations": [calm(), escalation(due_on=date(2025, 8, 2))]},
        {"due_on": "2025-08-02"},
    ),
    "ESCALATION_KEEPS_ITS_LEVEL": (
        {
            "mart_escalations": [
                escalation(quarter_start=Q1, level=2, level_2_on=RISEN, status="OPEN"),
                escalation(),
            ]
        },
        {"level": 1, "previous_level": 2},
    ),
    "REVIEW_FINDING_WELL_FORMED": (
        {"mart_weekly_review": [*FINDINGS, finding("COMPLAINTS", iso_year=2021)]},
        {"finding_code": "COMPLAINTS", "iso_year": 2021, "iso_week": 53},
    ),
    "REVIEW_FIGURES_IN_RANGE": (
        {"mart_weekly_review": [finding("OPEN_ACTIONS", "OVERDUE", value=Decimal(0))]},
        {"value": "0.000000", "comparison_value": "1.000000"},
    ),
    "REVIEW_OF_TOP_PARTNERS": (
        {"mart_weekly_review": [*FINDINGS, finding(dealer_id="D2")]},
        {"dealer_id": "D2", "is_top_partner": None},
    ),
    "DIALOGUE_COUNTS_PARTS": (
        {"mart_dialogue_discipline": [dialogue(overdue_partner=2)]},
        {"actions_open": 2, "overdue_oem": 1, "overdue_partner": 2},
    ),
    "MODULE_STATUS_FITS_ITS_DAYS": (
        {"mart_module_adoption": [module(months_to_live=7)]},
        {"months_to_live": 7, "is_within_six_months": True},
    ),
    "MODULE_SUMMARY_COUNTS_PARTS": (
        {"mart_module_adoption_summary": [summary(abandoned_count=3)]},
        {"decided_count": 7, "live_count": 5, "abandoned_count": 3},
    ),
    "REQUIREMENT_MONTHS_IN_ORDER": (
        {"mart_requirement_pressure": [first_asked(month=date(2024, 12, 1)), asked()]},
        {"month": "2025-02-01", "previous_month": "2024-12-01"},
    ),
    "REQUIREMENT_FIGURES_NOT_NEGATIVE": (
        {
            "mart_requirement_pressure": [
                first_asked(),
                asked(cost_per_dealer_eur=Decimal("1000.01")),
            ]
        },
        {"cost_eur": "1000.00", "cost_per_dealer_eur": "1000.01"},
    ),
    "REQUIREMENT_PULSE_IS_A_SHARE": (
        {"mart_requirement_pressure": [first_asked(), asked(pulse_rate=Decimal("0.670002"))]},
        {"pulse_increased": 67, "pulse_rate": "0.670002"},
    ),
    "REQUIREMENT_PULSE_WITHIN_INTERVAL": (
        {"mart_requirement_pressure": [first_asked(), asked(pulse_ci_low=Decimal("0.573058"))]},
        {"pulse_ci_low": "0.573058", "pulse_ci_high": "0.754369"},
    ),
}
"""For each critical rule the rows that break it, and what its example shows."""

OF_D3: Row = {"dealer_id": "D3"}
WARNED: dict[str, dict[str, list[Row]]] = {
    **misalignment_rows.WARNED,
    "STANDARDS_MOSTLY_IN_FORCE": {
        "mart_contract_standards": [adopted(contract_id="K2", **UNSIGNED)],
    },
    "STANDARDS_SELDOM_OBJECTED": {
        "mart_contract_standards": [adopted(contract_id="K3", **OBJECTED)],
    },
    "STANDARD_CURRENT_MOSTLY_ADOPTED": {
        "mart_standard_adoption": [
            adoption(standard_code="NAV", contracts_on_current=1, adoption_rate=Decimal("0.333333"))
        ]
    },
    "BENCHMARK_OF_ENOUGH_DEALERS": {
        "mart_performance_benchmark": [benchmark(peer_group="METRO", dealer_count=2)]
    },
    "ESCALATIONS_MOSTLY_SEEN": {
        "mart_escalations": [escalation(contract_id="K2", status="OPEN")],
    },
    "ESCALATION_PLANS_MOSTLY_IN_TIME": {
        "mart_escalations": [escalation(contract_id="K3", level=2, level_2_on=RISEN)],
    },
    "ESCALATION_EVENTS_OF_AN_OPEN_ONE": {
        EVENTS: [small_governance.escalation("EE2", contract_id="K1", event_on=Q1)],
    },
    "REVIEW_MOSTLY_COMPARED": {
        "mart_weekly_review": [finding("CSI", comparison_value=None)],
    },
    "REVIEW_MEETING_MOSTLY_HELD": {
        "mart_weekly_review": [
            finding("MEETING", "WEEKS_MET", iso_week=52, week_start=date(2020, 12, 21), value=0)
        ],
    },
    "DIALOGUE_MEDIANS_NOT_NEGATIVE": {
        "mart_dialogue_discipline": [dialogue(**OF_D3, median_days_to_done=Decimal(-1))]
    },
    "DIALOGUE_MOSTLY_WEEKLY": {
        "mart_dialogue_discipline": [
            dialogue(dealer_id="D4", weeks_met=1, met_rate=Decimal("0.333333"))
        ]
    },
    "DIALOGUE_SELDOM_OVERDUE": {
        "mart_dialogue_discipline": [
            dialogue(dealer_id="D5", actions_open=11, overdue_oem=6, overdue_partner=5)
        ]
    },
    "MODULES_MOSTLY_WITHIN_SIX_MONTHS": {
        "mart_module_adoption": [
            module(**OF_D3, months_to_live=7, is_within_six_months=False),
        ]
    },
    "MODULE_SUMMARY_SAMPLE_ENOUGH": {
        "mart_module_adoption_summary": [
            summary(
                module_code="M2",
                decided_count=6,
                verdict_count=4,
                within_six_rate=Decimal(1),
            )
        ]
    },
    "REQUIREMENT_PULSE_SAMPLE_ENOUGH": {
        "mart_requirement_pressure": [
            asked(
                brand_code="BETA",
                pulse_answers=9,
                pulse_increased=9,
                pulse_rate=Decimal(1),
                pulse_ci_low=Decimal("0.700855"),
                pulse_ci_high=Decimal(1),
            )
        ]
    },
    "REQUIREMENT_GROWTH_MODERATE": {
        "mart_requirement_pressure": [asked(brand_code="GAMMA", change_24m_rate=Decimal(1))]
    },
}
"""For each warning the rows that join the good ones; `EVENTS` is a feed."""
