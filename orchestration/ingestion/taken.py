"""A delivered file that is being loaded: what is known of it, and how it ends.

What belongs here: the step from a file's bytes to its reading, the parts that many small files and
one large file share, and the proof that no row is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

import pyarrow as pa

from orchestration.ingestion import lake
from orchestration.ingestion.contract import Feed
from orchestration.ingestion.csv_files import read_csv
from orchestration.ingestion.drop_zone import DeliveredFile
from orchestration.ingestion.json_files import read_json
from orchestration.ingestion.kba import read_fz10
from orchestration.ingestion.parquet_files import read_parquet
from orchestration.ingestion.readers import Attempt, Limits, Reading, Rejected
from orchestration.ingestion.sources import decompress, open_text, too_large
from orchestration.ingestion.workbooks import read_workbook
from orchestration.settings import NETWORK_ZONE, Settings

ENDINGS = (".csv", ".txt", ".csv.gz", ".txt.gz", ".parquet", ".xlsx", ".json", ".ndjson")
KBA_FEED = "kba__fz10"


class ConservationError(RuntimeError):
    """Rows were lost or made up between a delivered file and the lake: a fault of the loader."""


@dataclass
class Taken:
    """A file taken by a load. `scope` is the dealer whose rows alone it may carry, if any."""

    file: DeliveredFile
    feed: Feed
    batch_id: str
    loaded_at: datetime
    scope: str | None
    warnings: list[str] = field(default_factory=list)

    @property
    def last_year(self) -> int:
        """The last year in which an event of this delivery may lie."""
        return self.file.delivered_at.astimezone(ZoneInfo(NETWORK_ZONE)).year + 1

    def ends(
        self,
        status: str,
        delivered: int = 0,
        accepted: int = 0,
        quarantined: int = 0,
        reason: Rejected | None = None,
    ) -> lake.Delivery:
        """The registry's row.

        Raises:
            ConservationError: delivered rows are not accepted plus quarantined ones.
        """
        if delivered != accepted + quarantined:
            raise ConservationError(
                f"{self.feed.name}/{self.file.name}: {delivered} rows delivered, but "
                f"{accepted} accepted + {quarantined} quarantined; nothing was committed"
            )
        return lake.Delivery(
            feed=self.feed.name,
            source_file=self.file.name,
            sender=self.file.sender,
            delivered_at=self.file.delivered_at,
            loaded_at=self.loaded_at,
            batch_id=self.batch_id,
            status=status,
            reason_code=reason.code if reason else None,
            message=str(reason) if reason else None,
            delivered_rows=delivered,
            accepted_rows=accepted,
            quarantined_rows=quarantined,
            file_bytes=self.file.size,
            file_modified_ns=self.file.modified_ns,
            warnings="; ".join([*self.file.warnings, *self.warnings]) or None,
        )

    def loaded(self, delivered: int, accepted: int, quarantined: int) -> lake.Delivery:
        if not delivered and self.feed.mode == "snapshot":
            self.warnings.append("a snapshot without rows: it empties the feed of this sender")
        return self.ends(lake.LOADED, delivered, accepted, quarantined)

    def note_instants(self, twice: int, moved: int) -> None:
        """Note how many instants without a zone fell on a change of time."""
        if twice:
            self.warnings.append(f"{twice} instants in an hour that occurs twice: the first taken")
        if moved:
            self.warnings.append(f"{moved} instants in an hour that does not exist: moved forward")

    def raw_rows(self, rows: pa.Table) -> pa.Table:
        """Converted rows as the raw lake stores them: with their lineage."""
        schema = lake.raw_schema(self.feed)
        size = rows.num_rows
        shared = {
            "_batch_id": self.batch_id,
            "_source_file": self.file.name,
            "_sender": self.file.sender,
            "_delivered_at": lake.naive_utc(self.file.delivered_at),
            "_loaded_at": lake.naive_utc(self.loaded_at),
        }
        columns = {}
        for name, type_ in zip(schema.names, schema.types, strict=True):
            if name in shared:
                columns[name] = lake.repeated(shared[name], type_, size)
            else:
                columns[name] = rows["_row" if name == "_source_row" else name]
        return pa.table(columns, schema=lake.raw_file_schema(self.feed))


def scope_of(feed: Feed, file: DeliveredFile, settings: Settings) -> str | None:
    """The dealer whose rows alone a file may carry; None for hubs and feeds without dealers."""
    has_dealer = any(column.name == "dealer_id" for column in feed.columns)
    if not feed.is_dealer_feed or not has_dealer or file.sender.lower() in settings.hub_senders:
        return None
    return file.sender


def opener(
    feed: Feed, file: DeliveredFile, handle: BinaryIO, limits: Limits, workspace: Path
) -> Callable[[Attempt], Reading]:
    """How to read the file, to be called anew for each attempt.

    Raises (here or by the call):
        Rejected: the file is refused as a whole.
    """
    name = file.name.lower()
    ending = next((e for e in sorted(ENDINGS, key=len, reverse=True) if name.endswith(e)), None)
    if ending is None:
        raise Rejected("UNREADABLE", f"unknown ending: send one of {', '.join(ENDINGS)}")
    if not file.size:
        raise Rejected("EMPTY", "the file has no content: not even a header line")
    if file.size > limits.max_file_bytes:
        raise too_large(limits, "the file is")
    if ending == ".parquet":
        return lambda attempt: read_parquet(handle, feed, limits, attempt)
    if ending == ".xlsx":
        read = read_fz10 if feed.name == KBA_FEED else read_workbook
        return lambda attempt: read(handle, feed, limits, attempt)
    if ending.endswith(".gz"):
        handle = decompress(handle, limits, workspace)
    text = open_text(handle, limits, workspace)
    if ending.endswith("json"):
        return lambda attempt: read_json(text, feed, limits, attempt, ending == ".ndjson")
    return lambda attempt: read_csv(text, feed, limits, attempt, workspace)


def settle_locale(is_german_by_default: bool, german: bool, english: bool) -> bool:
    """Whether a file's numbers are German, by the evidence in it.

    Raises:
        Rejected: there is evidence for both.
    """
    if german and english:
        raise Rejected(
            "AMBIGUOUS_NUMBERS",
            "some numbers have a decimal comma, others a decimal point: export them in one way",
        )
    return german or (is_german_by_default and not english)
