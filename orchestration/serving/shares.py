"""A file for each dealer: what was published, but only the rows that this dealer reads.

serving/dealers/<dealer_id>/partner_marts.duckdb

The tables, their columns and comments are those of the serving file, so that every query of it runs
on a share, too. Rows of others are never written to it, not even to be deleted again.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import duckdb

from orchestration.duck import connect, quoted
from orchestration.ingestion.contract import FORMATS
from orchestration.serving.publish import PUBLICATION_TABLE, published_models
from orchestration.serving.readers import DEALER_COLUMN, Readers, readers
from orchestration.settings import Settings, UsageError
from orchestration.state import PUBLICATION, SHARES, read_state, write_state

_BLOCK_SIZE = 16_384
"""Bytes: the least. Most tables of a share are small, and a column takes a block."""
_ROW_GROUP = 122_880
"""Rows that DuckDB reads at least: a larger table is sorted by dealer once, so that each share
reads its own part of it and not the whole table again."""


def share_path(settings: Settings, dealer_id: str) -> Path:
    """Where the file of a dealer lies.

    Raises:
        ValueError: an id that no dealer can have.
    """
    if not re.fullmatch(FORMATS[DEALER_COLUMN], dealer_id):
        raise ValueError(f"{dealer_id!r} is no dealer id")
    return settings.dealer_shares / dealer_id / settings.serving_file.name


def write_shares(settings: Settings) -> list[Path]:
    """Write the share of every dealer from what was published last, each replaced in one step;
    gives their paths, sorted. Where no table has changed since, those written before are left as
    they are. Shares of dealers that are no more are removed.

    Raises:
        UsageError: nothing was published.
    """
    if not settings.serving_file.is_file():
        raise UsageError(f"nothing is published at {settings.serving_file}: run first")
    versions = read_state(settings, PUBLICATION).get("versions")
    rules = readers(published_models(settings))
    with closing(connect(settings)) as connection:
        connection.execute(f"attach {quoted(settings.serving_file)} as published (read_only)")
        dealers = connection.execute(
            f"select distinct {DEALER_COLUMN} from published.dim_dealer order by 1"
        ).fetchall()
        paths = {dealer: share_path(settings, dealer) for (dealer,) in dealers}
        if versions is None or versions != read_state(settings, SHARES).get("versions"):
            due = paths
        else:
            due = {dealer: path for dealer, path in paths.items() if not path.is_file()}
        if due:
            _write(settings, connection, rules, due)
    for folder in settings.dealer_shares.glob("*"):
        if folder.name not in paths:
            shutil.rmtree(folder)
    write_state(settings, SHARES, {"versions": versions})
    return sorted(paths.values())


def _write(
    settings: Settings,
    connection: duckdb.DuckDBPyConnection,
    rules: Mapping[str, Readers],
    paths: Mapping[str, Path],
) -> None:
    template = settings.tmp / f"share.{os.getpid()}.duckdb"
    template.unlink(missing_ok=True)
    try:
        _make_template(connection, rules, template)
        own = {name: rule for name, rule in rules.items() if not rule.is_network}
        sources = {name: _source(connection, rule) for name, rule in own.items()}
        for dealer, path in paths.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            made = path.with_name(f".{path.name}.{os.getpid()}.tmp")
            shutil.copyfile(template, made)
            connection.execute(f"attach {quoted(made)} as share")
            connection.execute("begin")
            for name, rule in own.items():
                if condition := rule.rows_of(quoted(dealer), "published"):
                    connection.execute(
                        f'insert into share."{name}" select * from {sources[name]} '
                        f"where {condition}"
                    )
            connection.execute("commit")
            connection.execute("detach share")
            made.replace(path)
    finally:
        template.unlink(missing_ok=True)


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
    """What to read a table's rows from, dealer after dealer."""
    published = f'published."{rule.table}"'
    rows = connection.execute(f"select count(*) from {published}").fetchone()
    if rule.dealer_columns != (DEALER_COLUMN,) or rows is None or rows[0] <= _ROW_GROUP:
        return published
    connection.execute(
        f'create temp table "{rule.table}" as from {published} order by {DEALER_COLUMN}'
    )
    return f'temp."{rule.table}"'
