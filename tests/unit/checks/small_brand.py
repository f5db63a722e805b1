"""Rows of the feeds of campaigns and pilots: good ones, and those that break a rule each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

Row = dict[str, Any]


def campaign(**change: Any) -> Row:
    return {
        "campaign_id": "C1",
        "brand_code": "ALPHA",
        "starts_on": date(2025, 3, 15),
        "ends_on": date(2026, 3, 14),
        "budget_eur": Decimal(1_000_000_000),
        "is_premium": True,
        **change,
    }


def element(code: str, weight: int, **change: Any) -> Row:
    return {
        "campaign_id": "C1",
        "element_code": code,
        "weight": weight,
        "is_locked": False,
        **change,
    }


def local_campaign(**change: Any) -> Row:
    return {
        "local_campaign_id": "LC1",
        "dealer_id": "D0001",
        "brand_code": "ALPHA",
        "campaign_id": "C1",
        "submitted_on": date(2025, 3, 2),
        "approved_on": date(2025, 3, 2),
        "starts_on": date(2025, 3, 15),
        "ends_on": date(2026, 3, 14),
        "cost_eur": Decimal(1_000_000),
        "impressions": 100,
        "clicks": 100,
        **change,
    }


def change(code: str, is_changed: bool, **other: Any) -> Row:
    return {
        "local_campaign_id": "LC1",
        "element_code": code,
        "is_changed": is_changed,
        **other,
    }


def pilot(**change: Any) -> Row:
    return {
        "pilot_id": "P1",
        "pilot_name": "Virtual showroom",
        "brand_code": "ALPHA",
        "kpi_code": "CSI",
        "starts_on": date(2025, 3, 2),
        "ends_on": date(2025, 4, 30),
        "success_uplift_rate": Decimal("0.000001"),
        "min_dealers": 2,
        **change,
    }


def member(**change: Any) -> Row:
    return {
        "pilot_id": "P1",
        "dealer_id": "D0001",
        "arm": "PILOT",
        "joined_on": date(2025, 3, 2),
        **change,
    }


def rollout(**change: Any) -> Row:
    return {
        "pilot_id": "P1",
        "dealer_id": "D0001",
        "planned_on": date(2025, 2, 2),
        "live_on": date(2025, 3, 2),
        **change,
    }


GOOD: dict[str, list[Row]] = {
    "oem__brand_campaigns": [campaign()],
    "oem__campaign_elements": [element("KEY_VISUAL", 99, is_locked=True), element("TEXT", 1)],
    "oem__pilots": [
        pilot(),
        pilot(
            pilot_id="P2",
            kpi_code="CLOSING_RATE",
            starts_on=date(2025, 5, 1),
            ends_on=None,
            success_uplift_rate=Decimal("0.999999"),
        ),
    ],
    "oem__pilot_members": [
        member(),
        member(pilot_id="P2", arm="CONTROL", joined_on=date(2025, 5, 1)),
    ],
    "oem__pilot_rollouts": [rollout(), rollout(pilot_id="P2", live_on=None)],
}
GOOD_OF_DEALERS: dict[str, list[Row]] = {
    "dealer__local_campaigns": [local_campaign()],
    "dealer__campaign_changes": [change("KEY_VISUAL", False), change("TEXT", True)],
}


def other(number: int, **change: Any) -> Row:
    """A local campaign that begins on another day than all others."""
    day = date(2025, 3, 15 + number)
    return local_campaign(local_campaign_id=f"X{number}", starts_on=day, ends_on=day) | change


BAD: dict[str, dict[str, list[Row]]] = {
    "oem__brand_campaigns": {
        "BRAND_CAMPAIGN_ID_NOT_RESERVED": [campaign(campaign_id="BRAND_POSITIONING_COST")],
        "BRAND_CAMPAIGN_BRAND_KNOWN": [campaign(campaign_id="X1", brand_code="OMEGA")],
        "BRAND_CAMPAIGN_ENDS_AFTER_START": [campaign(campaign_id="X2", ends_on=date(2025, 3, 14))],
        "BRAND_CAMPAIGN_LENGTH_PLAUSIBLE": [campaign(campaign_id="X3", ends_on=date(2026, 3, 15))],
        "BRAND_CAMPAIGN_BUDGET_PLAUSIBLE": [
            campaign(campaign_id="X4", budget_eur=Decimal(0)),
            campaign(campaign_id="X5", budget_eur=Decimal("1000000000.01")),
        ],
        "BRAND_CAMPAIGN_HAS_ELEMENTS": [],  # the other ones have none
        "BRAND_CAMPAIGN_DELIVERED_IN_TIME": [
            campaign(campaign_id="X6", starts_on=date(2025, 3, 14))
        ],
    },
    "oem__campaign_elements": {
        "CAMPAIGN_ELEMENTS_SUM_TO_100": [
            element("KEY_VISUAL", 99, campaign_id="X1", is_locked=True)
        ],
        "CAMPAIGN_ELEMENT_CAMPAIGN_KNOWN": [element("TEXT", 1, campaign_id="C9")],
        "CAMPAIGN_ELEMENT_HAS_WEIGHT": [element("PRICE", 0, campaign_id="X1")],
        "CAMPAIGN_ELEMENTS_PARTLY_LOCKED": [
            element("TEXT", 100, campaign_id="X2"),
            element("TEXT", 100, campaign_id="X3", is_locked=True),
        ],
        "CAMPAIGN_ELEMENTS_KEPT_ONCE_STARTED": [],  # a later one
    },
    "dealer__local_campaigns": {
        "LOCAL_CAMPAIGN_DEALER_KNOWN": [other(1, dealer_id="D9999")],
        "LOCAL_CAMPAIGN_CAMPAIGN_KNOWN": [other(2, campaign_id="C9")],
        "LOCAL_CAMPAIGN_OF_ITS_BRAND": [other(3, campaign_id="X1")],
        "LOCAL_CAMPAIGN_ENDS_AFTER_START": [other(4, ends_on=date(2025, 3, 18))],
        "LOCAL_CAMPAIGN_WITHIN_CAMPAIGN": [
            other(5, starts_on=date(2025, 3, 14)),
            other(6, ends_on=date(2026, 3, 15)),
        ],
        "LOCAL_CAMPAIGN_SUBMITTED_BEFORE_START": [
            other(7, starts_on=date(2025, 3, 2), ends_on=date(2025, 3, 3))
        ],
        "LOCAL_CAMPAIGN_APPROVED_AFTER_SUBMISSION": [other(8, approved_on=date(2025, 3, 1))],
        "LOCAL_CAMPAIGN_APPROVED_BEFORE_START": [other(9, approved_on=date(2025, 3, 25))],
        "LOCAL_CAMPAIGN_NOT_AHEAD_OF_DELIVERY": [
            other(10, submitted_on=date(2025, 3, 3), approved_on=None)
        ],
        "LOCAL_CAMPAIGN_WHILE_DEALER_OPEN": [other(11, dealer_id="D8")],
        "LOCAL_CAMPAIGN_COST_PLAUSIBLE": [
            other(12, cost_eur=Decimal(0)),
            other(13, cost_eur=Decimal("1000000.01")),
        ],
        "LOCAL_CAMPAIGN_CLICKS_WITHIN_IMPRESSIONS": [other(14, clicks=101)],
        "LOCAL_CAMPAIGN_RESULTS_PRESENT": [
            other(15, starts_on=date(2025, 2, 28), ends_on=date(2025, 2, 28), clicks=None)
        ],
        "LOCAL_CAMPAIGN_HAS_CHANGES": [],  # the other ones have none
        "LOCAL_CAMPAIGN_ID_OF_ONE_DEALER": [],  # a later one
        "LOCAL_CAMPAIGNS_NOT_DOUBLED": [
            local_campaign(local_campaign_id="X16", starts_on=date(2026, 3, 14))
        ],
    },
    "dealer__campaign_changes": {
        "CAMPAIGN_CHANGE_LOCAL_CAMPAIGN_KNOWN": [change("TEXT", True, local_campaign_id="LC9")],
        "CAMPAIGN_CHANGE_ELEMENT_KNOWN": [change("FLYER", False)],
        "CAMPAIGN_CHANGE_NOT_OF_LOCKED_ELEMENT": [change("KEY_VISUAL", True)],
    },
    "oem__pilots": {
        "PILOT_BRAND_KNOWN": [pilot(pilot_id="X1", brand_code="OMEGA")],
        "PILOT_KPI_KNOWN": [pilot(pilot_id="X2", kpi_code="SMILES")],
        "PILOT_ENDS_AFTER_START": [pilot(pilot_id="X3", ends_on=date(2025, 3, 1))],
        "PILOT_LASTS_A_WHOLE_MONTH": [pilot(pilot_id="X4", ends_on=date(2025, 4, 29))],
        "PILOT_MIN_DEALERS_ENOUGH": [pilot(pilot_id="X5", min_dealers=1)],
        "PILOT_SUCCESS_POSITIVE": [pilot(pilot_id="X6", success_uplift_rate=Decimal(0))],
        "PILOT_SUCCESS_IN_UNIT_OF_KPI": [
            pilot(pilot_id="X7", kpi_code="CLOSING_RATE", success_uplift_rate=Decimal(1))
        ],
        "PILOT_HAS_BOTH_ARMS": [],  # none of them has
        "PILOT_TERMS_KEPT_ONCE_STARTED": [],  # a later one
    },
    "oem__pilot_members": {
        "PILOT_MEMBER_PILOT_KNOWN": [member(pilot_id="P9")],
        "PILOT_MEMBER_DEALER_KNOWN": [member(dealer_id="D9999")],
        "PILOT_MEMBER_IN_ONE_ARM": [],  # a later one
        "PILOT_MEMBER_JOINED_BY_START": [member(dealer_id="D1", joined_on=date(2025, 3, 3))],
        "PILOT_MEMBER_OPEN_THROUGHOUT": [member(dealer_id="D8")],
        "PILOT_CONTROL_NOT_LIVE": [member(dealer_id="D2", arm="CONTROL")],
        "PILOT_MEMBER_OF_ONE_PILOT_OF_A_KPI": [member(pilot_id="X6")],
    },
    "oem__pilot_rollouts": {
        "PILOT_ROLLOUT_PILOT_KNOWN": [rollout(pilot_id="P9")],
        "PILOT_ROLLOUT_DEALER_KNOWN": [rollout(dealer_id="D9999")],
        "PILOT_ROLLOUT_PLANNED_WHILE_DEALER_OPEN": [
            rollout(dealer_id="D8", planned_on=date(2025, 2, 10))
        ],
        "PILOT_ROLLOUT_LIVE_SINCE_PILOT": [rollout(dealer_id="D1", live_on=date(2025, 3, 1))],
        "PILOT_ROLLOUT_LIVE_NOT_AHEAD_OF_DELIVERY": [
            rollout(dealer_id="D2", live_on=date(2025, 3, 3))
        ],
        "PILOT_ROLLOUT_LIVE_ON_PLAN": [rollout(dealer_id="D3", planned_on=date(2025, 2, 1))],
    },
}
"""For each feed and rule the rows that break it. D8 has closed on 2025-02-09."""

LATE: dict[str, Row] = {
    "oem__campaign_elements": element("TEXT", 2),
    "dealer__local_campaigns": other(14, dealer_id="D1"),
    "oem__pilots": pilot(success_uplift_rate=Decimal("0.5")),
    "oem__pilot_members": member(arm="CONTROL"),
}
"""What changes with a file of 2025-06-01."""
