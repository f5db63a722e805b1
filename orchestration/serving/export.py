"""One published table as a file for a spreadsheet: CSV or Excel.

A spreadsheet takes a text that begins like a formula for one, and whoever delivered it would run it
on the reader's machine. Such a text gets an apostrophe in front, which spreadsheets show as text.
Numbers and dates are written as what they are; amounts are exact.
"""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import duckdb

from orchestration.duck import connect, quoted
from orchestration.settings import Settings, UsageError

_DANGEROUS = "^[\\s\\p{Z}\\p{Cf}]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|^[\\t\\r\\n]"
"""How a text begins that some spreadsheet takes for a formula: also after blanks, and in the wide
forms of the signs."""
_REFUSED = "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]"
"""Characters that no sheet holds."""
_MOST_ROWS = 1_048_575
"""What a sheet of Excel holds below its header."""
FORMATS = (".csv", ".xlsx")


def export_table(settings: Settings, table: str, path: Path, dealer_id: str | None = None) -> int:
    """Write a published table, or the rows of one dealer of it, to a `.csv` or `.xlsx` file, which
    is replaced in one step; gives the number of its rows.

    CSV is UTF-8 with a byte order mark, commas and points, as English spreadsheets read it.

    Raises:
        UsageError: nothing is published, there is no such table, it has no column dealer_id, the
            ending is another, or a sheet cannot hold the rows.
    """
    if path.suffix.lower() not in FORMATS:
        raise UsageError(f"{path.name}: the ending must be one of {', '.join(FORMATS)}")
    if not settings.serving_file.is_file():
        raise UsageError(f"nothing is published at {settings.serving_file}: run first")
    with closing(connect(settings)) as connection:
        connection.execute(f"attach {quoted(settings.serving_file)} as published (read_only)")
        query = _query(connection, table, dealer_id)
        made = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            write = _write_csv if path.suffix.lower() == ".csv" else _write_workbook
            rows = write(connection, query, made, table)
            made.replace(path)
        finally:
            made.unlink(missing_ok=True)
    return rows


def _query(connection: duckdb.DuckDBPyConnection, table: str, dealer_id: str | None) -> str:
    """SELECT of the rows with harmless texts."""
    columns = connection.execute(
        "select column_name, data_type from duckdb_columns() "
        "where database_name = 'published' and table_name = ? order by column_index",
        [table],
    ).fetchall()
    if not columns:
        raise UsageError(f"no published table {table!r}; `make docs` lists them")
    names = [name for name, _ in columns]
    if dealer_id is not None and "dealer_id" not in names:
        raise UsageError(f"{table} has no column dealer_id: leave --dealer out")
    shown = ", ".join(_shown(name, kind) for name, kind in columns)
    where = "" if dealer_id is None else f" where dealer_id = {quoted(dealer_id)}"
    return f'select {shown} from published."{table}"{where}'


def _shown(name: str, kind: str) -> str:
    """A column as a spreadsheet may have it: of texts no formula and no character that it refuses;
    what it has no cell for as text."""
    if kind.startswith(("MAP", "STRUCT")) or kind.endswith("[]"):
        return f'cast("{name}" as varchar) as "{name}"'
    if kind != "VARCHAR":
        return f'"{name}"'
    text = f"regexp_replace(\"{name}\", {quoted(_REFUSED)}, '', 'g')"
    return (
        f"case when regexp_matches({text}, {quoted(_DANGEROUS)}) then chr(39) || {text} "
        f'else {text} end as "{name}"'
    )


def _write_csv(connection: duckdb.DuckDBPyConnection, query: str, path: Path, _table: str) -> int:
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
        if count > _MOST_ROWS:
            sheet.close()
            raise UsageError(
                f"{table} has more than the {_MOST_ROWS:,} rows that a sheet holds: export .csv, "
                "or the rows of one --dealer"
            )
        for row in block:
            sheet.append(row)
    book.save(path)
    return count
