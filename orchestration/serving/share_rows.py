"""Which rows each dealer reads, as fingerprints: to tell whether his share has to be written."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from orchestration.serving.readers import DEALER_COLUMN, Readers

Fingerprints = dict[str, dict[str, str]]
"""Table -> dealer -> what he reads of it; nothing of those who read nothing. Of a table of the
network one entry, for "" (everybody)."""

_SUM = "count(*) || ' ' || sum(hash(t))"
"""Rows in any order; a sum, since equal rows would cancel out each other in an exclusive or."""


def fingerprints(
    connection: duckdb.DuckDBPyConnection, rules: Mapping[str, Readers]
) -> Fingerprints:
    """Fingerprints of tables of the database attached as `published`: one scan of each."""
    return {
        name: dict(connection.execute(query).fetchall()) if (query := _query(rule)) else {}
        for name, rule in rules.items()
    }


def _query(rule: Readers) -> str | None:
    """SELECT of dealer and fingerprint; None where no dealer reads the table."""
    table = f'published."{rule.table}" as t'
    if rule.is_network:
        return f"select '', {_SUM} from {table} where {rule.where or 'true'}"
    if rule.through:
        return (
            f"select dealer, {_SUM} from {table} inner join ("
            f"select distinct {rule.key} as key, {DEALER_COLUMN} as dealer "
            f'from published."{rule.through}") as own on t.{rule.key} = own.key '
            "where dealer is not null group by dealer"
        )
    if rule.dealer_columns == (DEALER_COLUMN,):
        return (
            f"select {DEALER_COLUMN}, {_SUM} from {table} "
            f"where {DEALER_COLUMN} is not null group by {DEALER_COLUMN}"
        )
    if rule.dealer_columns:
        # a row that names a dealer twice is one row of his
        named = " union ".join(f"select t.{column} as dealer" for column in rule.dealer_columns)
        return (
            f"select dealer, {_SUM} from {table}, ({named}) as own "
            "where dealer is not null group by dealer"
        )
    return None
