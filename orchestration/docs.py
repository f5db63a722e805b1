"""The documentation of a warehouse as static pages under `serving/docs/`: `make docs`.

`index.html` says in plain words what is where, `rules.html` which rules data has to keep and why
(German and English, for those who deliver), `quality/` holds the data docs of both gates,
`dbt/index.html` the models with their lineage. Nothing is loaded from elsewhere, so the pages work
from a file share. What belongs here: gathering and rendering. What does not: personal data, and
figures of any dealer.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from expectations.rule import FILES, QUARANTINE
from orchestration.checks.gate import FEED_GATE, MART_GATE
from orchestration.dbt_runner import manifest_path, parse_manifest, run_dbt
from orchestration.ingestion.contract import Feed, load_contracts
from orchestration.ingestion.lake import deliveries_table
from orchestration.locking import warehouse_lock
from orchestration.rule_page import render_rules
from orchestration.serving.publish import public_models
from orchestration.settings import Settings
from orchestration.state import PUBLICATION, read_state

_PAGES = Path(__file__).with_name("doc_pages")
_GATES = (
    (FEED_GATE, "Feeds", "What arrived, judged before anything is built from it."),
    (MART_GATE, "Published tables", "What is about to be published, judged before it is."),
)
_LAYERS = ("mart_", "fct_", "dim_")


class DocsError(RuntimeError):
    """The pages could not be made; those made before stay."""


def build_docs(settings: Settings) -> Path:
    """Make all pages anew and put them in place of the old ones; gives the path of the index.

    Raises:
        DocsError: dbt could not document its models.
    """
    with warehouse_lock(settings):
        work = settings.serving / f".docs.{os.getpid()}.tmp"
        for leftover in settings.serving.glob(".docs.*"):
            shutil.rmtree(leftover)
        (work / "quality").mkdir(parents=True)
        has_lineage = settings.marts.is_file()
        if has_lineage:
            _add_lineage(settings, work / "dbt")
        else:
            parse_manifest(settings)
        manifest = _read_manifest(settings)
        pages = page_templates()
        pages.globals["made_at"] = f"{datetime.now(UTC):%Y-%m-%d %H:%M}"
        gates = {name: read_state(settings, name) for name, _, _ in _GATES}
        _add_quality(pages, gates, work / "quality")
        (work / "rules.html").write_text(render_rules(pages, settings), encoding="utf-8")
        _add_index(pages, settings, gates, manifest, has_lineage, work)
        old = settings.serving / f".docs.{os.getpid()}.old"
        if settings.docs.exists():
            settings.docs.rename(old)
        work.rename(settings.docs)
        shutil.rmtree(old, ignore_errors=True)
    return settings.docs / "index.html"


def page_templates() -> Environment:
    """The templates of all pages; what is put in is escaped."""
    return Environment(loader=FileSystemLoader(_PAGES), autoescape=True)


def _add_lineage(settings: Settings, folder: Path) -> None:
    """dbt's own pages, as one file."""
    result = run_dbt(settings, ["docs", "generate", "--static"])
    made = manifest_path(settings).with_name("static_index.html")
    if not result.success or not made.is_file():
        raise DocsError(f"dbt docs failed: {result.exception or 'see dbt.log in the state folder'}")
    folder.mkdir()
    shutil.copyfile(made, folder / "index.html")


def _read_manifest(settings: Settings) -> dict[str, Any]:
    return json.loads(manifest_path(settings).read_text(encoding="utf-8"))


def _add_quality(pages: Environment, gates: Mapping[str, Mapping[str, Any]], folder: Path) -> None:
    """A page for each table that has been checked, and their index."""
    shown = []
    for name, title, text in _GATES:
        state = gates[name]
        tables = []
        suites = state.get("validations", {})
        for suite, validation in suites.items():
            table, _, part = suite.partition(".")
            judged = {r["expectation_config"]["kwargs"]["rule_code"] for r in validation["results"]}
            one = {
                "name": suite,
                "table": table,
                "rules": [r for r in _rules_of(state, [table]) if r["code"] in judged],
                "rows": state["table_rows"][suite],
                "noun": "files" if part in (FILES, QUARANTINE) else "rows",
                "others": [s for s in suites if s != suite and s.partition(".")[0] == table],
            }
            tables.append(one)
            (folder / f"{suite}.html").write_text(
                pages.get_template("suite.html").render(one, sections=_sections(validation)),
                encoding="utf-8",
            )
        shown.append(
            {"title": title, "text": text, "checked_at": state.get("checked_at"), "tables": tables}
        )
    page = pages.get_template("quality.html").render(gates=shown)
    (folder / "index.html").write_text(page, encoding="utf-8")


