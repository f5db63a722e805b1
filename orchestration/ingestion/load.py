"""One load: what is new in the drop zone goes into the lake, and counts once all of it is there.

What belongs here: which files are taken, in which order, small ones in batches and large ones as
streams, and the commit. What does not: formats, values, Parquet.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from orchestration.ingestion import lake
from orchestration.ingestion.batch import SmallFile, load_batch, refuse
from orchestration.ingestion.contract import Feed, load_contracts
from orchestration.ingestion.convert import Converter
from orchestration.ingestion.drop_zone import DeliveredFile, DropZone
from orchestration.ingestion.drop_zone import scan as scan_drop_zone
from orchestration.ingestion.forget import keep_forgotten
from orchestration.ingestion.readers import (
    Attempt,
    Limits,
    Reading,
    Rejected,
    Restart,
    match_columns,
)
from orchestration.ingestion.settled import Guard
from orchestration.ingestion.sources import (
    FileChanged,
    check_unchanged,
    open_delivered,
    sha256,
)
from orchestration.ingestion.stream import load_stream
from orchestration.ingestion.taken import Taken, opener, scope_of
from orchestration.settings import Settings

if TYPE_CHECKING:
    import duckdb

_BATCH_ROWS, _BATCH_FILES, _BATCH_BYTES = 60_000, 300, 64 * 1024**2


@dataclass
class LoadReport:
    """What a load did. `loaded_at` is None if there was nothing new."""

    loaded_at: datetime | None = None
    deliveries: list[lake.Delivery] = field(default_factory=list)
    unknown_folders: list[str] = field(default_factory=list)
    stray: list[str] = field(default_factory=list)
    """What lies in the drop zone and is no delivery, in words."""
    left: list[str] = field(default_factory=list)
    """Files that this load did not take although they are new, in words."""


@dataclass
class Waiting:
    """What the drop zone holds that no load has taken yet, and what does not belong there."""

    pending: list[Path]
    unknown_folders: list[str]
    stray: list[str]


def scan(settings: Settings, feeds: Collection[str] | None = None) -> Waiting:
    """Compare the drop zone with the registry by names, sizes and times alone."""
    zone = scan_drop_zone(settings, load_contracts(), datetime.now(UTC), feeds)
    files = _new_files(settings, zone, lake.Registry(settings))
    return Waiting([f.path for f in files], zone.unknown_folders, zone.stray)


def pending(settings: Settings, feeds: Collection[str] | None = None) -> list[Path]:
    """Delivered files that the next load would take, as far as names, sizes and times tell."""
    return scan(settings, feeds).pending


def load_deliveries(
    settings: Settings,
    feeds: Collection[str] | None = None,
    now: datetime | None = None,
    on_progress: Callable[[str], None] | None = None,
    **sizes: int,
) -> LoadReport:
    """Take what is new in the drop zone into the lake.

    Files delivered after `settings.as_of` are left. Bad rows and bad files are set apart, they
    never stop a load. `now` is the moment of the load (aware), `sizes` override the working sizes
    of `Limits`.

    Raises:
        ContractError: a feed contract that cannot be used.
        ConservationError: delivered rows of a file are not accepted plus quarantined ones.
        OSError: the warehouse cannot be written.
    """
    contracts = load_contracts()
    now = datetime.now(UTC) if now is None else now
    registry = lake.Registry(settings)
    zone = scan_drop_zone(settings, contracts, now, feeds)
    report = LoadReport(unknown_folders=zone.unknown_folders, stray=list(zone.stray))
    if later := _later_files(settings, zone):
        report.left.append(
            f"{len(later)} files were delivered after {settings.as_of}, among them "
            f"{later[0].feed}/{later[0].name} ({later[0].delivered_at:%Y-%m-%d %H:%M} UTC)"
        )
    files = _new_files(settings, zone, registry)
    if not files:
        return report
    loaded_at = registry.next_loaded_at(now)
    with lake.workspace(settings) as workspace:
        load = _Load(settings, registry, loaded_at, workspace, Limits.of(settings, **sizes))
        try:
            for number, file in enumerate(files, start=1):
                load.take(file, contracts[file.feed])
                if on_progress and (number == len(files) or not number % 50):
                    on_progress(f"{file.feed}: {number:,} of {len(files):,} files read")
            deliveries = load.finish()
        finally:
            load.close()
        report.left += load.left
        if deliveries:
            keep_forgotten(settings, deliveries, workspace)
            lake.commit_deliveries(settings, deliveries, workspace)
            report.loaded_at, report.deliveries = loaded_at, deliveries
    registry.remember_stats(load.unchanged)
    return report


def _later_files(settings: Settings, zone: DropZone) -> list[DeliveredFile]:
    """Files that were not known yet at `as_of`; one whose name does not say when it was delivered
    counts from its own time."""
    as_of = settings.as_of
    return [f for f in zone.files if as_of is not None and f.delivered_at > as_of]


def _new_files(settings: Settings, zone: DropZone, registry: lake.Registry) -> list[DeliveredFile]:
    return [
        file
        for file in zone.files
        if not registry.knows_stat(file.feed, file.name, file.size, file.modified_ns)
        and (settings.as_of is None or file.delivered_at <= settings.as_of)
    ]


class _Load:
    """A load under way: small files wait for their batch, which a thread converts and writes while
    the next files are read."""

    def __init__(
        self,
        settings: Settings,
        registry: lake.Registry,
        loaded_at: datetime,
        workspace: Path,
        limits: Limits,
    ) -> None:
        self._settings = settings
        self._registry = registry
        self._loaded_at = loaded_at
        self._workspace = workspace
        self._limits = limits
        self._guard = Guard(settings)
        self._converters: dict[str, Converter] = {}
        self._waiting: dict[tuple[str, bool], list[SmallFile]] = {}
        self._waiting_rows = self._waiting_bytes = 0
        self._in_flight: set[tuple[str, str]] = set()
        self._worker = ThreadPoolExecutor(max_workers=1)
        self._jobs: list[Future[list[lake.Delivery]]] = []
        self._deliveries: list[lake.Delivery] = []
        self.unchanged: list[tuple[str, str, int, int]] = []
        """Stats of files whose bytes were taken before under the same name."""
        self.left: list[str] = []
        """Files that could not be read now, in words."""

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        """An in-memory database that spills into the workspace and never reaches for the network:
        only large files need it."""
        import duckdb

        return duckdb.connect(
            config={
                "memory_limit": self._settings.memory_limit,
                "threads": self._settings.threads,
                "temp_directory": str(self._workspace),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )

    def take(self, file: DeliveredFile, feed: Feed) -> None:
        """Read a file; it is written now, or with its batch."""
        if not file.is_regular:
            what = Rejected("UNREADABLE", "a link or no regular file: send the file itself")
            digest = hashlib.sha256(f"{file.name}\0{file.size}".encode()).hexdigest()
            if not self._registry.knows_file(feed.name, file.name, digest):
                self._refuse(self._taken(file, feed, digest), what)
            return
        try:
            with open_delivered(file.path, file.size, file.modified_ns) as handle:
                self._take_bytes(file, feed, handle)
        except (FileChanged, PermissionError) as error:
            self.left.append(f"{feed.name}/{file.name} is left for the next load: {error}")

    def _take_bytes(self, file: DeliveredFile, feed: Feed, handle: BinaryIO) -> None:
        batch_id = sha256(handle)
        taken = self._taken(file, feed, batch_id)
        if (feed.name, batch_id) in self._in_flight:
            self._settle()  # the fate of the same bytes decides
        if self._registry.knows_file(feed.name, file.name, batch_id):
            self.unchanged.append((feed.name, file.name, file.size, file.modified_ns))
        elif self._registry.holds_rows(feed.name, batch_id):
            taken.warnings.append("the same bytes were delivered before: no effect")
            self._ended(taken.ends(lake.DUPLICATE))
        else:
            self._read(taken, handle)

    def _taken(self, file: DeliveredFile, feed: Feed, batch_id: str) -> Taken:
        scope = scope_of(feed, file, self._settings)
        return Taken(file, feed, batch_id, self._loaded_at, scope)

    def _read(self, taken: Taken, handle: BinaryIO) -> None:
        try:
            read = opener(taken.feed, taken.file, handle, self._limits, self._workspace)
            end = self._read_with(taken, read, Attempt())
        except Rejected as refusal:
            end = partial(self._refuse, taken, refusal)
        check_unchanged(handle, taken.file.size, taken.file.modified_ns)
        end()

    def _read_with(
        self, taken: Taken, read: Callable[[Attempt], Reading], attempt: Attempt
    ) -> Callable[[], None]:
        while True:
            try:
                return self._read_once(taken, read, attempt)
            except Restart as restart:
                attempt = replace(attempt, **restart.changes)

    def _read_once(
        self, taken: Taken, read: Callable[[Attempt], Reading], attempt: Attempt
    ) -> Callable[[], None]:
        """Read a file, all of it; gives what is left to do if it did not change meanwhile."""
        reading = read(attempt)
        first = next(reading.chunks, None)
        second = next(reading.chunks, None) if first else None
        if second is None:
            taken.warnings += reading.warnings
            names = first.names if first else ()
            small = SmallFile(
                taken,
                first,
                match_columns(taken.feed, names, self._limits),
                reading.is_german_by_default,
                reading.delivered,
                list(reading.misfits.batches()) if reading.misfits else [],
            )
            return partial(self._add, small, reading.is_typed)
        self._settle()  # one thing at a time, or memory is not bounded
        delivery = load_stream(
            self._settings,
            self._workspace,
            self._connection,
            self._converter(taken.feed),
            self._guard,
            taken,
            reading,
            chain((first, second), reading.chunks),
            attempt,
            partial(read, attempt),
            self._limits,
        )
        return partial(self._ended, delivery)

    # -- batches ------------------------------------------------------------------------------

    def _add(self, small: SmallFile, is_typed: bool) -> None:
        kind = (small.taken.feed.name, is_typed)
        if any(other[0] != kind[0] for other in self._waiting):
            self._flush()
        waiting = self._waiting.setdefault(kind, [])
        waiting.append(small)
        self._in_flight.add((small.taken.feed.name, small.taken.batch_id))
        self._waiting_rows += small.rows
        self._waiting_bytes += small.bytes
        if (
            len(waiting) >= _BATCH_FILES
            or self._waiting_rows >= _BATCH_ROWS
            or self._waiting_bytes >= _BATCH_BYTES
        ):
            self._flush()
        if self._guard.watches(small.taken.feed.name):
            self._settle()  # the next file is judged against this one

    def _flush(self) -> None:
        """Hand the waiting files to the worker, once it is done with those before."""
        self._collect()
        for (_, is_typed), files in self._waiting.items():
            self._jobs.append(
                self._worker.submit(
                    load_batch,
                    self._settings,
                    self._workspace,
                    self._converter(files[0].taken.feed),
                    self._guard,
                    files,
                    is_typed,
                )
            )
        self._waiting = {}
        self._waiting_rows = self._waiting_bytes = 0

    def _collect(self) -> None:
        for job in self._jobs:
            for delivery in job.result():
                self._ended(delivery)
        self._jobs = []

    def _settle(self) -> None:
        self._flush()
        self._collect()
        self._in_flight = set()

    def _converter(self, feed: Feed) -> Converter:
        return self._converters.setdefault(feed.name, Converter(feed))

    # -- ends ---------------------------------------------------------------------------------

    def _refuse(self, taken: Taken, refusal: Rejected) -> None:
        self._ended(refuse(self._settings, self._workspace, taken, refusal))

    def _ended(self, delivery: lake.Delivery) -> None:
        self._deliveries.append(delivery)
        self._registry.add(delivery)
        self._guard.accept(delivery)

    def finish(self) -> list[lake.Delivery]:
        """All deliveries of the load, once everything is written, in the order of processing."""
        self._settle()
        return sorted(self._deliveries, key=_order)

    def close(self) -> None:
        self._worker.shutdown(wait=True, cancel_futures=True)
        if "_connection" in self.__dict__:
            self._connection.close()


def _order(delivery: lake.Delivery) -> tuple[str, datetime, str]:
    return (delivery.feed, delivery.delivered_at, delivery.source_file)
