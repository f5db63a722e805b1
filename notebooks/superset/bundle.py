"""From the files in `dashboard/` to what Superset imports.

The files are Superset's own export. What stands elsewhere is left out of them and filled in here:

- the columns of a dataset: asked of the serving file, with its comments;
- a metric with nothing but its name and format: formula, label and description of the semantic
  layer;
- where the databases are;
- a chart's saved question;
- German: a second dashboard with the texts of `german.yaml`;
- PostgreSQL: the same again over its schema `marts`.

Copies in another language or database have UUIDs that follow from the originals', so that a second
import finds them.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import duckdb
import yaml

from notebooks.superset.queries import query_context
from notebooks.superset.semantic import Metric, SemanticError, metrics

SOURCE = Path(__file__).parent / "dashboard"
GERMAN = SOURCE / "german.yaml"
SEMANTIC = Path(__file__).resolve().parents[2] / "dbt_project" / "models" / "semantic"
LANGUAGES = ("en", "de")
SERVING_FILE, POSTGRES = "serving_file", "postgres"
_SCHEMAS = {SERVING_FILE: "main", POSTGRES: "marts"}
_KINDS = ("databases", "datasets", "charts", "dashboards")
_TEXTS = {
    "compare_suffix",
    "dashboard_title",
    "description",
    "name",
    "slice_name",
    "sliceName",
    "subtitle",
    "text",
    "verbose_name",
    "y_axis_title",
}
"""Keys whose values people read."""
_TABLES = re.compile(r"\b(?:from|join)\s+((?:mart|dim|fct)_\w+|_publication)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """The files of a dashboard, by their path below `folder`."""

    folder: Path = SOURCE

    @cached_property
    def files(self) -> dict[str, dict[str, Any]]:
        return {
            str(path.relative_to(self.folder)): yaml.safe_load(path.read_text(encoding="utf-8"))
            for kind in _KINDS
            for path in sorted((self.folder / kind).rglob("*.yaml"))
        }

    def of(self, kind: str) -> dict[str, dict[str, Any]]:
        return {name: config for name, config in self.files.items() if name.startswith(f"{kind}/")}

    @cached_property
    def german(self) -> dict[str, dict[str, str]]:
        """`texts` and the `columns` of datasets' SQL, each English -> German."""
        return yaml.safe_load((self.folder / GERMAN.name).read_text(encoding="utf-8"))

    @cached_property
    def metrics(self) -> dict[str, Metric]:
        return metrics(SEMANTIC)

    def tables(self) -> list[str]:
        """The published tables that the datasets read."""
        found = {t for config in self.of("datasets").values() for t in tables(config["sql"])}
        return sorted(found)


def tables(sql: str) -> list[str]:
    """The published tables that a statement reads, in its order."""
    return list(dict.fromkeys(name.lower() for name in _TABLES.findall(sql)))


def bundle(
    serving_file: Path, uris: Mapping[str, str], source: Source | None = None
) -> dict[str, str]:
    """What Superset imports (path -> YAML): each dashboard in each language over each database.

    `uris` maps `serving_file` and, where it is to be read as well, `postgres` to the address that
    SQLAlchemy takes.

    Raises:
        SemanticError: a metric without a formula that the semantic layer has not.
        duckdb.Error: a dataset's SQL that the serving file cannot answer.
    """
    source = source or Source()
    made: dict[str, Any] = {"metadata.yaml": {"version": "1.0.0", "type": "assets"}}
    with duckdb.connect(str(serving_file), read_only=True) as connection:
        for database, uri in uris.items():
            name = f"databases/{database}.yaml"
            made[name] = {**source.files[name], "sqlalchemy_uri": uri}
            for language in LANGUAGES:
                variant = _Variant(source, database, language, connection)
                made.update(variant.files())
    return {name: dump(config) for name, config in made.items()}


def derived(uuid: str, database: str, language: str) -> str:
    """The UUID of a copy; the original's for English over the serving file."""
    if (database, language) == (SERVING_FILE, "en"):
        return uuid
    return str(uuid5(UUID(uuid), f"{database} {language}"))


