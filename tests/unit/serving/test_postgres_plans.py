"""What plans, counts, errors and statistics of the server tell a dealer of others: nothing.

The same network is published twice; the second time dealers B and C have changed places, row by
row. Whatever A asks, he must get the same answer both times: else it would tell which of the two
has what. The manufacturer is asked the same, and sees the difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from orchestration.serving.postgres import publish_to_postgres
from orchestration.settings import Settings
from tests.support import postgres
from tests.support.postgres import login

postgres.required()

import psycopg  # noqa: E402

from tests.unit.serving.small_publication import make_publication  # noqa: E402
from tests.unit.serving.small_server import small_server  # noqa: E402

_WHO = "case when i % 100 < 5 then 'A' when i % 100 < 80 then '{most}' else '{least}' end"
_ROWS = 2_000
_ERROR = "error:"
READERS: dict[str, dict[str, Any]] = {
    "dim_dealer": {},
    "mart_line": {},
    "mart_status": {},
    "mart_correction": {"through": "mart_status", "key": "investment_id"},
    "mart_case": {"dealer_columns": ["received_by_dealer_id", "responsible_party"]},
    "mart_group": {"network": True, "where": "dealer_count >= 5"},
}


def _network(most: str, least: str) -> dict[str, str]:
    """Tables in which one dealer has 75 and another 20 of 100 rows, A the rest."""
    who = _WHO.format(most=most, least=least)
    return {
        "dim_dealer": "select * from (values ('A'), ('B'), ('C')) as t(dealer_id)",
        "mart_line": f"select {who} as dealer_id, dealer_id || '-' || lpad(i::varchar, 6, '0') "
        "as line_id, dealer_id || '_20250103.csv' as source_file, "
        "case dealer_id when 'A' then timestamp '2025-01-03 06:00:00' "
        "when 'B' then timestamp '2025-01-03 07:00:00' else timestamp '2025-01-03 08:00:00' end "
        "as delivered_at, case dealer_id when 'A' then 10115 when 'B' then 20095 else 30159 end "
        "as sold_units, date '2025-01-01' + (i % 7)::integer as sold_on, "
        "['ARVA', 'AURA'][i % 2 + 1] as brand_code, (i % 9)::double as ratio, "
        "(case dealer_id when 'A' then 1 when 'B' then 2 else 3 end)::decimal(18, 2) as amount_eur "
        f"from range({_ROWS}) as t(i)",
        "mart_status": f"select {who} as dealer_id, dealer_id || '-I' || i as investment_id "
        "from range(400) as t(i)",
        "mart_correction": f"select {who} || '-I' || i as investment_id, j as period_no "
        "from range(400) as t(i), range(9) as u(j)",
        "mart_case": f"select 'C' || i as case_id, {who} as received_by_dealer_id, "
        f"case when i % 3 = 0 then 'OEM' else {who} end as responsible_party "
        f"from range({_ROWS}) as t(i)",
        "mart_group": "select case when i % 2 = 0 then 9 else 2 end::bigint as dealer_count, "
        f"case when i % 2 = 0 then 'X' else {who} end as best from range(1000) as t(i)",
    }


_CONDITIONS = {
    "mart_line": (
        "dealer_id = 'B'",
        "dealer_id = 'C'",
        "dealer_id <> 'A'",
        "dealer_id > 'B'",
        "dealer_id in ('B', 'X')",
        "dealer_id = 'B' or dealer_id = 'X'",
        "dealer_id = 'B' and sold_on = date '2025-01-02'",
        "dealer_id = any (array(select 'B'))",
        "line_id >= 'B' and line_id < 'C'",
        "starts_with(line_id, 'B')",
        "source_file = 'B_20250103.csv'",
        "delivered_at = timestamp '2025-01-03 07:00:00'",
        "sold_units > 20000 and sold_units < 30000",
        "amount_eur = 2",
        "dealer_id = (select max(dealer_id) from marts.mart_line)",
        "1 / (case dealer_id when 'B' then 0 else 1 end) = 1",
        "(case dealer_id when 'A' then '1' else dealer_id end)::int > 0",
    ),
    "mart_status": ("investment_id = 'B-I20'", "dealer_id = 'B'", "investment_id > 'B'"),
    "mart_correction": ("investment_id = 'B-I20'", "starts_with(investment_id, 'B')"),
    "mart_case": (
        "received_by_dealer_id = 'B'",
        "responsible_party = 'B'",
        "received_by_dealer_id = 'B' and responsible_party = 'B'",
        "received_by_dealer_id = 'C' or responsible_party = 'B'",
    ),
    "mart_group": ("best = 'B'", "best = 'B' and dealer_count < 5"),
}
_FORMS = (
    "explain select * from marts.{table} where {condition}",
    "explain (analyze, timing off, summary off) select * from marts.{table} where {condition}",
    "explain (analyze, timing off, summary off) select * from marts.{table} as t inner join "
    "(values (1), (2)) as v(n) on {condition}",
    "select count(*) from marts.{table} where {condition}",
    "select * from marts.{table} where {condition} order by 1 desc, 2 limit 1",
)
_PLANNERS = ("set cpu_operator_cost to default", "set cpu_operator_cost = 0")
"""Settings by which a reader may have conditions looked at in another order."""
_SERVER = (
    "select * from pg_stats where schemaname = 'marts' order by tablename, attname",
    "select relname, reltuples, relpages from pg_class where relnamespace = 'marts'::regnamespace "
    "order by 1",
    "select relname, pg_total_relation_size(oid) from pg_class "
    "where relnamespace = 'marts'::regnamespace order by 1",
    "select indexrelname from pg_stat_user_indexes where schemaname = 'marts'",
    "select tablename, policyname, qual from pg_policies order by 1, 2",
)
QUESTIONS = [
    form.format(table=table, condition=condition)
    for table, conditions in _CONDITIONS.items()
    for condition in conditions
    for form in _FORMS
]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with small_server(tmp_path_factory.mktemp("published")) as made:
        yield made


def _publish(settings: Settings, most: str, least: str) -> None:
    make_publication(settings, tables=_network(most, least), readers=READERS)
    publish_to_postgres(settings)


def _answers(settings: Settings, name: str) -> dict[tuple[str, str], str]:
    """Planner's setting and question -> the answer, or the error."""
    found = {}
    with login(settings, name) as connection:
        for planner in _PLANNERS:
            connection.execute(planner)
            for question in (*QUESTIONS, *_SERVER):
                try:
                    answer = str(connection.execute(question).fetchall())
                except psycopg.Error as error:
                    answer = f"{_ERROR} {error.diag.message_primary}"
                found[planner, question] = answer
    return found


def test_no_answer_depends_on_the_rows_of_others(settings: Settings) -> None:
    told: dict[str, list[dict[tuple[str, str], str]]] = {"reader_a": [], "reader_oem": []}
    for most, least in (("B", "C"), ("C", "B")):
        make_publication(settings, tables=_network(most, least), readers=READERS)
        publish_to_postgres(settings)
        for name, answers in told.items():
            answers.append(_answers(settings, name))
    first, second = told["reader_a"]
    assert {key: (first[key], second[key]) for key in first if first[key] != second[key]} == {}
    assert [answer for answer in first.values() if answer.startswith(_ERROR)] == []
    first, second = told["reader_oem"]
    telling = [
        key[1]
        for key, answer in first.items()
        if answer != second[key] or answer.startswith(_ERROR)
    ]
    conditions = [condition for of_table in _CONDITIONS.values() for condition in of_table]
    silent = [c for c in conditions if not any(c in question for question in telling)]
    assert silent == [], "each tells whoever may read all rows"
