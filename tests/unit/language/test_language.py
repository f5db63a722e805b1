"""Numbers, dates and texts in German and English."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from string import Formatter

import pandas as pd
import pytest

from orchestration.language import LANGUAGES, Language, preferred
from orchestration.language.texts import TEXTS
from orchestration.settings import PROJECT_ROOT

GERMAN, ENGLISH = Language("de"), Language("en")
NOTEBOOKS = PROJECT_ROOT / "notebooks"
SPEAKERS = [
    *sorted(NOTEBOOKS.glob("*.py")),
    *sorted((PROJECT_ROOT / "orchestration" / "explain").glob("*.py")),
    *sorted((PROJECT_ROOT / "orchestration" / "review").glob("*.*")),
    PROJECT_ROOT / "orchestration" / "calculations" / "findings.py",
    PROJECT_ROOT / "orchestration" / "render.py",
    PROJECT_ROOT / "orchestration" / "rule_page.py",
    *sorted((PROJECT_ROOT / "orchestration" / "catalog").glob("*.py")),
    *sorted((PROJECT_ROOT / "orchestration" / "doc_pages").glob("*.html")),
    *sorted((PROJECT_ROOT / "orchestration" / "serving").glob("share*.py")),
]
"""Where the texts are said."""


@pytest.mark.parametrize(
    ("value", "digits", "german", "english"),
    [
        (1234567.891, 2, "1.234.567,89", "1,234,567.89"),
        (Decimal("93.333333"), 2, "93,33", "93.33"),
        (-4.5, 1, "\u22124,5", "\u22124.5"),
        (-0.001, 2, "0,00", "0.00"),
        (7, 0, "7", "7"),
        (None, 2, "–", "–"),
        (float("nan"), 2, "–", "–"),
    ],
)
def test_numbers(value, digits, german, english) -> None:
    assert (GERMAN.number(value, digits), ENGLISH.number(value, digits)) == (german, english)


def test_signed_numbers() -> None:
    assert GERMAN.number(6.667, 2, is_signed=True) == "+6,67"
    assert GERMAN.number(-6.667, 2, is_signed=True) == "\u22126,67"
    assert GERMAN.number(0, 2, is_signed=True) == "0,00"


def test_figures_of_kpis_in_their_unit() -> None:
    assert (GERMAN.value(0.125, "RATE"), ENGLISH.value(0.125, "RATE")) == ("12,5\u00a0%", "12.5%")
    assert GERMAN.value(Decimal("0.0083"), "RATE") == "0,83\u00a0%"
    assert GERMAN.value(44, "DAYS") == "44,0\u00a0Tage"
    assert ENGLISH.value(44, "DAYS") == "44.0\u00a0days"
    assert ENGLISH.value(3, "LIGHT_YEARS") == "3.0\u00a0LIGHT_YEARS"
    assert GERMAN.value(None, "RATE") == "–"


def test_months_and_instants() -> None:
    assert GERMAN.month(date(2025, 3, 1)) == "März 2025"
    assert ENGLISH.month(pd.Timestamp("2025-03-01")) == "March 2025"
    assert GERMAN.month(pd.NaT) == "–"
    summer = datetime(2025, 7, 1, 22, 30)
    assert GERMAN.instant(summer) == "02.07.2025, 00:30 Uhr"
    assert ENGLISH.instant(summer) == "2 Jul 2025, 00:30"


def test_the_language_is_the_one_asked_for_else_the_browsers() -> None:
    assert preferred("en", "de-DE,de;q=0.9") == "en"
    assert preferred(None, "fr-FR, en-GB;q=0.8, de;q=0.5") == "en"
    assert preferred("klingon", None) == "de"
    with pytest.raises(ValueError, match="klingon"):
        Language("klingon")


def test_values_in_html_are_escaped_and_markup_of_the_text_is_not() -> None:
    said = GERMAN.html("look_fallen", dealer="<b>A & B</b>", change="1", score="2")
    assert said.startswith("<b>&lt;b&gt;A &amp; B&lt;/b&gt;</b> ist am stärksten gefallen")


def test_texts_stand_in_both_languages_with_the_same_placeholders_and_markup() -> None:
    assert all(len(texts) == len(LANGUAGES) for texts in TEXTS.values())
    assert [key for key, texts in TEXTS.items() if not all(t.strip() for t in texts)] == []
    assert [key for key, (de, en) in TEXTS.items() if placeholders(de) != placeholders(en)] == []
    assert [key for key, (de, en) in TEXTS.items() if markup(de) != markup(en)] == []


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def markup(text: str) -> list[str]:
    return re.findall(r"</?\w+>", text)


def test_each_text_is_used_and_each_text_used_is_there() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in SPEAKERS)
    said = {
        key
        for key in re.findall(r"""say(?:\.html)?\(\s*["'](\w+)["']""", code)
        if not key.endswith("_")
    }
    assert said - set(TEXTS) == set()
    prefixes = {
        m.rstrip("_")
        for m in re.findall(r'f"(\w+)_\{', code)
        + re.findall(r"[\"'](\w+_)[\"'] \+", code)
        + re.findall(r"code_text\(\s*[\"'](\w+)", code)
    }
    strings = set(re.findall(r"[\"'](\w+)[\"']", code))
    unused = {
        key
        for key in TEXTS
        if key not in strings and not any(key.startswith(f"{p}_") for p in prefixes)
    }
    assert {key for key in unused if not key.startswith(("state_", "unit_"))} == set()


def test_no_german_word_stands_in_the_code_that_says_them() -> None:
    for path in SPEAKERS:
        assert not re.search(r"[äöüÄÖÜß]", path.read_text(encoding="utf-8")), path.name
