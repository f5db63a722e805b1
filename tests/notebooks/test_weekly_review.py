"""The weekly review's page: every figure is that of the marts; whatever is missing, it stands."""

from __future__ import annotations

import importlib
import re
import shutil
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from notebooks import reviews
from orchestration.language import LANGUAGES, Language
from orchestration.language.texts import TEXTS
from orchestration.serving.reading import Publication, open_publication
from orchestration.settings import PROJECT_ROOT, Settings
from tests.notebooks.example import publish_rows, run
from tests.unit.checks.small_warehouse import Row
from tests.unit.review.example import NEWEST, action, escalation, finding, measures, reviewed

WHO = {"dealer_id": "D1", "brand_code": "ARVA"}
OTHER = {"dealer_id": "D2", "brand_code": "VESTRA"}
MONDAY = date.fromisocalendar(*NEWEST, 1)


def standard(version: str, status: str, **values) -> Row:
    return WHO | {
        "contract_id": "V-100 <1>",
        "standard_code": "OTA",
        "version": version,
        "status": status,
        **values,
    }


def cost(year: int, **values) -> Row:
    """Golden: 10.5 hours at 2.00; 4 late leads, closing 0.25, 12,000.00 of 8 vehicles; 3 at 85."""
    return WHO | {
        "year": year,
        "waiting_hours": Decimal("10.5"),
        "hourly_rate_eur": Decimal("2.00"),
        "waiting_cost_eur": Decimal("21.00"),
        "late_leads": 4,
        "closing_rate": Decimal("0.25"),
        "gross_profit_eur": Decimal("12000.00"),
        "invoiced_units": 8,
        "lost_lead_cost_eur": Decimal("1500.00"),
        "misrouted_cases": 3,
        "misrouting_unit_cost_eur": Decimal("85.00"),
        "misrouting_cost_eur": Decimal("255.00"),
        "total_cost_eur": Decimal("1776.00"),
        **values,
    }


def discipline(who: Row, met: int, **values) -> Row:
    return who | {
        "weeks_due": 53,
        "weeks_met": met,
        "met_rate": reviews.share_of(met, 53),
        "median_days_to_decision": Decimal("7.000000"),
        "median_days_to_done": Decimal("20.500000"),
        "actions_open": 4,
        "overdue_oem": 1,
        "overdue_partner": 0,
        **values,
    }


def tables() -> dict[str, list[Row]]:
    """D1 has everything, D2 figures and meetings; both reported the newest week."""
    missed = finding(NEWEST, "MEETING", 0, 10, **OTHER)
    return {
        "dim_dealer": [WHO | {"dealer_name": "Autohaus Süd & Söhne <b>", "peer_group": "CITY"}],
        "mart_weekly_review": reviewed(
            *measures(),
            *(
                missed if row["finding_code"] == "MEETING" and week_of(row) == NEWEST else row
                for row in measures(**OTHER)
            ),
        ),
        "fct_vehicle_event": [
            who | {"event_id": who["dealer_id"], "event_date": date(2021, 2, 12)}
            for who in (WHO, OTHER)
        ],
        "fct_action": [
            WHO | action("A1", due_on=date(2021, 2, 13), decided_on=date(2021, 1, 20)),
            WHO | action("A2", owner="OEM"),
            WHO | action("A3", done_on=date(2021, 2, 14)),
        ],
        "mart_escalations": [
            escalation(date(2020, 7, 1), True, level=0, status="NONE", opened_on=None, due_on=None),
            escalation(date(2020, 10, 1), True, level_2_on=date(2021, 2, 2), level=2),
            escalation(
                date(2020, 10, 1),
                False,
                contract_id="V-200",
                level=0,
                status="NONE",
                opened_on=None,
                due_on=None,
                **OTHER,
            ),
        ],
        "mart_dialogue_discipline": [discipline(WHO, 46), discipline(OTHER, 40)],
        "mart_contract_standards": [
            standard("1.9", "NEEDS_SIGNATURE"),
            standard("1.10", "IN_FORCE"),
            standard("2.0", "OBJECTED", objected_on=date(2021, 1, 5)),
            standard("3.0", "PENDING_WINDOW", effective_on=date(2021, 7, 1)),
        ],
        "mart_standard_adoption": [
            {
                "brand_code": "ARVA",
                "standard_code": "OTA",
                "current_version": "1.10",
                "contracts": 8,
                "contracts_on_current": 6,
                "adoption_rate": Decimal("0.75"),
                "automatic_contracts": 5,
                "automatic_rate": Decimal("0.625"),
            }
        ],
        "mart_module_adoption": [
            WHO
            | {
                "module_code": "HUB",
                "decided_on": date(2020, 3, 31),
                "live_on": date(2020, 9, 30),
                "months_to_live": 6,
                "is_within_six_months": True,
                "status": "LIVE",
            },
            WHO
            | {
                "module_code": "ABO",
                "decided_on": date(2020, 1, 31),
                "is_within_six_months": False,
                "status": "RUNNING",
            },
        ],
        "mart_module_adoption_summary": [
            {
                "brand_code": "ARVA",
                "module_code": "HUB",
                "module_name": "Charging <hub>",
                "within_six_count": 2,
                "verdict_count": 3,
                "planning_cycle_months": Decimal(24),
            }
        ],
        "mart_requirement_pressure": [
            {
                "brand_code": "ARVA",
                "month": date(2021, month, 1),
                "active_requirements": 20 + month,
                "effort_days": Decimal("130.50"),
                "cost_per_dealer_eur": Decimal("133537.14"),
                "change_24m_rate": None if month == 1 else Decimal("0.5"),
                "pulse_answers": 0 if month == 1 else 100,
                "pulse_increased": 0 if month == 1 else 67,
                "pulse_rate": None if month == 1 else Decimal("0.67"),
                "pulse_ci_low": None if month == 1 else Decimal("0.573"),
                "pulse_ci_high": None if month == 1 else Decimal("0.754"),
            }
            for month in (1, 2)
        ],
        "mart_misalignment_cost": [cost(2019), cost(2020)],
        "mart_benchmark_comparison": [
            {
                "claim_code": "DIVERGING_GOALS_COST",
                "claimed_value": 2_300_000,
                "measured_value": Decimal("161186.147179"),
                "sample_count": 39,
            }
        ],
    }


