"""The documentation pages: complete, self-contained, without personal data."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from orchestration import docs
from orchestration.checks.gate import run_feed_gate, run_mart_gate
from orchestration.docs import build_docs
from orchestration.ingestion.contract import load_contracts
from orchestration.serving.publish import public_models
from orchestration.settings import Settings
from orchestration.state import PUBLICATION, write_state
from tests.support.warehouse import build
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
    for name in (*public_models(manifest), *load_contracts()):
        assert f'id="{name}"' in made["index.html"]
    assert "2 of 15 rules warn" in made["index.html"]
    assert "EVENT_DEALER_KNOWN" in made["quality/index.html"]
    assert "D9" in made["quality/dealer__vehicle_events.html"]
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


@pytest.mark.slow
def test_the_models_are_documented_with_their_lineage(tmp_path: Path) -> None:
    lake = everything(SmallLake(tmp_path))
    build(lake.settings)
    assert run_feed_gate(lake.settings).success
    assert run_mart_gate(lake.settings).success
    build_docs(lake.settings)
    made = pages(lake.settings)
    assert "fct_registration" in made["dbt/index.html"]
    assert 'href="dbt/index.html"' in made["index.html"]
    assert "Erika" not in "".join(made.values())
    assert {f"quality/{m}.html" for m in ("mart_feed_quality", "oem__dealers")} <= set(made)
