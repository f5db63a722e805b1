"""Files for spreadsheets: no text that one takes for a formula, figures as they are."""

from __future__ import annotations

import csv
import io
import string
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as profile
from hypothesis import strategies as st
from openpyxl import load_workbook

from orchestration.serving.export import export_table
from orchestration.serving.formulas import begins_like_a_formula, unguarded
from orchestration.settings import Settings, UsageError
from tests.unit.serving.small_publication import make_publication

FORMULAS = [
    "=1+1", "+49 89", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "＝1+1", "＠x",
    "\x01=1", '=HYPERLINK("x")', "-", "−1", "\u200b=1", '"=1', "=cmd|' /C calc'!A0", "﹦1",
]  # fmt: skip
HARMLESS = ["", "a=b", "1-2", 'Größe; "3"', "O'Neil", "two\nlines", "'quoted'", "12345", None]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(extracts=tmp_path, warehouse=tmp_path / "it's a warehouse")
    made.serving.mkdir(parents=True)
    with duckdb.connect(str(made.serving_file)) as connection:
        connection.execute("create table mart_a (n int, dealer_id varchar, note varchar, "
                           "amount_eur decimal(18, 2), seen map(varchar, timestamp))")  # fmt: skip
        for n, note in enumerate([*FORMULAS, *HARMLESS]):
            connection.execute(
                "insert into mart_a values (?, ?, ?, -1234567890123456.78, "
                "map {'f': timestamp '2025-01-01'})",
                [n, f"D{n % 2}", note],
            )
        connection.execute("create table mart_b (brand_code varchar)")
    return made


def exported(settings: Settings, path: Path) -> list[list]:
    assert export_table(settings, "mart_a", path) == len(FORMULAS) + len(HARMLESS)
    if path.suffix == ".csv":
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))
    sheet = load_workbook(path).active
    assert not [cell for row in sheet for cell in row if cell.data_type == "f"]
    return [[cell.value for cell in row] for row in sheet]


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_no_text_begins_like_a_formula(settings: Settings, tmp_path: Path, ending: str) -> None:
    head, *rows = exported(settings, tmp_path / f"out{ending}")
    assert head == ["n", "dealer_id", "note", "amount_eur", "seen"]
    for formula, row in zip(FORMULAS, rows, strict=False):
        sheet = formula.replace("\r", "\n") if ending == ".xlsx" else formula
        assert begins_like_a_formula(formula.replace("\x01", ""))
        assert unguarded(row[2], is_csv=ending == ".csv") == sheet.replace("\x01", "")
        assert row[2].startswith("'") and not begins_like_a_formula(row[2])
    shown = [row[2] or None for row in rows[len(FORMULAS) :]]
    assert shown == [text or None for text in HARMLESS]


def test_amounts_are_numbers_to_the_cent(settings: Settings, tmp_path: Path) -> None:
    _, first, *_ = exported(settings, tmp_path / "out.csv")
    assert Decimal(first[3]) == Decimal("-1234567890123456.78")
    _, first, *_ = exported(settings, tmp_path / "out.xlsx")
    assert isinstance(first[3], int | float)


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_numbers_and_dates_are_no_texts(settings: Settings, tmp_path: Path, ending: str) -> None:
    with duckdb.connect(str(settings.serving_file)) as connection:
        connection.execute(
            """create table mart_c as select -5::integer as i, -0.5::double as d,
            'nan'::double as n, '-inf'::double as f, date '2025-01-31' as day,
            timestamptz '2025-01-31 10:00:00+01:00' as at, true as b, -1.50::decimal(18, 2) as e,
            interval (-1) day as span, ['=1'] as list, {'=a': '=b'} as struct,
            '=1'::enum('=1') as "=choice", '-7' as code, '\\x3D31'::blob as bytes"""
        )
    path = tmp_path / f"out{ending}"
    export_table(settings, "mart_c", path)
    if ending == ".csv":
        head, row = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")))
        assert [row[i] for i in (0, 1, 2, 3, 4, 7)] == ["-5", "-0.5", "", "", "2025-01-31", "-1.50"]
        assert row[5] == "2025-01-31 09:00:00"
    else:
        head, row = ([c.value for c in cells] for cells in load_workbook(path).active)
        assert row[:4] == [-5, -0.5, None, None]
        assert row[4:8] == [datetime(2025, 1, 31), datetime(2025, 1, 31, 9), True, -1.5]
    assert head[11] == "'=choice" and row[11] == "'=1" and row[12] == "'-7"
    assert row[8].startswith("'-1 day")
    assert not [text for text in (*head, *row[8:]) if begins_like_a_formula(text)]


def is_evaluated(cell: str) -> bool:
    """As by a careless spreadsheet, which looks past blanks, quotes and what is invisible."""
    return cell.lstrip(string.whitespace + '"\u00a0\u200b').startswith(tuple("=+-@＝−"))


_PIECES = st.sampled_from(
    [*"=+-@'\"; ,\t\r\n|a1", "\u00a0", "\u200b", "＝", "−", "\x00", "\uffff", "cmd|'/C calc'!A0"]
)


