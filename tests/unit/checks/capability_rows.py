"""Rows of the marts of capability: good ones, and those that break a rule each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.unit.checks.small_warehouse import Row

DEC, JAN, FEB, APR = date(2024, 12, 1), date(2025, 1, 1), date(2025, 2, 1), date(2025, 4, 1)
LEADS = "dealer__leads"
UNIQUE, REACHABLE = "LEAD_ROWS_UNIQUE", "LEAD_REACHABLE"


def rule(rule_code: str = UNIQUE, **change: object) -> Row:
    texts = ("description", "reason", "remedy", "description_de", "reason_de", "remedy_de")
    return {
        "rule_code": rule_code,
        "feed": LEADS,
        "dimension": "UNIQUENESS",
        "severity": "WARNING",
        "kind": "quarantine",
        "target_rate": Decimal("0.99"),
        "is_measured_per_dealer": True,
        **dict.fromkeys(texts, "Text."),
        **change,
    }


def delivered(sender: str, month: date, rows: int) -> Row:
    return {"feed": LEADS, "sender": sender, "delivery_month": month, "delivered_rows": rows}


def rate(month: date = JAN, passed: int = 99, **change: object) -> Row:
    return {
        "dealer_id": "D1",
        "feed": LEADS,
        "rule_code": UNIQUE,
        "month": month,
        "dimension": "UNIQUENESS",
        "checked_rows": 100,
        "passed_rows": passed,
        "pass_rate": Decimal(passed) / 100,
        "target_rate": Decimal("0.99"),
        "is_below_target": passed < 99,
        **change,
    }


def since(**change: object) -> Row:
    """A pass rate after a course."""
    course = {
        "last_course_code": "C1",
        "last_course_on": date(2025, 2, 28),
        "baseline_rate": Decimal("0.99"),
        "change_since_course": Decimal("-0.19"),
    }
    return rate(FEB, 80, **course) | change


def need(**change: object) -> Row:
    return {
        "dealer_id": "D1",
        "course_code": "C1",
        "quality_dimension": "UNIQUENESS",
        "first_month": DEC,
        "last_month": FEB,
        "rules_below_target": 1,
        "affected_rows": 21,
        "active_staff": 3,
        "untrained_staff": 2,
        "priority": 1,
        **change,
    }


def lacking(**change: object) -> Row:
    """A course that is needed for people only."""
    people = need(
        course_code="C2", quality_dimension="VALIDITY", rules_below_target=0, affected_rows=0
    )
    return people | {"untrained_staff": 1, "priority": 2} | change


def progress(month: date, persons: int, seats: int, passed: int, **change: object) -> Row:
    return {
        "brand_code": "ALPHA",
        "month": month,
        "persons_trained_ytd": persons,
        "seats_ytd": seats,
        "plan_ytd": 200 * month.month,
        "active_staff": 4,
        "certified_staff": 3,
        "certificate_coverage": Decimal("0.75"),
        "training_events": passed,
        "passed_events": passed,
        "pass_rate": Decimal(1) if passed else None,
        "pass_rate_ytd": Decimal(1),
        **change,
    }


def effect(course_code: str = "C1", **change: object) -> Row:
    return {
        "course_code": course_code,
        "quality_dimension": "UNIQUENESS",
        "trained_dealers": 5,
        "untrained_dealers": 3,
        "before_rate": Decimal("0.9"),
        "after_rate": Decimal("0.95"),
        "untrained_before_rate": Decimal("0.9"),
        "untrained_after_rate": Decimal("0.91"),
        "effect": Decimal("0.040001"),
        "ci_low": Decimal("0.01"),
        "ci_high": Decimal("0.07"),
        **change,
    }


def readiness(dealer_id: str = "D1", **change: object) -> Row:
    return {
        "dealer_id": dealer_id,
        "month": JAN,
        "mandatory_criteria": 4,
        "met_criteria": 2,
        "readiness_rate": Decimal("0.5"),
        "is_ready": False,
        "missing_criteria": "A B",
        **change,
    }


def ready(dealer_id: str = "D2", **change: object) -> Row:
    met = {"met_criteria": 4, "readiness_rate": Decimal(1), "is_ready": True}
    return readiness(dealer_id, missing_criteria="", **met) | change


def summary(month: date = JAN, **change: object) -> Row:
    return {
        "month": month,
        "dealers": 2,
        "ready_dealers": 1,
        "not_ready_rate": Decimal("0.5"),
        "claimed_rate": Decimal("0.73"),
        **change,
    }


def untrained(system_code: str = "CRM", **change: object) -> Row:
    return {
        "system_code": system_code,
        "is_trained": False,
        "rollouts": 4,
        "completed": 3,
        "median_days": 100,
        **change,
    }


def trained(system_code: str = "CRM", **change: object) -> Row:
    shorter = {
        "is_trained": True,
        "median_days": 55,
        "reduction_rate": Decimal("0.45"),
        "ci_low": Decimal("0.1"),
        "ci_high": Decimal("0.6"),
    }
    return untrained(system_code) | shorter | change


NOTHING = (
    "before_rate",
    "after_rate",
    "untrained_before_rate",
    "untrained_after_rate",
    "effect",
    "ci_low",
    "ci_high",
)
GOOD: dict[str, list[Row]] = {
    "dim_quality_rule": [
        rule(),
        rule(REACHABLE, kind="rows", dimension="COMPLETENESS"),
        rule("KPI_TARGET_POSITIVE", is_measured_per_dealer=False, description_de=None),
    ],
    "mart_feed_quality": [
        delivered("D1", JAN, 100),
        delivered("d1", FEB, 60),
        delivered("D1", FEB, 40),
    ],
    "mart_data_quality": [
        rate(),
        since(),
        rate(rule_code=REACHABLE, dimension="COMPLETENESS", checked_rows=50, passed_rows=50)
        | {"pass_rate": Decimal(1)},
    ],
    "mart_academy_needs": [need(), lacking()],
    "mart_academy_progress": [
        progress(DEC, 3, 4, 4),
        progress(JAN, 1, 1, 1),
        progress(FEB, 1, 2, 1, certified_staff=0, active_staff=0, certificate_coverage=None),
    ],
    "mart_academy_effect": [
        effect(),
        effect("C2", trained_dealers=5, ci_low=None, ci_high=None),
        effect("C3", trained_dealers=0, untrained_dealers=0, **dict.fromkeys(NOTHING)),
    ],
    "mart_it_readiness": [
        readiness(),
        ready(),
        # codes are free: some have blanks in them
        readiness(month=FEB, met_criteria=3, readiness_rate=Decimal("0.75"))
        | {"missing_criteria": "DMS API V2"},
    ],
    "mart_it_readiness_summary": [
        summary(),
        summary(FEB, dealers=1, ready_dealers=0, not_ready_rate=Decimal(1)),
    ],
    "mart_rollout_duration": [
        untrained(),
        trained(),
        untrained("DMS", completed=0, median_days=None),
        trained("DMS", **dict.fromkeys(("reduction_rate", "ci_low", "ci_high"))),
    ],
}


def of(dealer_id: str, row: Row) -> Row:
    return row | {"dealer_id": dealer_id}


BROKEN: dict[str, tuple[dict[str, list[Row]], list[Row]]] = {
    "DATA_QUALITY_IS_SHARE": (
        {
            "mart_data_quality": [
                of("X1", rate(passed=101)),
                of("X2", rate(pass_rate=Decimal("0.98"))),
                of("X3", rate(is_below_target=True)),
                of("X4", rate(checked_rows=0, passed_rows=0, pass_rate=None)),
            ]
        },
        [{"dealer_id": f"X{n}"} for n in range(1, 5)],
    ),
    "DATA_QUALITY_OF_KNOWN_RULE": (
        {
            "mart_data_quality": [
                of("Y1", rate(rule_code="KPI_TARGET_POSITIVE")),
                of("Y2", rate(dimension="VALIDITY")),
                of("Y3", rate(feed="dealer__cases")),
                of("Y4", rate(target_rate=Decimal("0.9"))),
                of("Y5", rate(rule_code="UNHEARD_OF")),
            ]
        },
        [{"dealer_id": f"Y{n}"} for n in range(1, 6)],
    ),
    "DATA_QUALITY_CHANGE_IS_DIFFERENCE": (
        {
            "mart_data_quality": [
                of("Z1", since(change_since_course=Decimal("-0.2"))),
                of("Z2", since(last_course_on=date(2025, 3, 1))),
                of("Z3", since(last_course_code=None, last_course_on=None)),
                of("Z4", since(baseline_rate=None)),
                of("Z5", since(last_course_on=None)),
            ]
        },
        [{"dealer_id": f"Z{n}"} for n in range(1, 6)],
    ),
    "DATA_QUALITY_COUNTS_DELIVERED_ROWS": (
        {
            "mart_data_quality": [of("W1", rate()), of("W2", rate())],
            "mart_feed_quality": [delivered("W1", JAN, 101)],
        },
        [{"dealer_id": "W1"}, {"dealer_id": "W2"}],
    ),
    "DATA_QUALITY_MOSTLY_ON_TARGET": (
        {
            "mart_data_quality": [
                of("V1", rate(passed=0)) | {"rule_code": f"V{n}"} for n in range(9)
            ]
        },
        [{"dealer_id": "V1"}],
    ),
    "ACADEMY_NEED_HAS_A_REASON": (
        {
            "mart_academy_needs": [
                of("X1", lacking(untrained_staff=0, priority=1)),
                of("X2", lacking(affected_rows=1, priority=1)),
                of("X3", lacking(untrained_staff=4, priority=1)),
                of("X4", lacking(first_month=JAN, priority=1)),
                of("X5", need(affected_rows=0)),
            ]
        },
        [{"dealer_id": f"X{n}"} for n in range(1, 6)],
    ),
    "ACADEMY_NEEDS_RANKED": (
        {
            "mart_academy_needs": [
                of("Y1", need(priority=2)),
                of("Y1", lacking(priority=1)),
                of("Y2", lacking()),
            ]
        },
        [{"dealer_id": "Y1", "priority": 2, "expected": 1}, {"dealer_id": "Y2"}],
    ),
    "ACADEMY_NEEDS_OF_PASS_RATES": (
        {"mart_academy_needs": [of("A1", need())]},
        [{"dealer_id": "A1", "rules_below_target": 1, "rules": None}],
    ),
    "ACADEMY_PROGRESS_IS_OF_PEOPLE": (
        {
            "mart_academy_progress": [
                progress(JAN, 2, 1, 1, brand_code="X1"),
                progress(JAN, 1, 1, 1, brand_code="X2", certified_staff=5),
                progress(JAN, 1, 1, 1, brand_code="X3", certificate_coverage=Decimal("0.7")),
                progress(JAN, 1, 1, 1, brand_code="X4", training_events=0),
                progress(JAN, 1, 1, 1, brand_code="X5", pass_rate=None),
            ]
        },
        [{"brand_code": f"X{n}"} for n in range(1, 6)],
    ),
    "ACADEMY_PROGRESS_GROWS_IN_A_YEAR": (
        {
            "mart_academy_progress": [
                *(progress(JAN, 2, 2, 2, brand_code=f"Y{n}") for n in range(1, 4)),
                progress(FEB, 1, 3, 1, brand_code="Y1"),
                progress(FEB, 2, 4, 1, brand_code="Y2"),
                progress(FEB, 2, 3, 1, brand_code="Y3", plan_ytd=199),
                progress(DEC, 2, 2, 2, brand_code="Y4"),
                progress(JAN, 2, 3, 1, brand_code="Y4"),
            ]
        },
        [{"brand_code": f"Y{n}"} for n in range(1, 5)],
    ),
    "ACADEMY_PROGRESS_WITHOUT_GAPS": (
        {
            "mart_academy_progress": [
                progress(DEC, 1, 1, 1, brand_code="Z"),
                progress(FEB, 1, 1, 0, brand_code="Z"),
            ]
        },
        [{"brand_code": "Z"}],
    ),
    "ACADEMY_MOSTLY_PASSED": (
        {
            "mart_academy_progress": [
                progress(JAN, 1, 1, 1, brand_code=f"W{n}", pass_rate_ytd=Decimal("0.66"))
                for n in range(5)
            ]
        },
        [{"brand_code": "W0"}],
    ),
    "ACADEMY_EFFECT_IS_DIFFERENCE": (
        {
            "mart_academy_effect": [
                effect("X1", effect=Decimal("0.05")),
                effect("X2", ci_low=Decimal("0.05")),
                effect("X3", untrained_dealers=0),
                effect("X4", trained_dealers=0),
                effect("X5", ci_high=None),
            ]
        },
        [{"course_code": f"X{n}"} for n in range(1, 6)],
    ),
    "ACADEMY_EFFECT_OF_SEVERAL": (
        {"mart_academy_effect": [effect(f"Y{n}", trained_dealers=4) for n in range(5)]},
        [{"course_code": "Y0"}],
    ),
    "IT_READINESS_ADDS_UP": (
        {
            "mart_it_readiness": [
                readiness("X1", missing_criteria="A"),
                readiness("X2", missing_criteria=""),
                readiness("X3", is_ready=True),
                ready("X4", missing_criteria="A"),
                ready("X5", missing_criteria=None),
            ]
        },
        [{"dealer_id": f"X{n}"} for n in range(1, 6)],
    ),
    "IT_READINESS_SUMMED": (
        {
            "mart_it_readiness": [ready("S1", month=APR), readiness("S2", month=APR)],
            "mart_it_readiness_summary": [
                summary(APR, not_ready_rate=Decimal("0.4")),
                summary(date(2025, 3, 1)),
            ],
        },
        [
            {"month": "2025-01-01"},  # more dealers than it knows
            {"month": "2025-04-01", "all_ready_dealers": 1},
            {"month": "2025-03-01", "all_dealers": None},
        ],
    ),
    "IT_MOSTLY_NEARLY_READY": (
        {
            "mart_it_readiness": [
                readiness(f"Y{n}", month=DEC, met_criteria=1, missing_criteria="A B C")
                for n in range(9)
            ]
        },
        [{"dealer_id": "Y0"}],
    ),
    "ROLLOUT_DURATION_OF_SOME": (
        {
            "mart_rollout_duration": [
                untrained("X1", completed=5),
                untrained("X2", completed=0),
                untrained("X3", reduction_rate=Decimal("0.1")),
                trained("X4", ci_low=Decimal("0.7")),
                trained("X5", reduction_rate=None),
            ]
        },
        [{"system_code": f"X{n}"} for n in range(1, 6)],
    ),
    "ROLLOUT_REDUCTION_IS_OF_MEDIANS": (
        {
            "mart_rollout_duration": [
                untrained("Y1"),
                trained("Y1", reduction_rate=Decimal("0.4")),
                trained("Y2"),
                untrained("Y3"),
                trained("Y3", **dict.fromkeys(("reduction_rate", "ci_low", "ci_high"))),
            ]
        },
        [{"system_code": f"Y{n}"} for n in range(1, 4)],
    ),
    "ROLLOUTS_MOSTLY_COMPLETED": (
        {"mart_rollout_duration": [untrained(f"Z{n}", completed=1) for n in range(9)]},
        [{"system_code": "Z0"}],
    ),
    "QUALITY_RULE_EXPLAINED": (
        {
            "dim_quality_rule": [
                rule("X1", reason=""),
                rule("X2", remedy_de=None),
            ]
        },
        [{"rule_code": "X1"}, {"rule_code": "X2"}],
    ),
}
"""Code of the rule -> rows by mart that break it, and what its examples show."""
