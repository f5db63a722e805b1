"""Which rows of a published table a dealer may read: one statement of it, for every way of serving.

A table says it in `config.meta.readers` of its model:

- nothing, with a column `dealer_id`: a dealer reads the rows of his own;
- `dealer_columns: [a, b]`: rows that name him in one of these columns;
- `through: <table>` with `key: <column>`: rows whose key is one of those he reads in that table;
- `network: true`: everybody reads all rows, since none of them is about a single dealer;
  `where: <condition>` limits it to rows that tell nobody's figures by themselves;
- nothing, without `dealer_id`: the manufacturer only.

What belongs here: these rules as SQL conditions that DuckDB and PostgreSQL both read. What does
not: connections, roles.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

DEALER_COLUMN = "dealer_id"
_WORDS = {"dealer_columns", "through", "key", "network", "where"}


class ReadersError(ValueError):
    """A model whose `readers` cannot be understood; the message names it and the remedy."""


@dataclass(frozen=True)
class Readers:
    """Who reads a table beside the manufacturer, who reads everything."""

    table: str
    dealer_columns: tuple[str, ...] = ()
    through: str | None = None
    key: str | None = None
    is_network: bool = False
    where: str | None = None

    def rows_of(self, dealers: str, schema: str) -> str | None:
        """Condition of the rows that a dealer reads; None where he reads none.

        `dealers` is an SQL expression for the dealer ids of whoever reads, to stand within
        `in (...)`; `schema` is where the tables are.
        """
        if self.is_network:
            return self.where or "true"
        if self.through:
            return (
                f"{self.key} in (select {self.key} from {schema}.{self.through} "
                f"where {DEALER_COLUMN} in ({dealers}))"
            )
        if self.dealer_columns:
            return " or ".join(f"{column} in ({dealers})" for column in self.dealer_columns)
        return None


def readers(models: Mapping[str, Mapping[str, Any]]) -> dict[str, Readers]:
    """Table -> its readers, for the public models of a dbt manifest by name; those that are read
    through another table come after it.

    Raises:
        ReadersError: `readers` has an unknown word, a column that the table has not, or a way
            through a table that has no dealers of its own.
    """
    found = {name: _readers(name, node) for name, node in models.items()}
    for reader in found.values():
        if reader.through is not None:
            target = found.get(reader.through)
            if target is None or DEALER_COLUMN not in target.dealer_columns:
                raise ReadersError(
                    f"{reader.table}: readers go through {reader.through}, which is no public "
                    f"table with {DEALER_COLUMN}; name one that has it"
                )
    return dict(sorted(found.items(), key=lambda named: (named[1].through is not None, named[0])))


def _readers(name: str, node: Mapping[str, Any]) -> Readers:
    stated = node["config"]["meta"].get("readers", {})
    columns = node["columns"]
    if unknown := sorted(set(stated) - _WORDS):
        raise ReadersError(
            f"{name}: readers has {', '.join(unknown)}; it may have {', '.join(sorted(_WORDS))}"
        )
    if stated.get("network"):
        return Readers(name, is_network=True, where=stated.get("where"))
    named = (stated["key"],) if "through" in stated else tuple(stated.get("dealer_columns", ()))
    if missing := sorted(set(named) - set(columns)):
        raise ReadersError(f"{name}: readers names {', '.join(missing)}, which it has not")
    if "through" in stated:
        return Readers(name, through=stated["through"], key=stated["key"])
    return Readers(name, dealer_columns=named or tuple({DEALER_COLUMN} & set(columns)))
