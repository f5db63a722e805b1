"""A small sample, and a plain reader that knows the spec but nothing of the generator."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from orchestration.ingestion.contract import Column, Feed, load_contracts
from orchestration.sample import SampleReport, generate

NULLS = {"", "null", "n/a", "-"}


@dataclass(frozen=True)
class Drop:
    """The files of a sample, read back."""

    target: Path
    report: SampleReport
    feeds: dict[str, Feed]

    def files(self, feed: str) -> list[Path]:
        """The files of a feed that must load, by delivery: neither rejected nor duplicate."""
        left_out = {
            *self.report.rejected_files.get(feed, ()),
            *self.report.duplicate_files.get(feed, ()),
        }
        found = (p for p in (self.target / feed).iterdir() if p.name not in left_out)
        return sorted(found, key=lambda p: p.stat().st_mtime_ns)

    def rows(self, feed: str) -> list[tuple[Path, dict[str, object] | None]]:
        """Rows as delivered, values as read; None for a row with too many or too few fields."""
        known = {c.name for c in self.feeds[feed].columns}
        return [(path, row) for path in self.files(feed) for row in read(path, known)]

    def reasons(self, feed: str) -> Counter[str]:
        """Bad rows by the first reason that applies, judged afresh."""
        contract, counts = self.feeds[feed], Counter[str]()
        tiers: dict[tuple, dict] = {}
        for path in self.files(feed):
            sender = path.name.split("_")[0]
            seen: set[tuple] = set()
            for row in read(path, {c.name for c in contract.columns}):
                reason = judge(contract, sender, row)
                if reason is None and self._changes_a_tier(contract, row, tiers):
                    reason = "BAD_VALUE"
                if reason is None:
                    key = tuple(str(row[k]).strip() for k in contract.key)
                    reason = "DUPLICATE_KEY_IN_FILE" if key in seen else None
                    seen.add(key)
                if reason:
                    counts[reason] += 1
        return counts

    def current(self, feed: str) -> list[dict[str, object]]:
        """Good rows typed, newest version of each key, withdrawn ones left out."""
        contract = self.feeds[feed]
        newest: dict[tuple, dict[str, object]] = {}
        tiers: dict[tuple, dict] = {}
        for path, row in self.rows(feed):
            if judge(contract, path.name.split("_")[0], row) is None and not self._changes_a_tier(
                contract, row, tiers
            ):
                typed = {c.name: _value(c, row.get(c.name)) for c in contract.columns}
                newest[tuple(typed[k] for k in contract.key)] = typed
        return [r for r in newest.values() if not r.get("is_deleted")]

    @staticmethod
    def _changes_a_tier(feed: Feed, row: dict[str, object], first: dict[tuple, dict]) -> bool:
        """Whether a tier is not as it was delivered first: the sample changes them too late only,
        after a close has settled them."""
        if feed.name != "oem__incentive_tiers":
            return False
        typed = {c.name: _value(c, row.get(c.name)) for c in feed.declared}
        return first.setdefault(tuple(typed[k] for k in feed.key), typed) != typed


def read(path: Path, known: set[str]) -> Iterator[dict[str, object] | None]:
    data = path.read_bytes()
    if path.name.endswith(".gz"):
        data = gzip.decompress(data)
    if path.suffix == ".parquet":
        yield from pq.read_table(io.BytesIO(data)).to_pylist()
    elif path.suffix == ".xlsx":
        header, *rows = openpyxl.load_workbook(io.BytesIO(data), read_only=True).active.values
        yield from (dict(zip(header, row, strict=True)) for row in rows)
    elif path.suffix == ".json":
        yield from json.loads(data)
    elif path.suffix == ".ndjson":
        yield from map(json.loads, data.decode().splitlines())
    else:
        yield from _read_text(_decoded(data), known)


def _decoded(data: bytes) -> str:
    if data[:2] == b"\xff\xfe":
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def _read_text(text: str, known: set[str]) -> Iterator[dict[str, object] | None]:
    if text.startswith("sep="):
        text = text.split("\n", 1)[1]
    first = text.split("\n", 1)[0]
    delimiter = max(";,|\t", key=first.count)
    header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = [h.strip().lower() for h in header]
    for row in rows:
        if len(row) != len(names):
            yield None
        else:
            found = dict(zip(names, row, strict=True))
            yield {
                name: None if value.strip().lower() in NULLS else value
                for name, value in found.items()
                if name in known
            }


def judge(feed: Feed, sender: str, row: dict[str, object] | None) -> str | None:
    """First reason of the spec that applies to a row, duplicates apart."""
    if row is None:
        return "WRONG_COLUMN_COUNT"
    values: dict[str, object] = {}
    unreadable = set()
    for column in feed.columns:
        try:
            values[column.name] = _value(column, row.get(column.name))
        except ValueError:
            unreadable.add(column.name)
    needed = [c for c in feed.declared if (c.key if values.get("is_deleted") else c.required)]
    if any(row.get(c.name) is None for c in needed):
        return "MISSING_REQUIRED"
    if unreadable:
        return "BAD_TYPE"
    if any(_is_bad(c, values[c.name]) for c in feed.declared if values[c.name] is not None):
        return "BAD_VALUE"
    if feed.is_dealer_feed and sender != "dms" and values.get("dealer_id") not in (None, sender):
        return "UNKNOWN_SENDER_SCOPE"
    return None


def _value(column: Column, given: object) -> object:
    """The value of a cell. Raises ValueError where it is none of the column's type."""
    if given is None or not isinstance(given, str):
        if isinstance(given, datetime) and column.kind == "date":
            return given.date()
        return given
    return _PARSERS[column.kind](given.strip())


