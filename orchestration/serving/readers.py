"""Which rows of a published table a dealer may read: one statement of it, for every way of serving.

A table says it in `config.meta.readers` of its model, in one of these ways:

- nothing, with a column `dealer_id`: a dealer reads the rows of his own;
- `dealer_columns: [a, b]`: rows that name him in one of these columns;
- `through: <table>` with `key: <column>`: rows whose key is one of those he reads in that table;
- `network: true`: everybody reads all rows, since none of them is about a single dealer;
  `where: <condition>` limits it to rows that tell nobody's figures by themselves. A condition
  compares columns with whole numbers, or names columns that are true, joined by `and`;
- `manufacturer: true`: nobody but the manufacturer, who reads everything everywhere.

A model with neither a word nor a column `dealer_id` is read by the manufacturer only; the lint of
the project asks for the word.

What belongs here: these rules as SQL conditions that DuckDB and PostgreSQL both read. What does
not: connections, roles.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

DEALER_COLUMN = "dealer_id"
_WAYS = {
    "dealer_columns": {"dealer_columns"},
    "through": {"through", "key"},
    "network": {"network", "where"},
    "manufacturer": {"manufacturer"},
}
"""First word of each way -> all words that it may have."""
_DEALERS_OWN = re.compile(r"(\w+_)?dealer_id")
_TERM = re.compile(r"(?P<column>[a-z]\w*)( (>=|>|=|<|<=) \d+)?")


Among = Callable[[tuple[str, ...], str], str]
"""From columns and a list or query of values the condition that one of them is among these."""


def _one_in(columns: tuple[str, ...], values: str) -> str:
    return " or ".join(f"{column} in ({values})" for column in columns)


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

    def rows_of(self, dealers: str, schema: str, among: Among = _one_in) -> str | None:
        """Condition of the rows that a dealer reads; None where he reads none.

        `dealers` is an SQL expression for the dealer ids of whoever reads, a list of values or a
        query of one column; `schema` is where the tables are. `among` says how columns are compared
        with such an expression, for an engine that needs it in another form.
        """
        if self.is_network:
            return self.where or "true"
        if self.through and self.key:
            own = among((DEALER_COLUMN,), dealers)
            return among((self.key,), f"select {self.key} from {schema}.{self.through} where {own}")
        return among(self.dealer_columns, dealers) if self.dealer_columns else None


def readers(models: Mapping[str, Mapping[str, Any]]) -> dict[str, Readers]:
    """Table -> its readers, for the public models of a dbt manifest by name; those that are read
    through another table come after it.

    Raises:
        ReadersError: `readers` has an unknown word or words of two ways, a column that the table
            has not, a condition that is none, lets the network read what names dealers, or goes
            through a table that dealers do not read by `dealer_id`.
    """
    found = {name: _readers(name, node) for name, node in models.items()}
    for reader in found.values():
        if reader.through is None:
            continue
        target = found.get(reader.through)
        if target is None or target.dealer_columns != (DEALER_COLUMN,):
            raise ReadersError(
                f"{reader.table}: readers go through {reader.through}, which is no public "
                f"table whose readers its {DEALER_COLUMN} says; name one that is"
            )
        if reader.key not in models[reader.through]["columns"]:
            raise ReadersError(
                f"{reader.table}: readers go through {reader.through}, which has no {reader.key}"
            )
    return dict(sorted(found.items(), key=lambda named: (named[1].through is not None, named[0])))


def _readers(name: str, node: Mapping[str, Any]) -> Readers:
    stated = node["config"]["meta"].get("readers", {})
    columns = node["columns"]
    way = _way(name, stated)
    if way is None:
        return Readers(name, dealer_columns=tuple({DEALER_COLUMN} & set(columns)))
    if way == "manufacturer":
        return Readers(name)
    if way == "network":
        if dealers := sorted(filter(_DEALERS_OWN.fullmatch, columns)):
            raise ReadersError(
                f"{name}: readers lets the network read it, but it names dealers in "
                f"{', '.join(dealers)}; give dealer_columns or manufacturer"
            )
        named = _columns_of(name, stated["where"]) if "where" in stated else ()
        reader = Readers(name, is_network=True, where=stated.get("where"))
    elif way == "through":
        named = (stated["key"],)
        reader = Readers(name, through=stated["through"], key=stated["key"])
    else:
        named = tuple(stated["dealer_columns"])
        reader = Readers(name, dealer_columns=named)
    if missing := sorted(set(named) - set(columns)):
        raise ReadersError(f"{name}: readers names {', '.join(missing)}, which it has not")
    return reader


def _way(name: str, stated: Any) -> str | None:
    """The way that the words tell; None for no words."""
    if not isinstance(stated, Mapping):
        raise ReadersError(f"{name}: readers is {stated!r}; it must be words with their values")
    known = set().union(*_WAYS.values())
    if unknown := sorted(set(stated) - known):
        raise ReadersError(
            f"{name}: readers has {', '.join(unknown)}; it may have {', '.join(sorted(known))}"
        )
    ways = [way for way in _WAYS if way in stated]
    if not stated:
        return None
    if len(ways) != 1 or not set(stated) <= _WAYS[ways[0]]:
        raise ReadersError(
            f"{name}: readers has {', '.join(sorted(stated))}, which do not go together"
        )
    (way,) = ways
    if way in ("network", "manufacturer") and stated[way] is not True:
        raise ReadersError(f"{name}: readers has {way}: {stated[way]!r}; it is true or left out")
    if way == "through" and "key" not in stated:
        raise ReadersError(f"{name}: readers go through {stated['through']} by no key; name it")
    if way == "dealer_columns" and not (isinstance(stated[way], list) and stated[way]):
        raise ReadersError(f"{name}: readers has {way}: {stated[way]!r}; it is a list of columns")
    return way


def _columns_of(name: str, condition: Any) -> tuple[str, ...]:
    """The columns that a condition speaks of."""
    terms = [_TERM.fullmatch(term) for term in str(condition).split(" and ")]
    if not all(terms):
        raise ReadersError(
            f"{name}: readers has where: {condition!r}; it compares columns with whole numbers"
        )
    return tuple(term["column"] for term in terms if term)
