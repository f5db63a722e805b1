"""Scorecards reckoned by hand: what dbt makes of them, and what the recomputation does."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orchestration.dbt_runner import UNTIL_MONEY
from orchestration.settings import Settings
from tests.support.lake import File, Lake
from tests.support.recomputed import KPIS, Marts, built, differences_to_recomputation, recompute
from tests.support.warehouse import build, new_settings

MARCH, APRIL = date(2024, 3, 1), date(2024, 4, 1)
WORKED = date(2025, 3, 1)  # January to March 2025 have 90 days


def network() -> list[File]:
    """D1, D2 of the worked example, D7 whose KPIs are reckoned one by one, D8 who sells little."""
    dealers = [
        ("D1", "AURA"),
        ("D2", "AURA"),
        ("D1", "BOREA"),
        ("D7", "CEDRA"),
        ("D8", "DORIA"),
    ]
    return [
        File(
            "oem__dealers",
            [
                {
                    "dealer_id": dealer_id,
                    "brand_code": brand_code,
                    "dealer_name": "Autohaus",
                    "contract_model": "DEALER",
                    "postal_code": "80331",
                    "district_code": "09162",
                    "peer_group": "CITY",
                    "is_top_partner": False,
                    "opened_on": date(2000, 1, 1),
                }
                for dealer_id, brand_code in dealers
            ],
        ),
        File(
            "oem__vehicle_models",
            [
                {
                    "model_code": model_code,
                    "brand_code": "CEDRA",
                    "model_name": model_code,
                    "segment_code": "SUV",
                    "powertrain_code": powertrain_code,
                    "list_price_eur": Decimal("25000"),
                    "max_discount_rate": Decimal("0.04"),
                }
                for model_code, powertrain_code in (("ELECTRIC", "BEV"), ("PLAIN", "PETROL"))
            ],
        ),
    ]


def rules() -> list[File]:
    worked = {"CSI": ("40", "80"), "CLOSING_RATE": ("35", "0.15"), "STOCK_DAYS": ("25", "75")}
    weights = [
        weight(brand_code, kpi_code, percent, missing_policy=policy)
        for brand_code, policy in (("AURA", "EXCLUDE"), ("BOREA", "ZERO"))
        for kpi_code, (percent, _) in worked.items()
    ] + [weight("CEDRA", kpi_code, "9" if kpi_code == "CSI" else "7") for kpi_code in KPIS]
    weights.append(weight("DORIA", "SALES_EFFECTIVENESS", "100", min_sample=0))
    targets = [
        target(dealer_id, brand_code, kpi_code, WORKED, value)
        for dealer_id, brand_code in (("D1", "AURA"), ("D2", "AURA"), ("D1", "BOREA"))
        for kpi_code, (_, value) in worked.items()
        if kpi_code != "STOCK_DAYS" or (dealer_id, brand_code) == ("D1", "AURA")
    ] + [target("D7", "CEDRA", kpi_code, MARCH, value) for kpi_code, value in TWO_SIDES.items()]
    return [File("oem__kpi_weights", weights), File("oem__kpi_targets", targets)]


def weight(brand_code: str, kpi_code: str, percent: str, **more: Any) -> dict[str, Any]:
    return {
        "brand_code": brand_code,
        "kpi_code": kpi_code,
        "version": 1,
        "valid_from": date(2023, 1, 1),
        "weight": Decimal(percent),
        "floor_rate": Decimal("0"),
        "cap_rate": Decimal("1.2"),
        "min_sample": 1,
        "missing_policy": "EXCLUDE",
        **more,
    }


def target(
    dealer_id: str, brand_code: str, kpi_code: str, month: date, value: str
) -> dict[str, Any]:
    return {
        "dealer_id": dealer_id,
        "brand_code": brand_code,
        "kpi_code": kpi_code,
        "target_month": month,
        "target_value": Decimal(value),
    }


def vin(dealer_id: str, brand_code: str, number: int) -> str:
    return f"WAUZZZ8V0K{dealer_id}{brand_code[0]}{number:04d}"


def event(
    dealer_id: str, brand_code: str, number: int, kind: str, day: date, **more: Any
) -> dict[str, Any]:
    return {
        "event_id": f"{dealer_id}{brand_code}{number}{kind}",
        "dealer_id": dealer_id,
        "brand_code": brand_code,
        "vin": vin(dealer_id, brand_code, number),
        "event_type": kind,
        "event_date": day,
        "model_code": "PLAIN",
        "holder_type": "PRIVATE",
        **more,
    }


def survey(dealer_id: str, brand_code: str, number: int, score: int, at: datetime) -> dict:
    return {
        "response_id": f"{dealer_id}{brand_code}{number}",
        "dealer_id": dealer_id,
        "brand_code": brand_code,
        "survey_type": "SALES" if number % 2 else "SERVICE",
        "sent_at": datetime(2024, 1, 1),
        "answered_at": at,
        "score": score,
    }


def lead(dealer_id: str, brand_code: str, number: int, at: datetime, **more: Any) -> dict:
    return {
        "lead_id": f"{dealer_id}{brand_code}{number}",
        "dealer_id": dealer_id,
        "brand_code": brand_code,
        "channel": "WEB",
        "created_at": at,
        **more,
    }


def vehicle_in_stock(
    dealer_id: str, brand_code: str, number: int, day: date, stock_status: str = "IN_STOCK"
) -> dict[str, Any]:
    return {
        "dealer_id": dealer_id,
        "snapshot_date": day,
        "vin": vin(dealer_id, brand_code, number),
        "brand_code": brand_code,
        "model_code": "PLAIN",
        "stock_status": stock_status,
    }


def worked_example() -> list[File]:
    """CSI 84 from 8, 8, 8, 9, 9; 3 of 25 leads sold; 5 in stock, 9 registered in 90 days: 50."""
    dealers = [("D1", "AURA"), ("D2", "AURA"), ("D1", "BOREA")]
    noon = datetime(2025, 3, 14, 12)
    return [
        File(
            "dealer__surveys",
            [
                survey(*d, n, score, noon)
                for d in dealers
                for n, score in enumerate([8, 8, 8, 9, 9])
            ],
            sender="dms",
        ),
        File(
            "dealer__leads",
            [
                lead(*d, n, noon, sold_vin=vin(*d, n) if n < 3 else None)
                for d in dealers
                for n in range(25)
            ],
            sender="dms",
        ),
        File(
            "dealer__stock",
            [vehicle_in_stock(*d, n, date(2025, 3, 31)) for d in dealers for n in range(5)],
            sender="dms",
        ),
        File(
            "dealer__vehicle_events",
            [
                event(*d, n, "REGISTRATION", date(2025, 1 + n % 3, 31 if n % 3 == 0 else 1))
                for d in dealers
                for n in range(9)
            ],
            sender="dms",
        ),
    ]


def one_of_each_kpi() -> list[File]:
    """March 2024 of D7; the comments say what is left out."""
    of = ("D7", "CEDRA")
    first, last = datetime(2024, 2, 29, 23), datetime(2024, 3, 31, 21, 59)  # of March, in Berlin
    day, hour = timedelta(days=1), timedelta(hours=1)
    events = [
        event(*of, 1, "REGISTRATION", date(2024, 3, 1), model_code="ELECTRIC"),
        event(*of, 2, "REGISTRATION", date(2024, 3, 31), holder_type=None),
        event(*of, 3, "REGISTRATION", date(2024, 3, 31), model_code="UNKNOWN"),
        event(*of, 4, "REGISTRATION", date(2024, 2, 29)),
        *(event(*of, n, "REGISTRATION", date(2024, 1, 1)) for n in (5, 6, 7)),
        event(*of, 8, "REGISTRATION", date(2024, 3, 2), holder_type="OEM"),  # by itself
        event(*of, 9, "REGISTRATION", date(2024, 3, 2)),
        event(*of, 9, "CANCELLATION", date(2024, 3, 2)),  # the same day
        event(*of, 10, "REGISTRATION", date(2023, 12, 31)),  # four months ago
        event(*of, 11, "INVOICE", date(2024, 3, 5), **prices("25000", "24000")),  # 4 % exactly
        event(*of, 12, "INVOICE", date(2024, 3, 6), **prices("33000", "30000")),
        event(*of, 13, "INVOICE", date(2024, 2, 6), **prices("25000", None)),
        event(*of, 14, "INVOICE", date(2024, 3, 7), **prices("25000", "25000")),
        event(*of, 14, "CANCELLATION", date(2024, 4, 1)),  # later takes it back, too
        event(*of, 15, "INVOICE", date(2023, 1, 1), **prices("25000", "40000")),
        event(*of, 15, "CANCELLATION", date(2022, 12, 31)),  # what is earlier does not
        event(*of, 16, "INVOICE", date(2023, 3, 31), **prices("0", "5000")),
    ]
    leads = [
        lead(*of, 1, first, first_response_at=first + day, sold_vin=vin(*of, 1)),
        lead(*of, 2, last, first_response_at=last - hour),
        lead(*of, 3, last, first_response_at=last + day + timedelta(microseconds=1)),
        lead(*of, 4, last),
    ]
    surveys = [
        survey(*of, 1, 10, first),
        survey(*of, 2, 9, last),
        survey(*of, 3, 9, last),
        survey(*of, 4, 4, last),
        survey(*of, 5, 0, last + timedelta(minutes=1)),  # April
    ]
    cases = [
        {
            "case_id": f"C{hours}",
            "dealer_id": "D7",
            "brand_code": "CEDRA",
            "case_type": "COMPLAINT",
            "product_category": "BRAKES",
            "customer_postal_code": "80331",
            "opened_at": last - timedelta(hours=hours),
            "resolved_at": last,
        }
        for hours in (10, 20, 31, 50, -1)  # -1: solved before it was opened
    ]
    stock = [
        *(vehicle_in_stock(*of, n, date(2024, 3, 15)) for n in range(5)),  # not the last
        *(vehicle_in_stock(*of, n, date(2024, 3, 28)) for n in range(2)),
        vehicle_in_stock(*of, 3, date(2024, 3, 28), stock_status="DEMO"),
        vehicle_in_stock("D7", "AURA", 4, date(2024, 3, 28)),
    ]
    books = {
        "dealer_id": "D7",
        "brand_code": "CEDRA",
        "fiscal_month": MARCH,
        "new_vehicle_revenue_eur": Decimal("100"),
        "used_vehicle_revenue_eur": Decimal("50"),
        "service_revenue_eur": Decimal("30"),
        "operating_result_eur": Decimal("9"),
        "service_gross_profit_eur": Decimal("45"),
        "fixed_expenses_eur": Decimal("60"),
    }
    in_march = {"sender": "D7", "delivered_at": last}
    return [
        File("dealer__vehicle_events", events, sender="dms", name="march.csv"),
        File("dealer__leads", leads, quarantined=["BAD_TYPE"], **in_march),  # 4 of 5 rows pass
        File("dealer__cases", rejected="EMPTY", **in_march),
        File("dealer__surveys", surveys, sender="dms", name="march.csv"),
        File("dealer__cases", cases, sender="dms", name="march.csv"),
        File("dealer__stock", stock, sender="dms", name="march.csv"),
        File("dealer__financials", [books], sender="dms", name="march.csv"),
        File(
            "oem__territories",
            [
                territory(*of, "09162"),
                territory(*of, "09162", valid_to=last.date()),
                territory("D8", "DORIA", "02000"),
            ],
        ),
        File("market__registrations", market() + market_of_little(), sender="market"),
    ]


def prices(list_price: str, net_price: str | None) -> dict[str, Decimal | None]:
    return {
        "list_price_eur": Decimal(list_price),
        "net_price_eur": None if net_price is None else Decimal(net_price),
    }


def territory(
    dealer_id: str, brand_code: str, district_code: str, valid_to: date | None = None
) -> dict[str, Any]:
    return {
        "dealer_id": dealer_id,
        "brand_code": brand_code,
        "district_code": district_code,
        "valid_from": date(2020, 1, 1 if valid_to else 2),
        "valid_to": valid_to,
    }


def market() -> list[dict[str, Any]]:
    """In the territory 4 of 15. The brand's share of SUVs is 3 of 24, of compacts 3 of 6, so that
    12 / 8 + 3 / 2 = 3 are expected."""
    units = [
        ("09162", "CEDRA", "SUV", 3),
        ("09162", "OTHER", "SUV", 9),
        ("09162", "CEDRA", "COMPACT", 1),
        ("09162", "OTHER", "COMPACT", 2),
        ("11000", "OTHER", "SUV", 12),
        ("11000", "CEDRA", "COMPACT", 2),
        ("11000", "OTHER", "COMPACT", 1),
    ]
    return [units_registered(MARCH, *of) for of in units]


def units_registered(
    month: date, district_code: str, brand_code: str, segment_code: str, units: int
) -> dict[str, Any]:
    return {
        "registration_month": month,
        "district_code": district_code,
        "brand_code": brand_code,
        "segment_code": segment_code,
        "powertrain_code": "BEV",
        "holder_type": "DEALER" if brand_code == "OTHER" else "FLEET",
        "units": units,
    }


def little_is_expected() -> list[File]:
    """D8 registers one vehicle a month where 128 / 3, and then 3 / 300,007 of one are expected."""
    events = [event("D8", "DORIA", m, "REGISTRATION", date(2024, m, 1)) for m in (3, 4)]
    return [File("dealer__vehicle_events", events, sender="dms", name="little.csv")]


def market_of_little() -> list[dict[str, Any]]:
    """Of vans the brand has 1 / 3, and then 1 / 300,007."""
    return [
        units_registered(MARCH, "02000", "OTHER", "VAN", 128),
        units_registered(MARCH, "11000", "OTHER", "VAN", 128),
        units_registered(MARCH, "11000", "DORIA", "VAN", 128),
        units_registered(APRIL, "02000", "OTHER", "VAN", 3),
        units_registered(APRIL, "11000", "OTHER", "VAN", 300_003),
        units_registered(APRIL, "11000", "DORIA", "VAN", 1),
    ]


ONE_OF_EACH = {
    "CSI": ("80", 4),
    "NPS": ("50", 4),
    "MARKET_PENETRATION": ("0.266667", 15),
    "SALES_EFFECTIVENESS": ("1", 3),  # of registrations 1, 2, 3
    "REVENUE_GROWTH": ("0.2", 5),  # 54,000 of three invoices over 45,000 of two
    "EV_SHARE": ("0.5", 2),
    "CLOSING_RATE": ("0.25", 4),
    "LEAD_RESPONSE_24H": ("0.5", 4),
    "RETURN_ON_SALES": ("0.05", 1),
    "SERVICE_ABSORPTION": ("0.75", 1),
    "STOCK_DAYS": ("26", 7),  # 2 units x 91 days / 7 registrations
    "BRAND_CONSISTENCY": ("0.5", 2),
    "DATA_QUALITY": ("0.8", 5),
    "CASE_CYCLE_HOURS": ("25.5", 4),
}
TWO_SIDES = {"EV_SHARE": "0.5", "RETURN_ON_SALES": "0.0625"}
"""Targets of D7: the manufacturer's side reaches 1, the partner's 0.8, not more than 0.2 apart."""
LITTLE = {
    MARCH: ("0.023438", 43),  # 3 / 128 = 0.0234375, half up
    APRIL: ("100002.333333", 0),
}
WORKED_EXAMPLE = {  # attainment, clipped, points
    "CSI": ("84", "1.05", "1.05", "42"),
    "CLOSING_RATE": ("0.12", "0.8", "0.8", "28"),
    "STOCK_DAYS": ("50", "1.5", "1.2", "30"),
}
WORKED_SCORES = {
    ("D1", "AURA"): ("100", 1, 2, 0),
    ("D2", "AURA"): ("93.333333", 2, 2, 1),
    ("D1", "BOREA"): ("70", 1, 1, 1),
}


def reckoned_by_hand(marts: Marts) -> None:
    kpis, scores = marts["mart_partner_scorecard_kpi"], marts["mart_partner_scorecard"]
    for kpi_code, expected in WORKED_EXAMPLE.items():
        row = kpis["D1", "AURA", WORKED, kpi_code]
        columns = ("actual_value", "attainment", "clipped_attainment", "points")
        assert [row[c] for c in columns] == [Decimal(value) for value in expected], kpi_code
    for key, (score, *expected) in WORKED_SCORES.items():
        row = scores[*key, WORKED]
        columns = ("score_rank", "peer_count", "missing_count")
        assert (row["score"], [row[c] for c in columns]) == (Decimal(score), expected), key
    for kpi_code, (actual, n) in ONE_OF_EACH.items():
        row = kpis["D7", "CEDRA", MARCH, kpi_code]
        found = (row["actual_value"], row["sample_count"], row["missing_reason"])
        reason = None if kpi_code in TWO_SIDES else "NO_TARGET"
        assert found == (Decimal(actual), n, reason), kpi_code
    for month, (actual, n) in LITTLE.items():
        row = kpis["D8", "DORIA", month, "SALES_EFFECTIVENESS"]
        assert (row["actual_value"], row["sample_count"]) == (Decimal(actual), n), month
    row = scores["D7", "CEDRA", MARCH]
    columns = ("score", "oem_side_attainment", "partner_side_attainment", "goal_divergence")
    assert [row[c] for c in columns] == [Decimal(value) for value in ("90", "1", "0.8", "0.2")]
    assert (row["is_diverging"], row["shared_attainment"]) == (False, None)


@pytest.fixture
def by_hand(tmp_path: Path) -> Settings:
    settings = new_settings(tmp_path)
    Lake(settings).load(
        *network(), *rules(), *worked_example(), *one_of_each_kpi(), *little_is_expected()
    )
    return settings


def test_the_recomputation_gives_what_is_reckoned_by_hand(by_hand: Settings) -> None:
    reckoned_by_hand(recompute(by_hand))


def test_the_marts_give_what_is_reckoned_by_hand(by_hand: Settings) -> None:
    build(by_hand, "build", *UNTIL_MONEY)
    reckoned_by_hand(built(by_hand))
    assert differences_to_recomputation(by_hand) == []
