"""Rows of the feeds of governance: good ones, and those that break a rule each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

Row = dict[str, Any]


def contract(**change: Any) -> Row:
    return {
        "contract_id": "K1",
        "dealer_id": "D0001",
        "brand_code": "ALPHA",
        "valid_from": date(2024, 1, 1),
        "auto_adopt_standards": True,
        "objection_days": 30,
        "benchmark_quantile": Decimal("0.25"),
        "breach_quarters": 2,
        **change,
    }


def standard(**change: Any) -> Row:
    return {
        "standard_code": "ALP-OTA",
        "version": "1.0",
        "brand_code": "ALPHA",
        "published_on": date(2025, 1, 2),
        "mandatory_from": date(2025, 2, 1),
        **change,
    }


def objection(event_id: str, **change: Any) -> Row:
    return {
        "event_id": event_id,
        "contract_id": "K1",
        "event_type": "OBJECTION",
        "standard_code": "ALP-OTA",
        "version": "1.0",
        "event_on": date(2025, 2, 1),
        **change,
    }


def escalation(event_id: str, **change: Any) -> Row:
    return {
        "event_id": event_id,
        "contract_id": "K1",
        "event_type": "ACKNOWLEDGED",
        "event_on": date(2025, 1, 10),
        **change,
    }


def requirement(**change: Any) -> Row:
    return {
        "requirement_id": "Q1",
        "brand_code": "ALPHA",
        "title": "Signage",
        "category": "FACILITY",
        "effort_days": Decimal("2.50"),
        "cost_eur": Decimal(1000),
        "applies_to": "ALL",
        "valid_from": date(2024, 6, 1),
        **change,
    }


def answer(**change: Any) -> Row:
    return {
        "dealer_id": "D0001",
        "brand_code": "ALPHA",
        "wave_month": date(2025, 2, 1),
        "requirements_increased": True,
        "trust_score": 7,
        **change,
    }


def meeting(**change: Any) -> Row:
    return {
        "meeting_id": "M1",
        "dealer_id": "D0001",
        "brand_code": "ALPHA",
        "held_on": date(2025, 2, 18),
        "participants": 3,
        "topics": "Orders",
        **change,
    }


def action(**change: Any) -> Row:
    return {
        "action_id": "A1",
        "meeting_id": "M1",
        "owner": "PARTNER",
        "raised_on": date(2025, 2, 18),
        "decided_on": date(2025, 2, 19),
        "due_on": date(2025, 3, 10),
        "done_on": date(2025, 2, 25),
        "title": "Answer leads",
        **change,
    }


def module(**change: Any) -> Row:
    return {
        "module_code": "MOD1",
        "brand_code": "ALPHA",
        "module_name": "Agency",
        "available_from": date(2024, 1, 1),
        **change,
    }


def adoption(**change: Any) -> Row:
    return {
        "dealer_id": "D0001",
        "brand_code": "ALPHA",
        "module_code": "MOD1",
        "decided_on": date(2024, 6, 1),
        "live_on": date(2024, 10, 1),
        **change,
    }


GOOD: dict[str, list[Row]] = {
    "oem__contracts": [
        contract(),
        contract(contract_id="K0", valid_from=date(2023, 1, 1), valid_to=date(2023, 12, 31)),
    ],
    "oem__technology_standards": [
        standard(),
        standard(version="2.0", withdrawn_on=date(2025, 1, 2)),
    ],
    "oem__contract_events": [
        objection("CE1"),
        objection("CE2", event_type="OBJECTION_RESOLVED"),
        objection("CE3", event_type="ADOPTION", event_on=date(2025, 1, 2)),
    ],
    "oem__escalation_events": [
        escalation("EE1"),
        escalation("EE2", event_type="CLOSED"),
    ],
    "oem__requirements": [requirement(valid_to=date(2025, 12, 31))],
    "oem__business_modules": [module(), module(module_code="MOD2", module_name="Subscription")],
}
GOOD_OF_DEALERS: dict[str, list[Row]] = {
    "dealer__pulse_surveys": [answer()],
    "dealer__meetings": [meeting()],
    "dealer__actions": [action()],
    "dealer__module_adoptions": [
        adoption(),
        adoption(module_code="MOD2", abandoned_on=date(2024, 10, 1)),
    ],
}

_AHEAD = date(2025, 3, 3)
BAD: dict[str, dict[str, list[Row]]] = {
    "oem__contracts": {
        "CONTRACT_DEALER_KNOWN": [contract(contract_id="X1", dealer_id="D9999")],
        "CONTRACT_BRAND_KNOWN": [contract(contract_id="X2", brand_code="OMEGA")],
        "CONTRACT_VALIDITY_ORDERED": [
            contract(contract_id="X3", valid_from=date(2022, 1, 2), valid_to=date(2022, 1, 1))
        ],
        "CONTRACT_WHILE_DEALER_OPEN": [
            contract(
                contract_id="X4",
                dealer_id="D8",
                valid_from=date(2025, 2, 10),
                valid_to=date(2025, 2, 10),
            )
        ],
        "CONTRACT_ENDS_WITH_DEALER": [contract(contract_id="X5", dealer_id="D8")],
        "CONTRACTS_NOT_OVERLAPPING": [
            contract(contract_id="X6", auto_adopt_standards=False, valid_from=date(2025, 1, 1))
        ],
        "CONTRACTS_COMPLETE": [],  # the other dealers have none
        "CONTRACT_OBJECTION_DAYS_PLAUSIBLE": [
            contract(contract_id="X7", dealer_id="D1", objection_days=6),
            contract(contract_id="X8", dealer_id="D2", objection_days=181),
        ],
        "CONTRACT_QUANTILE_PLAUSIBLE": [
            contract(contract_id="X9", dealer_id="D3", benchmark_quantile=Decimal(0)),
            contract(contract_id="X10", dealer_id="D4", benchmark_quantile=Decimal(1)),
        ],
        "CONTRACT_BREACH_QUARTERS_PLAUSIBLE": [
            contract(contract_id="X11", dealer_id="D5", breach_quarters=9)
        ],
        "CONTRACT_DELIVERED_IN_TIME": [],  # a later one
    },
    "oem__technology_standards": {
        "STANDARD_BRAND_KNOWN": [standard(standard_code="OME-OTA", brand_code="OMEGA")],
        "STANDARD_MANDATORY_AFTER_PUBLICATION": [
            standard(version="4.0", mandatory_from=date(2025, 1, 1))
        ],
        "STANDARD_WITHDRAWN_AFTER_PUBLICATION": [
            standard(version="5.0", withdrawn_on=date(2025, 1, 1))
        ],
        "STANDARD_OF_ONE_BRAND": [standard(version="6.0", brand_code="BETA")],
        "STANDARD_VERSIONS_DISTINCT": [standard(version="V1")],
        "STANDARD_DELIVERED_IN_TIME": [],  # a later one
    },
    "oem__contract_events": {
        "CONTRACT_EVENT_CONTRACT_KNOWN": [objection("X1", contract_id="K9")],
        "CONTRACT_EVENT_STANDARD_KNOWN": [
            objection("X2", version="9.9"),
            objection("X3", version="6.0"),  # of another brand than the contract
        ],
        "CONTRACT_EVENT_WHILE_CONTRACT_VALID": [objection("X4", contract_id="K0")],
        "OBJECTION_WITHIN_WINDOW": [
            objection("X5", event_on=date(2025, 2, 2)),
            objection("X6", event_on=date(2025, 1, 1)),
        ],
        "OBJECTION_OF_AUTOMATIC_CONTRACT": [objection("X7", contract_id="X6")],
        "ADOPTION_AFTER_PUBLICATION": [
            objection("X8", event_type="ADOPTION", event_on=date(2025, 1, 1))
        ],
        "OBJECTION_RESOLVED_AFTER_OBJECTION": [
            objection("X9", event_type="OBJECTION_RESOLVED", version="2.0")
        ],
        "CONTRACT_EVENTS_NOT_DOUBLED": [objection("X10")],
        "CONTRACT_EVENT_TIMELY": [],
    },
    "oem__escalation_events": {
        "ESCALATION_EVENT_CONTRACT_KNOWN": [escalation("X1", contract_id="K9")],
        "ESCALATION_EVENT_WHILE_CONTRACT_VALID": [escalation("X2", contract_id="K0")],
        "ESCALATION_EVENTS_NOT_DOUBLED": [escalation("X3")],
        "ESCALATION_CLOSED_AFTER_A_STEP": [
            escalation("X4", contract_id="X6", event_type="CLOSED"),
            escalation("X5", contract_id="X6", event_on=date(2025, 1, 11)),
        ],
        "ESCALATION_EVENT_TIMELY": [],
    },
    "oem__requirements": {
        "REQUIREMENT_BRAND_KNOWN": [requirement(requirement_id="X1", brand_code="OMEGA")],
        "REQUIREMENT_VALIDITY_ORDERED": [
            requirement(requirement_id="X2", title="B", valid_to=date(2024, 5, 31))
        ],
        "REQUIREMENT_PEER_GROUP_KNOWN": [requirement(requirement_id="X3", applies_to="SUBURB")],
        "REQUIREMENT_EFFORT_OR_COST_PRESENT": [
            requirement(requirement_id="X4", title="C", effort_days=None, cost_eur=None)
        ],
        "REQUIREMENT_EFFORT_PLAUSIBLE": [
            requirement(requirement_id="X5", title="D", effort_days=Decimal("220.01"))
        ],
        "REQUIREMENT_COST_PLAUSIBLE": [
            requirement(requirement_id="X6", title="E", cost_eur=Decimal("1000000.01"))
        ],
        "REQUIREMENTS_NOT_DOUBLED": [
            requirement(requirement_id="X7", valid_from=date(2025, 12, 31))
        ],
        "REQUIREMENT_ANNOUNCED_IN_TIME": [],  # a later one
    },
    "oem__business_modules": {
        "MODULE_BRAND_KNOWN": [module(module_code="X1", brand_code="OMEGA")],
        "MODULE_NAME_UNIQUE": [module(module_code="X2", module_name="agency ")],
        "MODULE_TAKEN_UP": [],  # nobody has decided for X2
        "MODULE_ANNOUNCED_IN_TIME": [],  # a later one
    },
    "dealer__pulse_surveys": {
        "PULSE_DEALER_KNOWN": [answer(dealer_id="D9999")],
        "PULSE_WHILE_DEALER_OPEN": [answer(dealer_id="D8", wave_month=date(2025, 3, 1))],
        "PULSE_NOT_AHEAD_OF_DELIVERY": [answer(wave_month=date(2025, 4, 1))],
        "PULSE_TRUST_PRESENT": [answer(wave_month=date(2025, 3, 1), trust_score=None)],
        "PULSE_ANSWERED_BY_HALF": [],  # one of many
        "PULSE_TIMELY": [],
    },
    "dealer__meetings": {
        "MEETING_DEALER_KNOWN": [meeting(meeting_id="X1", dealer_id="D9999")],
        "MEETING_OF_TOP_PARTNER": [meeting(meeting_id="X2", dealer_id="D10")],
        "MEETING_NOT_AHEAD_OF_DELIVERY": [meeting(meeting_id="X3", held_on=_AHEAD)],
        "MEETING_PARTICIPANTS_PLAUSIBLE": [
            meeting(meeting_id="X4", held_on=date(2025, 1, 7), participants=1)
        ],
        "MEETING_HAS_TOPICS": [meeting(meeting_id="X5", held_on=date(2025, 1, 14), topics=" ")],
        "MEETINGS_NOT_DOUBLED": [meeting(meeting_id="X6")],
        "MEETINGS_HELD_IN_MOST_WEEKS": [],  # four of nine
        "MEETING_TIMELY": [],
    },
    "dealer__actions": {
        "ACTION_MEETING_KNOWN": [action(action_id="X1", meeting_id="M9")],
        "ACTION_RAISED_IN_MEETING": [action(action_id="X2", raised_on=date(2025, 2, 17))],
        "ACTION_DECIDED_AFTER_RAISED": [action(action_id="X3", decided_on=date(2025, 2, 17))],
        "ACTION_DUE_AFTER_DECISION": [action(action_id="X4", due_on=date(2025, 2, 18))],
        "ACTION_DONE_AFTER_DECISION": [
            action(action_id="X5", done_on=date(2025, 2, 18)),
            action(action_id="X6", decided_on=None, due_on=None),
        ],
        "ACTION_DECIDED_HAS_DUE_DATE": [action(action_id="X7", due_on=None)],
        "ACTION_NOT_AHEAD_OF_DELIVERY": [action(action_id="X8", done_on=_AHEAD)],
        "ACTIONS_NOT_DOUBLED": [action(action_id="X9")],
        "ACTION_TIMELY": [],
    },
    "dealer__module_adoptions": {
        "MODULE_ADOPTION_DEALER_KNOWN": [adoption(dealer_id="D9999")],
        "MODULE_ADOPTION_MODULE_KNOWN": [adoption(module_code="MOD9")],
        "MODULE_ADOPTION_WHILE_DEALER_OPEN": [
            adoption(dealer_id="D8", decided_on=date(2025, 2, 10), live_on=None)
        ],
        "MODULE_LIVE_AFTER_DECISION": [adoption(dealer_id="D1", live_on=date(2024, 5, 31))],
        "MODULE_LIVE_SINCE_AVAILABLE": [
            adoption(dealer_id="D2", decided_on=date(2023, 1, 1), live_on=date(2023, 12, 31))
        ],
        "MODULE_ABANDONED_AFTER_DECISION": [
            adoption(dealer_id="D3", abandoned_on=date(2024, 9, 30))
        ],
        "MODULE_ADOPTION_NOT_AHEAD_OF_DELIVERY": [adoption(dealer_id="D4", live_on=_AHEAD)],
    },
}
"""For each feed and rule the rows that break it. D8 has closed on 2025-02-09, D10 is no top
partner."""

LATE: dict[str, Row] = {
    "oem__contracts": contract(contract_id="L1", dealer_id="D6", valid_from=date(2025, 5, 31)),
    "oem__technology_standards": standard(version="7.0", published_on=date(2025, 5, 24)),
    "oem__contract_events": objection("L1"),
    "oem__escalation_events": escalation("L1"),
    "oem__requirements": requirement(requirement_id="L1", title="F", valid_from=date(2025, 5, 31)),
    "oem__business_modules": module(
        module_code="L1", module_name="Late", available_from=date(2025, 5, 31)
    ),
    "dealer__pulse_surveys": answer(dealer_id="D1"),
    "dealer__meetings": meeting(meeting_id="L1", dealer_id="D1"),
    "dealer__actions": action(action_id="L1", title="Late"),
}
"""What comes late with a file of 2025-06-01."""
