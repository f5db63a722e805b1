"""Files for spreadsheets: no text that one takes for a formula, figures as they are."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from openpyxl import load_workbook

from orchestration.serving.export import export_table
from orchestration.settings import Settings, UsageError

FORMULAS = [
    "=1+1", "+49 89", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "＝1+1", "＠x",
    "\x01=1", '=HYPERLINK("x")', "-",
]  # fmt: skip
HARMLESS = ["", "a=b", "1-2", 'Größe; "3"', "O'Neil", "two\nlines", None]


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
        assert row[2] == f"'{formula}".replace("\x01", "").replace("\r", row[2][1:2])
    shown = [row[2] or None for row in rows[len(FORMULAS) :]]
    assert shown == [text or None for text in HARMLESS]


def test_amounts_are_numbers_to_the_cent(settings: Settings, tmp_path: Path) -> None:
    _, first, *_ = exported(settings, tmp_path / "out.csv")
    assert Decimal(first[3]) == Decimal("-1234567890123456.78")
    _, first, *_ = exported(settings, tmp_path / "out.xlsx")
    assert isinstance(first[3], int | float)


def test_the_rows_of_one_dealer(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    assert export_table(settings, "mart_a", path, "D1") == 10
    assert export_table(settings, "mart_a", path, "' or true or '") == 0


@pytest.mark.parametrize(
    ("table", "name", "dealer", "message"),
    [
        ("mart_a", "out.pdf", None, "ending must be one of"),
        ("mart_x", "out.csv", None, "no published table 'mart_x'"),
        ("mart_b", "out.csv", "D1", "no column dealer_id"),
    ],
)
def test_what_cannot_be_exported_is_said(
    settings: Settings, tmp_path: Path, table: str, name: str, dealer: str | None, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        export_table(settings, table, tmp_path / name, dealer)
    assert not (tmp_path / name).exists()


def test_more_rows_than_a_sheet_holds(settings: Settings, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("orchestration.serving.export._MOST_ROWS", 5)
    with pytest.raises(UsageError, match=r"export \.csv"):
        export_table(settings, "mart_a", tmp_path / "out.xlsx")
    assert list(tmp_path.glob("*out*")) == []
