"""A dealer's page says in both languages what his file holds, or that it holds nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from orchestration.language.texts.shares import TEXTS
from orchestration.serving import share_charts
from orchestration.serving.share_page import PageWriter
from orchestration.serving.share_reader import SOURCES
from orchestration.serving.share_words import number

DBT_TYPES = re.compile(r"decimal\(\d+,\d+\)|\w+")
MODELS = Path(__file__).parents[3] / "dbt_project" / "models" / "marts"


@pytest.fixture(scope="module")
def types() -> dict[str, dict[str, str]]:
    """Table -> column -> type, of every public model, as its contract says."""
    import yaml

    found: dict[str, dict[str, str]] = {}
    for path in MODELS.rglob("*.yml"):
        for model in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("models", []):
            if "columns" in model:
                found[model["name"]] = {c["name"]: c["data_type"] for c in model["columns"]}
    return found


@pytest.fixture
def share(tmp_path: Path, types: dict[str, dict[str, str]]) -> Path:
    """The share of a dealer of whom nothing is known but his contract."""
    path = tmp_path / "partner_marts.duckdb"
    with duckdb.connect(str(path)) as connection:
        for table in {t for part in SOURCES.values() for t in part} - {"_publication"}:
            columns = ", ".join(f'"{n}" {kind}' for n, kind in types[table].items())
            connection.execute(f"create table {table} ({columns})")
            for column in types[table]:
                connection.execute(f"comment on column {table}.{column} is '<{column} & more>'")
        connection.execute(
            "create table _publication as select timestamp '2025-03-01 12:00:00' as as_of, "
            "timestamp '2025-03-01 12:05:00' as published_at, '1.0+abc' as code_version, "
            "'PASSED' as gate_result, 7::bigint as gate_rules, 0::bigint as gate_warnings"
        )
        connection.execute(
            "insert into dim_dealer by name select 'D1' as dealer_id, 'AURA' as brand_code, "
            "'Autohaus <b>Eins</b> & Co' as dealer_name, 'AGENT' as contract_model, "
            "'METRO' as peer_group, date '2020-01-02' as opened_on"
        )
    return path


@pytest.fixture
def pages() -> Iterator[PageWriter]:
    with closing(PageWriter()) as writer:
        yield writer


def fill(share: Path, *statements: str) -> None:
    with duckdb.connect(str(share)) as connection:
        for statement in statements:
            connection.execute(statement)


class _Words(HTMLParser):
    """The text of a page as somebody sees it who has chosen a language."""

    def __init__(self, hidden: str) -> None:
        super().__init__()
        self._hidden, self._depth, self._stack, self.words = hidden, 0, [], ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("meta", "input", "br", "i", "path", "rect", "line"):
            return
        self.words += " "
        is_hidden = (tag == "span" and ("lang", self._hidden) in attrs) or tag in ("style", "title")
        self._stack.append(is_hidden)
        self._depth += is_hidden

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("i", "path", "rect", "line"):
            self.words += "" if tag in ("a", "b", "code", "span") else " "
            self._depth -= self._stack.pop()

    def handle_data(self, data: str) -> None:
        self.words += "" if self._depth else data


def seen(page: str, language: str) -> str:
    words = _Words("en" if language == "de" else "de")
    words.feed(page)
    return " ".join(words.words.split())


def test_empty_sections_say_so_in_both_languages(share: Path, pages: PageWriter) -> None:
    page = pages.page_of(share, "D1")
    for at, language in enumerate(("de", "en")):
        words = seen(page, language)
        for key in (
            *("share_now_nothing", "share_score_none", "share_incentives_none"),
            *("share_refinancing_none", "share_cases_none", "share_quality_none"),
        ):
            assert TEXTS[key][at] in words, key
    assert "Keine Maßnahme ist offen." in seen(page, "de")
    assert "No action is open." in seen(page, "en")


def test_who_as_of_when_and_which_version(share: Path, pages: PageWriter) -> None:
    page = pages.page_of(share, "D1")
    assert "<h1>Autohaus &lt;b&gt;Eins&lt;/b&gt; &amp; Co</h1>" in page
    german, english = seen(page, "de"), seen(page, "en")
    assert "Stand der Daten: 01.03.2025, 13:00 Uhr" in german and "1.0+abc" in german
    assert "Data as of 1 Mar 2025, 13:00" in english
    assert "D1 · AURA" in german and "offen seit 02.01.2020" in german


def test_every_part_names_its_tables_with_what_the_columns_say(
    share: Path, pages: PageWriter, types: dict[str, dict[str, str]]
) -> None:
    page = pages.page_of(share, "D1")
    for part, tables in SOURCES.items():
        assert f'id="from-{part}"' in page
        for table, columns in tables.items():
            assert f"<code>{table}</code>:" in page
            if table in types:
                assert set(columns) <= set(types[table]), table
            for column in columns:
                if table != "_publication":
                    title = f"&lt;{column} &amp; more&gt;"
                    assert f'<code class="column" title="{title}">{column}</code>' in page


def test_money_dates_and_units_are_written_as_the_language_does(
    share: Path, pages: PageWriter
) -> None:
    fill(
        share,
        "insert into mart_refinancing_status by name select 'I1' as investment_id, "
        "'D1' as dealer_id, 'AURA' as brand_code, 12345.67 as outstanding_eur, "
        "20000 as refinanced_eur, 0.38 as paid_rate, 1500.5 as arrears_eur, "
        "date '2025-01-01' as last_ledger_month, 'ARREARS' as status",
        "insert into mart_refinancing_plan by name select 'I1' as investment_id, "
        "'D1' as dealer_id, 'AURA' as brand_code, n as period_no, "
        "date '2024-12-15' + to_months(n) as due_date, 700 as scheduled_eur, "
        "20000 - 700 * n as closing_eur from (values (1), (2), (3)) as t(n)",
        "insert into mart_refinancing_ledger by name select 'I1' as investment_id, "
        "'D1' as dealer_id, 'AURA' as brand_code, 1 as period_no, "
        "date '2025-01-01' as ledger_month, 700 as due_eur, 0 as bonus_earned_eur, "
        "0 as cash_called_eur, 12345.67 as closing_eur, 1500.5 as arrears_out_eur",
    )
    page = pages.page_of(share, "D1")
    german, english = seen(page, "de"), seen(page, "en")
    assert "Refinanzierung I1: 1.500,50 € im Rückstand." in german
    assert "Refinancing I1: 1,500.50 € in arrears." in english
    assert "12.345,67 €" in german and "12,345.67 €" in english
    # the first instalment after the last closed month
    assert "Nächste Rate 700,00 € am 15.02.2025 laut Plan" in german
    assert "38,0 % von 20.000,00 € getilgt" in german and "38.0% of 20,000.00 € repaid" in english


def test_a_statement_is_shown_with_its_id_and_what_changed_later(
    share: Path, pages: PageWriter
) -> None:
    of = "'D1' as dealer_id, 'AURA' as brand_code, 'P' as program_id, 1 as program_version"
    fill(
        share,
        "insert into dim_incentive_program by name select 'P' as program_id, "
        "1 as program_version, 'Volume' as program_name, 'MONTH' as period_grain, "
        "'UNITS_REGISTERED' as measure",
        f"insert into mart_incentive_statement by name select '{'ab' * 16}' as statement_id, {of}, "
        "date '2025-01-01' as period_start, date '2025-01-31' as period_end, 5 as measure_value, "
        "2 as tier_no, 900 as entitlement_eur, 1000 as posted_eur, -100 as accrual_eur, "
        "'SETTLED' as status, date '2025-03-11' as payment_due_on",
        f"insert into mart_incentive_statement by name select '{'cd' * 16}' as statement_id, {of}, "
        "date '2023-12-01' as period_start, date '2023-12-31' as period_end, 1 as measure_value, "
        "1 as tier_no, 5 as entitlement_eur, 5 as posted_eur, 0 as accrual_eur, "
        "'SETTLED' as status, date '2024-02-11' as payment_due_on",
        f"insert into mart_incentive_ledger by name select 'ef{'0' * 30}' as posting_id, {of}, "
        "date '2025-01-01' as period_start, date '2025-01-01' as posted_in_month, "
        "'CLAWBACK' as posting_type, -250.00 as amount_eur",
        f"insert into mart_incentive_removal by name select {of}, 'V' || n as vin, "
        "date '2025-01-01' as period_start from (values (1), (2)) as t(n)",
        f"insert into mart_incentive_outlook by name select {of[: of.rindex(',')]}, "
        "date '2025-01-01' as period_start, 5 as measure_value, 8 as next_threshold, "
        "3 as units_to_next_tier, 900 as payout_now_eur, 1600 as payout_at_next_tier_eur, "
        "200 as next_unit_value_eur, false as is_cliff",
    )
    page = pages.page_of(share, "D1")
    german, english = seen(page, "de"), seen(page, "en")
    assert "abababababab" in page and "cdcdcdcdcdcd" not in page, "twelve months only"
    assert "Zahlung steht an 1.000,00 €" in german and "Payment to come 1,000.00 €" in english
    assert "Der Abschluss für Januar 2025 hat 250,00 € zurückgefordert." in german
    assert "Fahrzeuge, die dafür wegfielen: 2" in german and "ef0000000000" in page
    assert "5 von 8 erreicht" in german and "3 vehicles to go, the next one is worth" in english
    assert 'style="width: 62.5%"' in page


def test_the_owner_of_a_case_is_told_without_naming_another_dealer(
    share: Path, pages: PageWriter
) -> None:
    fill(
        share,
        "insert into mart_case_routing by name select case_id, 'AURA' as brand_code, "
        "'WARRANTY' as case_type, 'BRAKES' as product_category, "
        "timestamp '2025-02-20 10:00:00' as opened_at, received as received_by_dealer_id, "
        "responsible as responsible_party, false as is_ambiguous, "
        "true as is_service_level_breached "
        "from (values ('C1', 'D1', 'D1'), ('C2', 'D1', 'D99'), ('D99-C3', 'D99', 'D1'), "
        "('C4', 'D1', 'OEM')) as t(case_id, received, responsible)",
    )
    page = pages.page_of(share, "D1")
    assert "D99" not in page
    german = seen(page, "de")
    assert "verletzter Frist: 4 von 4" in german
    for key in ("OWN", "STRAYED", "ELSEWHERE", "OEM"):
        words = re.sub("<[^>]*>", "", TEXTS[f"share_owner_{key}"][0])
        assert words in german, key


def test_texts_are_there_in_both_languages_with_the_same_values() -> None:
    for key, (german, english) in TEXTS.items():
        assert german and english, key
        assert set(re.findall(r"{(\w+)}", german)) == set(re.findall(r"{(\w+)}", english)), key


def test_nothing_is_said_in_one_language_only(share: Path, pages: PageWriter) -> None:
    page = pages.page_of(share, "D1")
    german = len(re.findall(r'<span lang="de">[^<]', page))
    assert german > 40
    assert german == len(re.findall(r'<span lang="en">[^<]', page))
    assert 'lang="de"></' not in page and 'lang="en"></' not in page


def test_a_gap_in_a_line_begins_a_new_part() -> None:
    months = [date(2025, month, 1) for month in (1, 2, 3, 4)]
    values = [Decimal(1), None, Decimal(3), Decimal(2)]
    drawn = share_charts.lines(months, values, [None] * 4, number)
    assert drawn is not None
    assert drawn["line"] == "M2.0 94.0M66.0 6.0L98.0 50.0h0" and drawn["dashed"] == ""
    assert share_charts.lines(months, [None] * 4, [None] * 4, number) is None


def test_a_negative_month_is_a_bar_downwards() -> None:
    months = [date(2025, 1, 1), date(2025, 2, 1)]
    drawn = share_charts.bars(months, [Decimal(30), Decimal(-10)])
    assert drawn is not None
    up, down = drawn["bars"]
    assert (up["y"], up["height"], up["is_negative"]) == (0, 75, False)
    assert (down["y"], down["height"], down["is_negative"]) == (75, 25, True)
    assert share_charts.bars(months, [Decimal(0), Decimal(0)]) is None
