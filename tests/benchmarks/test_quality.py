"""The benchmark of the pass rates measures what it says, at any size."""

from __future__ import annotations

from tests.benchmarks.quality import HUB_DEALERS, MONTHS, OWN_DEALERS, compare_quality


def test_every_row_is_judged_by_every_rule_at_any_size():
    compared = compare_quality(rows=20_000, runs=1)
    assert 18_000 < compared["rows"] <= 20_000
    assert compared["files"] == MONTHS * (OWN_DEALERS + 1)
    assert compared["rules"] >= 13
    assert compared["outcome"]["dealers"] == HUB_DEALERS + OWN_DEALERS
    assert compared["outcome"]["passed"] > compared["rows"]
