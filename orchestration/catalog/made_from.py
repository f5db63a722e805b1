"""What the tables that Python writes are made from, as their dbt sources declare it.

Beside the schema of such a table stands `config.meta.made_from`:

    same_name: [int_incentives__qualify_units]   # a column of the same name in one of these, else
    columns:
      "amount_eur, payout_*":                    # columns, or patterns of their names
        int_incentives__list_tiers: [rate]       # come from these columns of a model,
        dealer__*: ["*"]                         # from rows of sources (<source>__<table>),
        constant: []                             # from the code, or
        clock: []                                # from the instant whose knowledge is shown.

The first entry of `columns` that fits a column counts. What belongs here: reading and resolving
these declarations.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from orchestration.lineage import CLOCK, CONSTANT, LAKE_COLUMNS, ROWS, Lineage


class MadeFromError(ValueError):
    """A declaration that cannot be resolved; the message names table, column and remedy."""


def resource_name(resource: Mapping[str, Any]) -> str:
    """How a resource of dbt is called here: a source `<source>__<table>`, others by their name."""
    if resource["resource_type"] == "source":
        return f"{resource['source_name']}__{resource['name']}"
    return resource["name"]


def made_from(manifest: Mapping[str, Any]) -> dict[str, Lineage]:
    """unique_id of each Python-made source -> its columns and their parents.

    Raises:
        MadeFromError: a column without declaration, or a declaration that names what is not there.
    """
    named = _by_name(manifest)
    return {
        unique_id: _lineage(source, named)
        for unique_id, source in manifest["sources"].items()
        if is_made_by_python(source)
    }


def made_from_of(manifest: Mapping[str, Any], unique_id: str) -> Lineage:
    """The same of one source."""
    return _lineage(manifest["sources"][unique_id], _by_name(manifest))


def _by_name(manifest: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    resources = {**manifest["sources"], **manifest["nodes"]}
    return {
        resource_name(r): r
        for r in resources.values()
        if r["resource_type"] in ("source", "model", "seed")
    }


def is_made_by_python(source: Mapping[str, Any]) -> bool:
    """Whether Python writes the table from others; the lake's books it writes while loading."""
    return source["schema"] in ("ledger", "computed")


def _lineage(source: Mapping[str, Any], named: Mapping[str, Mapping[str, Any]]) -> Lineage:
    table = resource_name(source)
    declared = source["config"].get("meta", {}).get("made_from", {})
    if unknown := set(declared) - {"same_name", "columns"}:
        raise MadeFromError(f"{table}: made_from has {', '.join(sorted(unknown))}")
    same_name = [_named(table, name, named) for name in declared.get("same_name", ())]
    entries = {
        tuple(pattern.strip() for pattern in patterns.split(",")): origins
        for patterns, origins in declared.get("columns", {}).items()
    }
    found: Lineage = {}
    used: set[tuple[str, ...]] = set()
    for column in source["columns"]:
        fitting = next((e for e in entries if any(fnmatchcase(column, p) for p in e)), None)
        if fitting is not None:
            used.add(fitting)
            parents = _parents(f"{table}.{column}", entries[fitting], named)
        else:
            parents = {(r["unique_id"], column) for r in same_name if column in r["columns"]}
        if not parents:
            raise MadeFromError(
                f"{table}.{column}: made_from does not say from what; add it to `columns`, or a "
                "model that has such a column to `same_name`"
            )
        found[column] = sorted(parents)
    if left := set(entries) - used:
        raise MadeFromError(f"{table}: made_from names columns it has not: {sorted(left)}")
    rows = sorted({(parent, ROWS) for ps in found.values() for parent, c in ps if c})
    found[ROWS] = rows or [(CONSTANT, "")]
    return found


def _parents(
    column: str, origins: Mapping[str, list[str]], named: Mapping[str, Mapping[str, Any]]
) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for table, parents in origins.items():
        if table in (CONSTANT, CLOCK):
            found.add((table, ""))
            continue
        several = [n for n in named if fnmatchcase(n, table)] if "*" in table else [table]
        several = [n for n in several if "*" not in table or set(parents) <= _columns(named[n])]
        if not several:
            raise MadeFromError(f"{column}: made_from fits no table with {table}")
        for name in several:
            resource = _named(column, name, named)
            if missing := set(parents) - _columns(resource):
                raise MadeFromError(f"{column}: {name} has no {', '.join(sorted(missing))}")
            found |= {(resource["unique_id"], parent) for parent in parents}
    return found


def _columns(resource: Mapping[str, Any]) -> set[str]:
    own = set(LAKE_COLUMNS) if resource.get("schema") == "raw" else set()
    return {*resource["columns"], ROWS, *own}


def _named(where: str, name: str, named: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    if name not in named:
        raise MadeFromError(f"{where}: made_from names {name}, which dbt does not know")
    return named[name]
