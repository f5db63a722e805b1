"""The documentation of a warehouse as static pages under `serving/docs/`: `make docs`.

`index.html` says in plain words what is published and who uses it, `kpis.html` how key figures and
metrics are reckoned, `feeds.html` what files must hold, `lineage/` where every published column
comes from (`lineage.json` for machines), `rules.html` which rules data has to keep and why, all in
German and English; `quality/` holds the data docs of both gates, `dbt/index.html` the models.
Nothing is loaded from elsewhere, so the pages work from a file share. What belongs here: gathering
and putting in place. What does not: the pages of the catalog (`orchestration.catalog`), personal
data, figures of any dealer.
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
from orchestration.catalog.feeds import render_feeds
from orchestration.catalog.graph import COMPILE, ColumnGraph, kept_lineage
from orchestration.catalog.kpis import render_kpis
from orchestration.catalog.lineage_pages import write_lineage
from orchestration.catalog.tables import render_index
from orchestration.checks.gate import FEED_GATE, MART_GATE
from orchestration.dbt_runner import manifest_path, parse_manifest, run_dbt
from orchestration.ingestion.contract import load_contracts
from orchestration.ingestion.lake import deliveries_table
from orchestration.locking import warehouse_lock
from orchestration.review.both import each, text
from orchestration.rule_page import render_rules
from orchestration.settings import Settings
from orchestration.state import PUBLICATION, read_state

_PAGES = Path(__file__).with_name("doc_pages")
_GATES = (
    (FEED_GATE, "Feeds", "What arrived, judged before anything is built from it."),
    (MART_GATE, "Published tables", "What is about to be published, judged before it is."),
)


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
        pages = page_templates()
        gates = {name: read_state(settings, name) for name, _, _ in _GATES}
        graph = _columns(settings, work)
        if lineage := graph.sql_lineage():
            pages.globals["has_models"] = True
            write_lineage(pages, graph, work)
            lineage.save()
        _add_quality(pages, gates, work / "quality")
        results = _results(gates)
        delivered = _delivered(settings)
        contracts = load_contracts()
        _write(work / "rules.html", render_rules(pages, settings))
        _write(work / "feeds.html", render_feeds(pages, graph, delivered, results))
        _write(work / "kpis.html", render_kpis(pages, graph, settings))
        publication = read_state(settings, PUBLICATION)
        index = render_index(pages, graph, publication, delivered, len(contracts), results)
        _write(work / "index.html", index)
        old = settings.serving / f".docs.{os.getpid()}.old"
        if settings.docs.exists():
            settings.docs.rename(old)
        work.rename(settings.docs)
        shutil.rmtree(old, ignore_errors=True)
    return settings.docs / "index.html"


def page_templates() -> Environment:
    """The templates of all pages; what is put in is escaped."""
    pages = Environment(loader=FileSystemLoader(_PAGES), autoescape=True)
    made_at = datetime.now(UTC)
    pages.globals |= {
        "t": text,
        "made_on": each(lambda say: say.instant(made_at)),
        "made_at": f"{made_at:%Y-%m-%d %H:%M}",
    }
    return pages


def _columns(settings: Settings, folder: Path) -> ColumnGraph:
    """Every column; where there are tables also what SQL makes of them, and dbt's own pages are put
    into the folder."""
    if not settings.marts.is_file():
        manifest = json.loads(parse_manifest(settings).read_text(encoding="utf-8"))
        return ColumnGraph(manifest, None)
    _document(settings, [*COMPILE])
    _document(settings, ["docs", "generate", "--no-compile", "--static"])
    made = manifest_path(settings).with_name("static_index.html")
    (folder / "dbt").mkdir()
    shutil.copyfile(made, folder / "dbt" / "index.html")
    manifest = json.loads(manifest_path(settings).read_text(encoding="utf-8"))
    return ColumnGraph(manifest, kept_lineage(settings, manifest))


def _document(settings: Settings, args: list[str]) -> None:
    result = run_dbt(settings, args)
    if not result.success:
        raise DocsError(f"dbt docs failed: {result.exception or 'see dbt.log in the state folder'}")


def _write(path: Path, page: str) -> None:
    path.write_text(page, encoding="utf-8")


def _add_quality(pages: Environment, gates: Mapping[str, Mapping[str, Any]], folder: Path) -> None:
    """A page for each table that has been checked, and their index."""
    shown = []
    for name, title, intro in _GATES:
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
                "catalog": "feeds.html" if name == FEED_GATE else "index.html",
                "others": [s for s in suites if s != suite and s.partition(".")[0] == table],
            }
            tables.append(one)
            (folder / f"{suite}.html").write_text(
                pages.get_template("suite.html").render(one, sections=_sections(validation)),
                encoding="utf-8",
            )
        shown.append(
            {"title": title, "text": intro, "checked_at": state.get("checked_at"), "tables": tables}
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


def _results(gates: Mapping[str, Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Table or feed -> how its rules stood, those that do not hold first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for state in gates.values():
        for table in {result["table"] for result in state.get("results", [])}:
            found[table] = _rules_of(state, [table])
    return found


def _delivered(settings: Settings) -> dict[str, dict[str, int]]:
    """Feed -> files taken, rows accepted and quarantined."""
    deliveries = deliveries_table(settings)  # noqa: F841  # DuckDB reads it by this name
    with duckdb.connect() as connection:
        found = connection.execute(
            "select feed, count(*) as files, sum(accepted_rows)::bigint as accepted, "
            "sum(quarantined_rows)::bigint as quarantined from deliveries group by feed"
        )
        names = [column[0] for column in found.description]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return {row.pop("feed"): row for row in rows}


def main() -> None:
    """`python -m orchestration.docs`, for the warehouse that the environment names."""
    print(build_docs(Settings.from_env()))


if __name__ == "__main__":
    main()
