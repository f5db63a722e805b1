"""The way of a column down to the feeds."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.catalog import Column, ColumnGraph, as_dict, as_text, trace
from orchestration.catalog.graph import FEED
from orchestration.lineage import ColumnLineage
from orchestration.settings import UsageError
from tests.unit.catalog.small_manifest import compiled, manifest_of, model, source

LEADS = source("dealer", "leads", {"lead_id": "Which lead.", "vin": "Which car."})


@pytest.fixture
def graph(tmp_path: Path) -> ColumnGraph:
    """feed -> staging -> Python -> mart, and from the mart's rows back into Python."""
    staged = model("stg_leads", ["lead_id", "vin"], [LEADS])
    money = source(
        *("computed", "money", {"lead_id": "Lead.", "sum_eur": "Sum."}, "computed"),
        made_from={
            "same_name": ["stg_leads"],
            "columns": {"sum_eur": {"stg_leads": ["lead_id", "vin"], "mart_a": ["n"]}},
        },
    )
    mart = model("mart_a", ["sum_eur", "n"], [money])
    compiled(tmp_path, "stg_leads", 'select lead_id, vin from "warehouse"."raw"."dealer__leads"')
    compiled(
        tmp_path,
        "mart_a",
        'select sum_eur, count(*) over () as n from "warehouse"."computed"."money"',
    )
    manifest = manifest_of(LEADS, staged, money, mart)
    return ColumnGraph(manifest, ColumnLineage(manifest, tmp_path, tmp_path / "cache.json"))


def test_the_way_goes_on_through_what_python_makes(graph: ColumnGraph) -> None:
    ends = graph.ends(Column("mart_a", "sum_eur"))
    assert [str(end) for end in ends] == [
        "dealer__leads.*",
        "dealer__leads.lead_id",
        "dealer__leads.vin",
    ]
    assert {graph.end(end) for end in ends} == {FEED}


def test_a_tree_shows_each_step_once_and_ends_where_it_meets_itself(graph: ColumnGraph) -> None:
    text = as_text(trace(graph, "mart_a.sum_eur"))
    lines = [line.strip() for line in text.splitlines()]
    assert lines[0] == "mart_a.sum_eur  sum_eur of mart_a."
    assert "dealer__leads.vin [feed]  Which car." in lines
    assert text.splitlines()[-3:] == [
        "  dealer__leads.*",
        "  dealer__leads.lead_id",
        "  dealer__leads.vin",
    ]
    steps = [line for line in lines if line.startswith("mart_a.n")]
    assert len(steps) == 1


def test_what_comes_up_again_refers_to_where_it_is_shown(graph: ColumnGraph) -> None:
    shown = as_dict(trace(graph, "mart_a.sum_eur"))
    (money,) = shown["parents"]
    by_name = {f"{p['table']}.{p['column']}": p for p in money["parents"]}
    rows = by_name["mart_a.n"]["parents"][0]
    assert (rows["table"], rows["column"]) == ("computed__money", "*")
    again = {f"{p['table']}.{p['column']}": p["shown_above"] for p in rows["parents"]}
    assert again == {"mart_a.*": False, "stg_leads.*": False}
    assert by_name["stg_leads.vin"]["parents"][0]["end"] == "feed"


@pytest.mark.parametrize(
    ("asked", "message"),
    [("mart_b.x", "no table 'mart_b'"), ("mart_a.x", "no column 'x', it has sum_eur, n")],
)
def test_what_is_not_there_is_said(graph: ColumnGraph, asked: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        trace(graph, asked)
