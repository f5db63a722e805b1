"""The personal values that were delivered, read without the loader, and a search for them in files
of every kind that a warehouse writes.

What belongs here: reading extracts of any format, looking into containers. What does not: what is
to be searched, and what may be found.
"""

from __future__ import annotations

import base64
import csv
import gzip
import hashlib
import html
import io
import json
import re
import sqlite3
import unicodedata
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

import duckdb
import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.ingestion.contract import Feed, load_contracts

_NOTHING = {"", "null", "n/a", "-"}
_WINDOW = 8
"""Bytes of a value that are looked up first. Shorter values are looked for one by one, and only as
a whole cell, line or element of a text: elsewhere they would be found by chance."""
_BLOCK = 1 << 22


# -- what was delivered -----------------------------------------------------------------------


def delivered_values(extracts: Path) -> dict[str, set[str]]:
    """`<feed>.<column>` -> all values of every column of personal data, of every file: good rows,
    those with too many fields, and what can be read of files that are refused."""
    found: dict[str, set[str]] = defaultdict(set)
    for feed in load_contracts().values():
        if any(column.pii for column in feed.columns):
            for path in sorted((extracts / feed.name).iterdir()):
                for name, values in _columns(path, feed):
                    clean = {v.strip() for v in values if isinstance(v, str)}
                    found[f"{feed.name}.{name}"] |= {v for v in clean if v.lower() not in _NOTHING}
    return dict(found)


def _columns(path: Path, feed: Feed) -> Iterator[tuple[str, list[str | None]]]:
    personal = {column.name for column in feed.columns if column.pii}
    for head, rows in _tables(path):
        names = [str(name or "").strip().lstrip("\ufeff").lower() for name in head]
        for place, name in enumerate(names):
            if name in personal:
                yield name, [row[place] for row in rows if len(row) > place]


def _tables(path: Path) -> Iterator[tuple[list, list[list]]]:
    name, content = path.name.lower(), path.read_bytes()
    if name.endswith(".gz"):
        content = zlib.decompressobj(wbits=31).decompress(content)  # of a cut file what there is
    if name.endswith(".parquet"):
        table = pq.ParquetFile(io.BytesIO(content)).read()
        yield (
            table.column_names,
            [list(row) for row in zip(*table.to_pydict().values(), strict=True)],
        )
    elif name.endswith(".xlsx"):
        sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        yield rows[0], rows[1:]
    elif name.endswith("json"):
        text = _decoded(content)
        lines = text.splitlines() if name.endswith(".ndjson") else [text]
        for line in filter(str.strip, lines):
            parsed = json.loads(line)
            for row in parsed if isinstance(parsed, list) else [parsed]:
                yield list(row), [list(row.values())]
    else:
        text = re.sub(r"\Asep=.\s*\n", "", _decoded(content))
        delimiter = max(";,\t|", key=text.split("\n", 1)[0].count)
        head, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        yield head, rows


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


# -- looking for them -------------------------------------------------------------------------


def folded(text: str) -> str:
    """A text as it is searched: without case, and without the ways to write a letter."""
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).lower()


@dataclass
class Values:
    """Values to look for: in clear, and as anybody could make them of those in clear."""

    clear: set[str]
    _by_window: dict[bytes, dict[int, set[bytes]]] = field(default_factory=dict, repr=False)
    _short: set[str] = field(default_factory=set, repr=False)
    _bits: np.ndarray = field(default_factory=lambda: np.zeros(1 << 24, dtype=bool), repr=False)

    def __post_init__(self) -> None:
        for value in self.clear:
            self._add(folded(value))
            for made in _made_of(value):
                self._add(made)
        if self._by_window:
            joined = np.frombuffer(b"".join(self._by_window), dtype="<u8")
            self._bits[_slots(joined)] = True

    def _add(self, text: str) -> None:
        needle = text.encode()
        if len(needle) < _WINDOW:
            self._short.add(text)
        else:
            lengths = self._by_window.setdefault(needle[:_WINDOW], {})
            lengths.setdefault(len(needle), set()).add(needle)

    def in_text(self, text: str) -> set[str]:
        """Those that stand in a text, not within a longer word; escapes of HTML, JSON and addresses
        of pages are undone."""
        forms = {text, html.unescape(text) if "&" in text else text}
        forms |= {_unescaped(form) for form in forms if "\\" in form}
        forms |= {unquote(form) for form in forms if "%" in form}
        found: set[str] = set()
        for form in map(folded, forms):
            found |= self._in_bytes(form.encode("utf-8", "replace"))
            found |= {s for s in self._short if s in form and _stands_alone(s, form)}
        return found

    def in_bytes(self, content: bytes) -> set[str]:
        """Those that stand in bytes as they are, in UTF-8, whatever their case."""
        found = self._in_bytes(content.lower(), is_packed=b"\0" in content)
        if not content.isascii():
            lowered = content.decode("utf-8", "replace").lower().encode()
            found |= self._in_bytes(lowered, is_packed=b"\0" in content)
        return found

    def _in_bytes(self, content: bytes, is_packed: bool = False) -> set[str]:
        # packed texts follow each other without anything between them
        found = set()
        raw = np.frombuffer(content, dtype=np.uint8)
        for begin in range(0, max(0, len(raw) - _WINDOW + 1), _BLOCK):
            block = raw[begin : begin + _BLOCK + _WINDOW - 1].astype(np.uint64)
            size = len(block) - _WINDOW + 1
            windows = np.zeros(size, dtype=np.uint64)
            for i in range(_WINDOW):
                windows |= block[i : i + size] << np.uint64(8 * i)
            for at in (np.flatnonzero(self._bits[_slots(windows)]) + begin).tolist():
                lengths = self._by_window.get(content[at : at + _WINDOW], {})
                for length, needles in lengths.items():
                    word = content[at : at + length]
                    if word in needles and (is_packed or not _is_within(content, at, length)):
                        found.add(word.decode())
        return found