@dataclass(frozen=True)
class _Variant:
    source: Source
    database: str
    language: str
    connection: duckdb.DuckDBPyConnection

    def files(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for kind, make in (
            ("datasets", self._dataset),
            ("charts", self._chart),
            ("dashboards", self._dashboard),
        ):
            for name, config in self.source.of(kind).items():
                path = f"{kind}/{self.database}_{self.language}/{Path(name).name}"
                yield path, self._translated(make(copy.deepcopy(config)))

    def _suffix(self, joint: str) -> str:
        """What tells the names of a copy from the original's."""
        said = [self.database] if self.database != SERVING_FILE else []
        said += [self.language] if self.language != "en" else []
        return "".join(joint + word for word in said)

    def _uuid(self, uuid: str) -> str:
        return derived(uuid, self.database, self.language)

    def _dataset(self, config: dict[str, Any]) -> dict[str, Any]:
        sql = config["sql"]
        # Superset knows a name once, in whatever database
        config["table_name"] += self._suffix("_")
        if self.language == "de":
            for english, german in self.source.german["columns"].items():
                sql = re.sub(rf"\b{re.escape(english)}\b", german, sql)
        database = self.source.files[f"databases/{self.database}.yaml"]
        return {
            "filter_select_enabled": True,
            **config,
            "sql": sql,
            "schema": _SCHEMAS[self.database],
            "uuid": self._uuid(config["uuid"]),
            "database_uuid": database["uuid"],
            "columns": columns(self.connection, sql, config.get("columns", [])),
            "metrics": [self._metric(metric, config) for metric in config["metrics"]],
        }

    def _metric(self, metric: dict[str, Any], dataset: dict[str, Any]) -> dict[str, Any]:
        if "expression" in metric:
            return metric
        known = self.source.metrics.get(metric["metric_name"])
        if known is None or known.model not in tables(dataset["sql"]):
            raise SemanticError(
                f"dataset {dataset['table_name']}: the semantic layer has no metric "
                f"{metric['metric_name']} of one of its tables; give it an expression"
            )
        label = known.label_de if self.language == "de" else None
        return {
            **metric,
            "expression": known.expression,
            "verbose_name": label or known.label,
            "description": known.description,
        }

    def _chart(self, config: dict[str, Any]) -> dict[str, Any]:
        params = {**config["params"], "viz_type": config["viz_type"]}
        return {
            **config,
            "uuid": self._uuid(config["uuid"]),
            "dataset_uuid": self._uuid(config["dataset_uuid"]),
            "params": params,
            "query_context": json.dumps(query_context(params)),
        }

    def _dashboard(self, config: dict[str, Any]) -> dict[str, Any]:
        config["slug"] += self._suffix("-")
        for node in config["position"].values():
            if isinstance(node, dict) and "uuid" in node.get("meta", {}):
                node["meta"]["uuid"] = self._uuid(node["meta"]["uuid"])
        for chosen in config["metadata"]["native_filter_configuration"]:
            for target in chosen["targets"]:
                target["datasetUuid"] = self._uuid(target["datasetUuid"])
        translated = self._translated({"dashboard_title": config["dashboard_title"]})
        suffix = "" if self.database == SERVING_FILE else " (PostgreSQL)"
        return {
            **config,
            "uuid": self._uuid(config["uuid"]),
            "dashboard_title": translated["dashboard_title"] + suffix,
        }

    def _translated(self, config: Any, key: str = "") -> Any:
        if self.language == "en":
            return config
        if isinstance(config, dict):
            return {name: self._translated(value, name) for name, value in config.items()}
        if isinstance(config, list):
            return [self._translated(value) for value in config]
        if key in _TEXTS:
            return self.source.german["texts"].get(config, config)
        return config


def columns(
    connection: duckdb.DuckDBPyConnection, sql: str, stated: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The columns of a dataset as its SQL gives them: type, readable name, and the comment of the
    first of its tables that has such a column. What is `stated` of a column wins."""
    comments: dict[str, str] = {}
    for table in tables(sql):
        for name, comment in connection.execute(
            "select column_name, comment from duckdb_columns() where table_name = ?", [table]
        ).fetchall():
            comments.setdefault(name, comment)
    known = {column["column_name"]: column for column in stated}
    described = connection.execute(f"describe {sql}").fetchall()
    return [
        {
            "column_name": name,
            "verbose_name": name.replace("_", " ").capitalize(),
            "type": kind,
            "is_dttm": kind in ("DATE", "TIMESTAMP"),
            "is_active": True,
            "groupby": True,
            "filterable": True,
            "description": comments.get(name),
            **known.get(name, {}),
        }
        for name, kind, *_ in described
    ]


def untranslated(source: Source) -> list[str]:
    """Texts that people read in the German dashboard and that have no German."""
    texts = source.german["texts"]
    found: set[str] = set()

    def collect(config: Any, key: str = "") -> None:
        if isinstance(config, dict):
            for name, value in config.items():
                collect(value, name)
        elif isinstance(config, list):
            for value in config:
                collect(value)
        elif key in _TEXTS and isinstance(config, str):
            found.add(config)

    for kind in ("datasets", "charts", "dashboards"):
        for config in source.of(kind).values():
            collect(config)
    named = {
        target["column"]["name"]
        for config in source.of("dashboards").values()
        for chosen in config["metadata"]["native_filter_configuration"]
        for target in chosen["targets"]
    }
    return sorted(found - set(texts) - named)


class _Dumper(yaml.SafeDumper):
    """Text of several lines as it is written."""


_Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style="|" if "\n" in text else None
    ),
)


def dump(config: Any) -> str:
    """A file's content."""
    return yaml.dump(config, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
