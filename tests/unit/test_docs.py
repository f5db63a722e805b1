"""The documentation pages: complete, self-contained, without personal data."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import duckdb
import pytest

from expectations.registry import feed_rules
from orchestration import docs
from orchestration.checks.gate import run_feed_gate, run_mart_gate
from orchestration.checks.rule_texts import rule_entries
from orchestration.docs import build_docs, page_templates
from orchestration.ingestion.contract import load_contracts
from orchestration.rule_page import render_rules
from orchestration.serving.publish import public_models
from orchestration.settings import Settings
from orchestration.state import PUBLICATION, write_state
from tests.support.warehouse import run_money
from tests.unit.checks.small_lake import SmallLake, event, everything, lead

EXTERNAL = re.compile(r"""(?:src|href)\s*=\s*["']?\s*(?:https?:)?//|url\(\s*["']?(?:https?:)?//""")


def pages(settings: Settings) -> dict[str, str]:
    return {
        str(p.relative_to(settings.docs)): p.read_text(encoding="utf-8")
        for p in settings.docs.rglob("*.html")
    }


def test_a_warehouse_that_never_ran_is_documented_too(tmp_path: Path) -> None:
    lake = everything(SmallLake(tmp_path))
    lake.deliver("dealer__leads", lead(customer_email="not an address of Erika"), sender="D0001")
    lake.deliver(
        "dealer__vehicle_events", event(event_id="<b>x</b>", dealer_id="D9"), sender="<i>hub</i>"
    )
    run_feed_gate(lake.settings)
    write_state(lake.settings, PUBLICATION, {"published_at": "2025-03-02", "marts": {}})
    (lake.settings.serving / ".docs.1.tmp" / "quality").mkdir(parents=True)
    index = build_docs(lake.settings)
    assert index == lake.settings.docs / "index.html"
    made = pages(lake.settings)
    manifest = json.loads((lake.settings.state / "dbt" / "manifest.json").read_text())
    for name in public_models(manifest):
        assert f'id="{name}"' in made["index.html"]
    for name in load_contracts():
        assert f'id="{name}"' in made["feeds.html"]
    for rule in feed_rules():
        if rule.table in load_contracts():
            assert f'href="rules.html#{rule.code}"' in made["feeds.html"], rule.code
    assert "2 of 19 rules warn" in made["feeds.html"]
    assert "personal: leaves the lake hashed or not at all" in made["feeds.html"]
    assert "No published weight yet" in made["kpis.html"]
    assert "EVENT_DEALER_KNOWN" in made["quality/index.html"]
    assert "D9" in made["quality/dealer__vehicle_events.html"]
    assert "EVENT_TIMELY" not in made["quality/dealer__vehicle_events.html"]
    assert "EVENT_TIMELY" in made["quality/dealer__vehicle_events.files.html"]
    for name, text in made.items():
        assert not EXTERNAL.search(text), name
        assert not re.search(r"Erika|<b>x|<i>hub", text), name
        for target in re.findall(r'href="([^"#]+)', text):
            assert (lake.settings.docs / name).parent.joinpath(target).is_file(), (name, target)
    assert [p.name for p in lake.settings.serving.iterdir()] == ["docs"]


def test_pages_that_cannot_be_made_leave_the_old_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = SmallLake(tmp_path).settings
    settings.docs.mkdir(parents=True)
    (settings.docs / "index.html").write_text("old")
    settings.marts.touch()

    class Failed:
        success = False
        exception = "no such model"

    monkeypatch.setattr(docs, "run_dbt", lambda *_: Failed())
    with pytest.raises(docs.DocsError, match="no such model"):
        build_docs(settings)
    assert (settings.docs / "index.html").read_text() == "old"


def catalog(settings: Settings) -> str:
    return render_rules(page_templates(), settings)


def article(page: str, code: str) -> str:
    """What the catalog says of a rule, as text."""
    (html,) = re.findall(rf'<article class="rule" id="{code}">(.*?)</article>', page, re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def publish(settings: Settings) -> None:
    """A publication with two rules that were measured, one of them over two months."""
    settings.serving.mkdir(parents=True)
    with duckdb.connect(str(settings.serving_file)) as connection:
        connection.execute("""
            create table mart_data_quality as
            select * from (values
                ('D1', 'LEAD_REACHABLE', date '2025-01-01', 10, 1),
                ('D1', 'LEAD_REACHABLE', date '2025-02-01', 1999, 1899),
                ('D2', 'LEAD_REACHABLE', date '2025-02-01', 1, 1),
                ('D1', 'LEAD_ROWS_UNIQUE', date '2025-01-01', 3, 3)
            ) as rows(dealer_id, rule_code, month, checked_rows, passed_rows)
        """)
        connection.execute("""
            create table mart_academy_effect as
            select * from (values
                ('C2', 'Reach <them>', 'COMPLETENESS'), ('C1', 'All there', 'COMPLETENESS'),
                ('C3', 'Once', 'UNIQUENESS')
            ) as rows(course_code, course_name, quality_dimension)
        """)


def test_the_catalog_says_of_every_rule_what_why_and_what_to_do(tmp_path: Path) -> None:
    page = catalog(SmallLake(tmp_path).settings)
    entries = rule_entries()
    assert len(entries) == len(feed_rules())
    for entry in entries:
        said = html.unescape(article(page, entry.rule_code))
        for words in (entry.description, entry.reason, entry.remedy):
            assert re.sub(r"\s+", " ", words) in said, entry.rule_code
        if entry.feed.startswith(("dealer__", "lake__")):
            for words in (entry.description_de, entry.reason_de, entry.remedy_de):
                assert words in said, entry.rule_code
    said = article(page, "EVENT_VIN_REGISTERED_ONCE")
    assert "only checked on delivery" in said and "not measured yet" not in said
    assert "not measured yet" in article(page, "LEAD_REACHABLE")
    assert not EXTERNAL.search(page) and "<script" not in page


def test_the_catalog_shows_the_network_of_the_newest_month_against_the_target(
    tmp_path: Path,
) -> None:
    settings = SmallLake(tmp_path).settings
    publish(settings)
    page = catalog(settings)
    reachable = article(page, "LEAD_REACHABLE")
    assert "In the whole network, February 2025" in reachable and "Februar 2025" in reachable
    assert "95.00%" in reachable and "95,00" in reachable
    assert '<dd class="good">' in page and '<dd class="bad">' not in page
    assert "All there (C1), Reach &lt;them&gt; (C2)" in reachable
    assert "January 2025 100" in article(page, "LEAD_ROWS_UNIQUE")
    assert "none yet" in article(page, "LEAD_TIMELY")
    with duckdb.connect(str(settings.serving_file)) as connection:
        connection.execute("update mart_data_quality set passed_rows = 0 where dealer_id = 'D2'")
    worse = catalog(settings)
    assert "95.00%" not in article(worse, "LEAD_REACHABLE")
    assert '<dd class="bad">' in worse


@pytest.mark.slow
def test_the_models_are_documented_with_their_lineage(tmp_path: Path) -> None:
    lake = everything(SmallLake(tmp_path))
    run_money(lake.settings)
    assert run_feed_gate(lake.settings).success
    assert run_mart_gate(lake.settings).success
    build_docs(lake.settings)
    made = pages(lake.settings)
    assert "fct_registration" in made["dbt/index.html"]
    assert 'href="dbt/index.html"' in made["index.html"]
    assert "Erika" not in "".join(made.values())
    assert {f"quality/{m}.html" for m in ("mart_feed_quality", "oem__dealers")} <= set(made)