def _stands_alone(short: str, text: str) -> bool:
    edge = r"""[>"'\n\t;,|<\]\[{}]"""
    return re.search(rf"(?:^|{edge})\s*{re.escape(short)}\s*(?:$|{edge})", text) is not None


def _is_within(content: bytes, at: int, length: int) -> bool:
    """Whether the bytes are part of a longer word."""
    before, after = content[max(0, at - 1) : at], content[at + length : at + length + 1]
    return before.isalnum() or after.isalnum()


def _slots(windows: np.ndarray) -> np.ndarray:
    return (windows * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(40)


def _unescaped(text: str) -> str:
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text)


def _made_of(value: str) -> Iterator[str]:
    """What hides nothing: hashes without a key, and Base64 (which keeps its case: folded)."""
    for spelled in {value, value.lower()}:
        content = spelled.encode()
        yield hashlib.sha256(content).hexdigest()
        yield hashlib.md5(content).hexdigest()
        yield hashlib.sha1(content).hexdigest()
        if len(content) >= 2 * _WINDOW:
            yield base64.b64encode(content).decode().rstrip("=").lower()


# -- files ------------------------------------------------------------------------------------


def found_in(path: Path, values: Values) -> set[str]:
    """The values in a file: in its name, its bytes, and in what they hold if it is a database, a
    table, or packed."""
    return values.in_text(path.name) | _found(path.name, path.read_bytes(), path, values)


def _found(name: str, content: bytes, path: Path | None, values: Values) -> set[str]:
    found = values.in_bytes(content)
    if content[8:12] == b"DUCK" and path is not None:
        for text in duckdb_texts(path):
            found |= values.in_text(text)
    elif content.startswith(b"PAR1"):
        for text in _parquet_texts(content):
            found |= values.in_text(text)
    elif content.startswith(b"SQLite format 3") and path is not None:
        for text in _sqlite_texts(path):
            found |= values.in_text(text)
    elif content.startswith(b"\x1f\x8b"):
        found |= _found(name, gzip.decompress(content), None, values)
    elif content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                found |= _found(member, archive.read(member), None, values)
    elif b"\0" in content[:1024] and content.startswith((b"\xff\xfe", b"\xfe\xff")):
        found |= values.in_text(content.decode("utf-16"))
    elif b"\0" not in content:
        text = content.decode("utf-8", "replace")
        found |= values.in_text(text)
        for packed in re.findall(r"base64,([A-Za-z0-9+/=]{24,})", text):
            found |= _found(name, base64.b64decode(packed + "=="), None, values)
    return found


def duckdb_texts(path: Path, schema: str | None = None) -> Iterator[str]:
    """Texts of all tables of a database (or of a schema), and what its catalog says."""
    with duckdb.connect() as connection:
        quoted = str(path).replace("'", "''")
        connection.execute(f"attach '{quoted}' as looked_at (read_only)")
        only = f" and schema_name = '{schema}'" if schema else ""
        catalog = connection.execute(
            "select concat_ws(chr(10), comment, sql) from duckdb_tables() "
            f"where database_name = 'looked_at'{only} union all "
            "select concat_ws(chr(10), comment, sql) from duckdb_views() "
            f"where database_name = 'looked_at'{only} union all "
            "select concat_ws(chr(10), comment, column_default) from duckdb_columns() "
            f"where database_name = 'looked_at'{only}"
        ).fetchall()
        yield "\n".join(text for (text,) in catalog if text)
        for table_schema, table in connection.execute(
            "select schema_name, table_name from duckdb_tables() "
            f"where database_name = 'looked_at'{only}"
        ).fetchall():
            name = f'looked_at."{table_schema}"."{table}"'
            for column, kind, *_ in connection.execute(f"describe {name}").fetchall():
                if kind == "BLOB":
                    shown = f'decode(encode(cast("{column}" as varchar)))'
                elif re.search(r"VARCHAR|ENUM|STRUCT|MAP|\[\]|JSON|UNION", kind):
                    shown = f'cast("{column}" as varchar)'
                else:
                    continue  # numbers, days and instants hold no text
                texts = connection.execute(f"select distinct {shown} from {name}").fetchall()
                yield "\n".join(text for (text,) in texts if text)


def _parquet_texts(content: bytes) -> Iterator[str]:
    file = pq.ParquetFile(io.BytesIO(content))
    yield f"{file.schema_arrow} {file.metadata.metadata}"
    for column in file.read().columns:
        kind = column.type
        if pa.types.is_nested(kind):
            yield "\n".join(map(str, column.to_pylist()))
        elif not (pa.types.is_primitive(kind) or pa.types.is_decimal(kind)):
            yield "\n".join(map(str, column.unique().to_pylist()))


def _sqlite_texts(path: Path) -> Iterator[str]:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    connection.text_factory = lambda content: content.decode("utf-8", "replace")
    try:
        tables = connection.execute(
            "select name from sqlite_master where type = 'table'"
        ).fetchall()
        for (table,) in tables:
            for row in connection.execute(f'select * from "{table}"'):
                yield "\n".join(
                    cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell)
                    for cell in row
                    if cell is not None
                )
    finally:
        connection.close()


def found_under(folder: Path, values: Values, but: Iterable[Path] = ()) -> dict[str, set[str]]:
    """File -> the values in it, for all files under a folder that hold any; `but` are left out."""
    left = tuple(but)
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not any(path.is_relative_to(other) for other in left):
            name = str(path.relative_to(folder))
            if values_there := values.in_text(name) | found_in(path, values):
                found[name] = values_there
    return found
