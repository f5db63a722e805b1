"""The dealer's page: its figures are those of the marts; whatever is missing, it says so."""

from __future__ import annotations

import importlib
import re
import shutil
import subprocess
import sys
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from notebooks import dealer_view
from orchestration.language import LANGUAGES, Language
from orchestration.language.texts import TEXTS
from orchestration.serving.reading import Publication, open_publication
from orchestration.settings import PROJECT_ROOT, Settings
from tests.notebooks.example import AS_OF, publish_rows, run
from tests.unit.checks.small_warehouse import Row

NOW = AS_OF.replace(tzinfo=None)
STOCK_DAY = date(2025, 1, 10)
WHO = {"dealer_id": "D1", "brand_code": "ARVA"}


def ago(**span: int) -> datetime:
    return NOW - timedelta(**span)


def unit(number: int, age_days: int | None, status: str = "IN_STOCK", **values) -> Row:
    return WHO | {
        "vin": f"VIN{number:014}",
        "model_code": "CARO",
        "snapshot_date": STOCK_DAY,
        "stock_status": status,
        "in_stock_since": None if age_days is None else STOCK_DAY - timedelta(days=age_days),
        "stock_age_days": age_days,
        "_delivered_at": ago(days=1),
        "_source_file": "D1_20250111.csv",
        **values,
    }


def lead(number: int, since: datetime, **values) -> Row:
    return WHO | {
        "lead_id": f"L{number}",
        "channel": "WEB",
        "created_at": since,
        "is_sold": False,
        "_delivered_at": ago(days=40),
        "_source_file": "dms_20241203.csv",
        **values,
    }


def case(number: int, since: datetime, responsible: str = "D1", **values) -> Row:
    received = values.pop("received", "D1")
    return {
        "case_id": f"C{number}",
        "brand_code": "ARVA",
        "case_type": "WARRANTY",
        "product_category": "BRAKES",
        "opened_at": since,
        "received_by_dealer_id": received,
        "responsible_party": responsible,
        "rule_id": None if responsible == "OEM" else "R1",
        "is_ambiguous": False,
        "was_misrouted": responsible != received,
        "is_service_level_breached": False,
        **values,
    }


def delivered(feed: str, sender: str, month: date, **values) -> Row:
    instant = datetime(month.year, month.month, 3, 5)
    return {
        "feed": feed,
        "sender": sender,
        "delivery_month": month,
        "file_count": 1,
        "rejected_file_count": 0,
        "accepted_rows": 10,
        "first_delivered_at": instant,
        "last_delivered_at": instant,
        **values,
    }


