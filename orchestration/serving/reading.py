"""Opening the serving file for reading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb
import pandas as pd

from orchestration.settings import Settings


@dataclass(frozen=True)
class Publication:
    """A published serving file, open for reading.

    It keeps the version that it opened while a run replaces the file; opening it anew shows the
    new one.
    """

    connection: duckdb.DuckDBPyConnection

    def rows(self, sql: str, **parameters: Any) -> pd.DataFrame:
        """The rows of a query; `$name` in the SQL takes the parameter `name`.

        Decimals come as floats, for showing: what must be exact is computed in the SQL.
        """
        return self.connection.execute(sql, parameters or None).df()

    def records(self, sql: str, **parameters: Any) -> list[dict[str, Any]]:
        """The rows of a query as dicts of Python's own values (Decimal, date, None)."""
        result = self.connection.execute(sql, parameters or None)
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def lacks(self, *tables: str) -> list[str]:
        """Which of the tables it does not hold, or holds without a row."""
        held = {
            name
            for (name,) in self.connection.execute(
                "select table_name from duckdb_tables() where database_name = 'serving'"
            ).fetchall()
        }
        return [
            t for t in tables if t not in held or not self.records(f"select 1 from {t} limit 1")
        ]


def open_publication(settings: Settings | None = None) -> Publication | None:
    """The serving file of the warehouse that the environment names; None if there is none yet.

    The file is attached to an in-memory database of its own, so that every reader of a server
    gets the version of the moment, and views (`points_lost`) have a place.
    """
    file = (settings or Settings.from_env()).serving_file
    if not file.is_file():
        return None
    connection = duckdb.connect()
    quoted = str(file).replace("'", "''")
    connection.execute(f"attach '{quoted}' as serving (read_only)")
    connection.execute("set search_path = 'memory.main,serving.main'")
    return Publication(connection)
