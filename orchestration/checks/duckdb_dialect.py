"""The SQLAlchemy dialect through which Great Expectations speaks to DuckDB.

Great Expectations fetches results after it has given its connection back. Plain duckdb-engine
rolls back then, which drops the results; here a connection that is given back is left alone
(the rules only read, so there is nothing to commit or roll back).
"""

from __future__ import annotations

from typing import Any

import duckdb
from duckdb_engine import ConnectionWrapper, Dialect
from sqlalchemy.dialects import registry

URL_PREFIX = "duckdb+rules:///"


class RuleDialect(Dialect):
    """DuckDB for rules that only read; connects to a database that is open in this process."""

    supports_statement_cache = False

    def connect(self, *, database: str, **_: Any) -> ConnectionWrapper:
        # no settings: a database that is open takes no others than it has
        return ConnectionWrapper(duckdb.connect(database))

    def do_begin(self, dbapi_connection: Any) -> None:
        pass

    def do_commit(self, dbapi_connection: Any) -> None:
        pass

    def do_rollback(self, dbapi_connection: Any) -> None:
        pass


def register() -> None:
    """Make `duckdb+rules://` known to SQLAlchemy."""
    registry.register("duckdb.rules", __name__, RuleDialect.__name__)
