"""How a question to the semantic layer stands beside the SQL that answers it by hand.

The SQL reads the tables without the semantic layer's words: sums, means and quotients as a reader
of the marts would write them. Its columns have the names of the answer's; the first are what is
grouped by.
"""

from __future__ import annotations

from dataclasses import dataclass

WITH_DEALER = "left join dim_dealer as dealers using (dealer_id, brand_code)"


@dataclass(frozen=True)
class Question:
    """What is asked, as `mf query` is asked; the first `keys` columns of `sql` identify a row."""

    name: str
    sql: str
    keys: int = 0
    metrics: tuple[str, ...] | None = None
    group_by: tuple[str, ...] | None = None
    where: tuple[str, ...] = ()
    saved_query: str | None = None


def asked(name: str, sql: str, metrics: str, group_by: str = "", *where: str) -> Question:
    """A question with metrics and groups written as on the command line."""
    groups = tuple(group_by.split(",")) if group_by else ()
    return Question(name, sql, len(groups), tuple(metrics.split(",")), groups or None, where)


def saved(name: str, keys: int, sql: str) -> Question:
    """A saved query."""
    return Question(name, sql, keys, saved_query=name)
