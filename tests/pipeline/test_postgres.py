"""A whole warehouse on PostgreSQL: every table, as the manufacturer and two dealers read it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import duckdb
import pytest

from orchestration.serving.postgres import publish_to_postgres
from orchestration.serving.publish import PUBLICATION_TABLE, published_models
from orchestration.serving.readers import Readers, readers
from orchestration.settings import Settings
from tests.support import postgres
from tests.support.postgres import as_login, login, running_server

postgres.required()

import psycopg  # noqa: E402


@pytest.fixture(scope="module")
def settings(published: Settings) -> Iterator[Settings]:
    """The published sample on a server; `reader_<dealer id>` reads as that dealer."""
    with running_server() as dsn:
        made = replace(published, postgres_dsn=as_login(dsn, "publisher"))
        with login(made, "admin") as admin:
            admin.execute(
                "create role publisher login createrole; "
                "grant create on database postgres to publisher; create role stranger login"
            )
            publish_to_postgres(made)
            admin.execute("create role reader_oem login in role partnerdw_oem")
            for dealer in _two_dealers(made):
                admin.execute(f'create role "reader_{dealer}" login in role partnerdw_dealer')
                admin.execute(
                    "insert into access.dealer_logins values (%s, %s)", [f"reader_{dealer}", dealer]
                )
        yield made


def _serving(settings: Settings) -> Any:
    return closing(duckdb.connect(str(settings.serving_file), read_only=True))


def _two_dealers(settings: Settings) -> list[str]:
    """Those with most to tell: the dealers with most investments."""
    with _serving(settings) as local:
        found = local.execute(
            "select dealer_id from mart_refinancing_status group by dealer_id "
            "order by count(*) desc, dealer_id limit 2"
        ).fetchall()
    return [dealer for (dealer,) in found]


def _rules(settings: Settings) -> dict[str, Readers]:
    return readers(published_models(settings))


def test_the_manufacturer_reads_every_row_of_every_table(settings: Settings) -> None:
    with _serving(settings) as local, login(settings, "reader_oem") as server:
        for table in (PUBLICATION_TABLE, *_rules(settings)):
            expected = local.execute(f"select count(*) from {table}").fetchone()
            assert server.execute(f"select count(*) from marts.{table}").fetchone() == expected


def test_a_dealer_reads_of_every_table_what_its_rule_gives_him(settings: Settings) -> None:
    """The same rows as the rule gives on the serving file; none that names another dealer only."""
    empty = 0
    for dealer in _two_dealers(settings):
        with _serving(settings) as local, login(settings, f"reader_{dealer}") as server:
            for table, rule in _rules(settings).items():
                condition = rule.rows_of(f"'{dealer}'", "main")
                if condition is None:
                    with pytest.raises(psycopg.errors.InsufficientPrivilege):
                        server.execute(f"select 1 from marts.{table}")
                    continue
                expected = local.execute(f"select count(*) from {table} where {condition}")
                found = server.execute(f"select count(*) from marts.{table}").fetchone()
                assert found == expected.fetchone(), table
                empty += found == (0,)
                if rule.dealer_columns:
                    none_of_his = " and ".join(
                        f"{column} is distinct from '{dealer}'" for column in rule.dealer_columns
                    )
                    others = f"select count(*) from marts.{table} where {none_of_his}"
                    assert server.execute(others).fetchone() == (0,), table
    assert empty < len(_rules(settings)), "else the counts would prove little"


def test_a_stranger_reads_no_table(settings: Settings) -> None:
    with login(settings, "stranger") as server:
        for table in (PUBLICATION_TABLE, *_rules(settings)):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                server.execute(f"select 1 from marts.{table}")


def test_every_column_has_its_comment(settings: Settings) -> None:
    with login(settings, "reader_oem") as server:
        found = server.execute(
            "select attrelid::regclass::text || '.' || attname from pg_attribute "
            "inner join pg_class on attrelid = oid where relnamespace = 'marts'::regnamespace "
            "and relkind = 'r' and attnum > 0 and col_description(attrelid, attnum) is null"
        ).fetchall()
    assert found == []
