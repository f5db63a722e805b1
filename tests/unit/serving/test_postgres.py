"""Publishing to a real PostgreSQL server, and what each login can read there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orchestration.serving.postgres import PostgresError, publish_to_postgres
from orchestration.settings import Settings
from tests.support.postgres import as_login, binaries, running_server
from tests.unit.serving.small_publication import TABLES, make_publication

psycopg = pytest.importorskip("psycopg", reason="the extra postgres is not installed")
pytestmark = [
    pytest.mark.skipif(binaries() is None, reason="PostgreSQL is not installed"),
    pytest.mark.xdist_group("postgres"),
]

_LOGINS = """
create role publisher login createrole;
grant create on database postgres to publisher;
create role reader_oem login;
create role reader_a login;
create role reader_b login;
create role reader_ab login;
create role unmapped login;
create role stranger login;
"""
_GIVEN = """
grant partnerdw_oem to reader_oem;
grant partnerdw_dealer to reader_a, reader_b, reader_ab, unmapped;
insert into access.dealer_logins values
    ('reader_a', 'A'), ('reader_b', 'B'), ('reader_ab', 'A'), ('reader_ab', 'B'), ('stranger', 'B');
"""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running_server() as dsn:
        with psycopg.connect(dsn, autocommit=True) as admin:
            admin.execute(_LOGINS)
        yield dsn


@pytest.fixture(scope="module")
def settings(server: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("published") / "it's a warehouse"
    made = Settings(
        extracts=folder / "x", warehouse=folder, postgres_dsn=as_login(server, "publisher")
    )
    make_publication(made)
    publish_to_postgres(made)
    with psycopg.connect(as_login(server, "publisher"), autocommit=True) as publisher:
        publisher.execute(_GIVEN)
    return made


@contextmanager
def login(settings: Settings, name: str) -> Iterator[Any]:
    assert settings.postgres_dsn is not None
    dsn = as_login(settings.postgres_dsn, name)
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield connection


def read(settings: Settings, name: str, query: str) -> list[tuple[Any, ...]]:
    with login(settings, name) as connection:
        return connection.execute(query).fetchall()


def test_every_value_arrives_as_it_was_published(settings: Settings) -> None:
    notes = read(settings, "reader_a", "select note from marts.fct_text")
    assert set(notes) == {('Größe "3", \n\\N;',), ("",), (None,), ("\\N",), ("x",)}
    assert read(settings, "reader_a", "select * from marts.mart_score") == [
        ("A", Decimal("91.250000"), 1, date(2025, 1, 1), True, 1.5,
         datetime(2025, 1, 1, 10, 0, 0, 123456))
    ]  # fmt: skip


def test_every_table_is_there_with_its_comments(settings: Settings) -> None:
    found = read(
        settings,
        "reader_oem",
        "select relname, obj_description(oid), col_description(oid, 1) from pg_class "
        "where relnamespace = 'marts'::regnamespace and relkind = 'r' order by 1",
    )
    assert [row[0] for row in found] == ["_publication", *sorted(TABLES)]
    assert ("mart_score", "Grain: it's a row of mart_score.", "The first column.") in found


def test_the_manufacturer_reads_everything(settings: Settings) -> None:
    with login(settings, "reader_oem") as connection:
        for table, rows in {"fct_text": 6, "mart_correction": 2, "mart_routing": 4,
                            "mart_benchmark": 2, "mart_conflict": 1}.items():  # fmt: skip
            assert connection.execute(f"select count(*) from marts.{table}").fetchone() == (rows,)


def test_a_dealer_reads_his_own_rows_and_the_networks(settings: Settings) -> None:
    with login(settings, "reader_a") as connection:

        def first(table: str) -> list[str]:
            found = connection.execute(f"select * from marts.{table}").fetchall()
            return sorted(row[0] for row in found)

        assert first("mart_score") == ["A"]
        assert first("mart_status") == ["I1"]
        assert first("mart_correction") == ["I1"]
        assert first("mart_routing") == ["C1", "C2"]
        assert first("mart_benchmark") == ["LARGE"]
        assert first("mart_market") == ["AURA"]
        assert connection.execute("select as_of from marts._publication").fetchone()


def test_a_login_may_stand_for_several_dealers(settings: Settings) -> None:
    found = read(settings, "reader_ab", "select dealer_id from marts.mart_score order by 1")
    assert found == [("A",), ("B",)]


def test_a_login_that_stands_for_no_dealer_reads_no_dealers_rows(settings: Settings) -> None:
    assert read(settings, "unmapped", "select * from marts.mart_score") == []


@pytest.mark.parametrize("table", ["_publication", *TABLES])
def test_a_stranger_reads_nothing(settings: Settings, table: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        read(settings, "stranger", f"select * from marts.{table}")


def test_not_even_the_publisher_reads_what_he_published(settings: Settings) -> None:
    assert read(settings, "publisher", "select * from marts.mart_score") == []


_B = "where dealer_id = 'B'"
# What dealer A tries. Each is a script; none of its results may hold anything of B.
ATTEMPTS = {
    "direct": f"select * from marts.mart_score {_B}",
    "without a condition": "select * from marts.mart_score where dealer_id <> 'A'",
    "join": "select s.* from marts.mart_market as m left join marts.mart_score as s "
    "on s.dealer_id <> 'A'",
    "self join": "select b.* from marts.mart_score as a, marts.mart_score as b "
    "where a.dealer_id <> b.dealer_id",
    "subquery": "select (select string_agg(score::text, ',') from marts.mart_score "
    "where dealer_id <> 'A')",
    "lateral": "select l.* from marts.mart_market, lateral (select * from marts.mart_score "
    "where dealer_id <> 'A') as l",
    "union": "select dealer_id from marts.mart_status where dealer_id <> 'A' "
    "union all select note from marts.fct_text where dealer_id <> 'A'",
    "window": "select lead(score) over (order by dealer_id) from marts.mart_score",
    "aggregate": "select max(outstanding_eur) from marts.mart_status having max(outstanding_eur) "
    "> 4000",
    "count": "select 'B' from marts.mart_score having count(*) > 1",
    "through the key": "select * from marts.mart_correction where investment_id = 'I2'",
    "other dealer columns": "select * from marts.mart_routing where received_by_dealer_id = 'B' "
    "and responsible_party <> 'A'",
    "manufacturer only": "select * from marts.mart_conflict",
    "small groups": "select * from marts.mart_benchmark where dealer_count < 5",
    "temporary view": f"create temp view mine as select * from marts.mart_score; "
    f"select * from mine {_B}",
    "view without barrier": "create temp view open with (security_barrier = false, "
    "security_invoker = false) as select * from marts.mart_score; "
    f"select * from open {_B}",
    "temporary table": "create temp table taken as select * from marts.mart_score; "
    f"select * from taken {_B}",
    "function of his own": "create function pg_temp.peek(text, numeric) returns boolean "
    "language plpgsql cost 0.0000001 as $$ begin raise exception 'seen % %', $1, $2; "
    "return true; end $$; "
    "select * from marts.mart_score where dealer_id <> 'A' and pg_temp.peek(dealer_id, score)",
    "security definer": "create function pg_temp.all_rows() returns setof marts.mart_score "
    "language sql security definer as 'select * from marts.mart_score'; "
    f"select * from pg_temp.all_rows() {_B}",
    "copy": f"copy (select * from marts.mart_score {_B}) to stdout",
    "copy of the table": "copy marts.mart_status to stdout",
    "copy to a program": "copy marts.mart_status to program 'cat'",
    "prepared": f"prepare p as select * from marts.mart_score {_B}; execute p",
    "prepared as somebody else": f"prepare q as select * from marts.mart_score {_B}; "
    "set role partnerdw_dealer; execute q",
    "cursor": f"begin; declare c cursor for select * from marts.mart_score {_B}; fetch all c",
    "explain": "explain (analyze, verbose, timing off, costs off, summary off) "
    "select * from marts.mart_score where dealer_id <> 'A' and score < 50",
    "search path": "create temp table dealer_logins (login name, dealer_id text); "
    "insert into dealer_logins values ('reader_a', 'B'); "
    f"set search_path = pg_temp, access, marts; select * from mart_score {_B}",
    "function in front": "create function pg_temp.dealer_ids() returns setof text language sql "
    "as $$ select 'B' $$; set search_path = pg_temp, pg_catalog; "
    f"select * from marts.mart_score {_B}",
    "operator in front": "create function pg_temp.same(text, text) returns boolean language sql "
    "as 'select true'; create operator pg_temp.= (leftarg = text, rightarg = text, "
    f"function = pg_temp.same); set search_path = pg_temp, pg_catalog; "
    f"select * from marts.mart_score {_B}",
    "statistics": "select most_common_vals::text, histogram_bounds::text from pg_stats "
    "where schemaname = 'marts' and tablename = 'mart_score'",
    "raw statistics": "select stavalues1::text from pg_statistic",
    "row security off": f"set row_security = off; select * from marts.mart_score {_B}",
    "role of the manufacturer": "set role partnerdw_oem; select * from marts.mart_score",
    "role of the other": "set role reader_b; select * from marts.mart_score",
    "session of the other": "set session authorization reader_b; select * from marts.mart_score",
    "owner": "set role publisher; select * from marts.mart_score",
    "gives himself the role": "grant partnerdw_oem to reader_a",
    "list of logins": "select * from access.dealer_logins",
    "writes the list": "insert into access.dealer_logins values ('reader_a', 'B')",
    "asks the function": "select access.dealer_ids()",
    "drops the policy": "drop policy partnerdw_dealer_reads on marts.mart_score",
    "switches it off": "alter table marts.mart_score disable row level security",
    "a policy of his own": "create policy p on marts.mart_score using (true)",
    "inherits": "create temp table heir () inherits (marts.mart_score)",
    "partition of his": "create temp table part (like marts.mart_score including all); "
    "alter table marts.mart_score attach partition part default",
    "trigger": "create trigger t before insert on marts.mart_score execute function pg_temp.x()",
    "reference": "create temp table child (d text references marts.mart_score (dealer_id))",
    "returning": f"delete from marts.mart_score {_B} returning *",
    "locks and reads": f"select * from marts.mart_score {_B} for update",
    "file of the server": "select pg_read_file('postgresql.conf')",
    "other schemas": "select * from marts_next.mart_score",
    "xml": "select query_to_xml($$ select * from marts.mart_score where dealer_id <> 'A' $$, "
    "true, true, '')",
    "sample": "select * from marts.mart_score tablesample system (100) where dealer_id <> 'A'",
    "what others run": "select query from pg_stat_activity where usename = 'reader_b'",
    "error of a cast": "select score::text::date from marts.mart_score where dealer_id <> 'A'",
}
_OF_B = ("'B'", "47.11", "4711", "I2", "old of B", "secret of B", "C3", "C4", "SMALL", "R1")


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_dealer_never_sees_another_ones_rows(settings: Settings, attempt: str) -> None:
    """Refused or empty; the answer, errors and notices included, holds nothing of B."""
    seen: list[str] = []
    with login(settings, "reader_b") as other, login(settings, "reader_a") as connection:
        other.execute("select 4711, 'secret of B'")
        connection.add_notice_handler(lambda notice: seen.append(str(notice.message_primary)))
        for statement in _statements(ATTEMPTS[attempt]):
            seen += _answer(connection, statement)
    told = "\n".join(seen)
    assert not [value for value in _OF_B if value in told], told


def test_the_attempts_would_find_it(settings: Settings) -> None:
    """The same asked by somebody who may read it: else the attempts would prove nothing."""
    with login(settings, "reader_ab") as connection:
        for attempt in ("direct", "join", "lateral", "copy", "xml", "through the key", "prepared"):
            told = [_answer(connection, s) for s in _statements(ATTEMPTS[attempt])]
            assert any(value in str(told) for value in _OF_B), attempt


def _statements(script: str) -> list[str]:
    return [script] if "$$" in script and ";" not in script else _split(script)


def _split(script: str) -> list[str]:
    """At semicolons outside of dollar quotes."""
    parts, quoted = [""], False
    for piece in script.split("$$"):
        if quoted:
            parts[-1] += f"$${piece}$$"
        else:
            first, *rest = piece.split("; ")
            parts[-1] += first
            parts += rest
        quoted = not quoted
    return [part for part in parts if part.strip()]


def _answer(connection: Any, statement: str) -> list[str]:
    """What the server says to a statement: rows as Python shows them, or its error."""
    try:
        if statement.startswith("copy"):
            with connection.cursor() as cursor, cursor.copy(statement) as copy:
                return [bytes(block).decode() for block in copy]
        found = connection.execute(statement)
        return [repr(row) for row in found.fetchall()] if found.description else []
    except psycopg.Error as error:
        return [_without_the_statement(error)]


def _without_the_statement(error: Any) -> str:
    """The error, but for the lines that only repeat what was asked."""
    return f"{error.diag.message_primary} {error.diag.message_detail} {error.diag.context}"


def test_readers_see_one_version_or_the_other(server: str, settings: Settings) -> None:
    """While it is published again and again, no statement mixes two versions or waits long."""
    query = (
        "select (select max(version) from marts.mart_score), "
        "(select max(version) from marts.mart_market)"
    )
    seen: set[tuple[Any, ...]] = set()
    wrong: list[object] = []
    done = threading.Event()

    def reading() -> None:
        with login(settings, "reader_oem") as connection:
            while not done.is_set():
                try:
                    seen.add(connection.execute(query).fetchone())
                except psycopg.Error as error:
                    wrong.append(error)

    readers = [threading.Thread(target=reading) for _ in range(3)]
    for thread in readers:
        thread.start()
    try:
        for version in range(2, 5):
            make_publication(settings, version)
            publish_to_postgres(settings)
    finally:
        done.set()
        for thread in readers:
            thread.join()
        make_publication(settings)
        publish_to_postgres(settings)
    assert wrong == []
    assert len(seen) > 1
    assert all(score == market for score, market in seen), seen


def test_a_reader_who_holds_the_tables_keeps_them_and_is_named(settings: Settings) -> None:
    with login(settings, "reader_a") as connection, connection.transaction():
        connection.execute("select * from marts.mart_score").fetchall()
        with pytest.raises(PostgresError, match=r"reader_a \(process \d+"):
            publish_to_postgres(settings, patience=1)
        assert connection.execute("select dealer_id from marts.mart_score").fetchall() == [("A",)]
    publish_to_postgres(settings)
    assert read(settings, "reader_a", "select dealer_id from marts.mart_score") == [("A",)]


def test_grants_and_logins_outlive_a_publication(settings: Settings) -> None:
    publish_to_postgres(settings)
    assert read(settings, "reader_b", "select dealer_id from marts.mart_score") == [("B",)]


def test_without_a_publication_or_a_server_it_says_what_to_do(
    settings: Settings, tmp_path: Path
) -> None:
    empty = Settings(extracts=tmp_path, warehouse=tmp_path, postgres_dsn=settings.postgres_dsn)
    with pytest.raises(PostgresError, match="run first"):
        publish_to_postgres(empty)
    nowhere = Settings(
        extracts=tmp_path,
        warehouse=settings.warehouse,
        postgres_dsn="host=127.0.0.1 port=1 user=x password=hidden",
    )
    with pytest.raises(PostgresError, match="PostgreSQL: connection failed") as failed:
        publish_to_postgres(nowhere)
    assert "hidden" not in str(failed.value) + repr(nowhere)
