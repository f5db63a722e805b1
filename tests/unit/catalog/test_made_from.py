"""What is declared of tables that Python writes."""

from __future__ import annotations

from typing import Any

import pytest

from orchestration.catalog.made_from import MadeFromError, made_from
from orchestration.lineage import CLOCK, CONSTANT, ROWS, Lineage
from tests.unit.catalog.small_manifest import manifest_of, model, source

LEADS = source("dealer", "leads", {"dealer_id": "Who.", "lead_id": "Which."})
STOCK = source("dealer", "stock", {"dealer_id": "Who.", "vin": "What."})
LINES = model("int_lines", ["dealer_id", "price_eur"], [LEADS])
LINES_ID = LINES["unique_id"]


def declared(names: list[str], /, **made: Any) -> Lineage:
    own = source("computed", "own", dict.fromkeys(names, "Text."), "computed", made_from=made)
    return made_from(manifest_of(LEADS, STOCK, LINES, own))[own["unique_id"]]


def test_a_column_not_named_comes_from_the_one_of_its_name() -> None:
    found = declared(["dealer_id"], same_name=["int_lines"])
    assert found["dealer_id"] == [(LINES_ID, "dealer_id")]
    assert found[ROWS] == [(LINES_ID, ROWS)]


def test_the_first_pattern_that_fits_counts() -> None:
    found = declared(
        ["paid_eur", "due_eur", "day"],
        columns={
            "due_eur": {"clock": []},
            "*_eur, other": {"int_lines": ["price_eur"], "constant": []},
            "day": {"int_lines": ["*"]},
        },
    )
    assert found["due_eur"] == [(CLOCK, "")]
    assert found["paid_eur"] == [(CONSTANT, ""), (LINES_ID, "price_eur")]
    assert found["day"] == [(LINES_ID, ROWS)]


def test_a_pattern_of_tables_takes_those_that_have_the_columns() -> None:
    found = declared(
        ["who", "n"], columns={"who": {"dealer__*": ["dealer_id"]}, "n": {"dealer__*": ["vin"]}}
    )
    assert found["who"] == [(LEADS["unique_id"], "dealer_id"), (STOCK["unique_id"], "dealer_id")]
    assert found["n"] == [(STOCK["unique_id"], "vin")]


@pytest.mark.parametrize(
    ("made", "message"),
    [
        ({}, "own.x: made_from does not say from what"),
        ({"same_name": ["int_lines"]}, "own.x: made_from does not say from what"),
        ({"same_name": ["int_other"]}, "names int_other, which dbt does not know"),
        ({"columns": {"x": {"int_lines": ["colour"]}}}, "int_lines has no colour"),
        ({"columns": {"x": {"market__*": ["*"]}}}, "fits no table with market__"),
        ({"columns": {"x": {"clock": []}, "y": {"clock": []}}}, "columns it has not"),
        ({"tables": ["int_lines"]}, "made_from has tables"),
    ],
)
def test_a_wrong_declaration_says_what_is_wrong(made: dict[str, Any], message: str) -> None:
    with pytest.raises(MadeFromError, match=message):
        declared(["x"], **made)
