"""Who reads which rows: the rules as SQL, and how a wrong one is refused."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from orchestration.serving.readers import ReadersError, readers


def model(*columns: str, readers: Any = None) -> dict[str, Any]:
    """A node of the manifest; without `readers` it says nothing about them."""
    meta = {} if readers is None else {"readers": readers}
    return {"columns": dict.fromkeys(columns or ("dealer_id",), {}), "config": {"meta": meta}}


MODELS = {
    "mart_score": model("dealer_id", "score"),
    "mart_status": model("investment_id", "dealer_id"),
    "mart_correction": model(
        "investment_id", "value", readers={"through": "mart_status", "key": "investment_id"}
    ),
    "mart_case": model(
        "case_id",
        "received_by_dealer_id",
        "responsible_party",
        readers={"dealer_columns": ["received_by_dealer_id", "responsible_party"]},
    ),
    "mart_market": model("brand_code", "units", readers={"network": True}),
    "mart_benchmark": model(
        "brand_code",
        "dealers",
        "is_final",
        readers={"network": True, "where": "dealers >= 5 and is_final"},
    ),
    "mart_budget": model("brand_code", "budget_eur", readers={"manufacturer": True}),
    "mart_own": model("dealer_id", "rate", readers={"manufacturer": True}),
    "mart_silent": model("brand_code"),
}
ROWS = {
    "mart_score": "(values ('A', 1), ('B', 2)) as t(dealer_id, score)",
    "mart_status": "(values ('I1', 'A'), ('I2', 'B'), ('I3', null)) as t(investment_id, dealer_id)",
    "mart_correction": "(values ('I1', 1), ('I2', 2), ('I3', 3), (null, 4)) "
    "as t(investment_id, value)",
    "mart_case": "(values ('C1', 'A', 'OEM'), ('C2', 'B', 'A'), ('C3', 'B', null)) "
    "as t(case_id, received_by_dealer_id, responsible_party)",
    "mart_market": "(values ('AURA', 1), ('ARVA', 2)) as t(brand_code, units)",
    "mart_benchmark": "(values ('AURA', 5, true), ('ARVA', 4, true), ('X', 9, false), "
    "('Y', null, true)) as t(brand_code, dealers, is_final)",
    "mart_budget": "(values ('AURA', 1)) as t(brand_code, budget_eur)",
    "mart_own": "(values ('A', 1)) as t(dealer_id, rate)",
    "mart_silent": "(values ('AURA')) as t(brand_code)",
}


@pytest.fixture
def tables() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("create schema s")
    for name, rows in ROWS.items():
        connection.execute(f"create table s.{name} as select * from {rows}")
    return connection


@pytest.mark.parametrize(
    ("table", "read"),
    [
        ("mart_score", ["A"]),
        ("mart_status", ["I1"]),
        ("mart_correction", ["I1"]),
        ("mart_case", ["C1", "C2"]),
        ("mart_market", ["ARVA", "AURA"]),
        ("mart_benchmark", ["AURA"]),
    ],
)
def test_a_dealer_reads_the_rows_that_the_rule_gives_him(
    tables: duckdb.DuckDBPyConnection, table: str, read: list[str]
) -> None:
    condition = readers(MODELS)[table].rows_of("'A'", "s")
    found = tables.execute(f"select * from s.{table} where {condition}").fetchall()
    assert sorted(row[0] for row in found) == read


@pytest.mark.parametrize("table", ["mart_budget", "mart_own", "mart_silent"])
def test_what_is_the_manufacturers_no_dealer_reads(table: str) -> None:
    assert readers(MODELS)[table].rows_of("'A'", "s") is None


def test_several_dealers_read_the_rows_of_each(tables: duckdb.DuckDBPyConnection) -> None:
    condition = readers(MODELS)["mart_score"].rows_of("select unnest(['A', 'B', 'A'])", "s")
    found = tables.execute(f"select dealer_id from s.mart_score where {condition}").fetchall()
    assert sorted(found) == [("A",), ("B",)]


def test_a_table_comes_after_the_one_it_is_read_through() -> None:
    names = list(readers(MODELS))
    assert set(names) == set(MODELS)
    assert names[-1] == "mart_correction" and names.index("mart_status") < len(names) - 1


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (model(readers={"netwrok": True}), "readers has netwrok; it may have dealer_columns, key"),
        (model(readers=["network"]), r"readers is \['network'\]; it must be words"),
        (model(readers={"network": False}), "network: False; it is true or left out"),
        (model("a", readers={"network": "yes"}), "network: 'yes'; it is true or left out"),
        (model(readers={"manufacturer": False}), "manufacturer: False"),
        (
            model("a", readers={"network": True, "manufacturer": True}),
            "readers has manufacturer, network, which do not go together",
        ),
        (model("a", readers={"manufacturer": True, "where": "a = 1"}), "do not go together"),
        (model("a", readers={"where": "a = 1"}), "readers has where, which do not go together"),
        (model("a", readers={"key": "a"}), "do not go together"),
        (model("a", readers={"dealer_columns": ["a"], "key": "a"}), "do not go together"),
        (model("sender", readers={"dealer_columns": "sender"}), "it is a list of columns"),
        (model(readers={"dealer_columns": []}), "it is a list of columns"),
        (model(readers={"dealer_columns": ["sender"]}), "names sender, which it has not"),
        (model(readers={"through": "mart_status"}), "go through mart_status by no key"),
        (
            model(readers={"through": "mart_gone", "key": "dealer_id"}),
            "go through mart_gone, which is no public table",
        ),
        (
            model("case_id", readers={"through": "mart_case", "key": "case_id"}),
            "go through mart_case, which is no public table whose readers its dealer_id says",
        ),
        (
            model("brand_code", readers={"through": "mart_market", "key": "brand_code"}),
            "go through mart_market",
        ),
        (
            model("dealer_id", readers={"through": "mart_own", "key": "dealer_id"}),
            "go through mart_own",
        ),
        (
            model("investment_id", readers={"through": "mart_score", "key": "investment_id"}),
            "go through mart_score, which has no investment_id",
        ),
        (
            model("case_id", readers={"through": "mart_status", "key": "investment_id"}),
            "names investment_id, which it has not",
        ),
        (
            model("dealers", readers={"network": True, "where": "dealer_count >= 5"}),
            "names dealer_count, which it has not",
        ),
        (
            model("dealers", readers={"network": True, "where": "dealers >= 5 or true"}),
            "where: 'dealers >= 5 or true'; it compares columns",
        ),
        (
            model("dealers", readers={"network": True, "where": "true); drop schema s; --"}),
            "it compares columns with whole numbers",
        ),
        (model("dealers", readers={"network": True, "where": None}), "it compares columns"),
        (model(readers={"network": True}), "names dealers in dealer_id; give dealer_columns"),
        (
            model("rule_id", "other_dealer_id", readers={"network": True}),
            "names dealers in other_dealer_id",
        ),
    ],
)
def test_what_cannot_be_understood_names_the_table_and_the_remedy(
    wrong: dict[str, Any], message: str
) -> None:
    with pytest.raises(ReadersError, match=f"^mart_wrong: .*{message}"):
        readers(MODELS | {"mart_wrong": wrong})
