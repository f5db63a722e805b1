"""Publishing to a real PostgreSQL server: what arrives, when readers see it, what stops it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orchestration.serving.postgres import PostgresError, publish_to_postgres
from orchestration.settings import Settings
from tests.support import postgres
from tests.support.postgres import as_login, login, read

postgres.required()

import psycopg  # noqa: E402

from tests.unit.serving.small_publication import READERS, TABLES, make_publication  # noqa: E402
from tests.unit.serving.small_server import ADMIN, small_server  # noqa: E402

_TABLES = (
    "select relname from pg_class where relnamespace = 'marts'::regnamespace and relkind = 'r' "
    "order by 1"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with small_server(tmp_path_factory.mktemp("published") / "it's a warehouse") as made:
        yield made


@pytest.fixture
def settings(server: Settings) -> Iterator[Settings]:
    """The server with the first version published; who publishes another leaves that behind."""
    yield server
    make_publication(server)
    publish_to_postgres(server)


@pytest.fixture
def elsewhere(server: Settings) -> Iterator[Settings]:
    """The same, to be published to a database of its own, kept in Latin 1."""
    with login(server, ADMIN) as admin:
        admin.execute("create database elsewhere encoding latin1 locale 'C' template template0")
        admin.execute("grant create on database elsewhere to publisher")
        yield replace(server, postgres_dsn=f"{server.postgres_dsn} dbname=elsewhere")
        admin.execute("drop database elsewhere with (force)")


def test_every_value_arrives_as_it_was_published(server: Settings) -> None:
    notes = read(server, "reader_a", "select note from marts.fct_text")
    assert set(notes) == {('Größe "3", \n\\N;',), ("",), (None,), ("\\N",), ("x",)}
    assert read(server, "reader_a", "select * from marts.mart_score") == [
        ("A", Decimal("91.250000"), 1, date(2025, 1, 1), True, 1.5,
         datetime(2025, 1, 1, 10, 0, 0, 123456))
    ]  # fmt: skip


def test_every_table_is_there_with_its_comments(server: Settings) -> None:
    found = read(
        server,
        "reader_oem",
        "select relname, obj_description(oid), col_description(oid, 1) from pg_class "
        "where relnamespace = 'marts'::regnamespace and relkind = 'r' order by 1",
    )
    assert [row[0] for row in found] == ["_publication", *sorted(TABLES)]
    assert ("mart_score", "Grain: it's a row of mart_score.", "The first column.") in found


def test_who_publishes_is_no_superuser_and_owns_what_readers_do_not(server: Settings) -> None:
    rights = "select rolsuper, rolbypassrls, rolcreatedb from pg_roles where rolname = 'publisher'"
    assert read(server, ADMIN, rights) == [(False, False, False)]
    owners = (
        "select distinct relowner::regrole::text from pg_class "
        "where relnamespace in ('marts'::regnamespace, 'access'::regnamespace)"
    )
    assert read(server, ADMIN, owners) == [("publisher",)]
    assert read(server, ADMIN, "select 1 from pg_auth_members where member = 'publisher'::regrole "
                "and roleid::regrole::text not like 'partnerdw%'") == []  # fmt: skip


def test_new_tables_appear_and_removed_ones_vanish(settings: Settings) -> None:
    tables = {name: query for name, query in TABLES.items() if name != "mart_status"}
    tables |= {"mart_new": "select 'B' as dealer_id"}
    known = READERS | {"mart_new": {}, "mart_correction": {"manufacturer": True}}
    make_publication(settings, tables=tables, readers=known)
    assert publish_to_postgres(settings)["mart_new"] == 1
    assert [row[0] for row in read(settings, "reader_oem", _TABLES)] == [
        "_publication", *sorted(tables)
    ]  # fmt: skip
    assert read(settings, "reader_b", "select * from marts.mart_new") == [("B",)]
    assert read(settings, "reader_a", "select * from marts.mart_new") == []


def test_a_table_whose_readers_nobody_states_is_the_manufacturers(settings: Settings) -> None:
    (settings.state / "dbt" / "manifest.json").unlink()
    publish_to_postgres(settings)
    assert len(read(settings, "reader_oem", "select * from marts.mart_market")) == 1
    for table in TABLES:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            read(settings, "reader_a", f"select * from marts.{table}")


def test_a_publication_that_fails_leaves_the_one_before(settings: Settings) -> None:
    make_publication(
        settings, version=2, tables=TABLES | {"mart_market": "select 1::utinyint as n"}
    )
    with pytest.raises(PostgresError, match="mart_market.n has type UTINYINT.* cast it"):
        publish_to_postgres(settings)
    assert read(settings, "reader_a", "select version from marts.mart_score") == [(1,)]
    assert read(settings, ADMIN, "select to_regnamespace('marts_next')") == [(None,)]
    assert list(settings.tmp.iterdir()) == []


def test_readers_see_one_version_or_the_other(settings: Settings) -> None:
    """While it is published again and again, no statement mixes two versions, finds a table empty
    or fails; also not one that was prepared before."""
    versions = (
        "select (select max(version) from marts.mart_score), "
        "(select max(version) from marts.mart_market), (select count(*) from marts.mart_status)"
    )
    seen: dict[str, list[tuple[Any, ...]]] = {"plain": [], "prepared": [], "of a dealer": []}
    wrong: list[object] = []
    done = threading.Event()

    def reading(kind: str) -> None:
        name, rows = ("reader_a", 1) if kind == "of a dealer" else ("reader_oem", 2)
        with login(settings, name) as connection:
            while not done.is_set():
                try:
                    found = connection.execute(versions, prepare=kind == "prepared").fetchone()
                except psycopg.Error as error:
                    wrong.append(error)
                else:
                    seen[kind].append(found)
                    if found[0] != found[1] or found[2] != rows:
                        wrong.append(found)

    readers = [threading.Thread(target=reading, args=(kind,)) for kind in seen]
    for thread in readers:
        thread.start()
    try:
        for version in range(2, 10):
            make_publication(settings, version)
            publish_to_postgres(settings)
    finally:
        done.set()
        for thread in readers:
            thread.join()
    assert wrong == []
    for found in seen.values():
        in_order = [version for version, *_ in found]
        assert in_order == sorted(in_order) and len(set(in_order)) > 4, in_order


def test_a_snapshot_from_before_finds_the_new_tables_full(settings: Settings) -> None:
    """Tables are those of the moment, whatever snapshot a transaction has; so are their rows."""
    with login(settings, "reader_a") as connection:
        connection.execute("begin isolation level repeatable read")
        connection.execute("select count(*) from pg_class")
        make_publication(settings, version=2)
        publish_to_postgres(settings)
        assert connection.execute("select version from marts.mart_score").fetchall() == [(2,)]


def test_a_reader_who_holds_the_tables_keeps_them_and_is_named(settings: Settings) -> None:
    with login(settings, "reader_a") as connection, connection.transaction():
        connection.execute("select * from marts.mart_score").fetchall()
        with pytest.raises(PostgresError, match=r"reader_a \(process \d+"):
            publish_to_postgres(settings, patience=1)
        assert connection.execute("select dealer_id from marts.mart_score").fetchall() == [("A",)]
    assert read(settings, ADMIN, "select to_regnamespace('marts_next')") == [(None,)]
    publish_to_postgres(settings)
    assert read(settings, "reader_a", "select dealer_id from marts.mart_score") == [("A",)]


def test_a_view_of_a_reader_does_not_stop_a_publication(settings: Settings) -> None:
    with login(settings, "reader_a") as connection:
        connection.execute("create temp view mine as select * from marts.mart_score")
        publish_to_postgres(settings, patience=5)
        assert connection.execute("select to_regclass('mine')").fetchone() == (None,)


def test_only_one_publishes_and_who_else_does_is_named(settings: Settings) -> None:
    with login(settings, "reader_a") as connection:
        connection.execute("select pg_advisory_lock(7262026)")
        with pytest.raises(PostgresError, match=r"another publication.*reader_a \(process \d+"):
            publish_to_postgres(settings, patience=0.2)


def test_grants_and_logins_outlive_a_publication(settings: Settings) -> None:
    publish_to_postgres(settings)
    assert read(settings, "reader_b", "select dealer_id from marts.mart_score") == [("B",)]


def test_rights_given_in_advance_show_no_row(settings: Settings) -> None:
    given = "alter default privileges for role publisher {} select on tables {} public"
    with login(settings, ADMIN) as admin:
        admin.execute(given.format("grant", "to"))
        try:
            publish_to_postgres(settings)
            admin.execute("grant usage on schema marts to public")
            for table in ("_publication", *TABLES):
                assert read(settings, "stranger", f"select * from marts.{table}") == []
            assert read(settings, "reader_a", "select * from marts.mart_conflict") == []
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                read(settings, "reader_a", "select * from access.dealer_logins")
        finally:
            admin.execute(given.format("revoke", "from"))


def test_another_encoding_of_the_database_changes_no_letter(elsewhere: Settings) -> None:
    publish_to_postgres(elsewhere)
    assert read(elsewhere, "reader_a", "show server_encoding") == [("LATIN1",)]
    found = read(elsewhere, "reader_oem", "select note from marts.fct_text where note like 'G%'")
    assert found == [('Größe "3", \n\\N;',)]


def test_a_schema_of_somebody_else_is_left_alone(elsewhere: Settings) -> None:
    with login(elsewhere, "publisher") as publisher:
        publisher.execute("create schema marts; create table marts.precious as select 1 as n")
    with pytest.raises(PostgresError, match="schema marts holds precious, which no publication"):
        publish_to_postgres(elsewhere)
    assert read(elsewhere, "publisher", "select * from marts.precious") == [(1,)]


def test_nobody_puts_a_function_in_front_of_those_that_publish(elsewhere: Settings) -> None:
    """Where everybody may create in schema public, as servers that once were older allow."""
    with login(elsewhere, ADMIN) as admin:
        admin.execute("grant create on schema public to public")
    with login(elsewhere, "stranger") as stranger:
        for argument in ("smallint", "integer"):
            stranger.execute(
                f"create function public.pg_try_advisory_lock({argument}) returns boolean "
                "language plpgsql as $$ begin grant partnerdw_oem to stranger; return true; end $$"
            )
    publish_to_postgres(elsewhere)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        read(elsewhere, "stranger", "select * from marts.mart_score")


def test_a_login_that_may_not_publish_is_told_what_it_needs(elsewhere: Settings) -> None:
    needed = "needs CREATEROLE and CREATE on the database"
    with pytest.raises(PostgresError, match=needed):
        publish_to_postgres(
            replace(elsewhere, postgres_dsn=as_login(str(elsewhere.postgres_dsn), "stranger"))
        )


def test_without_a_publication_or_a_server_it_says_what_to_do(
    server: Settings, tmp_path: Path
) -> None:
    with pytest.raises(PostgresError, match="run first"):
        publish_to_postgres(replace(server, warehouse=tmp_path))
    with pytest.raises(PostgresError, match="set PARTNERDW_POSTGRES_DSN"):
        publish_to_postgres(replace(server, postgres_dsn=None))
    nowhere = replace(server, postgres_dsn="host=127.0.0.1 port=1 user=x password=hidden")
    with pytest.raises(PostgresError, match="PostgreSQL: connection failed") as failed:
        publish_to_postgres(nowhere)
    assert "hidden" not in str(failed.value) + repr(nowhere)
