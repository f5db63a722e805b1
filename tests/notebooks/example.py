"""A small publication: the worked example of the scorecard, under both policies.

CITY, December 2024, brand ARVA, floor 0, cap 1.2:

    D1  CSI 84 of 80: 1.05 x 40 = 42; closing rate 0.12 of 0.15: 0.8 x 35 = 28;
        stock days 50 of 75: 1.5, at most 1.2, x 25 = 30; score 100
    D2  the same without a target for stock days, EXCLUDE: 100 x 70 / 75 = 93.333333
    D3  the same, ZERO: 70

D1 had 95 the month before. D4 (RURAL) has no score: nothing of his counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import duckdb

from orchestration.serving.publish import publish
from orchestration.settings import Settings
from tests.unit.checks.small_warehouse import Row, build_warehouse

NOVEMBER, DECEMBER = date(2024, 11, 1), date(2024, 12, 1)
AS_OF = datetime(2025, 1, 12, 16, 30, tzinfo=UTC)
NAMES = {"D1": "Autohaus Süd & Söhne <b>", "D2": "Autohaus West", "D3": "Autohaus Ost"}

KPIS = [
    {
        "kpi_code": code,
        "name_de": german,
        "name_en": english,
        "unit": unit,
        "direction": direction,
        "owner_side": side,
    }
    for code, german, english, unit, direction, side in (
        ("CSI", "Zufriedenheit der Kunden", "Satisfaction", "POINTS", "HIGHER", "OEM"),
        ("CLOSING_RATE", "Abschlussquote", "Closing rate", "RATE", "HIGHER", "SHARED"),
        ("STOCK_DAYS", "Bestandsreichweite", "Days of stock", "DAYS", "LOWER", "PARTNER"),
    )
]


def kpi(
    dealer_id: str,
    month: date,
    kpi_code: str,
    weight: int,
    figures: tuple[str, int, str | None],
    clipped: str | None,
    policy: str = "EXCLUDE",
    reason: str | None = None,
) -> Row:
    """A row of the KPI mart; `figures` are actual, n and target."""
    actual, n, target = figures
    points = weight * Decimal(clipped) if clipped else Decimal(0) if policy == "ZERO" else None
    return {
        "dealer_id": dealer_id,
        "brand_code": "ARVA",
        "score_month": month,
        "kpi_code": kpi_code,
        "weights_version": 1,
        "actual_value": Decimal(actual),
        "sample_count": n,
        "target_value": target and Decimal(target),
        "clipped_attainment": clipped and Decimal(clipped),
        "attainment": clipped and Decimal(clipped),
        "weight": Decimal(weight),
        "points": points,
        "status": "MISSING" if reason else "SCORED",
        "missing_reason": reason,
        "missing_policy": policy,
        "floor_rate": Decimal(0),
        "cap_rate": Decimal("1.2"),
        "min_sample": 5,
    }


def card(dealer_id: str, month: date, score: str | None, **values: Any) -> Row:
    return {
        "dealer_id": dealer_id,
        "brand_code": "ARVA",
        "score_month": month,
        "peer_group": "CITY",
        "score": score and Decimal(score),
        "kpi_count": 3,
        "missing_count": 0,
        "peer_count": 3,
        **values,
    }


def rows() -> Mapping[str, list[Row]]:
    """The rows of the example by mart."""
    csi = ("84", 40, "80")
    closing = ("0.12", 50, "0.15")
    no_target = ("50", 30, None)
    kpis = [
        row
        for dealer_id in ("D1", "D2", "D3")
        for row in (
            kpi(dealer_id, DECEMBER, "CSI", 40, csi, "1.05"),
            kpi(dealer_id, DECEMBER, "CLOSING_RATE", 35, closing, "0.8"),
        )
    ] + [
        kpi("D1", DECEMBER, "STOCK_DAYS", 25, ("50", 30, "75"), "1.2"),
        kpi("D2", DECEMBER, "STOCK_DAYS", 25, no_target, None, "EXCLUDE", "NO_TARGET"),
        kpi("D3", DECEMBER, "STOCK_DAYS", 25, no_target, None, "ZERO", "NO_TARGET"),
        kpi("D1", NOVEMBER, "CSI", 40, ("80", 40, "80"), "1"),
        kpi("D1", NOVEMBER, "CLOSING_RATE", 35, ("0.15", 50, "0.15"), "1"),
        kpi("D1", NOVEMBER, "STOCK_DAYS", 25, ("93.75", 30, "75"), "0.8"),
        kpi("D4", DECEMBER, "CSI", 100, ("80", 2, "80"), None, "EXCLUDE", "SMALL_SAMPLE"),
    ]
    sides = {
        "oem_side_attainment": Decimal("1.05"),
        "partner_side_attainment": Decimal("1.2"),
        "shared_attainment": Decimal("0.8"),
        "goal_divergence": Decimal("0.15"),
        "is_diverging": False,
    }
    cards = [
        card("D1", DECEMBER, "100", score_rank=1, score_change=Decimal(5), **sides),
        card("D2", DECEMBER, "93.333333", score_rank=2, missing_count=1),
        card("D3", DECEMBER, "70", score_rank=3, missing_count=1),
        card("D1", NOVEMBER, "95", score_rank=1, peer_count=1),
        card("D4", DECEMBER, None, peer_group="RURAL", peer_count=0, kpi_count=1, missing_count=1),
    ]
    return {
        "dim_kpi": KPIS,
        "dim_dealer": [
            {
                "dealer_id": dealer_id,
                "brand_code": "ARVA",
                "dealer_name": name,
                "district_code": "09162",
            }
            for dealer_id, name in NAMES.items()
        ],
        "dim_district": [
            {"district_code": "09162", "district_name": "München", "state_code": "09"}
        ],
        "mart_partner_scorecard_kpi": kpis,
        "mart_partner_scorecard": cards,
        "mart_market_penetration": [
            {
                "dealer_id": "D1",
                "brand_code": "ARVA",
                "segment_code": "SUV",
                "registration_month": DECEMBER,
                "brand_units": 12,
                "market_units": 150,
                "penetration": Decimal("0.08"),
                "network_penetration": Decimal("0.1"),
                "expected_units": Decimal(15),
                "counted_registrations": 9,
                "sales_effectiveness": Decimal("0.6"),
            }
        ],
    }


def publish_rows(settings: Settings, **tables: list[Row]) -> None:
    """Publish these rows as a run would; every other mart is empty."""
    build_warehouse(settings, **tables)
    with duckdb.connect(str(settings.marts)) as connection:
        connection.execute("create schema build")
        connection.execute("create table build.versions (model varchar, version varchar)")
    publish(settings, AS_OF, "1.2.3", gate={}, now=AS_OF)
