"""The pages of the weekly review: one file per top partner, brand and ISO week."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from orchestration.review import write_pages
from orchestration.review.charts import charts
from orchestration.settings import Settings, UsageError
from tests.unit.review.example import (
    NEWEST,
    action,
    changed,
    escalation,
    finding,
    publish_actions,
    publish_example,
    reviewed,
    weeks,
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    made = Settings.from_env({}, warehouse=tmp_path_factory.mktemp("review") / "warehouse")
    publish_example(made)
    return made


@pytest.fixture(scope="module")
def page(settings: Settings) -> str:
    (path,) = write_pages(settings, "D1")
    return path.read_text(encoding="utf-8")


def spoken(html: str, language: str) -> str:
    """What the page says in one language, without markup."""
    other = "en" if language == "de" else "de"
    html = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    html = re.sub(rf'<(span|text)[^>]* lang="{other}".*?</\1>', "", html, flags=re.DOTALL)
    html = re.sub(rf'<span lang="{other}">.*?</span>', "", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", html)))


def test_the_newest_week_of_all_partners_by_default(settings: Settings) -> None:
    reviews = settings.serving / "reviews"
    assert write_pages(settings) == [
        reviews / "D1" / "2021-W06_ARVA.html",
        reviews / "D2" / "2021-W06_BO%2FREA.html",
    ]
    assert [p.name for p in reviews.rglob("*") if p.name.startswith(".")] == []


def test_one_partner_and_an_earlier_week(settings: Settings) -> None:
    (path,) = write_pages(settings, "D2", "2020-W53")
    assert path == settings.serving / "reviews" / "D2" / "2020-W53_BO%2FREA.html"
    said = spoken(path.read_text(encoding="utf-8"), "de")
    assert "KW 53/2020, 28.12.2020 bis 03.01.2021" in said
    assert "als in der letzten Woche des Vorjahres, KW 52" in said


@pytest.mark.parametrize(
    ("dealer_id", "iso_week", "message"),
    [
        ("D9", None, "nothing of dealer D9: the newest week is 2021-W06"),
        (None, "2019-W01", "nothing of week 2019-W01"),
        (None, "2021-W53", "'2021-W53' is no ISO week"),
        (None, "6", "'6' is no ISO week"),
    ],
)
def test_what_there_is_not_is_said(settings: Settings, dealer_id, iso_week, message) -> None:
    with pytest.raises(UsageError, match=message):
        write_pages(settings, dealer_id, iso_week)


def test_without_a_publication_or_a_review(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing is published"):
        write_pages(replace(settings, warehouse=tmp_path / "nowhere"))
    without = changed(settings, tmp_path, mart_weekly_review=[])
    assert write_pages(without) == []
    with pytest.raises(UsageError, match="there is none at all"):
        write_pages(without, "D1")


def test_a_page_needs_nothing_from_elsewhere_and_no_script(page: str) -> None:
    assert not re.search(r"https?:|src=|@import|url\(|<script|<link", page)
    assert "default-src 'none'" in page


def test_everything_delivered_is_escaped(page: str) -> None:
    assert "Autohaus Süd &amp; Söhne &lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "V-100 &lt;1&gt;" in page


def test_every_text_stands_in_both_languages(page: str) -> None:
    class Languages(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.found = {"de": 0, "en": 0}

        def handle_starttag(self, tag, attributes):
            if tag != "html" and (language := dict(attributes).get("lang")):
                self.found[language] += 1

    parser = Languages()
    parser.feed(page)
    assert parser.found["de"] == parser.found["en"] > 60


def test_the_page_says_the_findings_and_shows_their_figures(page: str) -> None:
    german, english = spoken(page, "de"), spoken(page, "en")
    assert "KW 6/2021, 08.02.2021 bis 14.02.2021" in german
    assert "Week 6 of 2021, 8 Feb 2021 to 14 Feb 2021" in english
    assert "Es wurden 17 Fahrzeuge bestellt, 41,7 % mehr als in der Vorjahreswoche (12)." in german
    assert "Longest to resolve are warranty cases: a median of 83.5 hours" in english
    assert "Bestellungen 17 12 Vorjahr +5 (+41,7 %)" in german
    assert "Registrations of the quarter so far 51 120 quarter's target \u221269 (42.5%" in english
    assert "Market penetration 8.5% 7.8% year before +0.7 pp" in english
    assert "Gespräch geführt ja 11 der letzten 13 Wochen" in german
    assert "Heute überfällig: beim Hersteller 1, beim Händler 0." in german


def test_better_and_worse_are_marked_by_what_is_meant(settings: Settings, tmp_path: Path) -> None:
    def marks(*findings: tuple) -> list[str]:
        rows = reviewed(*(finding(NEWEST, *f) for f in findings))
        (path,) = write_pages(changed(settings, tmp_path, mart_weekly_review=rows))
        table = path.read_text(encoding="utf-8").partition('<table class="figures">')[2]
        signs = {"+": "better", "-": "worse", None: "neither"}
        return [
            signs[m.group(1)]
            for m in re.finditer(r'class="mark symbol \w+" (?:role="img" aria-label="(.)")?', table)
        ]

    assert marks(
        ("ORDERS", 3, 2),
        ("REGISTRATIONS", 2, None),
        ("QUARTER_TARGET", 60, 100),
        ("COMPLAINTS", 3, 2),
        ("WORST_CASE_TYPE", 10, 20),
        ("OPEN_ACTIONS", 3, 1),
        ("MEETING", 0, 11),
    ) == ["better", "neither", "better", "worse", "better", "worse", "worse"]
    assert marks(("QUARTER_TARGET", 40, 100), ("ORDERS", 2, 2), ("OPEN_ACTIONS", 3, 0)) == [
        "neither",
        "worse",
        "neither",
    ]


def test_the_escalation_is_that_of_the_quarter_judged_last(page: str) -> None:
    said = spoken(page, "de")
    assert "V-100 <1> 4/2020" in said
    assert "78,40 81,25 2 1 bestätigt (eröffnet am 01.01.2021) 01.02.2021" in said
    assert "3/2020" not in said and "1/2021" not in said


def test_parts_without_rows_say_so(settings: Settings, tmp_path: Path) -> None:
    without = changed(
        settings,
        tmp_path,
        mart_weekly_review=reviewed(finding(NEWEST, "ORDERS", 3, None)),
        mart_escalations=[],
        mart_dialogue_discipline=[],
        dim_dealer=[],
    )
    (path,) = write_pages(without)
    said = spoken(path.read_text(encoding="utf-8"), "de")
    assert "Wochengespräch : D1 KW 6" in said
    assert said.count("Für diese Woche liegen hierzu keine Zahlen vor.") == 3
    assert "Zu diesem Vertrag ist noch kein Quartal bewertet." in said
    assert "Bestellungen 3 – Vorjahr" in said


def test_a_closed_escalation_says_when(settings: Settings, tmp_path: Path) -> None:
    closed = escalation(date(2020, 10, 1), False, status="CLOSED", closed_on=date(2021, 2, 3))
    after = changed(settings, tmp_path, mart_escalations=[closed])
    said = spoken(write_pages(after)[0].read_text(encoding="utf-8"), "en")
    assert "closed on 3 Feb 2021 (opened on 1 Jan 2021)" in said


def test_open_actions_are_those_open_at_the_weeks_end(settings: Settings, tmp_path: Path) -> None:
    settings = changed(settings, tmp_path)
    assert "Eingebracht" not in write_pages(settings)[0].read_text(encoding="utf-8")
    publish_actions(
        settings,
        action("A1", due_on=date(2021, 2, 14)),
        action("A2", due_on=date(2021, 2, 13), owner="OEM", decided_on=date(2021, 1, 20)),
        action("A3", done_on=date(2021, 2, 14)),
        action("A4", done_on=date(2021, 2, 15)),
        action("A5", raised_on=date(2021, 2, 15)),
        action("A6", dealer_id="D2"),
    )
    said = spoken(write_pages(settings)[0].read_text(encoding="utf-8"), "de")
    assert re.findall(r"<(A\d)> (\w+)", said) == [
        ("A2", "Hersteller"),
        ("A1", "Händler"),
        ("A4", "Händler"),
    ]
    assert "20.01.2021 13.02.2021 überfällig" in said
    assert said.count("überfällig", said.index("Eingebracht"), said.index("Vertrag und")) == 1


def test_the_newest_week_that_was_reported_and_a_warning_after_it(
    settings: Settings, tmp_path: Path
) -> None:
    event = {"event_id": "1", "dealer_id": "D1", "brand_code": "ARVA"}
    settings = changed(
        settings, tmp_path, fct_vehicle_event=[event | {"event_date": date(2021, 2, 5)}]
    )
    (path,) = write_pages(settings, "D1")
    assert path.name == "2021-W05_ARVA.html"
    assert "noch nichts gemeldet" not in spoken(path.read_text(encoding="utf-8"), "de")
    (path,) = write_pages(settings, "D1", "2021-W06")
    said = spoken(path.read_text(encoding="utf-8"), "de")
    assert "noch nichts gemeldet; die jüngste Meldung ist vom 05.02.2021" in said
    assert "\u25cf Es wurden 17 Fahrzeuge bestellt" in said  # neither good nor bad


def test_charts_leave_gaps_where_a_week_has_no_figure() -> None:
    rows = {
        ("CSI", week): (80 + n, None if n == 1 else 79)
        for n, week in enumerate(weeks())
        if n not in (4, 6)
    }
    figures = {
        key: (Decimal(value), None if before is None else Decimal(before))
        for key, (value, before) in rows.items()
    }
    (chart,) = charts("CUSTOMERS", weeks(), figures)
    assert re.findall("[ML]", chart["line"]) == list("MLLLMMLLLLL")
    assert re.findall("[ML]", chart["dashed"]) == list("MMLMMLLLLL")
    assert charts("MARKET", weeks(), {}) == []


def test_a_chart_of_equal_or_no_figures_divides_by_nothing() -> None:
    nothing = {
        (code, NEWEST): (Decimal(0), Decimal(0)) for code in ("ORDERS", "CSI", "PENETRATION")
    }
    for group in ("SALES", "CUSTOMERS", "MARKET"):
        (chart,) = charts(group, weeks(), nothing)
        assert len(chart["labels"]) == 1
