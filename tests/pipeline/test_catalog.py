"""The catalog of a published warehouse: what each number is, whose it is, where it comes from."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from orchestration.catalog import Column, ColumnGraph, load_graph
from orchestration.catalog.graph import DELIVERY, ENDS, FEED
from orchestration.catalog.kpis import SCORECARD
from orchestration.catalog.words import feed_words, table_words
from orchestration.dagster_home import use_dagster_home
from orchestration.docs import build_docs
from orchestration.ingestion.contract import load_contracts
from orchestration.language.texts import (
    catalog_business,
    catalog_feeds,
    catalog_kpis,
    catalog_tables,
    catalog_terms,
)
from orchestration.settings import Settings

EXTERNAL = re.compile(r"""(?:src|href)\s*=\s*["']?\s*(?:https?:)?//|url\(\s*["']?(?:https?:)?//""")
BILINGUAL = ("index.html", "kpis.html", "feeds.html", "rules.html")


@pytest.fixture(scope="module")
def graph(published: Settings) -> ColumnGraph:
    return load_graph(published)


@pytest.fixture(scope="module")
def docs(published: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages, made in a warehouse folder of their own: dbt opens the databases to write."""
    folder = tmp_path_factory.mktemp("catalog") / "warehouse"
    shutil.copytree(published.state, folder / "state")
    for path in published.warehouse.glob("*.duckdb"):
        shutil.copyfile(path, folder / path.name)
    for name in ("lake", "computed", "secrets"):
        (folder / name).symlink_to(published.warehouse / name)
    (folder / "serving").mkdir()
    (folder / "serving" / published.serving_file.name).symlink_to(published.serving_file)
    return build_docs(replace(published, warehouse=folder)).parent


def test_every_published_column_comes_from_what_was_delivered(graph: ColumnGraph) -> None:
    """Or from a fixed list, the code, or the clock: it ends nowhere else."""
    ends = {
        (str(end), graph.end(end))
        for table in graph.published
        for name in table.columns
        for end in graph.ends(Column(table.name, name))
    }
    assert {kind for _, kind in ends} == set(ENDS)
    contracts = load_contracts()
    for column, kind in ends:
        table, _, name = column.partition(".")
        if kind == FEED and name != "*":
            assert name in {c.name for c in contracts[table].columns}, column
        assert kind != DELIVERY or table.startswith("lake__") or name.startswith("_"), column


def test_where_does_the_score_come_from(graph: ColumnGraph) -> None:
    ends = {str(end) for end in graph.ends(Column("mart_partner_scorecard", "score"))}
    assert {
        *("oem__kpi_weights.weight", "oem__kpi_weights.cap_rate", "oem__kpi_targets.target_value"),
        *("dealer__leads.sold_vin", "dealer__surveys.score", "market__registrations.units"),
        *("dealer__financials.operating_result_eur", "kpi_catalog.direction"),
    } <= ends
    assert not any(end.startswith(("oem__incentive", "oem__showroom")) for end in ends)


def test_money_leads_back_through_python_to_the_terms(graph: ColumnGraph) -> None:
    ends = {str(e) for e in graph.ends(Column("mart_refinancing_ledger", "applied_eur"))}
    assert {
        *("oem__showroom_investments.total_cost_eur", "oem__showroom_investments.surplus_policy"),
        *("oem__incentive_tiers.rate", "dealer__vehicle_events.net_price_eur"),
    } <= ends


def test_every_asset_said_how_many_rows_it_has(published: Settings, monkeypatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "")
    use_dagster_home(published)
    with dg.DagsterInstance.get() as instance:
        said = {
            key: instance.get_latest_materialization_event(key).asset_materialization.metadata
            for key in instance.all_asset_keys()
        }
    with duckdb.connect(str(published.marts), read_only=True) as connection:
        connection.execute(f"attach '{published.database}' as warehouse (read_only)")
        tables = connection.execute(
            "select table_name, database_name || '.' || schema_name || '.' || table_name "
            "from duckdb_tables() where database_name in ('marts', 'warehouse')"
        ).fetchall()
        held = {
            dg.AssetKey(name): connection.execute(f"select count(*) from {path}").fetchone()[0]
            for name, path in tables
        }
        views = {
            dg.AssetKey(name)
            for (name,) in connection.execute("select view_name from duckdb_views()").fetchall()
        }
    counted = {
        key: metadata["dagster/row_count"].value
        for key, metadata in said.items()
        if "dagster/row_count" in metadata
    }
    folders = {key for key in said if key.path[-1] in ("dealer_shares", "weekly_reviews")}
    assert set(said) - set(counted) <= views | folders
    built = set(held) & set(said)
    assert len(built) > 150
    assert {key: counted[key] for key in built} == {key: held[key] for key in built}
    feeds = {key: rows for key, rows in counted.items() if key.path[0] == "raw"}
    with duckdb.connect() as connection:
        for key, rows in feeds.items():
            files = list((published.raw / key.path[-1]).glob("*.parquet"))
            paths = [str(file) for file in files]
            found = connection.read_parquet(paths).count("*").fetchone()[0] if paths else 0
            assert rows == found, key


def test_every_table_that_was_made_said_where_its_columns_come_from(
    published: Settings, monkeypatch
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "")
    use_dagster_home(published)
    with dg.DagsterInstance.get() as instance:
        for key in instance.all_asset_keys():
            event = instance.get_latest_materialization_event(key)
            metadata = event.asset_materialization.metadata
            is_start = key.path[0] in ("raw", "lake", "serving") or key.path[-1] in _SEEDS
            assert is_start or "dagster/column_lineage" in metadata, key


_SEEDS = {"kpi_catalog", "benchmark_claims", "governance_parameters"}


def words_of(text: str) -> set[str]:
    empty = {"the", "a", "an", "of", "in", "is", "and", "it", "its", "by", "to", "for"}
    return set(re.findall(r"[a-z0-9]+", text.lower())) - empty


def says_only(name: str, text: str) -> bool:
    """Whether a description has no word that the column's name has not."""
    said, named = words_of(text), set(name.lower().strip("_").split("_"))
    return not {w for w in said if w not in named and w.rstrip("s") not in named}


def test_no_column_is_without_a_description_that_says_more_than_its_name(
    graph: ColumnGraph, published: Settings
) -> None:
    assert says_only("course_name", "Name of the course.") and says_only("day", "The day.")
    assert not says_only("closed_by", "Who closed it.")
    found = [
        (table.name, name, text)
        for table in graph.tables.values()
        for name, (_, text) in table.columns.items()
        if says_only(name, text)
    ]
    assert found == []
    with duckdb.connect(str(published.serving_file), read_only=True) as connection:
        comments = connection.execute(
            "select table_name, column_name, coalesce(comment, '') from duckdb_columns() "
            "where database_name = current_database() and schema_name = 'main'"
        ).fetchall()
    assert len(comments) > 900
    assert [c for c in comments if says_only(c[1], c[2])] == []


def test_feeds_and_published_tables_are_described_in_german_too(graph: ColumnGraph) -> None:
    tables = {t.name: t.description for t in graph.published}
    assert [n for n, text in tables.items() if len(set(table_words(n, text).texts)) == 1] == []
    assert set(catalog_tables.GERMAN) <= set(tables)
    feeds = load_contracts().values()
    said = {graph.tables[feed.name].description for feed in feeds}
    for feed in feeds:
        described = graph.tables[feed.name].columns
        said |= {described.get(c.name, ("", c.description))[1] for c in feed.columns}
    assert [text for text in said if len(set(feed_words(text).texts)) == 1] == []
    german = {**catalog_feeds.GERMAN, **catalog_terms.GERMAN, **catalog_business.GERMAN}
    assert set(german) - said == set()


class Page(HTMLParser):
    """Addresses, anchors and languages of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.languages: dict[str, int] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, Any] = dict(attrs)
        assert tag != "script"
        if "href" in given:
            self.links.append(given["href"])
        if "id" in given:
            self.anchors.add(given["id"])
        if tag == "span" and "lang" in given:
            self.languages[given["lang"]] = self.languages.get(given["lang"], 0) + 1


def catalog_pages(docs: Path) -> dict[str, str]:
    paths = [docs / name for name in BILINGUAL] + sorted((docs / "lineage").glob("*.html"))
    return {str(p.relative_to(docs)): p.read_text(encoding="utf-8") for p in paths}


def test_every_page_stands_alone_in_both_languages_and_its_links_lead_somewhere(docs: Path) -> None:
    texts = catalog_pages(docs)
    pages = {name: Page(text) for name, text in texts.items()}
    assert len(pages) > 70
    for name, page in pages.items():
        assert not EXTERNAL.search(texts[name]), name
        assert page.languages["de"] == page.languages["en"] > 10, name
        for link in page.links:
            path, _, anchor = link.partition("#")
            target = (docs / name).parent.joinpath(path).resolve() if path else docs / name
            assert target.is_file(), (name, link)
            known = pages.get(str(target.relative_to(docs.resolve())) if path else name)
            assert not anchor or known is None or anchor in known.anchors, (name, link)
    assert sum(len(text) for text in texts.values()) < 15_000_000


def test_the_index_leads_from_every_column_to_its_lineage(docs: Path, graph: ColumnGraph) -> None:
    index = Page((docs / "index.html").read_text(encoding="utf-8"))
    for table in graph.published:
        assert {f"lineage/{table.name}.html#{name}" for name in table.columns} <= set(index.links)
    exposures = graph.manifest["exposures"].values()
    assert {f"exposure-{e['name']}" for e in exposures} <= index.anchors


def test_the_lineage_for_machines_says_what_the_pages_say(docs: Path, graph: ColumnGraph) -> None:
    known = json.loads((docs / "lineage.json").read_text(encoding="utf-8"))
    columns = known["columns"]
    assert known["published"] == [t.name for t in graph.published]
    for entry in columns.values():
        assert ("end" in entry) != ("parents" in entry)
        assert entry.get("end", FEED) in ENDS
        assert set(entry.get("parents", ())) <= set(columns)
    page = (docs / "lineage" / "mart_partner_scorecard.html").read_text(encoding="utf-8")
    score = page.split('id="score"')[1].split("<article")[0]
    assert "oem__kpi_weights" in score and "target_value" in score


def test_key_figures_are_defined_with_their_sources_and_weights(
    docs: Path, published: Settings
) -> None:
    page = (docs / "kpis.html").read_text(encoding="utf-8")
    articles = dict(
        re.findall(r'<article class="item" id="([A-Z_0-9]+)">(.*?)</article>', page, re.S)
    )
    with duckdb.connect(str(published.serving_file), read_only=True) as connection:
        kpis = connection.execute("select kpi_code, name_de, name_en, formula from dim_kpi")
        catalog = kpis.fetchall()
        weighted = connection.execute(f"select distinct kpi_code from {SCORECARD}").fetchall()
    assert {code for code, *_ in catalog} == set(articles)
    for code, name_de, name_en, formula in catalog:
        said = articles[code]
        assert name_de in said and name_en in said and formula in said, code
        assert catalog_kpis.FORMULAS[code] in said and catalog_kpis.BASES[code] in said, code
    for (code,) in weighted:
        assert "<details>" in articles[code], code
    assert "dealer__leads.sold_vin" in articles["CLOSING_RATE"]
    assert "dealer__leads.sold_vin" not in articles["LEAD_RESPONSE_24H"]
    assert "dealer__leads.first_response_at" in articles["LEAD_RESPONSE_24H"]
    assert all("feeds.html#" in said for code, said in articles.items() if code != "DATA_QUALITY")
    metrics = json.loads((published.state / "dbt" / "manifest.json").read_text())["metrics"]
    assert {f'id="metric-{m["name"]}"' in page for m in metrics.values()} == {True}


def test_no_page_of_the_catalog_names_a_dealer(docs: Path, published: Settings) -> None:
    with duckdb.connect(str(published.serving_file), read_only=True) as connection:
        dealers = connection.execute("select dealer_id, dealer_name from dim_dealer").fetchall()
    assert dealers
    named = re.compile("|".join(re.escape(word) for pair in dealers for word in pair))
    for name, text in {**catalog_pages(docs), "json": (docs / "lineage.json").read_text()}.items():
        assert not named.search(text), (name, named.search(text))
