"""Rows of the marts of brands and pilots: good ones, and those that break a rule each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tests.unit.checks.small_warehouse import Row

JAN, FEB, MAR = date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1)
ALPHA_OF_D1: Row = {"dealer_id": "D1", "brand_code": "ALPHA"}
CLAIM = "BRAND_POSITIONING_COST"
_LAST = Decimal("0.000001")


def week(**change: Any) -> Row:
    return ALPHA_OF_D1 | {
        "model_code": "A1",
        "iso_year": 2025,
        "iso_week": 13,
        "invoices": 60,
        "mean_discount_rate": Decimal("0.1"),
        "over_limit_rate": Decimal("0.05"),
        "is_premium_window": True,
        "is_conflict": True,
        "conflict_invoices": 3,
        "discount_eur": Decimal(900),
        "units_to_next_tier": 1,
        **change,
    }


def calm_week(**change: Any) -> Row:
    nothing = {"is_premium_window": False, "is_conflict": False, "conflict_invoices": 0}
    return (
        week(iso_week=1, over_limit_rate=Decimal(0), discount_eur=Decimal(-10), **nothing)
        | {"units_to_next_tier": None}
        | change
    )


def month(**change: Any) -> Row:
    return ALPHA_OF_D1 | {
        "month": MAR,
        "invoices": 60,
        "conflict_invoices": 3,
        "conflict_share": Decimal("0.05"),
        "over_limit_rate": Decimal("0.05"),
        "discount_eur": Decimal(900),
        "discount_near_tier_eur": Decimal(300),
        "near_tier_share": Decimal("0.333333"),
        **change,
    }


def calm_month(**change: Any) -> Row:
    return (
        month(
            month=JAN,
            conflict_invoices=0,
            conflict_share=Decimal(0),
            over_limit_rate=Decimal(0),
            discount_eur=Decimal(-10),
            discount_near_tier_eur=Decimal(0),
        )
        | {"near_tier_share": None}
        | change
    )


def pressure(**change: Any) -> Row:
    return {
        "brand_code": "ALPHA",
        "distance_band": "1-2",
        "invoices": 60,
        "over_limit_rate": Decimal("0.05"),
        "discount_eur": Decimal(900),
        "mean_discount_eur": Decimal(15),
        **change,
    }


def calm_pressure(**change: Any) -> Row:
    return (
        pressure(
            distance_band="NONE", discount_eur=Decimal(-10), mean_discount_eur=Decimal("-0.17")
        )
        | change
    )


def part(**change: Any) -> Row:
    return {
        "budget_code": CLAIM,
        "district_code": "09162",
        "brand_code": None,
        "market_units": 2,
        "budget_eur": Decimal("533333333.33"),
        **change,
    }


def other_part(**change: Any) -> Row:
    return part(district_code="09161", market_units=1, budget_eur=Decimal("266666666.67")) | change


def local(**change: Any) -> Row:
    return ALPHA_OF_D1 | {
        "local_campaign_id": "LC1",
        "campaign_id": "C1",
        "submitted_on": FEB,
        "approved_on": MAR,
        "starts_on": MAR,
        "ends_on": date(2025, 3, 31),
        "changed_weight": 30,
        "total_weight": 100,
        "individualisation_rate": Decimal("0.3"),
        "has_locked_change": False,
        "is_within_limit": True,
        "status": "APPROVED",
        **change,
    }


TOO_MUCH: Row = {
    "changed_weight": 31,
    "individualisation_rate": Decimal("0.31"),
    "is_within_limit": False,
    "approved_on": None,
    "status": "REFUSED",
}


def performance(**change: Any) -> Row:
    return ALPHA_OF_D1 | {
        "local_campaign_id": "LC1",
        "campaign_id": "C1",
        "leads": 3,
        "sold_leads": 1,
        "cost_eur": Decimal(100),
        "cost_per_lead_eur": Decimal("33.33"),
        "cost_per_sale_eur": Decimal(100),
        "individualisation_band": "21-30",
        **change,
    }


NO_LEADS: Row = {
    "leads": 0,
    "sold_leads": 0,
    "cost_per_lead_eur": None,
    "cost_per_sale_eur": None,
}


def band(**change: Any) -> Row:
    return {
        "brand_code": "ALPHA",
        "individualisation_band": "21-30",
        "campaigns": 1,
        "leads": 3,
        "sold_leads": 1,
        "cost_eur": Decimal(100),
        "cost_per_lead_eur": Decimal("33.33"),
        "cost_per_sale_eur": Decimal(100),
        "click_rate": Decimal("0.01"),
        **change,
    }


def named(number: int, **change: Any) -> Row:
    """A lead that names a campaign."""
    return ALPHA_OF_D1 | {
        "lead_id": f"N{number}",
        "campaign_id": "C1",
        "is_sold": number == 1,
        **change,
    }


def effect(**change: Any) -> Row:
    return {
        "pilot_id": "P1",
        "brand_code": "ALPHA",
        "kpi_code": "CLOSING_RATE",
        "starts_on": JAN,
        "ends_on": None,
        "window_months": 3,
        "pilot_dealers": 2,
        "control_dealers": 3,
        "pilot_before": Decimal("0.2"),
        "pilot_after": Decimal("0.25"),
        "control_before": Decimal("0.2"),
        "control_after": Decimal("0.21"),
        "uplift": Decimal("0.04"),
        "ci_low": _LAST,
        "ci_high": Decimal("0.08"),
        "relative_uplift_rate": Decimal("0.2"),
        "success_uplift_rate": Decimal("0.04"),
        "min_dealers": 2,
        "is_enough_dealers": True,
        "recommendation": "ROLL_OUT",
        **change,
    }


HARM: Row = {
    "pilot_after": Decimal("0.16"),
    "uplift": Decimal("-0.05"),
    "relative_uplift_rate": Decimal("-0.25"),
    "ci_low": Decimal("-0.09"),
    "ci_high": -_LAST,
    "recommendation": "STOP",
}
NOBODY: Row = {
    "window_months": 0,
    "pilot_dealers": 0,
    "control_dealers": 0,
    **dict.fromkeys(("pilot_before", "pilot_after", "control_before", "control_after")),
    **dict.fromkeys(("uplift", "ci_low", "ci_high", "relative_uplift_rate")),
    "is_enough_dealers": False,
    "recommendation": "CONTINUE",
}


def rolled_out(**change: Any) -> Row:
    return {
        "pilot_id": "P1",
        "month": JAN,
        "brand_code": "ALPHA",
        "planned_dealers": 5,
        "live_dealers": 4,
        "late_dealers": 1,
        "network_dealers": 6,
        "live_rate": Decimal("0.666667"),
        **change,
    }


GOOD: dict[str, list[Row]] = {
    "mart_brand_conflict": [week(), calm_week()],
    "mart_brand_conflict_summary": [month(), calm_month()],
    "mart_brand_target_pressure": [pressure(), calm_pressure()],
    "mart_brand_budget_allocation": [part(), other_part()],
    "mart_benchmark_comparison": [{"claim_code": CLAIM, "claimed_value": Decimal(800_000_000)}],
    "mart_campaign_individualisation": [local()],
    "mart_campaign_performance": [performance()],
    "mart_campaign_band_performance": [band()],
    "fct_lead": [named(1), named(2), named(3)],
    "mart_pilot_effect": [
        effect(),
        effect(pilot_id="P2", ends_on=MAR, **HARM),
        effect(pilot_id="P3", **NOBODY),
    ],
    "mart_pilot_rollout": [rolled_out(), rolled_out(month=FEB)],
}
"""Rows that agree with each other."""

BROKEN: dict[str, tuple[dict[str, list[Row]], Row]] = {
    "BRAND_CONFLICT_IS_BEYOND_AND_IN_WINDOW": (
        {"mart_brand_conflict": [week(is_premium_window=False), calm_week()]},
        {"is_conflict": True, "is_premium_window": False},
    ),
    "BRAND_CONFLICT_FIGURES_IN_RANGE": (
        {"mart_brand_conflict": [week(units_to_next_tier=0), calm_week()]},
        {"iso_week": 13, "units_to_next_tier": 0},
    ),
    "BRAND_CONFLICT_SUMMARY_ADDS_UP": (
        {
            "mart_brand_conflict_summary": [month()],
            "mart_brand_target_pressure": [pressure()],
        },
        {"dealer_id": "D1", "invoices": 60, "week_invoices": 120},
    ),
    "BRAND_CONFLICT_SUMMARY_SHARES": (
        {"mart_brand_conflict_summary": [month(near_tier_share=None), calm_month()]},
        {"discount_near_tier_eur": "300.00", "near_tier_share": None},
    ),
    "BRAND_PRESSURE_FIGURES_IN_RANGE": (
        {
            "mart_brand_target_pressure": [
                pressure(mean_discount_eur=Decimal("15.01")),
                calm_pressure(),
            ]
        },
        {"distance_band": "1-2", "mean_discount_eur": "15.01"},
    ),
    "BRAND_PRESSURE_ADDS_UP": (
        {"mart_brand_target_pressure": [pressure()]},
        {"brand_code": "ALPHA", "invoices": 60, "month_invoices": 120},
    ),
    "BRAND_BUDGET_SHARED_OUT_EXACTLY": (
        {"mart_brand_budget_allocation": [part(budget_eur=Decimal("533333333.34")), other_part()]},
        {"budget_eur": "800000000.00", "shared_out_eur": "800000000.01"},
    ),
    "BRAND_BUDGET_FOLLOWS_MARKET": (
        {"mart_brand_budget_allocation": [part(market_units=0), other_part()]},
        {"district_code": "09161", "market_units": 1, "smaller_budget_eur": "533333333.33"},
    ),
    "CAMPAIGN_RATE_IS_OF_WEIGHTS": (
        {"mart_campaign_individualisation": [local(individualisation_rate=Decimal("0.300002"))]},
        {"changed_weight": 30, "individualisation_rate": "0.300002"},
    ),
    "CAMPAIGN_STATUS_FITS": (
        {"mart_campaign_individualisation": [local(status="REFUSED", approved_on=None)]},
        {"status": "REFUSED", "is_within_limit": True},
    ),
    "CAMPAIGN_LEADS_COUNTED_ONCE": (
        {"fct_lead": [named(1), named(2), named(3, campaign_id=None)]},
        {"dealer_id": "D1", "leads": 3, "named_leads": 2},
    ),
    "CAMPAIGN_COSTS_ARE_OF_LEADS": (
        {"mart_campaign_performance": [performance(cost_per_lead_eur=Decimal("33.34"))]},
        {"leads": 3, "cost_per_lead_eur": "33.34"},
    ),
    "CAMPAIGN_BAND_IS_OF_WEIGHTS": (
        {
            "mart_campaign_performance": [performance(individualisation_band="11-20")],
            "mart_campaign_band_performance": [band(individualisation_band="11-20")],
        },
        {"changed_weight": 30, "individualisation_band": "11-20"},
    ),
    "CAMPAIGN_BANDS_ADD_UP": (
        {"mart_campaign_band_performance": []},
        {"individualisation_band": "21-30", "campaigns": None, "own_campaigns": 1},
    ),
    "CAMPAIGN_BAND_FIGURES_IN_RANGE": (
        {"mart_campaign_band_performance": [band(cost_per_sale_eur=None)]},
        {"sold_leads": 1, "cost_per_sale_eur": None},
    ),
    "PILOT_UPLIFT_WITHIN_INTERVAL": (
        {"mart_pilot_effect": [effect(ci_high=Decimal("0.039999"))]},
        {"uplift": "0.040000", "ci_high": "0.039999"},
    ),
    "PILOT_UPLIFT_IS_OF_MEANS": (
        {"mart_pilot_effect": [effect(control_after=Decimal("0.210005"))]},
        {"uplift": "0.040000", "control_after": "0.210005"},
    ),
    "PILOT_RECOMMENDATION_BY_RULE": (
        {"mart_pilot_effect": [effect(ci_low=Decimal(0))]},
        {"ci_low": "0.000000", "recommendation": "ROLL_OUT"},
    ),
    "PILOT_ROLLOUT_COUNTS_ADD_UP": (
        {"mart_pilot_rollout": [rolled_out(late_dealers=0), rolled_out(month=FEB)]},
        {"planned_dealers": 5, "live_dealers": 4, "late_dealers": 0},
    ),
    "PILOT_ROLLOUT_MONTHS_FOLLOW": (
        {"mart_pilot_rollout": [rolled_out(), rolled_out(month=MAR)]},
        {"month": "2025-03-01", "previous_month": "2025-01-01"},
    ),
}
"""For each critical rule the rows that break it, and what its example shows."""

WARNED: dict[str, dict[str, list[Row]]] = {
    "BRAND_CONFLICT_DISCOUNTS_PLAUSIBLE": {
        "mart_brand_conflict": [
            calm_week(dealer_id="D6", mean_discount_rate=Decimal("1.000001")),
            calm_week(dealer_id="D6", iso_week=2, discount_eur=None),
        ],
        "mart_brand_conflict_summary": [
            calm_month(dealer_id="D6", invoices=120, discount_eur=None)
        ],
        "mart_brand_target_pressure": [
            pressure(distance_band="OVER_10", invoices=340, discount_eur=None)
        ],
    },
    "BRAND_CONFLICTS_SELDOM": {
        "mart_brand_conflict": [
            week(
                dealer_id="D3",
                invoices=100,
                over_limit_rate=Decimal("0.06"),
                conflict_invoices=6,
            )
        ],
        "mart_brand_conflict_summary": [
            month(
                dealer_id="D3",
                invoices=100,
                conflict_invoices=6,
                conflict_share=Decimal("0.06"),
                over_limit_rate=Decimal("0.06"),
            )
        ],
    },
    "BRAND_DISCOUNTS_MOSTLY_WITHIN_LIMIT": {
        "mart_brand_conflict": [calm_week(dealer_id="D4", over_limit_rate=Decimal("0.516667"))],
        "mart_brand_conflict_summary": [
            calm_month(dealer_id="D4", over_limit_rate=Decimal("0.516667"))
        ],
    },
    "BRAND_DISCOUNTS_SELDOM_NEAR_TIER": {
        "mart_brand_conflict": [week(dealer_id="D5")],
        "mart_brand_conflict_summary": [
            month(
                dealer_id="D5",
                discount_near_tier_eur=Decimal(810),
                near_tier_share=Decimal("0.9"),
            )
        ],
    },
    "BRAND_BUDGET_REACHES_MOST_DISTRICTS": {
        "mart_brand_budget_allocation": [
            part(district_code="09163", market_units=0, budget_eur=Decimal(0))
        ]
    },
    "LOCAL_CAMPAIGNS_MOSTLY_WITHIN_LIMIT": {
        "mart_campaign_individualisation": [local(local_campaign_id="LC2", **TOO_MUCH)]
    },
    "LOCAL_CAMPAIGNS_SELDOM_UNAPPROVED": {
        "mart_campaign_individualisation": [
            local(local_campaign_id="LC3", approved_on=date(2025, 3, 2), status="UNAPPROVED_START")
        ],
        "mart_campaign_performance": [
            performance(local_campaign_id="LC3", brand_code="GAMMA", **NO_LEADS)
        ],
        "mart_campaign_band_performance": [band(brand_code="GAMMA", **NO_LEADS)],
    },
    "LOCAL_CAMPAIGN_REFUSED_WITHOUT_APPROVAL": {
        "mart_campaign_individualisation": [
            local(local_campaign_id="LC4", **TOO_MUCH | {"approved_on": FEB})
        ]
    },
    "CAMPAIGNS_MOSTLY_BRING_LEADS": {
        "mart_campaign_individualisation": [local(local_campaign_id="LC5")],
        "mart_campaign_performance": [
            performance(local_campaign_id="LC5", brand_code="BETA", **NO_LEADS)
        ],
        "mart_campaign_band_performance": [band(brand_code="BETA", **NO_LEADS)],
    },
    "PILOT_DEALERS_ENOUGH_IN_TIME": {
        "mart_pilot_effect": [
            effect(pilot_id="P4", min_dealers=3, is_enough_dealers=False, recommendation="CONTINUE")
        ]
    },
    "PILOT_ENDED_WHERE_IT_HARMS": {"mart_pilot_effect": [effect(pilot_id="P5", **HARM)]},
    "PILOT_ROLLOUT_SELDOM_LATE": {
        "mart_pilot_rollout": [
            rolled_out(pilot_id="P6", late_dealers=2, planned_dealers=9, live_dealers=7)
            | {"network_dealers": 0, "live_rate": None}
        ]
    },
    "PILOT_ROLLOUT_OF_WHAT_WORKS": {"mart_pilot_rollout": [rolled_out(pilot_id="P5")]},
}
"""For each warning the rows that join the good ones."""
