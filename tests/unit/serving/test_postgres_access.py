"""What each login reads of what was published to PostgreSQL, and what it never does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from orchestration.settings import Settings
from tests.support import postgres
from tests.support.postgres import login, read

postgres.required()

import psycopg  # noqa: E402

from tests.unit.serving.postgres_attempts import ATTEMPTS, OF_B  # noqa: E402
from tests.unit.serving.small_publication import TABLES  # noqa: E402
from tests.unit.serving.small_server import ADMIN, small_server  # noqa: E402

_NO_ATTEMPT = ("42601", "42883", "42P02", "22P02", "0A000")
"""Errors of a statement that is wrong in itself, and so tries nothing."""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with small_server(tmp_path_factory.mktemp("published")) as made:
        yield made


@pytest.mark.parametrize("name", ["reader_oem", "in_both_roles"])
def test_the_manufacturer_reads_everything(settings: Settings, name: str) -> None:
    with login(settings, name) as connection:
        for table, rows in {"fct_text": 6, "mart_correction": 2, "mart_routing": 4,
                            "mart_benchmark": 2, "mart_conflict": 1}.items():  # fmt: skip
            assert connection.execute(f"select count(*) from marts.{table}").fetchone() == (rows,)


@pytest.mark.parametrize("name", ["reader_a", "second_of_a"])
def test_a_dealer_reads_his_own_rows_and_the_networks(settings: Settings, name: str) -> None:
    with login(settings, name) as connection:

        def first(table: str) -> list[str]:
            found = connection.execute(f"select * from marts.{table}").fetchall()
            return sorted(row[0] for row in found)

        assert first("dim_dealer") == ["A"]
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


def test_a_login_that_stands_for_no_dealer_reads_the_networks_rows_only(
    settings: Settings,
) -> None:
    assert read(settings, "unmapped", "select * from marts.mart_score") == []
    assert len(read(settings, "unmapped", "select * from marts.mart_market")) == 1


@pytest.mark.parametrize("table", ["_publication", *TABLES])
def test_a_stranger_reads_nothing_even_if_he_is_on_the_list(settings: Settings, table: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        read(settings, "stranger", f"select * from marts.{table}")


@pytest.mark.parametrize("table", ["_publication", *TABLES])
@pytest.mark.parametrize("name", ["reads_all_tables", "publisher"])
def test_a_right_to_read_tables_gives_no_row(settings: Settings, name: str, table: str) -> None:
    """Neither who may read every table of the server nor who owns them: no policy lets them."""
    assert read(settings, name, f"select * from marts.{table}") == []


def test_every_table_is_under_policies(settings: Settings) -> None:
    found = read(
        settings,
        ADMIN,
        "select relname from pg_class where relnamespace = 'marts'::regnamespace "
        "and relkind in ('r', 'p', 'v', 'm', 'f') and (relkind <> 'r' or not relrowsecurity "
        "or not relforcerowsecurity) or relname like 'mart%' and relhassubclass",
    )
    assert found == []


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_dealer_never_sees_another_ones_rows(settings: Settings, attempt: str) -> None:
    """Refused or empty; the answer, errors and notices included, holds nothing of B."""
    seen: list[str] = []
    with login(settings, "reader_b") as other, login(settings, "reader_a") as connection:
        other.execute("select 4711, 'secret of B'")
        connection.add_notice_handler(lambda notice: seen.append(str(notice.message_primary)))
        for statement in _split(ATTEMPTS[attempt]):
            seen += _answer(connection, statement)
    told = "\n".join(seen)
    assert not [value for value in OF_B if value in told], told


def test_the_attempts_would_find_it(settings: Settings) -> None:
    """The same asked by somebody who may read it: else the attempts would prove nothing."""
    found = set()
    for attempt, script in ATTEMPTS.items():
        seen: list[str] = []
        with login(settings, "reader_ab") as connection:
            connection.add_notice_handler(lambda notice, to=seen: to.append(notice.message_primary))
            for statement in _split(script):
                seen += _answer(connection, statement)
        if any(value in "\n".join(seen) for value in OF_B):
            found.add(attempt)
    assert len(found) >= 35, sorted(found)


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
    """What the server says to a statement: rows as Python shows them, or its error without the
    lines that only repeat what was asked."""
    try:
        if statement.startswith("copy") and "stdin" not in statement:
            with connection.cursor() as cursor, cursor.copy(statement) as copy:
                return [bytes(block).decode() for block in copy]
        found = connection.execute(statement)
        return [repr(row) for row in found.fetchall()] if found.description else []
    except psycopg.Error as error:
        assert error.sqlstate not in _NO_ATTEMPT, f"{statement}: {error}"
        return [f"{error.diag.message_primary} {error.diag.message_detail} {error.diag.context}"]