def tables() -> dict[str, list[Row]]:
    """D1 has everything, D2 nothing but his name."""
    months = [date(2024, 10, 1), date(2024, 11, 1), date(2024, 12, 1)]
    return {
        "dim_dealer": [
            WHO | {"dealer_name": "Autohaus Süd & Söhne <b>"},
            {"dealer_id": "D2", "brand_code": "ARVA", "dealer_name": "Autohaus West"},
        ],
        "dim_vehicle_model": [
            {"model_code": "CARO", "brand_code": "ARVA", "model_name": "Caro <i>"}
        ],
        "mart_dealer_now": [
            WHO
            | {
                "stock_snapshot_on": STOCK_DAY,
                "in_stock_units": 7,
                "in_transit_units": 1,
                "demo_units": 1,
                "units_over_90_days": 3,
                "units_over_180_days": 1,
                "median_stock_age_days": Decimal("75.5"),
                "stock_days": Decimal("44.25"),
                "open_leads": 3,
                "oldest_unanswered_lead_hours": Decimal(240),
                "campaign_leads_90d": 2,
                "open_cases": 4,
                "open_cases_under_1_day": 1,
                "open_cases_1_to_7_days": 1,
                "open_cases_over_7_days": 2,
                "breached_cases": 1,
                "responsible_open_cases": 3,
                "data_as_of": ago(days=1),
            },
            {
                "dealer_id": "D2",
                "brand_code": "ARVA",
                "open_leads": 0,
                "campaign_leads_90d": 0,
                **dict.fromkeys(
                    (
                        "open_cases",
                        "open_cases_under_1_day",
                        "open_cases_1_to_7_days",
                        "open_cases_over_7_days",
                        "breached_cases",
                        "responsible_open_cases",
                    ),
                    0,
                ),
            },
        ],
        "fct_stock": [
            *(unit(n, age) for n, age in enumerate((30, 31, 60, 90, 91, 181, None))),
            unit(8, None, "IN_TRANSIT"),
            unit(9, 5, "DEMO"),
            unit(10, 300, snapshot_date=date(2024, 12, 10)),
            unit(11, 300, brand_code="VESTRA"),
        ],
        "fct_lead": [
            lead(1, ago(hours=240)),
            lead(2, ago(hours=5), campaign_id="C1"),
            lead(3, ago(days=30), first_response_at=ago(days=29)),
            lead(4, ago(days=20), campaign_id="C1", is_sold=True),
            lead(5, ago(days=100), campaign_id="C0", lost_at=ago(days=90)),
        ],
        "mart_case_routing": [
            case(1, ago(hours=23)),
            case(2, ago(days=7), "D2"),
            case(3, ago(days=8), "OEM"),
            case(4, ago(days=20), is_service_level_breached=True),
            case(5, ago(days=2), received="D2"),
            case(6, ago(days=30), resolved_at=ago(days=29)),
            case(7, ago(days=3), "D2", received="D2"),
        ],
        "mart_case_cycle_time": [
            WHO
            | {
                "case_type": kind,
                "opened_month": date(2024, 12, 1),
                "opened_count": 4,
                "resolved_count": 3,
                "open_count": 1,
                "timed_count": timed,
                "mean_hours": Decimal(hours),
                "median_hours": Decimal(hours),
                "p90_hours": Decimal(hours),
                "backlog_count": 1,
            }
            for kind, timed, hours in (("WARRANTY", 3, 20), ("COMPLAINT", 1, 60))
        ],
        "mart_dealer_feed_freshness": [
            {
                "dealer_id": "D1",
                "feed": "dealer__stock",
                "last_delivered_at": ago(days=1),
                "last_file": "D1_20250111.csv",
                "last_sender": "D1",
                "hours_since": Decimal(24),
                "accepted_rows": 10,
            },
            {
                "dealer_id": "D1",
                "feed": "dealer__leads",
                "last_delivered_at": ago(days=40),
                "last_file": "dms_20241203.csv",
                "last_sender": "dms",
                "hours_since": Decimal(960),
                "accepted_rows": 2,
            },
        ],
        "mart_feed_quality": [
            *(delivered("dealer__stock", "D1", month) for month in months),
            *(delivered("dealer__leads", "dms", month, file_count=10) for month in months),
            delivered("oem__service_levels", "oem", months[0]),
        ],
    }


def published(folder: Path, **rows: list[Row]) -> Settings:
    settings = Settings.from_env({}, warehouse=folder / "warehouse")
    publish_rows(settings, **rows)
    return settings


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return published(tmp_path_factory.mktemp("dealer_now"), **tables())


@pytest.fixture
def publication(warehouse: Settings) -> Publication:
    return open_publication(warehouse)


