"""DuckDB connections with the limits of a run's settings."""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.settings import Settings


def connect(settings: Settings, database: str | Path = ":memory:") -> duckdb.DuckDBPyConnection:
    """Open a database (in memory unless named); it spills to the settings' folder for that."""
    settings.tmp.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(str(database))
    connection.execute(f"set memory_limit = {quoted(settings.memory_limit)}")
    connection.execute(f"set threads = {int(settings.threads)}")
    connection.execute(f"set temp_directory = {quoted(settings.tmp)}")
    return connection


def quoted(text: str | Path) -> str:
    """The text as an SQL literal."""
    return "'" + str(text).replace("'", "''") + "'"
