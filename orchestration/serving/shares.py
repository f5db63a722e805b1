"""A folder for each dealer: what was published, but only the rows that this dealer reads.

serving/dealers/<dealer_id>/partner_marts.duckdb   every published table
serving/dealers/<dealer_id>/index.html             his page, made from that file alone

The tables, their columns and comments are those of the serving file, so that every query of it runs
on a share, too. Rows of others are never written to it, not even to be deleted again.

A share is written whole from a template, or, where only some of its rows have changed since the
last publication, as a copy of the one before in which those tables are filled anew.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import duckdb

from orchestration.duck import connect, quoted
from orchestration.ingestion.contract import FORMATS
from orchestration.serving.publish import PUBLICATION_TABLE, published_models
from orchestration.serving.readers import DEALER_COLUMN, Readers, readers
from orchestration.serving.share_page import PAGE, PageWriter, looks
from orchestration.serving.share_rows import Fingerprints, fingerprints
from orchestration.settings import Settings, UsageError
from orchestration.state import PUBLICATION, SHARES, read_state, write_state

_BLOCK_SIZE = 16_384
"""Bytes: the least. Most tables of a share are small, and a column takes a block."""
_ROW_GROUP = 122_880
"""Rows that DuckDB reads at least: a larger table is sorted by dealer once, so that each share
reads its own part of it and not the whole table again."""
_MOST_TABLES = 25
"""A share of which more tables have changed is written whole: that costs no more by then, and
leaves no space of what was there before."""
_NEVER_TRIED = "alp,alprd,chimp,fsst,patas,roaring,zstd"
"""Compressions that pay only in tables larger than a share's: trying them on each column of each
share takes a third of the time that shares take, for 2 % of their size."""


def share_path(settings: Settings, dealer_id: str) -> Path:
    """Where the file of a dealer lies.

    Raises:
        ValueError: an id that no dealer can have.
    """
    if not re.fullmatch(FORMATS[DEALER_COLUMN], dealer_id):
        raise ValueError(f"{dealer_id!r} is no dealer id")
    return settings.dealer_shares / dealer_id / settings.serving_file.name


def page_path(settings: Settings, dealer_id: str) -> Path:
    """Where the page of a dealer lies."""
    return share_path(settings, dealer_id).with_name(PAGE)


def write_shares(settings: Settings) -> list[Path]:
    """Write the share and the page of every dealer from what was published last, each replaced in
    one step; gives the paths of the shares, sorted. Where no row of a dealer has changed since,
    those written before are left as they are. Shares of dealers that are no more are removed.

    Raises:
        UsageError: nothing was published.
    """
    if not settings.serving_file.is_file():
        raise UsageError(f"nothing is published at {settings.serving_file}: run first")
    publication = read_state(settings, PUBLICATION)
    versions = publication.get("versions") or {}
    before = read_state(settings, SHARES)
    rules = readers(published_models(settings))
    made_of = _made_of(rules, publication.get("code_version", ""))
    with closing(connect(settings)) as connection:
        # thousands of small statements: threads would spend as much time on one another
        connection.execute("set threads = 1")
        connection.execute(f"set disabled_compression_methods = {quoted(_NEVER_TRIED)}")
        connection.execute(f"attach {quoted(settings.serving_file)} as published (read_only)")
        dealers = connection.execute(
            f"select distinct {DEALER_COLUMN} from published.dim_dealer order by 1"
        ).fetchall()
        paths = {dealer: share_path(settings, dealer) for (dealer,) in dealers}
        is_alike = made_of == before.get("made_of") and set(versions) == set(before["versions"])
        changed = [
            table
            for table, rule in rules.items()
            # who reads a table through another one is told by both
            if not is_alike
            or any(
                _is_new(versions, before["versions"], name)
                for name in (table, rule.through)
                if name is not None
            )
        ]
        known: Fingerprints = before.get("rows", {}) if is_alike else {}
        now = {t: known[t] for t in rules if t in known} | fingerprints(
            connection, {table: rules[table] for table in changed}
        )
        with closing(_Writer(settings, connection, rules, now)) as writer:
            for dealer, path in paths.items():
                due = [t for t in changed if _of(now, t, dealer) != _of(known, t, dealer)]
                is_there = path.is_file() and page_path(settings, dealer).is_file()
                if not is_there or not is_alike:
                    writer.write(dealer, path, None)
                elif due:
                    writer.write(dealer, path, due)
    for folder in settings.dealer_shares.glob("*"):
        if folder.name not in paths:
            shutil.rmtree(folder)
    write_state(settings, SHARES, {"made_of": made_of, "versions": versions, "rows": now})
    return sorted(paths.values())


def _made_of(rules: Mapping[str, Readers], code_version: str) -> str:
    """A fingerprint of what decides on shares beside the rows published."""
    digest = sha256(f"{code_version} {sorted(map(repr, rules.values()))} {looks()}".encode())
    return digest.hexdigest()


def _is_new(versions: Mapping[str, str], before: Mapping[str, str], table: str) -> bool:
    """Whether a table may have changed."""
    return versions.get(table) is None or versions[table] != before.get(table)


def _of(found: Fingerprints, table: str, dealer: str) -> str | None:
    """What a dealer reads of a table; None for nothing. A table of the network reads alike for
    all."""
    of_table = found.get(table, {})
    return of_table.get(dealer, of_table.get(""))


class _Writer:
    """Writes shares one after another; what all of them have in common is made once, when the
    first of them needs it."""

    def __init__(
        self,
        settings: Settings,
        connection: duckdb.DuckDBPyConnection,
        rules: Mapping[str, Readers],
        now: Fingerprints,
    ) -> None:
        self._settings = settings
        self._connection = connection
        self._rules = rules
        self._now = now
        self._sources: dict[str, str] = {}
        self._pages: PageWriter | None = None
        self._template = settings.tmp / f"share.{os.getpid()}.duckdb"
        self._template.unlink(missing_ok=True)

    def close(self) -> None:
        self._template.unlink(missing_ok=True)
        if self._pages is not None:
            self._pages.close()

    def write(self, dealer: str, path: Path, changed: list[str] | None) -> None:
        """Replace a dealer's share and page; `changed` are the tables that differ from the share
        that is there, None stands for all."""
        if self._pages is None:
            # until all are written nothing is known of them: a killed run is done again, whole
            write_state(self._settings, SHARES, {})
            self._pages = PageWriter()
        path.parent.mkdir(parents=True, exist_ok=True)
        made = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        page = made.with_name(f".{PAGE}.{os.getpid()}.tmp")
        try:
            if changed is None or len(changed) > _MOST_TABLES or self._is_any_large(changed):
                self._write_whole(dealer, made)
            else:
                shutil.copyfile(path, made)
                self._fill(dealer, made, [PUBLICATION_TABLE, *changed], is_empty=False)
            page.write_text(self._pages.page_of(made, dealer), encoding="utf-8")
            made.replace(path)
            page.replace(path.with_name(PAGE))
        finally:
            made.unlink(missing_ok=True)
            page.unlink(missing_ok=True)

    def _write_whole(self, dealer: str, made: Path) -> None:
        if not self._template.is_file():
            _make_template(self._connection, self._rules, self._template)
        shutil.copyfile(self._template, made)
        own = [
            name
            for name, rule in self._rules.items()
            if not rule.is_network and _of(self._now, name, dealer) is not None
        ]
        self._fill(dealer, made, own, is_empty=True)

    def _fill(self, dealer: str, made: Path, tables: list[str], *, is_empty: bool) -> None:
        """Fill tables of a share with what the dealer reads of them."""
        self._connection.execute(f"attach {quoted(made)} as share")
        self._connection.execute("begin")
        for name in tables:
            rule = self._rules.get(name)
            condition = rule.rows_of(quoted(dealer), "published") if rule else "true"
            if not is_empty:
                self._connection.execute(f'delete from share."{name}"')
            if condition:
                self._connection.execute(
                    f'insert into share."{name}" select * from {self._source(name)} '
                    f"where {condition}"
                )
        self._connection.execute("commit")
        self._connection.execute("detach share")

    def _source(self, name: str) -> str:
        """What to read a table's rows from, dealer after dealer."""
        if name not in self._sources:
            self._sources[name] = (
                _source(self._connection, self._rules[name])
                if name in self._rules
                else f'published."{name}"'
            )
        return self._sources[name]

    def _is_any_large(self, tables: list[str]) -> bool:
        """Whether a large table of the network is among them, which the template holds."""
        return any(
            self._rules[name].is_network and _count(self._connection, name) > _ROW_GROUP
            for name in tables
        )


