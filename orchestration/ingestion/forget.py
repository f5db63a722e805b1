"""Forgetting a person: what the lake knows of somebody is overwritten, and nothing else.

    forgotten = forget_person(settings, "jane@example.org")

A row that holds the person has made-up values in place of all its personal ones: an id gives way to
another, the same in every file, so that the person still counts as one; an address to one that is
well-formed, too, a text to another. No row goes, batches keep their ids, lineage, row groups and
order: the next run gives the same marts, also those that tell how complete and well-formed data is.
Only files that hold the person are written again, each in one step; what was killed half-way is
done by doing it again.

Who was forgotten stays so: a load clears what it brings of the person anew (`keep_forgotten`).

What was delivered lies in the drop zone, which is the senders': the answer names those files.
"""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from orchestration.dbt_runner import build_anew
from orchestration.ingestion import forgotten_books, lake
from orchestration.ingestion.contract import Column, Feed, load_contracts
from orchestration.ingestion.forgotten import ForgottenPersons, Person, Sought
from orchestration.locking import warehouse_lock
from orchestration.settings import Settings

LOG = "forgotten.jsonl"
BEGUN, DONE, AGAIN = "BEGUN", "DONE", "DELIVERED_AGAIN"


@dataclass
class Forgotten:
    """What was overwritten. `rows` counts rows by feed, or by book of the lake; `files` are files
    of the lake, and `delivered` those of the drop zone that they came from, as `<feed>/<file>`."""

    at: datetime
    by: str
    person_hash: str | None
    rows: dict[str, int] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    delivered: list[str] = field(default_factory=list)


def forget_person(settings: Settings, person: str, now: datetime | None = None) -> Forgotten:
    """Overwrite what the lake holds of a person, named by e-mail address or person id (compared
    without case and surrounding blanks), and note it in `lake/forgotten.jsonl` by a hash only.

    The next run builds every table from the lake again.

    Raises:
        UsageError: the name may be others', too.
        WarehouseBusy: another process writes this warehouse.
    """
    sought = Person(person)
    with warehouse_lock(settings, wait=False), lake.workspace(settings) as workspace:
        known = ForgottenPersons.read(settings)
        found = Forgotten(now or datetime.now(UTC), _user(), known.hash_of(sought.name))
        is_listed = found.person_hash in known.hashes
        feeds = load_contracts()
        in_texts = sought.is_address or is_listed or _is_person_id(settings, feeds, sought)
        files = list(_files_with(settings, feeds, sought, in_texts))
        _count(settings, found, files, lake.read_deliveries(settings))
        if not files and not _was_left(settings, found.person_hash):
            return found
        # whatever happens from here on, the next run builds all anew and a later load forgets, too
        known = known.add(settings, sought.name)
        build_anew(settings)
        _note(settings, BEGUN, found)
        for file in files:
            file.rewrite(known, workspace, sought, in_texts)
        _note(settings, DONE, found)
    return found


def keep_forgotten(
    settings: Settings, deliveries: Sequence[lake.Delivery], workspace: Path
) -> Forgotten | None:
    """Clear what a load has written of those who were forgotten, before it counts; None where there
    was nothing. Costs nothing as long as nobody was forgotten."""
    known = ForgottenPersons.read(settings)
    if not known.hashes:
        return None
    feeds = load_contracts()
    batches = {(d.feed, d.batch_id) for d in deliveries if d.status == lake.LOADED}
    files = list(_files_with(settings, feeds, known, in_texts=True, only=batches))
    if not files:
        return None
    found = Forgotten(datetime.now(UTC), _user(), None)
    _count(settings, found, files, deliveries)
    for file in files:
        file.rewrite(known, workspace, known, in_texts=True)
    _note(settings, AGAIN, found)
    return found


# -- files ------------------------------------------------------------------------------------


@dataclass
class _RawFile:
    """A file of accepted rows that holds the person in `rows` of them."""

    path: Path
    feed: Feed
    rows: int

    def rewrite(
        self, known: ForgottenPersons, workspace: Path, sought: Sought, in_texts: bool
    ) -> None:
        """Row group by row group, so that a file of any size fits into memory."""
        partial = workspace / f"{self.feed.name}-{self.path.name}"
        options = lake.raw_file_options(self.feed)
        with (
            pq.ParquetFile(self.path) as file,
            pq.ParquetWriter(partial, file.schema_arrow, **options) as writer,
        ):
            for number in range(file.num_row_groups):
                table = file.read_row_group(number)
                touched = _rows_of(table, self.feed, sought, in_texts)
                cleared = _cleared(table, self.feed, touched, known)
                writer.write_table(cleared, max(1, len(table)))
        lake.move_into_lake(partial, self.path)


@dataclass
class _Book:
    """A file of what the lake keeps of rows and files that it did not accept."""

    path: Path
    name: str
    rows: int
    deliveries: set[tuple[str, str]]

    def rewrite(
        self, known: ForgottenPersons, workspace: Path, sought: Sought, in_texts: bool
    ) -> None:
        table = pq.ParquetFile(self.path).read()
        cleaned = forgotten_books.without_person(table, load_contracts(), sought, in_texts)
        if cleaned is not None:
            lake.write_table(cleaned.table, self.path, workspace)


_File = _RawFile | _Book


