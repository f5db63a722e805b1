"""The notebooks run from end to end, in both languages; their figures are those of the marts."""

from __future__ import annotations

import importlib
import os
import re
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.language import LANGUAGES, Language
from orchestration.language.texts import TEXTS
from orchestration.serving.reading import Publication
from orchestration.settings import PROJECT_ROOT, Settings
from tests.notebooks.example import DECEMBER, KPIS, NAMES, NOVEMBER, publish_rows, rows, run

TITLES = {
    "partner_scorecard": "scorecard_title",
    "network_overview": "network_title",
    "incentive_statement": "statement_title",
}
NOTEBOOKS = tuple(TITLES)
SCORES = ("partner_scorecard", "network_overview")
EVERY = pytest.mark.parametrize(
    ("name", "language"), [(n, language) for n in NOTEBOOKS for language in LANGUAGES]
)


@pytest.fixture
def reads_example(example: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERDW_WAREHOUSE", str(example.warehouse))


def key(dealer_id: str, month=DECEMBER) -> dict:
    return {"dealer_id": dealer_id, "brand_code": "ARVA", "score_month": month}


@EVERY
def test_everything_is_said_in_the_chosen_language(name, language, reads_example) -> None:
    html = run(name, language).html
    own, other = (0, 1) if language == "de" else (1, 0)
    foreign = [
        texts[other]
        for texts in TEXTS.values()
        if texts[0] != texts[1]
        and len(texts[other]) > 8
        and re.search(rf"(?<!\w){re.escape(texts[other])}(?!\w)", html)
    ]
    assert foreign == []
    # the statement that is shown at first pays for satisfaction alone
    names = [(k["name_de"], k["name_en"]) for k in KPIS if name in SCORES or k["kpi_code"] == "CSI"]
    assert all(name[own] in html and name[other] not in html for name in names)
    assert f"<h1>{TEXTS[TITLES[name]][own]}</h1>" in html


def test_the_contributions_sum_to_the_score(reads_example, publication: Publication) -> None:
    scored = publication.records("select * from mart_partner_scorecard where score is not null")
    assert len(scored) == 4
    for card in scored:
        found = run("partner_scorecard", key=key(card["dealer_id"], card["score_month"]))
        shown = round(card["score"], 2)
        assert 100 - Decimal(int(found.waterfall["lost_hundredths"].sum())) / 100 == shown
        assert found.waterfall["to_hundredths"].iloc[-1] == 100 * shown
        assert f"<strong>{shown:.2f}</strong>".replace(".", ",") in found.html


def test_compared_with_the_month_before_they_sum_to_the_change(reads_example) -> None:
    found = run("partner_scorecard", key=key("D1"), reference="before")
    assert found.references["score"].to_dict() == {"before": 95}
    assert -found.waterfall["lost_hundredths"].sum() == 500
    assert "95,00 − 7,00 verloren + 12,00 gewonnen = <b>100,00</b>" in found.html


def test_the_best_of_the_peer_group_is_offered_for_comparison(reads_example) -> None:
    found = run("partner_scorecard", "en", key=key("D3"), reference="best")
    assert found.references.loc["best", "dealer_id"] == "D1"
    assert "Why 70.00 and not 100.00?" in found.html
    assert "Best: Autohaus Süd" in found.html


@pytest.mark.parametrize("dealer_id", ["D1", "D2", "D3"])
def test_the_rank_shown_is_that_of_the_mart(dealer_id, reads_example, publication) -> None:
    card = publication.records(
        "select * from mart_partner_scorecard "
        "where dealer_id = $dealer_id and score_month = $score_month",
        dealer_id=dealer_id,
        score_month=DECEMBER,
    )[0]
    found = run("partner_scorecard", "en", key=key(dealer_id))
    assert f"<strong>{card['score_rank']} of {card['peer_count']}</strong>" in found.html
    own = found.peers[found.peers["is_own"]]
    assert own["score_rank"].tolist() == [card["score_rank"]]
    assert len(found.peers) == card["peer_count"]


def test_how_it_sums_names_what_counts_as_zero_and_what_does_not_count(reads_example) -> None:
    excluded = run("partner_scorecard", "en", key=key("D2")).html
    assert "100 − 9.34 lost + 2.67 gained = <b>93.33</b>" in excluded
    assert "÷ 75.0, the sum" in excluded and "0 counted as 0" in excluded
    assert "1 not counted" in excluded
    zero = run("partner_scorecard", "en", key=key("D3")).html
    assert "100 − 32.00 lost + 2.00 gained = <b>70.00</b>" in zero
    assert "÷ 100.0, the sum" in zero and "1 counted as 0" in zero and "0 not counted" in zero


def test_what_to_do_first_says_figure_target_and_gain(reads_example) -> None:
    page = run("partner_scorecard", "de", key=key("D3")).html
    first, second = page.split("<ol><li>")[1].split("</ol>")[0].split("</li><li>")
    assert first == (
        "<b>Bestandsreichweite fehlt</b> (kein Ziel vereinbart) und zählt als 0: kostet 25,00 "
        "Punkte. Der Hersteller muss das Ziel liefern."
    )
    assert second.removesuffix("</li>") == (
        "<b>Abschlussquote: 12,0\u00a0% statt 15,0\u00a0%</b>, kostet 7,00 Punkte "
        "(verantwortlich: gemeinsam). Eine Anfrage mehr, die zum Kauf führt, bringt 4,67 Punkte. "
        "Schritte bis zum Ziel: 2."
    )


def test_a_month_without_a_score_says_why(reads_example) -> None:
    found = run("partner_scorecard", "en", key=key("D4"))
    assert found.card["score"] is None
    assert "Why no score?" in found.html and "<strong>–</strong>" in found.html
    assert "too few observations, not counted" in found.html


def test_names_from_deliveries_are_no_markup(reads_example) -> None:
    module = importlib.import_module("notebooks.network_overview")
    outputs, _ = module.app.run(defs={"say": Language("en")})
    text = "".join(o.text for o in outputs if o is not None)
    assert "Autohaus Süd &amp; Söhne &lt;b&gt;" in text and NAMES["D1"] not in text


def test_the_network_shows_the_marts_figures(reads_example, publication: Publication) -> None:
    found = run("network_overview", "en", key={"brand_code": "ARVA", "score_month": DECEMBER})
    assert found.now["median_score"] == pytest.approx(93.333333)
    assert found.now["median_before"] == 95
    assert (found.now["scored_count"], found.now["dealer_count"]) == (3, 4)
    mean = publication.records(
        "select avg(score) as score from mart_partner_scorecard where score_month = $month",
        month=DECEMBER,
    )[0]["score"]
    assert found.costs["mean_lost"].sum() == pytest.approx(100 - mean, abs=0.01)
    assert found.missing_now.set_index(["kpi_code", "missing_reason"])[
        "dealer_count"
    ].to_dict() == {
        ("STOCK_DAYS", "NO_TARGET"): 2,
        ("CSI", "SMALL_SAMPLE"): 1,
    }
    assert found.segments["sales_effectiveness"].tolist() == [0.6]
    assert found.ranking["score_rank"].tolist() == [1, 2, 3]
    assert "<strong>60%</strong>" in found.html and "9 registrations, 15 expected" in found.html
    assert "the network sells furthest below expectation" in found.html


@pytest.mark.parametrize("place", ["state", "district"])
def test_places_hold_the_median_of_their_dealers(place, reads_example) -> None:
    found = run("network_overview", "de", place=place, measure="score").places
    named = found[found["place"].notna()]
    assert named["value"].tolist() == [pytest.approx(93.333333)]
    assert named["dealer_count"].tolist() == [3]


def test_a_month_before_the_market_is_known(reads_example) -> None:
    page = run("network_overview", "en", key={"brand_code": "ARVA", "score_month": NOVEMBER}).html
    assert "No market data has been delivered for this month." in page
    assert "no score the month before" in page


@EVERY
def test_without_a_publication_the_page_says_what_to_do(
    name, language, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setenv("PARTNERDW_WAREHOUSE", str(tmp_path))
    page = run(name, language).html
    assert "<code>make run</code>" in page and str(tmp_path) in page


@EVERY
@pytest.mark.parametrize("tables", [{}, {"dim_kpi": rows()["dim_kpi"]}])
def test_an_empty_publication_says_what_is_lacking(
    name, language, tables, tmp_path: Path, monkeypatch
) -> None:
    settings = Settings.from_env({}, warehouse=tmp_path)
    publish_rows(settings, **tables)
    monkeypatch.setenv("PARTNERDW_WAREHOUSE", str(tmp_path))
    page = run(name, language).html
    if name in SCORES:
        assert "mart_partner_scorecard, mart_partner_scorecard_kpi" in page
        assert ("dim_kpi" in page) == (not tables)
    else:
        assert "mart_incentive_statement, dim_incentive_program" in page
        assert "<code>oem__incentive_tiers</code>" in page


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_each_notebook_is_exported_from_the_command_line(name, example, tmp_path: Path) -> None:
    # a copy, for marimo leaves its session beside the notebook
    for file in (f"{name}.py", "style.css"):
        shutil.copy(PROJECT_ROOT / "notebooks" / file, tmp_path)
    target = tmp_path / "page.html"
    done = subprocess.run(
        [sys.executable, "-m", "marimo", "export", "html", f"{name}.py", "-o", str(target)]
        + ["--no-include-code"],
        cwd=tmp_path,
        env={**os.environ, "PARTNERDW_WAREHOUSE": str(example.warehouse)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    shown = "Bestandsreichweite" if name in SCORES else "Zufriedenheit der Kunden"
    assert shown in target.read_text(encoding="utf-8")
