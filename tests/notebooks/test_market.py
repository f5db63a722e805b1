"""The notebook about market and brand: its figures are those of the marts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from orchestration.language import LANGUAGES
from orchestration.language.texts import TEXTS
from orchestration.settings import Settings
from tests.notebooks.example import foreign_texts, publish_rows, run

DECEMBER = date(2025, 12, 1)
ARVA = {"brand_code": "ARVA"}


def registered(brand: str, powertrain: str, units: int, month: date = DECEMBER) -> dict:
    return {
        "registration_month": month,
        "district_code": "09162",
        "brand_code": brand,
        "segment_code": "SUV",
        "powertrain_code": powertrain,
        "holder_type": "PRIVATE",
        "units": units,
    }


def kba(brand: str, months_before: int, units: int, prior: int | None, bev: int | None) -> dict:
    return {
        "brand_name": brand,
        "registration_month": date(2025, 12 - months_before, 1),
        "units": units,
        "bev_units": bev,
        "market_units": 1000,
        "prior_year_units": prior,
    }


ROWS = {
    "dim_dealer": [ARVA | {"dealer_id": "D1", "dealer_name": "Autohaus Süd & Söhne"}],
    "dim_district": [{"district_code": "09162", "district_name": "München"}],
    "dim_kpi": [
        {
            "kpi_code": "CLOSING_RATE",
            "name_de": "Abschlussquote",
            "name_en": "Closing rate",
            "unit": "RATE",
        }
    ],
    "fct_market_registration": [
        registered("ARVA", "BEV", 30),
        registered("ARVA", "PETROL", 70),
        registered("OTHER", "BEV", 50),
        registered("OTHER", "PETROL", 850),
        registered("OTHER", "PETROL", 999_999, date(2024, 12, 1)),
    ],
    "mart_national_market": [
        kba("VW", 0, 120, 100, 40),
        kba("VW", 1, 500, None, None),
        kba("BMW", 0, 80, 100, 20),
    ],
    "mart_brand_conflict": [
        ARVA
        | {
            "dealer_id": "D1",
            "model_code": "M1",
            "iso_year": 2025,
            "iso_week": 51,
            "invoices": 4,
            "mean_discount_rate": Decimal("0.1"),
            "over_limit_rate": Decimal("0.5"),
            "is_premium_window": True,
            "is_conflict": True,
            "conflict_invoices": 2,
            "discount_eur": Decimal("12000.00"),
            "units_to_next_tier": 2,
        }
    ],
    "mart_brand_conflict_summary": [
        ARVA
        | {
            "dealer_id": "D1",
            "month": DECEMBER,
            "invoices": 4,
            "conflict_invoices": 2,
            "discount_eur": Decimal("12000.00"),
            "discount_near_tier_eur": Decimal("3000.00"),
        }
    ],
    "mart_brand_target_pressure": [
        ARVA
        | {
            "distance_band": "1-2",
            "invoices": 4,
            "over_limit_rate": Decimal("0.5"),
            "discount_eur": Decimal("12000.00"),
            "mean_discount_eur": Decimal("3000.00"),
        }
    ],
    "mart_brand_budget_allocation": [
        {
            "budget_code": "BRAND_POSITIONING_COST",
            "district_code": "09162",
            "market_units": 1000,
            "budget_eur": Decimal("800000000.00"),
        }
    ],
    "mart_campaign_band_performance": [
        ARVA
        | {
            "individualisation_band": "OVER_30",
            "campaigns": 3,
            "leads": 20,
            "sold_leads": 4,
            "cost_eur": Decimal("1000.00"),
            "cost_per_lead_eur": Decimal("50.00"),
            "cost_per_sale_eur": Decimal("250.00"),
        }
    ],
    "mart_campaign_individualisation": [
        ARVA | {"local_campaign_id": "L1", "dealer_id": "D1", "status": "UNAPPROVED_START"}
    ],
    "mart_pilot_effect": [
        ARVA
        | {
            "pilot_id": "P1",
            "pilot_name": "Showroom",
            "kpi_code": "CLOSING_RATE",
            "pilot_dealers": 3,
            "control_dealers": 2,
            "uplift": Decimal("0.08"),
            "ci_low": Decimal("0.04"),
            "ci_high": Decimal("0.12"),
            "is_enough_dealers": False,
            "recommendation": "CONTINUE",
        }
    ],
    "mart_pilot_rollout": [
        ARVA
        | {
            "pilot_id": "P1",
            "month": DECEMBER,
            "planned_dealers": 5,
            "live_dealers": 3,
            "network_dealers": 23,
            "live_rate": Decimal("0.130435"),
        }
    ],
}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = Settings.from_env({}, warehouse=tmp_path_factory.mktemp("market") / "warehouse")
    publish_rows(settings, **ROWS)
    return settings


@pytest.fixture
def reads(published: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERDW_WAREHOUSE", str(published.warehouse))


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_said_in_the_chosen_language(language: str, reads: None) -> None:
    html = run("market", language).html
    assert foreign_texts(html, language, "mk_") == []
    assert f"<h1>{TEXTS['mk_title'][list(LANGUAGES).index(language)]}</h1>" in html


def test_share_and_electric_share_are_those_of_the_newest_twelve_months(reads: None) -> None:
    html = run("market", "de").html
    assert "<strong>10,0\u00a0%</strong>" in html, "100 of 1,000; the year before does not count"
    assert "<strong>30,0\u00a0%</strong>" in html
    assert "Markt: 8,0\u00a0%" in html


def test_the_source_of_the_national_market_is_named(reads: None) -> None:
    html = run("market", "de").html
    assert "Kraftfahrt-Bundesamt, Flensburg" in html and "dl-de/by-2-0" in html


def test_growth_compares_months_that_both_years_know(reads: None) -> None:
    html = run("market", "de").html
    assert "20,0\u00a0%" in html and "−20,0\u00a0%" in html
    assert "520,0" not in html


def test_discounts_budget_campaigns_and_pilots_are_shown(reads: None) -> None:
    html = run("market", "en").html
    assert "25.0% of it near a bonus tier" in html
    assert "800,000,000.00\u00a0€" in html
    assert "1 started without approval" in html and "250.00\u00a0€" in html
    assert "continue (too few dealers)" in html and "3 of 23" in html


def test_without_a_workbook_it_says_where_it_goes(tmp_path, monkeypatch) -> None:
    settings = Settings.from_env({}, warehouse=tmp_path / "warehouse")
    publish_rows(settings, **{t: r for t, r in ROWS.items() if t.startswith(("dim", "fct"))})
    monkeypatch.setenv("PARTNERDW_WAREHOUSE", str(settings.warehouse))
    html = run("market", "de").html
    assert "kba__fz10" in html
    assert html.count(TEXTS["mk_none"][0]) == 4