def _sections(validation: Mapping[str, Any]) -> Markup:
    from orchestration.checks.data_docs import render_validation

    return Markup(render_validation(validation))


def _rules_of(state: Mapping[str, Any], tables: Iterable[str]) -> list[dict[str, Any]]:
    """Results of the rules of these tables, those that do not hold first."""
    wanted = set(tables)
    found = [r for r in state.get("results", []) if r["table"] in wanted]
    return sorted(found, key=lambda r: (r["success"], r["severity"] != "critical"))


def _add_index(
    pages: Environment,
    settings: Settings,
    gates: Mapping[str, Mapping[str, Any]],
    manifest: Mapping[str, Any],
    has_lineage: bool,
    folder: Path,
) -> None:
    publication = read_state(settings, PUBLICATION)
    published = publication.get("marts", {})
    delivered = _delivered(settings)
    marts = [
        {
            "name": name,
            "description": node["description"],
            "grain": node["config"]["meta"].get("grain", "row"),
            "owner": node["config"]["meta"].get("owner", "nobody"),
            "columns": list(node["columns"].values()),
            "rows": published.get(name),
            "rules": _rules_of(gates[MART_GATE], [name]),
        }
        for name, node in sorted(public_models(manifest).items(), key=_mart_order)
    ]
    feeds = load_contracts()
    documented = {s["identifier"]: s for s in manifest["sources"].values()}
    shown_feeds = [
        {
            "name": feed.name,
            "description": feed.description,
            "mode": feed.mode,
            "key": feed.key,
            "owner": feed.owner,
            "columns": _feed_columns(feed, documented.get(feed.name, {"columns": {}})),
            "delivered": delivered.get(feed.name),
            "rules": _rules_of(gates[FEED_GATE], [feed.name]),
        }
        for feed in feeds.values()
    ]
    page = pages.get_template("index.html").render(
        publication=publication | {"published_at": (publication.get("published_at") or "")[:16]},
        marts=marts,
        rows=sum(published.values()),
        feeds=shown_feeds,
        files=sum(d["files"] for d in delivered.values()),
        delivered_feeds=sum(name in delivered for name in feeds),
        rules=[r for state in gates.values() for r in state.get("results", [])],
        has_lineage=has_lineage,
    )
    (folder / "index.html").write_text(page, encoding="utf-8")


def _mart_order(named: tuple[str, Any]) -> tuple[int, str]:
    name = named[0]
    return next(n for n, prefix in enumerate(_LAYERS) if name.startswith(prefix)), name


def _feed_columns(feed: Feed, documented: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Columns of a contract; descriptions as dbt has resolved them."""
    shown = []
    for column in feed.columns:
        must = [word for word in ("key", "required") if getattr(column, word)]
        if column.values:
            must.append("one of " + " ".join(column.values))
        if column.min is not None or column.max is not None:
            least = "" if column.min is None else column.min
            most = "" if column.max is None else column.max
            must.append(f"{least}..{most}")
        if column.format:
            must.append(f"format {column.format}")
        if column.pii:
            must.append("personal data: hashed before it leaves the lake")
        resolved = documented["columns"].get(column.name, {}).get("description")
        shown.append(
            {
                "name": column.name,
                "data_type": column.data_type,
                "must": must,
                "description": resolved or column.description,
            }
        )
    return shown


def _delivered(settings: Settings) -> dict[str, dict[str, Any]]:
    """Feed -> files taken, rows accepted and quarantined."""
    deliveries = deliveries_table(settings)  # noqa: F841  # DuckDB reads it by this name
    with duckdb.connect() as connection:
        found = connection.execute(
            "select feed, count(*) as files, sum(accepted_rows)::bigint as accepted, "
            "sum(quarantined_rows)::bigint as quarantined from deliveries group by feed"
        )
        names = [column[0] for column in found.description]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return {row["feed"]: row for row in rows}


def main() -> None:
    """`python -m orchestration.docs`, for the warehouse that the environment names."""
    print(build_docs(Settings.from_env()))


if __name__ == "__main__":
    main()