def week_of(row: Row) -> tuple[int, int]:
    return row["iso_year"], row["iso_week"]


def published(folder: Path, **rows: list[Row]) -> Settings:
    settings = Settings.from_env({}, warehouse=folder / "warehouse")
    publish_rows(settings, **rows)
    return settings


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return published(tmp_path_factory.mktemp("weekly"), **tables())


@pytest.fixture
def publication(warehouse: Settings) -> Publication:
    return open_publication(warehouse)


@pytest.fixture(autouse=True)
def _reads_it(warehouse: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERDW_WAREHOUSE", str(warehouse.warehouse))


@pytest.mark.parametrize("who", [WHO, OTHER], ids=["everything", "little"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_said_in_the_chosen_language(language, who) -> None:
    html = run("weekly_review", language, who=who).html
    own, other = (0, 1) if language == "de" else (1, 0)
    foreign = [
        texts[other]
        for texts in TEXTS.values()
        if texts[0] != texts[1]
        and len(texts[other]) > 8
        and re.search(rf"(?<!\w){re.escape(texts[other])}(?!\w)", html)
    ]
    assert foreign == []
    assert f"<h1>{TEXTS['week_title'][own]}</h1>" in html


def test_what_is_shown_at_first_is_the_most_pressing_partner_and_week() -> None:
    page = run("weekly_review", "en")
    # D2 met less often, but only the contract of D1 is escalated
    assert page.who == WHO and page.monday == MONDAY


def test_the_most_pressing_partner_has_the_highest_level_then_the_most_overdue() -> None:
    partners = [WHO, OTHER, {"dealer_id": "D3", "brand_code": "ARVA"}]
    order = reviews.most_pressing(
        partners,
        [
            escalation(date(2020, 7, 1), True, level=3),
            escalation(date(2020, 10, 1), False, level=3, status="CLOSED"),
            escalation(date(2020, 7, 1), True, dealer_id="D3", level=1),
        ],
        [discipline(WHO, 1), discipline(OTHER, 1, overdue_oem=5)],
    )
    assert [row["dealer_id"] for row in order] == ["D3", "D2", "D1"]


def test_the_findings_are_the_sentences_of_the_mart(publication) -> None:
    rows = publication.records(reviews.FINDINGS, **WHO, **reviews.last_weeks(MONDAY))
    now = [row for row in rows if week_of(row) == NEWEST]
    assert len(now) == 11 and len({week_of(row) for row in rows}) == 13
    for language in LANGUAGES:
        page = run("weekly_review", language).html
        assert [r for r in now if r[f"finding_text_{language}"] not in page] == []
    page = run("weekly_review", "en").html
    assert "<strong>17</strong><span>a year before: 12</span>" in page
    assert 'Orders</td><td class="pw-right">17</td>' in page


def test_the_last_13_weeks_go_over_the_turn_of_a_year_of_53_weeks() -> None:
    assert reviews.last_weeks(MONDAY) == {"first": 202047, "last": 202106}
    # the first week of 2020 began in 2019, and 2020 had 53
    monday = reviews.monday_of({"iso_year": 2020, "iso_week": 53})
    assert monday == date(2020, 12, 28)
    assert reviews.last_weeks(date(2019, 12, 30), 2) == {"first": 201952, "last": 202001}


def test_open_actions_are_listed_with_owner_and_due_date() -> None:
    page = run("weekly_review", "de").html
    table = page.partition("Was am 14.02.2021 offen war")[2].partition("</table>")[0]
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in table.split("<tr>")[2:]]
    assert [row[1:] for row in cells] == [
        ["Händler", "13.02.2021, überfällig", "18.01.2021", "20.01.2021"],
        ["Hersteller", "kein Termin vereinbart", "18.01.2021", "noch nicht"],
    ]
    assert "<strong>2</strong><span>davon überfällig: 1</span>" in page


def test_the_escalation_is_told_in_words_with_its_due_date() -> None:
    english = run("weekly_review", "en").html
    assert "the escalation has been on level 2 of 3 since 2 Feb 2021." in english
    assert "The plan for improvement was due on 1 Feb 2021 and is still missing." in english
    assert "<strong>Level 2</strong><span>after Q4 2020</span>" in english
    # the week before, only level 1 was reached
    before = run("weekly_review", "de", monday=date(2021, 1, 25)).html
    assert "Die Eskalation steht seit dem 01.01.2021 auf Stufe 1 von 3." in before
    assert "Bis zum 01.02.2021 ist ein Plan zur Verbesserung zu vereinbaren." in before


def test_standards_waiting_are_newer_than_the_one_in_force() -> None:
    waiting = reviews.waiting_standards(tables()["mart_contract_standards"])
    assert [(row["version"], row["in_force"]) for row in waiting] == [
        ("2.0", "1.10"),
        ("3.0", "1.10"),
    ]
    assert reviews.waiting_standards(tables()["mart_contract_standards"], ["V-100 <1>"]) == []
    page = run("weekly_review", "en").html
    assert "objection of 5 Jan 2021, not resolved yet" in page
    assert "applies from 1 Jul 2021 unless objected to" in page
    assert "6 of 8" in page and "62.5%" in page


def test_a_contract_has_ended_where_another_one_was_judged_later() -> None:
    rows = [
        escalation(date(2020, 7, 1), False, contract_id="OLD"),
        escalation(date(2020, 10, 1), False, contract_id="NEW"),
    ]
    assert reviews.ended_contracts(rows) == {"OLD"}
    assert reviews.ended_contracts([]) == set()


def test_modules_say_whether_they_went_live_within_six_months() -> None:
    page = run("weekly_review", "de").html
    assert "gingen 2 von 3 beschlossenen Modulen (66,7\u00a0%) binnen sechs Monaten" in page
    assert "in Betrieb seit 30.09.2020" in page
    assert "in Einführung, länger als sechs Monate" in page


def test_the_pulse_stands_with_its_interval() -> None:
    page = run("weekly_review", "en").html
    assert "67 of 100 dealers (67.0%; 95% interval: 57.3% to 75.4%) reported" in page
    assert "In February 2021, 22 requirements of ARVA are in force" in page
    assert "That is 50.0% more than two years before." in page


def test_what_diverging_goals_cost_is_shown_by_component() -> None:
    row = cost(2020)
    assert sum(row[names[2]] for names in reviews.COMPONENTS.values()) == row["total_cost_eur"]
    assert reviews.gross_profit_per_vehicle(row) == Decimal("1500.00")
    assert reviews.gross_profit_per_vehicle(row | {"gross_profit_eur": Decimal(-8)}) == 0
    assert reviews.gross_profit_per_vehicle(row | {"invoiced_units": 0}) is None
    page = run("weekly_review", "de").html
    assert "Was auseinanderlaufende Ziele kosten: 1.776,00\u00a0€ im Jahr 2020" in page
    assert "10,5 Stunden über dem Servicelevel × 2,00\u00a0€" in page
    assert "4 spät beantwortete × 25,0\u00a0% Abschlussquote" in page
    assert "3 Fälle × 85,00\u00a0€" in page
    assert "161.186,15\u00a0€ im Jahr" in page and "2.300.000,00\u00a0€ genannt" in page


def test_the_network_says_who_met_and_who_did_not() -> None:
    page = run("weekly_review", "en").html
    assert "In week 6, 1 of 2 meetings took place. Not held: D2 (VESTRA)." in page
    # who met least often comes first
    assert page.index("40 of 53") < page.index("46 of 53")
    assert "Escalations: 1 of 2 contracts (level 3: 0, level 2: 1, level 1: 0)" in page
    assert "1 Feb 2021, overdue" in page


def test_weeks_without_reports_are_no_bad_news(tmp_path, monkeypatch) -> None:
    friday = {"event_date": date(2021, 2, 5)}
    rows = tables() | {
        "fct_vehicle_event": [who | friday | {"event_id": "1"} for who in (WHO, OTHER)]
    }
    settings = published(tmp_path, **rows)
    monkeypatch.setenv("PARTNERDW_WAREHOUSE", str(settings.warehouse))
    page = run("weekly_review", "en")
    assert page.monday == date(2021, 2, 1)
    assert "has not reported on this week" not in page.html
    newest = run("weekly_review", "en", monday=MONDAY).html
    assert "the latest report is of 5 Feb 2021" in newest
    assert "Not reported yet: D2 (VESTRA)." in newest and "Not held" not in newest
    assert "</i> good</span> 17 vehicles were ordered" not in newest


def test_names_from_deliveries_are_no_markup() -> None:
    outputs, _ = importlib.import_module("notebooks.weekly_review").app.run(
        defs={"say": Language("en")}
    )
    text = "".join(o.text for o in outputs if o is not None)
    for raw, safe in (
        ("Süd & Söhne <b>", "Süd &amp; Söhne &lt;b&gt;"),
        ("Charging <hub>", "Charging &lt;hub&gt;"),
        ("V-100 <1>", "V-100 &lt;1&gt;"),
        ("klären <A1>", "klären &lt;A1&gt;"),
    ):
        assert safe in text and raw not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_publication_the_page_says_what_to_do(language, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("PARTNERDW_WAREHOUSE", str(tmp_path))
    page = run("weekly_review", language).html
    assert "<code>make run</code>" in page and str(tmp_path) in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_review_it_says_what_is_lacking(language, tmp_path, monkeypatch) -> None:
    settings = published(tmp_path, mart_escalations=tables()["mart_escalations"])
    monkeypatch.setenv("PARTNERDW_WAREHOUSE", str(settings.warehouse))
    page = run("weekly_review", language).html
    assert "mart_weekly_review" in page and "<code>is_top_partner</code>" in page


SAYS_NONE = (
    "No actions have been delivered yet.",
    "No quarter of a contract has been judged yet.",
    "No standards have been delivered for the contracts of this partner.",
    "This partner has not decided on a module yet.",
    "No requirements have been delivered for this brand.",
    "No year has been reckoned for this partner yet.",
    "It is not known of any partner when meetings were held.",
    "No quarter has been judged yet.",
)


@pytest.mark.parametrize("is_dropped", [False, True], ids=["empty", "older"])
def test_each_part_says_so_where_its_data_are_missing(is_dropped, tmp_path, monkeypatch) -> None:
    rows = reviewed(finding(NEWEST, "ORDERS", 3, None))
    settings = published(tmp_path, mart_weekly_review=rows)
    if is_dropped:
        with duckdb.connect(str(settings.serving_file)) as connection:
            for name in set(tables()) - {"mart_weekly_review", "dim_dealer"}:
                connection.execute(f"drop table {name}")
    monkeypatch.setenv("PARTNERDW_WAREHOUSE", str(settings.warehouse))
    page = run("weekly_review", "en").html
    assert [text for text in SAYS_NONE if text not in page] == []
    assert page.count("There are no figures on this for the week.") == 3
    assert "no quarter judged yet" in page and "Data as of" in page


def test_it_is_exported_from_the_command_line(tmp_path) -> None:
    # a copy, for marimo leaves its session beside the notebook
    for file in ("weekly_review.py", "style.css"):
        shutil.copy(PROJECT_ROOT / "notebooks" / file, tmp_path)
    target = tmp_path / "page.html"
    done = subprocess.run(
        [sys.executable, "-m", "marimo", "export", "html", "weekly_review.py", "-o", str(target)]
        + ["--no-include-code"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "Autohaus S" in target.read_text(encoding="utf-8")
