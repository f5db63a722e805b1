"""The key figures and the metrics: `kpis.html`.

What belongs here: gathering and words. What does not: the formulas (models of
`intermediate/kpis`), figures of dealers.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment

from orchestration.catalog.graph import FEED, ColumnGraph
from orchestration.catalog.metrics import metric_entries
from orchestration.catalog.words import basis_words, formula_words
from orchestration.review.both import Both, each, text
from orchestration.serving.reading import open_publication
from orchestration.settings import DBT_PROJECT_DIR, Settings

SCORECARD = "mart_partner_scorecard_kpi"
_CATALOG, _KPIS = "kpi_catalog", "dim_kpi"
_CODE, _FIGURES = "kpi_code", ("actual_numerator", "actual_denominator")


def render_kpis(pages: Environment, graph: ColumnGraph, settings: Settings) -> str:
    """The page as HTML; weights as far as published, sources as far as dbt has compiled."""
    weights = _weights(settings)
    sources = _sources(graph)
    owner = graph.tables[_KPIS].owner
    kpis = [
        _kpi(row, owner, sources.get(row[_CODE]), weights.get(row[_CODE], [])) for row in _rows()
    ]
    return pages.get_template("kpis.html").render(
        root="",
        here="kpis",
        kpis=kpis,
        metrics=metric_entries(graph.manifest),
        has_lineage=graph.sql_lineage() is not None,
    )


def _rows() -> list[dict[str, str]]:
    with (DBT_PROJECT_DIR / "seeds" / f"{_CATALOG}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _kpi(
    row: Mapping[str, str],
    owner: str | None,
    sources: Mapping[str, Any] | None,
    weights: list[dict[str, Any]],
) -> dict[str, Any]:
    code = row[_CODE]
    return {
        "code": code,
        "name": Both((row["name_de"], row["name_en"])),
        "formula": formula_words(code, row["formula"]),
        "facts": [
            (text("kpis_unit"), text(f"kpis_unit_{row['unit']}")),
            (text("kpis_better"), text(f"kpis_better_{row['direction']}")),
            (text("kpis_side"), text(f"kpis_side_{row['owner_side']}")),
            (text("kpis_basis"), basis_words(code, row["min_sample_basis"])),
            (text("kpis_owner"), owner),
        ],
        "sources": sources,
        "weights": weights,
    }


def _sources(graph: ColumnGraph) -> dict[str, dict[str, Any]]:
    """KPI -> the model that measures it, the published tables and the feed columns that its figures
    are made from."""
    lineage = graph.sql_lineage()
    if lineage is None:
        return {}
    found: dict[str, dict[str, Any]] = {}
    for table in graph.tables.values():
        if not table.name.startswith("int_kpis__measure_") or not set(_FIGURES) <= set(
            table.columns
        ):
            continue
        for code, parents in lineage.by_literal(table.unique_id, _CODE, _FIGURES).items():
            columns = [graph.named(*parent) for parent in parents]
            reached = {c for one in columns for c in (one, *graph.upstream(one))}
            found[code] = {
                "model": table.name,
                "tables": sorted(
                    {c.table for c in reached if c.table in graph.tables}
                    & {t.name for t in graph.published}
                ),
                "columns": sorted(
                    {e for one in columns for e in graph.ends(one) if graph.end(e) == FEED}
                ),
            }
    return found


def _weights(settings: Settings) -> dict[str, list[dict[str, Any]]]:
    """KPI -> its weights by brand and version, as published: terms, no dealer's figures."""
    publication = open_publication(settings)
    if publication is None or publication.lacks(SCORECARD):
        return {}
    found: dict[str, list[dict[str, Any]]] = {}
    for row in publication.records(f"""
        select
            kpi_code, brand_code, weights_version, weight, floor_rate, cap_rate, min_sample,
            missing_policy, min(score_month) as first_month, max(score_month) as last_month
        from {SCORECARD}
        group by all
        order by kpi_code, brand_code, weights_version
    """):
        found.setdefault(row["kpi_code"], []).append(_weight(row))
    return found


def _weight(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "brand": row["brand_code"],
        "version": row["weights_version"],
        "months": each(
            lambda say: f"{say.month(row['first_month'])} – {say.month(row['last_month'])}"
        ),
        "weight": each(lambda say: say.exact(row["weight"])),
        "limits": each(
            lambda say: f"{say.percent(row['floor_rate'], 0)} – {say.percent(row['cap_rate'], 0)}"
        ),
        "sample": each(lambda say: say.number(row["min_sample"])),
        "policy": text(f"kpis_policy_{row['missing_policy']}"),
    }