@pytest.fixture(autouse=True)
def _reads_it(warehouse: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERDW_WAREHOUSE", str(warehouse.warehouse))


def shown(language: str = "en", dealer_id: str = "D1"):
    return run("dealer_now", language, who=WHO | {"dealer_id": dealer_id})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("dealer_id", ["D1", "D2"])
def test_everything_is_said_in_the_chosen_language(language, dealer_id) -> None:
    html = shown(language, dealer_id).html
    own, other = (0, 1) if language == "de" else (1, 0)
    foreign = [
        texts[other]
        for texts in TEXTS.values()
        if texts[0] != texts[1]
        and len(texts[other]) > 8
        and re.search(rf"(?<!\w){re.escape(texts[other])}(?!\w)", html)
    ]
    assert foreign == []
    assert f"<h1>{TEXTS['now_title'][own]}</h1>" in html


def test_who_is_shown_at_first_has_something_to_tell() -> None:
    assert run("dealer_now").who == WHO
    rows = [
        {"name": name, "closed_on": closed, **dict.fromkeys(NOW_COLUMNS, filled)}
        for name, closed, filled in (
            ("closed", STOCK_DAY, 1),
            ("empty", None, None),
            ("full", None, 1),
            ("later", None, 1),
        )
    ]
    assert dealer_view.most_to_see(rows, NOW)["name"] == "full"
    assert dealer_view.most_to_see(rows[:1], NOW)["name"] == "closed"


NOW_COLUMNS = [
    name for row in tables()["mart_dealer_now"] for name in row if name not in (*WHO, "closed_on")
]


def test_stock_is_that_of_the_last_list_by_classes_of_age(publication) -> None:
    rows = publication.records(dealer_view.STOCK, **WHO)
    assert {row["age_class"]: row["unit_count"] for row in rows} == {
        "TO_30": 1,
        "TO_60": 2,
        "TO_90": 1,
        "TO_180": 1,
        "OVER_180": 1,
        "UNKNOWN": 1,
    }
    oldest = publication.records(dealer_view.OLDEST_UNITS, **WHO)
    assert [row["stock_age_days"] for row in oldest] == [181, 91]
    html = shown().html
    assert "<strong>7</strong><span>in transit: 1, demo: 1" in html
    assert "<strong>75.5\u00a0days</strong>" in html


def test_each_request_has_one_light_of_shape_and_word() -> None:
    page = shown()
    assert [row["case_id"] for row in page.cases] == ["C4", "C3", "C2", "C5", "C1"]
    cards = page.html.split("Open service requests</h2>")[1].split("Open leads</h2>")[0]
    assert re.findall(r'aria-hidden="true">(.)</i> ([^<]+)</span></p>', cards) == [
        ("✖", "target missed"),
        ("■", "over 7 days"),
        ("▲", "1 to 7 days"),
        ("▲", "1 to 7 days"),
        ("●", "under 1 day"),
    ]
    assert "no rule fits: belongs to the manufacturer" in cards
    assert "belongs to Autohaus West: hand over" in cards
    assert "yours, lies with Autohaus West" in cards


def test_routed_to_him_is_set_against_received(publication) -> None:
    page = shown()
    now = page.now
    assert now["open_cases"] == len(page.received) == 4
    assert now["responsible_open_cases"] == sum(row["is_responsible"] for row in page.cases)
    html = page.html
    assert "Misrouted to you</span><strong>2</strong><span>40% of the 5 received" in html
    assert "of them with others: 1" in html


def test_lights_change_where_the_classes_of_the_mart_do() -> None:
    ages = (Decimal("23.999"), Decimal(24), Decimal(168), Decimal("168.001"))
    assert [dealer_view.age_light(age) for age in ages] == ["GOOD", "WATCH", "WATCH", "LATE"]
    assert dealer_view.age_light(1, is_breached=True) == "BREACHED"
    assert len(set(dealer_view.LIGHTS.values())) == len(dealer_view.LIGHTS)


@pytest.mark.parametrize(
    ("days", "usual", "light"),
    [
        (45, 30, "GOOD"),
        (46, 30, "WATCH"),
        (91, 30, "LATE"),
        (3, Decimal("0.1"), "GOOD"),
        (7, 1, "LATE"),
        (7, None, "UNKNOWN"),
        (None, 30, "UNKNOWN"),
    ],
)
def test_a_feed_is_late_by_its_own_rhythm(days, usual, light) -> None:
    assert dealer_view.feed_light(days, usual) == light


def test_feeds_show_the_last_file_of_the_dealer_or_of_his_hub() -> None:
    feeds = {row["feed"]: row for row in shown().feeds}
    assert list(feeds) == list(dealer_view.DEALER_FEEDS)
    stock, leads = feeds["dealer__stock"], feeds["dealer__leads"]
    assert (stock["last_file"], stock["is_own"], stock["accepted_rows"]) == (
        "D1_20250111.csv",
        True,
        10,
    )
    assert float(stock["usual_days"]) == pytest.approx(30.5)
    assert (leads["last_file"], leads["is_own"]) == ("dms_20241203.csv", False)
    # ten files a month, the last 40 days ago
    assert (float(leads["usual_days"]), leads["light"]) == (pytest.approx(3.05), "LATE")
    assert feeds["dealer__cases"]["light"] == "BREACHED"
    assert "never delivered" in shown().html


def test_leads_without_an_answer_are_listed_the_oldest_first() -> None:
    page = shown()
    assert [row["lead_id"] for row in page.unanswered] == ["L1", "L2"]
    assert len(page.leads) == page.now["open_leads"] == 3
    assert "The oldest waits for</span><strong>10\u00a0days</strong>" in page.html


def test_campaigns_count_what_the_mart_counts(publication) -> None:
    rows = publication.records(dealer_view.CAMPAIGNS, **WHO, **dealer_view.recent(NOW))
    assert [(row["campaign_id"], row["lead_count"], row["sold_count"]) for row in rows] == [
        ("C1", 2, 1)
    ]
    assert "2 leads from campaigns in 90 days, since 15 Oct 2024." in shown().html


def test_ninety_days_begin_at_midnight_in_germany() -> None:
    found = dealer_view.recent(datetime(2025, 6, 30, 22, 30))
    assert found["since"] == datetime(2025, 4, 2, 22, 0)


def test_the_mean_of_a_month_weighs_the_kinds_by_their_cases(publication) -> None:
    (row,) = publication.records(dealer_view.CYCLE_MONTHS, **WHO)
    assert (row["mean_hours"], row["opened_count"], row["backlog_count"]) == (30, 8, 2)


def test_a_dealer_without_anything_is_told_what_is_missing() -> None:
    html = shown("en", "D2").html
    for text in (
        "Nothing of yours has been delivered yet.",
        "No stock list of yours has been delivered",
        "No leads of yours have been delivered",
        "No lead has come from a campaign in the last 90 days.",
        "No service request has been resolved yet.",
    ):
        assert text in html
    # though he has delivered none himself, one of another's cases is his by the rules
    assert "yours, lies with Autohaus Süd" in html


def test_without_stock_leads_and_cases_every_part_says_so(tmp_path, monkeypatch) -> None:
    kept = {name: tables()[name] for name in ("dim_dealer", "mart_dealer_now")}
    settings = published(tmp_path, **kept)
    monkeypatch.setenv("PARTNERDW_WAREHOUSE", str(settings.warehouse))
    html = shown("de", "D2").html
    assert "Es liegt keine Bestandsliste von Ihnen vor" in html
    assert "Von Ihnen liegen keine Servicefälle vor" in html
    assert html.count("nie geliefert") >= len(dealer_view.DEALER_FEEDS)


def test_a_brand_that_the_list_does_not_name_has_nothing_in_stock(tmp_path, monkeypatch) -> None:
    rows = tables()
    rows["fct_stock"] = []
    rows["mart_dealer_now"][0] |= {"in_stock_units": 0, "units_over_90_days": 0}
    settings = published(tmp_path, **rows)
    monkeypatch.setenv("PARTNERDW_WAREHOUSE", str(settings.warehouse))
    html = shown().html
    assert "No vehicle of this brand is in stock." in html
    assert "No vehicle has been in stock for more than 90 days." in html


def test_without_service_levels_the_lights_show_ages_and_no_breach_is_claimed(
    tmp_path, monkeypatch
) -> None:
    rows = tables()
    rows["mart_feed_quality"] = rows["mart_feed_quality"][:-1]
    for row in rows["mart_case_routing"]:
        row["is_service_level_breached"] = False
    rows["mart_dealer_now"][0]["breached_cases"] = 0
    settings = published(tmp_path, **rows)
    monkeypatch.setenv("PARTNERDW_WAREHOUSE", str(settings.warehouse))
    html = shown().html
    assert "No service levels have been delivered (oem__service_levels)" in html
    assert "Target missed</span><strong>–</strong><span>no service levels delivered" in html


def test_kinds_that_never_missed_a_target_are_named(tmp_path, monkeypatch) -> None:
    rows = tables()
    rows["mart_case_routing"].append(case(9, ago(hours=2), case_type="COMPLAINT"))
    settings = published(tmp_path, **rows)
    monkeypatch.setenv("PARTNERDW_WAREHOUSE", str(settings.warehouse))
    assert "or none has been missed yet: Complaint." in shown().html


def test_a_closed_dealer_is_said_to_be_closed(tmp_path, monkeypatch) -> None:
    rows = tables()
    rows["dim_dealer"][0]["closed_on"] = STOCK_DAY
    settings = published(tmp_path, **rows)
    monkeypatch.setenv("PARTNERDW_WAREHOUSE", str(settings.warehouse))
    assert "<b>Closed</b>, last open day: 10 Jan 2025." in shown().html


def test_names_from_deliveries_are_no_markup() -> None:
    outputs, _ = importlib.import_module("notebooks.dealer_now").app.run(
        defs={"say": Language("en"), "who": WHO}
    )
    text = "".join(o.text for o in outputs if o is not None)
    assert "Caro &lt;i&gt;" in text and "Caro <i>" not in text
    assert "Söhne <b>" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_publication_the_page_says_what_to_do(language, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("PARTNERDW_WAREHOUSE", str(tmp_path))
    html = run("dealer_now", language).html
    assert "<code>make run</code>" in html and str(tmp_path) in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_publication_without_dealers_says_what_is_lacking(
    language, tmp_path, monkeypatch
) -> None:
    settings = published(tmp_path)
    monkeypatch.setenv("PARTNERDW_WAREHOUSE", str(settings.warehouse))
    html = run("dealer_now", language).html
    assert "<code>mart_dealer_now</code>" in html and "<code>oem__dealers</code>" in html


def test_it_is_exported_from_the_command_line(warehouse, tmp_path) -> None:
    # a copy, for marimo leaves its session beside the notebook
    for file in ("dealer_now.py", "style.css"):
        shutil.copy(PROJECT_ROOT / "notebooks" / file, tmp_path)
    target = tmp_path / "page.html"
    done = subprocess.run(
        [sys.executable, "-m", "marimo", "export", "html", "dealer_now.py", "-o", str(target)]
        + ["--no-include-code"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "pw-light-breached" in target.read_text(encoding="utf-8")
