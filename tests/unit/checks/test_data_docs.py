"""The data docs of a suite: what Great Expectations shows of a rule and its results."""

from __future__ import annotations

from pathlib import Path

from orchestration.checks.gate import run_feed_gate
from orchestration.state import read_state
from tests.unit.checks.small_lake import SmallLake, dealer, network


def test_rules_and_examples_are_shown_and_delivered_text_is_no_markup(tmp_path: Path) -> None:
    from orchestration.checks.data_docs import render_validation

    lake = network(SmallLake(tmp_path))
    lake.deliver("oem__dealers", dealer(postal_code="<script>alert(1)</script>"))
    run_feed_gate(lake.settings, ["oem__dealers"])
    state = read_state(lake.settings, "feed_gate.json")
    html = render_validation(state["validations"]["oem__dealers"])
    assert "DEALER_POSTAL_CODE_WELL_FORMED (warning, validity): A dealer's postal code" in html
    assert "1 of 1 failed" in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert" not in html
    assert "http" not in html
