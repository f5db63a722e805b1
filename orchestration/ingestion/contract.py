"""The feed contracts, read from the dbt source YAML: the one place where a feed's schema stands.

The loader, the sample generator, the quality rules and the Dagster catalog all ask here. A feed is
the source table `<system>.<entity>`, named `<system>__<entity>` in the drop zone and in the lake.

Meta keys of a table: `mode` (events, snapshot). Meta keys of a column: `required`, `key`, `pii`,
`values` (allowed set), `min`, `max` (numbers), `format` (see `FORMATS`), `event_date` (a day of
the business, so neither before 1990 nor after the year that follows the delivery), `case` (keep:
not upper-cased although a code). Owner stands at the source.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from orchestration.settings import DBT_PROJECT_DIR

MODES = ("events", "snapshot")
FORMATS = {
    "vin": r"[A-HJ-NPR-Z0-9]{17}",
    "dealer_id": r"[A-Z0-9_-]{1,32}",
    "district_code": r"[0-9]{5}",
    "state_code": r"[0-9]{2}",
    "postal_prefix": r"[0-9]{1,5}",
    "month": None,
}
"""Format name -> pattern the whole value must match; `month` is a date stored as its first day."""

_DECIMAL = re.compile(r"decimal\((\d+),\s*(\d+)\)")
_SIMPLE_TYPES = {
    "varchar": "text",
    "bigint": "int",
    "date": "date",
    "timestamp": "ts",
    "boolean": "bool",
}
_COLUMN_META = {"required", "key", "pii", "values", "min", "max", "format", "event_date", "case"}
_TABLE_META = {"mode"}


class ContractError(ValueError):
    """A feed contract that cannot be used; the message names file, feed, column and remedy."""


@dataclass(frozen=True)
class Column:
    """One column of a feed. `kind` is text, int, decimal, date, ts or bool."""

    name: str
    data_type: str
    kind: str
    scale: int
    description: str
    required: bool = False
    key: bool = False
    pii: bool = False
    values: tuple[str, ...] = ()
    min: int | None = None
    max: int | None = None
    format: str | None = None
    event_date: bool = False
    keep_case: bool = False

    @property
    def is_upper_cased(self) -> bool:
        """Codes, VINs and enumerations compare and are stored in upper case."""
        if self.kind != "text" or self.keep_case:
            return False
        return self.name.endswith("_code") or bool(self.values) or self.format == "vin"

    @property
    def is_stripped(self) -> bool:
        """Ids, codes and whatever identifies a row lose the blanks around them; other text is
        kept as delivered."""
        if self.kind != "text":
            return True
        ends = self.name.endswith(("_id", "_code"))
        return ends or self.key or self.is_upper_cased or self.format is not None

    @property
    def precision(self) -> int:
        """How many digits a decimal has."""
        match = _DECIMAL.fullmatch(self.data_type)
        return int(match[1]) if match else 0

    @property
    def is_code(self) -> bool:
        """Codes are never spreadsheet formulas: a leading `=` is a bad value."""
        return self.kind == "text" and self.name.endswith("_code")

    @property
    def pattern(self) -> str | None:
        return FORMATS[self.format] if self.format else None


IS_DELETED = Column(
    "is_deleted", "boolean", "bool", 0, "True withdraws the key; only the key is required then."
)


@dataclass(frozen=True)
class Feed:
    """The contract of one feed."""

    name: str
    system: str
    entity: str
    mode: str
    description: str
    owner: str
    declared: tuple[Column, ...] = field(repr=False)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """What a file may carry and the lake stores: the declared columns, and for events feeds
        `is_deleted`."""
        return self.declared + ((IS_DELETED,) if self.mode == "events" else ())

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.declared if c.key)

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def repeats(self, column: Column) -> bool:
        """Whether many rows share a value of the column, by what it is."""
        if column.kind == "text":
            is_id = column.key and len(self.key) == 1
            return not (is_id or column.pii or column.format == "vin")
        return column.kind in ("bool", "date")

    @property
    def is_dealer_feed(self) -> bool:
        """Whether its senders are dealers, whose files carry their own rows only."""
        return self.system == "dealer"


def load_contracts(project_dir: Path = DBT_PROJECT_DIR) -> dict[str, Feed]:
    """All feeds by name, in the order oem, market, kba, dealer and as declared.

    Raises:
        ContractError: no contract found, unknown type, mode, format or meta key, no key, a column
            declared twice.
    """
    staging = project_dir / "models" / "staging"
    feeds: dict[str, Feed] = {}
    for path in sorted(staging.glob("*/_*__sources.yml"), key=_system_order):
        for source in _load_yaml(path).get("sources", []):
            if source.get("schema") != "raw":
                continue  # the warehouse's own tables are no feeds
            for table in source["tables"]:
                feed = _feed(path, source, table)
                if feed.name in feeds:
                    raise ContractError(f"{path.name}: feed {feed.name} is declared twice")
                feeds[feed.name] = feed
    if not feeds:
        raise ContractError(f"no feed contract under {staging}: expected <system>/_*__sources.yml")
    return feeds


def load_own_tables(project_dir: Path = DBT_PROJECT_DIR) -> dict[str, tuple[Column, ...]]:
    """Columns of the tables that the warehouse itself writes for dbt: the lake's books, the ledger,
    what Python computes.

    Raises:
        ContractError: such a source YAML declares an unknown type.
    """
    tables = {}
    for path in sorted((project_dir / "models" / "staging").glob("*/_*__sources.yml")):
        for source in _load_yaml(path).get("sources", []):
            if source.get("schema") == "raw":
                continue
            for table in source["tables"]:
                where = f"{path.name}: table {table['name']}"
                tables[table["name"]] = tuple(_column(where, c) for c in table["columns"])
    return tables


def _load_yaml(path: Path) -> dict[str, Any]:
    # The C loader is ten times as fast, and only missing where libyaml is.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)


def _system_order(path: Path) -> tuple[int, str]:
    order = ["oem", "market", "kba", "dealer"]
    name = path.parent.name
    return (order.index(name) if name in order else len(order), path.name)


def _meta(node: dict[str, Any]) -> dict[str, Any]:
    return (node.get("config") or {}).get("meta") or {}


def _feed(path: Path, source: dict[str, Any], table: dict[str, Any]) -> Feed:
    name = f"{source['name']}__{table['name']}"
    where = f"{path.name}: feed {name}"
    meta = _meta(table)
    _only_known(where, meta, _TABLE_META)
    if meta.get("mode") not in MODES:
        known = ", ".join(MODES)
        raise ContractError(f"{where}: mode is {meta.get('mode')!r}, give one of {known}")
    if table.get("identifier") != name:
        raise ContractError(f"{where}: identifier must be {name}")
    owner = _meta(source).get("owner")
    if not owner:
        raise ContractError(f"{where}: the source has no meta.owner")
    columns = tuple(_column(where, c) for c in table.get("columns") or [])
    names = [c.name for c in columns]
    if twice := {n for n in names if names.count(n) > 1}:
        raise ContractError(f"{where}: declared twice: {', '.join(sorted(twice))}")
    if not any(c.key for c in columns):
        raise ContractError(f"{where}: no key; mark its columns with `key: true`")
    return Feed(
        name=name,
        system=source["name"],
        entity=table["name"],
        mode=meta["mode"],
        description=table.get("description", ""),
        owner=owner,
        declared=columns,
    )


def _column(where: str, node: dict[str, Any]) -> Column:
    name, meta = node["name"], _meta(node)
    where = f"{where}, column {name}"
    _only_known(where, meta, _COLUMN_META)
    data_type = str(node.get("data_type", "")).lower()
    scale = 0
    if match := _DECIMAL.fullmatch(data_type):
        kind, scale = "decimal", int(match[2])
    elif data_type in _SIMPLE_TYPES:
        kind = _SIMPLE_TYPES[data_type]
    else:
        known = ", ".join([*_SIMPLE_TYPES, "decimal(p,s)"])
        raise ContractError(f"{where}: unknown type {data_type!r}, give one of {known}")
    if meta.get("format") is not None and meta["format"] not in FORMATS:
        raise ContractError(
            f"{where}: unknown format {meta['format']!r}, give one of {', '.join(FORMATS)}"
        )
    if meta.get("key") and not meta.get("required"):
        raise ContractError(f"{where}: a key column must be required")
    return Column(
        name=name,
        data_type=data_type,
        kind=kind,
        scale=scale,
        description=node.get("description", ""),
        required=bool(meta.get("required")),
        key=bool(meta.get("key")),
        pii=bool(meta.get("pii")),
        values=tuple(str(v) for v in meta.get("values") or ()),
        min=meta.get("min"),
        max=meta.get("max"),
        format=meta.get("format"),
        event_date=bool(meta.get("event_date")),
        keep_case=meta.get("case") == "keep",
    )


def _only_known(where: str, meta: dict[str, Any], known: set[str]) -> None:
    if unknown := set(meta) - known:
        raise ContractError(
            f"{where}: unknown meta {', '.join(sorted(unknown))}, "
            f"known are {', '.join(sorted(known))}"
        )