def _files_with(
    settings: Settings,
    feeds: dict[str, Feed],
    sought: Sought,
    in_texts: bool,
    only: set[tuple[str, str]] | None = None,
) -> Iterator[_File]:
    """The files that hold whom is sought; `only` limits them to batches of feeds."""
    for path, feed in _raw_files(settings, feeds):
        if only is None or (feed.name, path.stem) in only:
            names = [column.name for column in _personal(feed)]
            table = pq.ParquetFile(path).read(columns=names)
            if rows := int(_rows_of(table, feed, sought, in_texts).sum()):
                yield _RawFile(path, feed, rows)
    for path, name in _books(settings):
        if only is None or (path.parent.name, path.stem) in only:
            table = pq.ParquetFile(path).read()
            cleaned = forgotten_books.without_person(table, feeds, sought, in_texts)
            if cleaned is not None:
                yield _Book(path, name, cleaned.rows, cleaned.deliveries)


def _raw_files(settings: Settings, feeds: dict[str, Feed]) -> Iterator[tuple[Path, Feed]]:
    for feed in feeds.values():
        if _personal(feed):
            for path in sorted((settings.raw / feed.name).glob("*.parquet")):
                yield path, feed


def _books(settings: Settings) -> Iterator[tuple[Path, str]]:
    for folder, pattern in (
        (settings.quarantine, "*/*.parquet"),
        (settings.rejected, "*.parquet"),
        (settings.deliveries, "*.parquet"),
    ):
        for path in sorted(folder.glob(pattern)):
            yield path, folder.name


def _is_person_id(settings: Settings, feeds: dict[str, Feed], sought: Sought) -> bool:
    """Whether the lake knows somebody of this id. Any other word within a text names nobody."""
    for path, feed in _raw_files(settings, feeds):
        ids = [column.name for column in _personal(feed) if is_id(column)]
        for texts in pq.ParquetFile(path).read(columns=ids).columns if ids else ():
            if sought.is_meant(texts).any():
                return True
    return False


# -- rows -------------------------------------------------------------------------------------


def _personal(feed: Feed) -> list[Column]:
    return [column for column in feed.columns if column.pii]


def is_id(column: Column) -> bool:
    """Whether a personal column names somebody whole, or not at all."""
    return column.pii and (column.key or column.name.endswith("_id"))


def _rows_of(table: pa.Table, feed: Feed, sought: Sought, in_texts: bool) -> np.ndarray:
    """Which rows hold the person: as an id, or named within a text."""
    touched = np.zeros(len(table), dtype=bool)
    for column in _personal(feed):
        if column.name in table.column_names and column.kind == "text":
            texts = table[column.name].cast(pa.string())
            if is_id(column):
                touched |= sought.is_meant(texts)
            elif in_texts:
                touched |= sought.is_named(texts)
    return touched


def _cleared(table: pa.Table, feed: Feed, touched: np.ndarray, known: ForgottenPersons) -> pa.Table:
    """The table without personal values in the `touched` rows. What was empty stays so, what was
    given has a made-up value, of which rules and counts say the same."""
    for column in _personal(feed):
        if column.name not in table.column_names or not touched.any():
            continue
        place = table.column_names.index(column.name)
        old = table[column.name].combine_chunks()
        held = pa.array(touched & old.is_valid().to_numpy(zero_copy_only=False))
        if column.kind == "text":
            values = old.filter(held).to_pylist()
            made = [known.stand_in(value, is_id=is_id(column)) for value in values]
        else:
            made = [None] * pc.sum(held).as_py()
        new = pc.replace_with_mask(old, held, pa.array(made, old.type))
        table = table.set_column(place, table.schema.field(place), new)
    return table


# -- the log ----------------------------------------------------------------------------------


def _count(
    settings: Settings,
    found: Forgotten,
    files: list[_File],
    known: Sequence[lake.Delivery],
) -> None:
    """Put down what is going to be written again, and which deliveries it came from."""
    named: set[tuple[str, str]] = set()
    batches: set[tuple[str, str]] = set()
    for file in files:
        if isinstance(file, _Book):
            name = file.name
            named |= file.deliveries
        else:
            name = file.feed.name
            batches.add((name, file.path.stem))
        found.rows[name] = found.rows.get(name, 0) + file.rows
        found.files.append(str(file.path.relative_to(settings.lake)))
    batches |= {(d.feed, d.batch_id) for d in known if (d.feed, d.source_file) in named}
    # the same bytes may lie there under several names
    named |= {(d.feed, d.source_file) for d in known if (d.feed, d.batch_id) in batches}
    found.delivered = sorted("/".join(name) for name in named)


def _was_left(settings: Settings, person_hash: str | None) -> bool:
    """Whether forgetting this person was begun and not brought to its end."""
    states = [
        entry["status"]
        for entry in _entries(settings)
        if entry["person_hash"] == person_hash and entry["status"] in (BEGUN, DONE)
    ]
    return bool(states) and states[-1] == BEGUN


def _entries(settings: Settings) -> Iterator[dict[str, Any]]:
    path = settings.lake / LOG
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        try:
            yield json.loads(line)
        except ValueError:
            continue  # a line whose writer was killed


def _note(settings: Settings, status: str, found: Forgotten) -> None:
    """A line in the log: who, when, by which hash, what was overwritten; never the person."""
    path = settings.lake / LOG
    before = path.read_bytes() if path.is_file() else b""
    if not before.endswith(b"\n") and before:  # its writer was killed
        os.truncate(path, before.rfind(b"\n") + 1)
    with path.open("a", encoding="utf-8") as log:
        log.write(json.dumps({"status": status} | asdict(found), default=str) + "\n")


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container may run under a number without a name
        return "unknown"