@example(["a;=1", ';"=1+1;x', ";\n=1", "\n\n=1", "';'=1", "'=1", "''=1", "a\r\n-1", "\r\n"])
@given(st.lists(st.lists(_PIECES, max_size=6).map("".join) | st.text(max_size=8), max_size=12))
@profile(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_nothing_is_evaluated_and_every_text_can_be_had_back(
    settings: Settings, tmp_path: Path, texts: list[str]
) -> None:
    with duckdb.connect(str(settings.serving_file)) as connection:
        connection.execute("create or replace table mart_d (note varchar, n int, other varchar)")
        for n, text in enumerate(texts):
            connection.execute("insert into mart_d values (?, ?, ?)", [text, n, text])
    clean = ["".join(c for c in text if c in "\t\n\r" or c >= " ") for text in texts]
    clean = [text.replace("\ufffe", "").replace("\uffff", "") for text in clean]

    export_table(settings, "mart_d", tmp_path / "out.csv")
    text = (tmp_path / "out.csv").read_bytes().decode("utf-8-sig")
    _, *rows = csv.reader(io.StringIO(text, newline=""))
    assert [unguarded(row[0], is_csv=True) for row in rows] == clean
    for delimiter in ",;\t":  # whatever a spreadsheet parts fields by
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            assert not [cell for cell in row if is_evaluated(cell)], (delimiter, row)

    export_table(settings, "mart_d", tmp_path / "out.xlsx")
    _, *cells = load_workbook(tmp_path / "out.xlsx").active
    assert not [c for row in cells for c in row if c.data_type == "f"]
    shown = [row[0].value or "" for row in cells]
    assert not [value for value in shown if begins_like_a_formula(value)]
    as_sheet = [text.replace("\r\n", "\n").replace("\r", "\n") for text in clean]
    assert [unguarded(value, is_csv=False) for value in shown] == as_sheet


@pytest.fixture
def network(tmp_path: Path) -> Settings:
    made = Settings(extracts=tmp_path / "x", warehouse=tmp_path / "w")
    make_publication(made)
    return made


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("mart_score", ["A"]),
        ("mart_correction", ["I1"]),
        ("mart_routing", ["C1", "C2"]),
        ("mart_benchmark", ["LARGE"]),
        ("mart_market", ["AURA"]),
        ("_publication", None),
    ],
)
def test_a_dealer_gets_what_he_reads(
    network: Settings, tmp_path: Path, table: str, rows: list[str] | None
) -> None:
    path = tmp_path / "out.csv"
    assert export_table(network, table, path, "A") == len(rows or [1])
    _, *found = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    assert rows is None or sorted(row[0] for row in found) == rows
    assert "secret of B" not in path.read_text(encoding="utf-8-sig")
    assert rows is None or export_table(network, table, path) >= len(rows)


@pytest.mark.parametrize(
    ("table", "name", "dealer", "message"),
    [
        ("mart_score", "out.pdf", None, "ending must be one of"),
        ("mart_x", "out.csv", None, "no published table 'mart_x'"),
        ("mart_conflict", "out.csv", "A", "read by the manufacturer only"),
        ("mart_score", "out.csv", "Z", "no dealer 'Z'"),
        ("mart_score", "out.csv", "' or true or '", "no dealer"),
        ("mart_score", "no/folder/out.csv", None, "no folder"),
        ("mart_score", "folder.csv", None, "is a folder"),
    ],
)
def test_what_cannot_be_exported_is_said(
    network: Settings, tmp_path: Path, table: str, name: str, dealer: str | None, message: str
) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(UsageError, match=message):
        export_table(network, table, tmp_path / name, dealer)
    assert not (tmp_path / name).is_file()
    assert not list(tmp_path.glob(".out*"))


def test_without_a_publication_it_says_so(tmp_path: Path) -> None:
    settings = Settings(extracts=tmp_path / "x", warehouse=tmp_path / "w")
    with pytest.raises(UsageError, match="nothing is published"):
        export_table(settings, "mart_score", tmp_path / "out.csv")


def test_an_old_file_is_replaced_only_by_a_whole_one(
    network: Settings, tmp_path: Path, monkeypatch
) -> None:
    path = tmp_path / "out.xlsx"
    path.write_text("old")
    monkeypatch.setattr("openpyxl.Workbook.save", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        export_table(network, "mart_score", path)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["out.xlsx"]


def test_a_text_that_no_cell_holds(settings: Settings, tmp_path: Path) -> None:
    with duckdb.connect(str(settings.serving_file)) as connection:
        connection.execute("insert into mart_a (note) select repeat('x', 32767)")
    with pytest.raises(UsageError, match=r"mart_a.note has a text of 32,767 characters"):
        export_table(settings, "mart_a", tmp_path / "out.xlsx")


def test_more_rows_than_a_sheet_holds(settings: Settings, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("orchestration.serving.export._MOST_ROWS", 5)
    with pytest.raises(UsageError, match=r"more than the 5 that a sheet holds.*export \.csv"):
        export_table(settings, "mart_a", tmp_path / "out.xlsx")
    assert list(tmp_path.glob("*out*")) == []