def _number(text: str) -> Decimal:
    plain = re.sub(r"\s*(€|EUR)$", "", text)
    if plain.endswith("-"):
        plain = "-" + plain[:-1]
    if re.fullmatch(r"-?[0-9.]*,[0-9]+", plain):
        plain = plain.replace(".", "").replace(",", ".")
    plain = plain.replace(",", "")
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", plain):
        raise ValueError(text)
    return Decimal(plain)


def _day(text: str) -> date:
    german = re.fullmatch(r"(\d\d)\.(\d\d)\.(\d{4})", text)
    return date(*map(int, german.groups()[::-1])) if german else date.fromisoformat(text)


_WORDS = dict.fromkeys(("ja", "j", "x", "wahr", "yes", "true", "1"), True)
_WORDS |= dict.fromkeys(("nein", "n", "falsch", "no", "false", "0"), False)


def _bool(text: str) -> bool:
    if text.lower() not in _WORDS:
        raise ValueError(text)
    return _WORDS[text.lower()]


_PARSERS: dict[str, Callable[[str], object]] = {
    "text": str,
    "int": int,
    "decimal": _number,
    "date": _day,
    "ts": datetime.fromisoformat,
    "bool": _bool,
}


def _is_bad(column: Column, value: object) -> bool:
    if column.values and value not in column.values:
        return True
    if column.pattern and not re.fullmatch(column.pattern, str(value)):
        return True
    if column.event_date and value.year < 1990:
        return True
    low, high = column.min, column.max
    return (low is not None and value < low) or (high is not None and value > high)


@pytest.fixture(scope="session")
def feeds() -> dict[str, Feed]:
    return load_contracts()


@pytest.fixture(scope="session")
def drop(tmp_path_factory: pytest.TempPathFactory, feeds: dict[str, Feed]) -> Drop:
    """Forty dealers, fourteen of whom deliver themselves, for eight months at a small scale."""
    target = tmp_path_factory.mktemp("sample")
    return Drop(target, generate(target, months=8, scale=0.4), feeds)


@pytest.fixture(scope="session")
def long(tmp_path_factory: pytest.TempPathFactory, feeds: dict[str, Feed]) -> Drop:
    """Two years of a dozen dealers."""
    target = tmp_path_factory.mktemp("long")
    return Drop(target, generate(target, dealers=12, months=24, scale=0.5), feeds)
