"""The notebook about the quality of deliveries: its figures are those of the marts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from orchestration.language import LANGUAGES
from orchestration.language.texts import TEXTS
from orchestration.settings import Settings
from tests.notebooks.example import foreign_texts, publish_rows, run

DECEMBER = date(2025, 12, 1)


def rate(dealer: str, rule: str, passed: int, target: str, month: date = DECEMBER, **more) -> dict:
    share = Decimal(passed) / 100
    return {
        "dealer_id": dealer,
        "feed": "dealer__leads",
        "rule_code": rule,
        "dimension": "COMPLETENESS",
        "month": month,
        "checked_rows": 100,
        "passed_rows": passed,
        "pass_rate": share,
        "target_rate": Decimal(target),
        "is_below_target": share < Decimal(target),
        **more,
    }


ROWS = {
    "dim_dealer": [
        {"dealer_id": d, "brand_code": "ARVA", "dealer_name": n}
        for d, n in (("D1", "Autohaus <b>"), ("D2", "Autohaus West"))
    ],
    "dim_quality_rule": [
        {
            "rule_code": code,
            "feed": "dealer__leads",
            "description": f"{code} is good.",
            "remedy": "Do it.",
            "description_de": f"{code} ist gut.",
            "remedy_de": "Machen Sie das.",
        }
        for code in ("LEAD_A", "LEAD_B")
    ],
    "mart_data_quality": [
        rate("D1", "LEAD_A", 90, "0.98"),
        rate("D1", "LEAD_A", 80, "0.98", date(2025, 11, 1)),
        rate("D1", "LEAD_A", 0, "0.98", date(2025, 9, 1)),
        rate("D1", "LEAD_B", 99, "0.98"),
        rate("D2", "LEAD_A", 99, "0.98", last_course_on=date(2025, 10, 5)),
    ],
    "mart_academy_needs": [
        {
            "dealer_id": "D1",
            "course_code": "C1",
            "course_name": "Complete records",
            "quality_dimension": "COMPLETENESS",
            "rules_below_target": 1,
            "affected_rows": 30,
            "untrained_staff": 4,
            "priority": 1,
        }
    ],
    "mart_academy_effect": [
        {
            "course_code": "C1",
            "course_name": "Complete records",
            "quality_dimension": "COMPLETENESS",
            "trained_dealers": 5,
            "effect": Decimal("0.021"),
            "ci_low": Decimal("0.016"),
            "ci_high": Decimal("0.026"),
        }
    ],
    "mart_academy_summary": [
        {"month": DECEMBER, "persons_trained_ytd": 41, "seats_ytd": 60, "plan_ytd": 2400}
    ],
    "mart_rollout_duration": [
        {
            "system_code": "CRM",
            "is_trained": trained,
            "rollouts": 9,
            "completed": 8,
            "median_days": days,
            "reduction_rate": reduction,
        }
        for trained, days, reduction in ((True, 55, Decimal("0.45")), (False, 100, None))
    ],
    "mart_it_readiness_summary": [
        {
            "month": DECEMBER,
            "dealers": 4,
            "ready_dealers": 1,
            "not_ready_rate": Decimal("0.75"),
            "claimed_rate": Decimal("0.73"),
        }
    ],
}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = Settings.from_env({}, warehouse=tmp_path_factory.mktemp("quality") / "warehouse")
    publish_rows(settings, **ROWS)
    return settings


@pytest.fixture
def reads(published: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERDW_WAREHOUSE", str(published.warehouse))


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_said_in_the_chosen_language(language: str, reads: None) -> None:
    html = run("data_quality", language).html
    assert foreign_texts(html, language, "dq_") == []
    assert f"<h1>{TEXTS['dq_title'][list(LANGUAGES).index(language)]}</h1>" in html


def test_the_three_newest_months_are_summed(reads: None) -> None:
    found = run("data_quality", "en")
    recent = found.recent.set_index(["dealer_id", "rule_code"])
    assert recent.loc[("D1", "LEAD_A"), ["checked_rows", "failed_rows"]].tolist() == [200, 30]
    assert recent["is_below_target"].tolist() == [True, False, False]
    assert "<strong>92.00%</strong>" in found.html, "368 of 400 checks"


def test_worst_rules_courses_and_what_they_did_are_shown(reads: None) -> None:
    html = run("data_quality", "de").html
    assert "LEAD_A ist gut." in html and "Machen Sie das." in html
    assert "LEAD_B ist gut." not in html, "it is not below its target"
    assert "Complete records" in html and "<strong>41</strong>" in html
    assert "45,0\u00a0%" in html


def test_a_dealer_is_chosen_by_name_and_sees_his_own(reads: None) -> None:
    everybody = run("data_quality", "de")
    assert list(everybody.dealer_choice.options) == [
        "alle Händler",
        "Autohaus <b> (D1)",
        "Autohaus West (D2)",
    ]


def test_without_counts_it_says_what_is_missing(tmp_path, monkeypatch) -> None:
    settings = Settings.from_env({}, warehouse=tmp_path / "warehouse")
    publish_rows(settings, **(ROWS | {"mart_data_quality": []}))
    monkeypatch.setenv("PARTNERDW_WAREHOUSE", str(settings.warehouse))
    html = run("data_quality", "en").html
    assert "There are no rows in mart_data_quality" in html
    assert TEXTS["dq_where_title"][1] not in html
