"""Rows of the feeds of capability: good ones, and those that break a rule each."""

from __future__ import annotations

from datetime import date
from typing import Any

Row = dict[str, Any]
DIMENSIONS = ("COMPLETENESS", "VALIDITY", "UNIQUENESS", "TIMELINESS", "CONSISTENCY")


def course(course_code: str = "C-VALIDITY", **change: Any) -> Row:
    return {
        "course_code": course_code,
        "course_name": f"Course {course_code}",
        "topic": "DATA_QUALITY",
        "validity_months": 24,
        "quality_dimension": "VALIDITY",
        **change,
    }


def training(event_id: str, **change: Any) -> Row:
    return {
        "event_id": event_id,
        "person_id": "P1",
        "dealer_id": "D0001",
        "course_code": "C-VALIDITY",
        "completed_on": date(2025, 2, 10),
        "passed": True,
        **change,
    }


def person(person_id: str = "P1", **change: Any) -> Row:
    return {
        "person_id": person_id,
        "dealer_id": "D0001",
        "brand_code": "ALPHA",
        "role": "SALES_CONSULTANT",
        "employed_from": date(2020, 1, 1),
        **change,
    }


def criterion(criterion_code: str = "IT1", **change: Any) -> Row:
    return {
        "criterion_code": criterion_code,
        "name": f"Criterion {criterion_code}",
        "is_mandatory": True,
        "valid_from": date(2024, 1, 1),
        **change,
    }


def assessment(**change: Any) -> Row:
    return {
        "dealer_id": "D0001",
        "criterion_code": "IT1",
        "assessed_on": date(2025, 2, 10),
        "is_met": True,
        **change,
    }


def rollout(rollout_id: str = "R1", **change: Any) -> Row:
    return {
        "rollout_id": rollout_id,
        "dealer_id": "D0001",
        "brand_code": "ALPHA",
        "system_code": "CRM",
        "started_on": date(2024, 6, 1),
        "live_on": date(2024, 10, 1),
        **change,
    }


GOOD: dict[str, list[Row]] = {
    "oem__courses": [course(f"C-{d}", quality_dimension=d) for d in DIMENSIONS],
    "oem__training_events": [training(f"T-{d}", course_code=f"C-{d}") for d in DIMENSIONS],
    "oem__it_criteria": [criterion(), criterion("IT2", is_mandatory=False)],
    "oem__system_rollouts": [
        rollout(),
        rollout("R2", system_code="DMS", live_on=None, abandoned_on=date(2024, 7, 1)),
        rollout("R3", system_code="DMS", live_on=None, started_on=date(2024, 7, 2)),
    ],
}
GOOD_OF_DEALERS: dict[str, list[Row]] = {
    "dealer__staff": [person(), person("P2", employed_to=date(2024, 12, 31))],
    "dealer__it_assessments": [assessment()],
}

_AHEAD = date(2025, 3, 3)
BAD: dict[str, dict[str, list[Row]]] = {
    "oem__courses": {
        "COURSE_VALIDITY_PLAUSIBLE": [
            course("X1", validity_months=2),
            course("X2", validity_months=121),
        ],
        "COURSE_NAME_UNIQUE": [course("X3", course_name=" course c-validity")],
        "COURSES_TEACH_EVERY_DIMENSION": [{"course_code": "C-UNIQUENESS", "is_deleted": True}],
        "COURSE_TAKEN_UP": [],  # nobody has taken X1
    },
    "oem__training_events": {
        "TRAINING_COURSE_KNOWN": [training("X1", course_code="C9")],
        "TRAINING_DEALER_KNOWN": [training("X2", dealer_id="D9999")],
        "TRAINING_PERSON_LISTED": [training("X3", person_id="P9")],
        "TRAINING_WHILE_EMPLOYED": [training("X4", person_id="P2")],
        "TRAINING_NOT_AHEAD_OF_DELIVERY": [training("X5", completed_on=_AHEAD)],
        "TRAINING_EVENTS_NOT_DOUBLED": [training("X6")],
        "TRAINING_TIMELY": [],
    },
    "dealer__staff": {
        "STAFF_DEALER_KNOWN": [person("X1", dealer_id="D9999")],
        "STAFF_EMPLOYMENT_ORDERED": [person("X2", employed_to=date(2019, 12, 31))],
        "STAFF_FROM_PLAUSIBLE": [
            person("X3", employed_from=date(1949, 12, 31)),
            person("X4", employed_from=date(2026, 3, 3)),
        ],
        "STAFF_ENDS_WITH_DEALER": [person("X5", dealer_id="D8")],
        "STAFF_AT_ONE_DEALER": [person(dealer_id="D1")],
        "STAFF_LISTED_BY_ALL": [],  # others list nobody
        "STAFF_LEAVERS_KEPT": [],  # LISTED_ONCE
    },
    "oem__it_criteria": {
        "IT_CRITERION_NAME_UNIQUE": [criterion("X1", name="criterion it1 ", is_mandatory=False)],
        "IT_CRITERION_ANNOUNCED_IN_TIME": [],  # a later one
    },
    "dealer__it_assessments": {
        "IT_ASSESSMENT_DEALER_KNOWN": [assessment(dealer_id="D9999")],
        "IT_ASSESSMENT_CRITERION_KNOWN": [assessment(criterion_code="IT9")],
        "IT_ASSESSMENT_WHILE_DEALER_OPEN": [assessment(dealer_id="D8")],
        "IT_ASSESSMENT_SINCE_CRITERION": [assessment(assessed_on=date(2022, 12, 30))],
        "IT_ASSESSMENT_NOT_AHEAD_OF_DELIVERY": [assessment(assessed_on=_AHEAD)],
        "IT_ASSESSMENTS_COMPLETE": [assessment(dealer_id="D1", criterion_code="IT2")],
        "IT_ASSESSMENTS_RENEWED": [assessment(dealer_id="D2", assessed_on=date(2023, 3, 2))],
    },
    "oem__system_rollouts": {
        "ROLLOUT_DEALER_KNOWN": [rollout("X1", dealer_id="D9999")],
        "ROLLOUT_LIVE_AFTER_START": [rollout("X2", system_code="S2", live_on=date(2024, 5, 31))],
        "ROLLOUT_ABANDONED_AFTER_START": [
            rollout("X3", system_code="S3", live_on=None, abandoned_on=date(2024, 5, 31))
        ],
        "ROLLOUT_NOT_LIVE_AND_ABANDONED": [
            rollout("X4", system_code="S4", abandoned_on=date(2024, 10, 2))
        ],
        "ROLLOUT_WHILE_DEALER_OPEN": [
            rollout("X5", dealer_id="D8", started_on=date(2025, 2, 10), live_on=None)
        ],
        "ROLLOUT_NOT_AHEAD_OF_DELIVERY": [rollout("X6", system_code="S6", live_on=_AHEAD)],
        "ROLLOUTS_NOT_OVERLAPPING": [rollout("X7", started_on=date(2024, 10, 1))],
        "ROLLOUTS_NOT_FORGOTTEN": [
            rollout("X8", system_code="S8", started_on=date(2022, 2, 28), live_on=None)
        ],
    },
}
"""For each feed and rule the rows that break it. D8 has closed on 2025-02-09."""

LATE: dict[str, Row] = {
    "oem__training_events": training("L1", person_id="P3"),
    "oem__it_criteria": criterion("L1", valid_from=date(2025, 5, 31), is_mandatory=False),
}
"""What comes late with a file of 2025-06-01."""

LISTED_ONCE = [person("P8"), person("P7")]
"""Who stands in a list of his own, the second in the one that replaces the first."""