def _make_template(
    connection: duckdb.DuckDBPyConnection, rules: Mapping[str, Readers], path: Path
) -> None:
    """What all shares have in common: the tables with their comments, and the network's rows."""
    connection.execute(f"attach {quoted(path)} as template (block_size {_BLOCK_SIZE})")
    for name in (PUBLICATION_TABLE, *rules):
        rule = rules.get(name)
        is_shared = rule is None or rule.is_network
        condition = (rule.where if rule else None) or "true" if is_shared else "false"
        connection.execute(
            f'create table template."{name}" as select * from published."{name}" where {condition}'
        )
    for name, comment in connection.execute(
        "select table_name, comment from duckdb_tables() "
        "where database_name = 'published' and comment is not null"
    ).fetchall():
        if name == PUBLICATION_TABLE or name in rules:
            connection.execute(f'comment on table template."{name}" is {quoted(comment)}')
    for name, column, comment in connection.execute(
        "select table_name, column_name, comment from duckdb_columns() "
        "where database_name = 'published' and comment is not null"
    ).fetchall():
        if name == PUBLICATION_TABLE or name in rules:
            connection.execute(
                f'comment on column template."{name}"."{column}" is {quoted(comment)}'
            )
    connection.execute("detach template")


def _source(connection: duckdb.DuckDBPyConnection, rule: Readers) -> str:
    published = f'published."{rule.table}"'
    if rule.dealer_columns != (DEALER_COLUMN,) or _count(connection, rule.table) <= _ROW_GROUP:
        return published
    connection.execute(
        f'create temp table "{rule.table}" as from {published} order by {DEALER_COLUMN}'
    )
    return f'temp."{rule.table}"'


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    return connection.execute(f'select count(*) from published."{table}"').fetchone()[0]
