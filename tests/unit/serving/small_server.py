"""The small publication on a real server, and logins of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.serving.postgres import publish_to_postgres
from orchestration.settings import Settings
from tests.support.postgres import as_login, login, running_server
from tests.unit.serving.small_publication import make_publication

ADMIN = "admin"
_LOGINS = """
create role publisher login createrole;
grant create on database postgres to publisher;
create role reader_oem login;
create role reader_a login;
create role reader_b login;
create role reader_ab login;
create role second_of_a login;
create role in_both_roles login;
create role unmapped login;
create role stranger login;
create role reads_all_tables login in role pg_read_all_data;
"""
_GIVEN = """
grant partnerdw_oem to reader_oem, in_both_roles;
grant partnerdw_dealer to reader_a, reader_b, reader_ab, second_of_a, in_both_roles, unmapped;
insert into access.dealer_logins values
    ('reader_a', 'A'), ('second_of_a', 'A'), ('reader_b', 'B'), ('reader_ab', 'A'),
    ('reader_ab', 'B'), ('in_both_roles', 'A'), ('stranger', 'B'), ('reads_all_tables', 'B');
"""


@contextmanager
def small_server(folder: Path) -> Iterator[Settings]:
    """A server with the small publication, published by a login that is no superuser. The settings
    name it; `reader_a` reads as dealer A, and so on."""
    with running_server() as dsn:
        settings = Settings(
            extracts=folder / "x", warehouse=folder, postgres_dsn=as_login(dsn, "publisher")
        )
        with login(settings, ADMIN) as admin:
            admin.execute(_LOGINS)
        make_publication(settings)
        publish_to_postgres(settings)
        with login(settings, "publisher") as publisher:
            publisher.execute(_GIVEN)
        yield settings
