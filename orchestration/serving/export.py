"""One published table as a file for a spreadsheet: CSV or Excel.

Texts and column names are such that no spreadsheet takes them for formulas (see `formulas`).
Numbers and dates are written as what they are; amounts are exact. Every file of rows that people
open is to be written here.
"""

from __future__ import annotations

import os
import re
from contextlib import closing
from pathlib import Path

import duckdb

from orchestration.duck import connect, quoted
from orchestration.serving.formulas import guarded
from orchestration.serving.publish import PUBLICATION_TABLE, published_models
from orchestration.serving.readers import DEALER_COLUMN, readers
from orchestration.settings import Settings, UsageError

_MOST_ROWS = 1_048_575
"""What a sheet of Excel holds below its header."""
_MOST_CHARACTERS = 32_767
"""What a cell of Excel holds; it would cut a longer text without a word."""
FORMATS = (".csv", ".xlsx")
_NUMBERS = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL.*|BOOLEAN|DATE|TIME|TIMESTAMP.*")
_FLOATS = {"DOUBLE", "FLOAT"}


def export_table(settings: Settings, table: str, path: Path, dealer_id: str | None = None) -> int:
    """Write a published table, or the rows of it that one dealer reads (as the model states in
    `readers`), to a `.csv` or `.xlsx` file, which is replaced in one step; gives the number of its
    rows.

    CSV is UTF-8 with a byte order mark, commas and points, as English spreadsheets read it.

    Raises:
        UsageError: nothing is published, there is no such table, folder or dealer, dealers do not
            read the table, the ending is another, or a sheet cannot hold the rows.
    """
    is_csv = path.suffix.lower() == ".csv"
    if path.suffix.lower() not in FORMATS:
        raise UsageError(f"{path.name}: the ending must be one of {', '.join(FORMATS)}")
    if path.is_dir() or not path.parent.is_dir():
        raise UsageError(f"{path} is a folder" if path.is_dir() else f"no folder {path.parent}")
    if not settings.serving_file.is_file():
        raise UsageError(f"nothing is published at {settings.serving_file}: run first")
    with closing(connect(settings)) as connection:
        connection.execute(f"attach {quoted(settings.serving_file)} as published (read_only)")
        columns = _columns(connection, table)
        source = _source(settings, connection, table, dealer_id)
        shown = ", ".join(_shown(name, kind, is_csv) for name, kind in columns)
        query = f"select {shown} from {source}"
        made = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            if is_csv:
                rows = _write_csv(connection, query, made)
            else:
                _check_sheet(connection, table, source, columns)
                rows = _write_workbook(connection, query, made, table)
            made.replace(path)
        finally:
            made.unlink(missing_ok=True)
    return rows


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str]]:
    columns = connection.execute(
        "select column_name, data_type from duckdb_columns() "
        "where database_name = 'published' and table_name = ? order by column_index",
        [table],
    ).fetchall()
    if not columns:
        raise UsageError(f"no published table {table!r}; `make docs` lists them")
    return columns


def _source(
    settings: Settings, connection: duckdb.DuckDBPyConnection, table: str, dealer_id: str | None
) -> str:
    """What to select from: the table, or what the dealer reads of it."""
    published = f"published.{_name(table)}"
    if dealer_id is None:
        return published
    known = connection.execute(
        f"select count(*) from published.dim_dealer where {DEALER_COLUMN} = ?", [dealer_id]
    ).fetchone()
    if not known or not known[0]:
        raise UsageError(f"no dealer {dealer_id!r} in what is published; ids are as in dim_dealer")
    if table == PUBLICATION_TABLE:
        return published
    models = published_models(settings)
    if not models:
        raise UsageError("who reads what is not known: run with this warehouse first")
    rule = readers(models).get(table)
    condition = rule.rows_of(quoted(dealer_id), "published") if rule else None
    if condition is None:
        raise UsageError(f"{table} is read by the manufacturer only: leave --dealer out")
    return f"{published} where {condition}"


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _shown(name: str, kind: str, is_csv: bool) -> str:
    """A column as a spreadsheet may have it: numbers and dates as they are, all else as harmless
    text, under a harmless name."""
    column = _name(name)
    header = _name(duckdb.sql(f"select {guarded(quoted(name), is_csv=is_csv)}").fetchone()[0])
    if kind in _FLOATS:  # what is no number is an empty cell
        return f"case when isfinite({column}) then {column} end as {header}"
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"timezone('UTC', {column}) as {header}"
    if _NUMBERS.fullmatch(kind):
        return f"{column} as {header}"
    return f"{guarded(f'cast({column} as varchar)', is_csv=is_csv)} as {header}"


def _write_csv(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> int:
    # the mark comes first: a spreadsheet takes a file without it for Windows-1252
    body = path.with_name(f"{path.name}.body")
    try:
        rows = connection.execute(f"copy ({query}) to {quoted(body)} (format csv, header)")
        count = rows.fetchone()[0]
        with path.open("wb") as file, body.open("rb") as made:
            file.write("\ufeff".encode())
            while block := made.read(1 << 20):
                file.write(block)
    finally:
        body.unlink(missing_ok=True)
    return count


def _check_sheet(
    connection: duckdb.DuckDBPyConnection, table: str, source: str, columns: list[tuple[str, str]]
) -> None:
    """Refuse what a sheet cannot hold before it is written.

    Raises:
        UsageError: too many rows, or a text that is too long.
    """
    texts = [name for name, kind in columns if kind not in _FLOATS and not _NUMBERS.fullmatch(kind)]
    longest = ", ".join(f"max(length(cast({_name(name)} as varchar)))" for name in texts) or "null"
    rows, *lengths = connection.execute(f"select count(*), {longest} from {source}").fetchone()
    if rows > _MOST_ROWS:
        raise UsageError(
            f"{table} has {rows:,} rows, more than the {_MOST_ROWS:,} that a sheet holds below its "
            "header: export .csv, or the rows of one --dealer"
        )
    for name, length in zip(texts, lengths, strict=False):
        if length and length >= _MOST_CHARACTERS:
            raise UsageError(
                f"{table}.{name} has a text of {length:,} characters, more than the "
                f"{_MOST_CHARACTERS - 1:,} that fit into a cell: export .csv"
            )


def _write_workbook(
    connection: duckdb.DuckDBPyConnection, query: str, path: Path, table: str
) -> int:
    from openpyxl import Workbook

    found = connection.execute(query)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(table[:31])
    sheet.append([name for name, *_ in found.description])
    count = 0
    while block := found.fetchmany(10_000):
        count += len(block)
        for row in block:
            sheet.append(row)
    sheet.close()
    book.save(path)
    return count
