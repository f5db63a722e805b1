"""What lies in the drop zone: delivered files with what their names say, and what is no delivery.

What belongs here: listing and naming, by file names and stats alone. What does not: opening a
delivered file.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from orchestration.ingestion.contract import FORMATS, Feed
from orchestration.settings import NETWORK_ZONE, Settings

_PASSED_OVER = re.compile(r"\.DS_Store|Thumbs\.db|\.~lock.*|.*\.part|.*\.tmp", re.I | re.S)
_STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[Tt](\d{2})(\d{2})(\d{2})?)?")
_KBA_NAME = re.compile(r"fz10_\d{4}_\d{2}\.xlsx", re.I)
_DEALER_ID = re.compile(FORMATS["dealer_id"] or "")
UNKNOWN_SENDER = "unknown"
CLOSES = "oem__period_closes"
"""Taken before all others: a close may be delivered long after the instant that it names, and what
came in between is judged by it."""
TERMS = ("oem__incentive_programs", "oem__incentive_tiers")
"""Feeds whose rows are judged against what was delivered before them in any of these: their files
come in one order of delivery, at equal time in this order of feeds."""


@dataclass(frozen=True, slots=True)
class DeliveredFile:
    """A file in a feed's folder. `delivered_at` is aware, UTC; `is_regular` is false for links
    and whatever else cannot be read as a file."""

    feed: str
    path: Path
    name: str
    size: int
    modified_ns: int
    is_regular: bool
    sender: str
    delivered_at: datetime
    warnings: tuple[str, ...] = ()


@dataclass
class DropZone:
    """Deliveries in the order in which they are processed, and what was found beside them."""

    files: list[DeliveredFile] = field(default_factory=list)
    unknown_folders: list[str] = field(default_factory=list)
    stray: list[str] = field(default_factory=list)


def scan(
    settings: Settings,
    contracts: Mapping[str, Feed],
    now: datetime,
    feeds: Collection[str] | None = None,
) -> DropZone:
    """List the drop zone; `feeds` restricts the files, not what is reported beside them."""
    zone = DropZone()
    if not settings.extracts.is_dir():
        zone.stray.append(f"there is no drop zone at {settings.extracts}: create the folder")
        return zone
    for entry in _entries(settings.extracts):
        name = _text(entry.name)
        if entry.is_symlink():
            zone.stray.append(f"{name} is a symbolic link beside the feed folders: not followed")
        elif not entry.is_dir():
            if not _PASSED_OVER.fullmatch(name):
                zone.stray.append(
                    f"{name} lies beside the feed folders: move it into the folder of its feed"
                )
        elif name not in contracts:
            zone.unknown_folders.append(name)
        elif feeds is None or name in feeds:
            _scan_feed(zone, settings, name, entry.path, now)
    order = {name: position for position, name in enumerate(contracts)}
    first = min((order[name] for name in TERMS if name in order), default=0)
    turn = order | dict.fromkeys(TERMS, first) | {CLOSES: -1}
    zone.files.sort(key=lambda f: (turn[f.feed], f.delivered_at, order[f.feed], f.name))
    return zone


def _scan_feed(zone: DropZone, settings: Settings, feed: str, folder: str, now: datetime) -> None:
    for entry in _entries(folder):
        name = _text(entry.name)
        if _PASSED_OVER.fullmatch(name):
            continue
        try:
            stats = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            continue  # taken away while we looked
        if stat.S_ISDIR(stats.st_mode):
            zone.stray.append(
                f"{feed}/{name} is a folder inside a feed's folder: its files are not read, "
                "move them up"
            )
            continue
        sender, delivered_at, warnings = read_name(
            feed, name, stats.st_mtime_ns, now, settings.hub_senders
        )
        zone.files.append(
            DeliveredFile(
                feed=feed,
                path=Path(entry.path),
                name=name,
                size=stats.st_size,
                modified_ns=stats.st_mtime_ns,
                is_regular=stat.S_ISREG(stats.st_mode),
                sender=sender,
                delivered_at=delivered_at,
                warnings=warnings,
            )
        )


def _entries(folder: Path | str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda e: e.name)


def _text(name: str) -> str:
    """A file name as storable text: bytes that are no UTF-8 are shown escaped."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def read_name(
    feed: str, name: str, modified_ns: int, now: datetime, hub_senders: Collection[str]
) -> tuple[str, datetime, tuple[str, ...]]:
    """Sender, delivery instant (UTC) and warnings of a file, from its name.

    Sender and time count only together: a name that does not give both leaves the sender unknown
    and takes the file's own time.
    """
    own_time = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=modified_ns // 1000)
    if feed == "kba__fz10" and _KBA_NAME.fullmatch(name):
        return "kba", own_time, ()
    sender_text, _, stamp = name.split(".", 1)[0].rpartition("_")
    sender = _sender(sender_text, hub_senders)
    instant = _instant(stamp)
    if sender is None or instant is None:
        return (
            UNKNOWN_SENDER,
            own_time,
            ("the name is not <sender>_<YYYYMMDD[THHMM[SS]]>: sender unknown, file's own time",),
        )
    if instant > now + timedelta(days=1):
        return (
            sender,
            own_time,
            (f"delivery stamp {stamp} is more than a day ahead: file's own time taken",),
        )
    return sender, instant, ()


def _sender(text: str, hub_senders: Collection[str]) -> str | None:
    if text.lower() in hub_senders:
        return text.lower()
    return text.upper() if _DEALER_ID.fullmatch(text.upper()) else None


def _instant(stamp: str) -> datetime | None:
    """A stamp in local time as an instant; the first of an hour that occurs twice, and an hour
    that does not exist is moved forward by the gap (which is what fold=0 does)."""
    match = _STAMP.fullmatch(stamp)
    if not match or not stamp.isascii():
        return None
    try:
        local = datetime(*(int(part or 0) for part in match.groups()))
        return local.replace(tzinfo=ZoneInfo(NETWORK_ZONE)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
