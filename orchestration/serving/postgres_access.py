"""Who may read what in PostgreSQL: roles, the list of logins, and a policy for each table.

Readers log in with roles of their own, which own nothing. `partnerdw_oem` reads everything;
`partnerdw_dealer` reads, in each table, the rows of the dealers that its login stands for in
`access.dealer_logins`, and what is the network's. Whoever is in neither reads nothing.

The dealer is found by the name of the login (`session_user`), which no `set role` changes, in a
function that readers cannot call by name and whose search path they cannot bend.

A policy hides rows, but not what the planner knows and counts of them: whoever asks for a plan
(`explain analyze`) is shown how many rows it expected, how many it left out, and which part never
ran. Conditions that PostgreSQL holds for harmless, such as `dealer_id = 'X' and units > 17`, may be
looked at before the policy and so be answered in this way. Therefore

- the policy comes first in a scan: it costs no more than the cheapest condition of a reader;
- there is no index, which would lead a reader to others' rows before the policy leaves them out,
  and whose use by others the server's counters show. A dealer's query takes as long as the
  manufacturer's: it reads the table;
- no statistics are kept of what could tell dealers apart.

What stays visible is how many rows a table has in all, and where in it a reader's own rows lie.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from psycopg import sql

from orchestration.serving.readers import Readers

OEM = "partnerdw_oem"
DEALER = "partnerdw_dealer"
ACCESS = "access"
LOGINS = "dealer_logins"
_DEALERS = f"select {ACCESS}.dealer_ids()"
_TELLS_NO_DEALER = re.compile(r"(?!.*postal_code)\w+_code")

_ROLES = """
do $roles$
declare
    wanted text;
begin
    foreach wanted in array array[{oem}, {dealer}] loop
        if not exists (select from pg_catalog.pg_roles where rolname = wanted) then
            execute pg_catalog.format('create role %I nologin', wanted);
        end if;
    end loop;
end
$roles$
"""

_BOOKS = f"""
create schema if not exists {ACCESS};
revoke all on schema {ACCESS} from public;
create table if not exists {ACCESS}.{LOGINS} (
    login name not null,
    dealer_id text not null,
    primary key (login, dealer_id)
);
revoke all on {ACCESS}.{LOGINS} from public;
comment on table {ACCESS}.{LOGINS} is
    'Which login reads as which dealer; a login needs the role {DEALER}, too.';
create or replace function {ACCESS}.dealer_ids() returns setof text
    language sql stable security definer parallel restricted rows 1
    set search_path = pg_catalog, pg_temp
    as 'select dealer_id from {ACCESS}.{LOGINS} where login = session_user';
revoke all on function {ACCESS}.dealer_ids() from public;
grant execute on function {ACCESS}.dealer_ids() to {DEALER};
"""


def _overlap(columns: tuple[str, ...], values: str) -> str:
    """One function call, however many columns: the least that a condition can cost. Of conditions
    that cost the same the policy's is looked at first."""
    return f"array({values}) && array[{', '.join(columns)}]"


def prepare(connection: Any) -> None:
    """Make what all publications share, where it is not there yet: roles, the list of logins."""
    with connection.transaction():
        connection.execute(sql.SQL(_ROLES).format(oem=sql.Literal(OEM), dealer=sql.Literal(DEALER)))
        connection.execute(_BOOKS)


def without_statistics(readers: Readers, columns: dict[str, str]) -> list[str]:
    """Of columns with their PostgreSQL types those that the server must not learn the values of:
    in a table that dealers read in part, all but dates, booleans and codes."""
    condition = readers.rows_of(_DEALERS, "s")
    if condition in (None, "true"):
        return []
    return [
        name
        for name, kind in columns.items()
        if kind not in ("date", "boolean") and not _TELLS_NO_DEALER.fullmatch(name)
    ]


def grants(schema: str, table: str, readers: Readers) -> Iterator[sql.Composed]:
    """Statements that let readers read a table of `schema`, once its rows are in. Not even its
    owner reads it without a policy."""
    name = sql.Identifier(schema, table)
    condition = readers.rows_of(_DEALERS, schema, _overlap)
    yield sql.SQL("alter table {} enable row level security").format(name)
    yield sql.SQL("alter table {} force row level security").format(name)
    yield _policy(name, OEM, "true")
    yield sql.SQL("grant select on {} to {}").format(name, sql.Identifier(OEM))
    if condition is not None:
        yield _policy(name, DEALER, condition)
        yield sql.SQL("grant select on {} to {}").format(name, sql.Identifier(DEALER))


def _policy(name: sql.Identifier, role: str, condition: str) -> sql.Composed:
    return sql.SQL("create policy {policy} on {name} for select to {role} using ({rows})").format(
        policy=sql.Identifier(f"{role}_reads"),
        name=name,
        role=sql.Identifier(role),
        rows=sql.SQL(condition),
    )
