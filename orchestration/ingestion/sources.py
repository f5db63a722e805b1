"""The bytes of a delivered file: opened without following links, hashed, decompressed, decoded.

What belongs here: everything that is decided from bytes alone, before any format is parsed. What
does not: delimiters, columns, values. Text leaves this module as UTF-8.
"""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import os
import stat
import tempfile
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from orchestration.ingestion.readers import Limits, Rejected

_BLOCK = 1024**2
_IN_MEMORY = 8 * 1024**2
"""Smaller contents stay in memory, larger ones are spooled to disk."""
_SPREADSHEET_END = b"\x1a"
_EMPTY_BYTES = b" \t\r\n" + _SPREADSHEET_END
_OTHER_KINDS = {
    b"PK\x03\x04": "a zip archive or workbook",
    b"\x1f\x8b": "a gzip archive",
    b"PAR1": "Parquet",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"%PDF": "a PDF",
}


class FileChanged(Exception):
    """A file was written to, or taken away, while it was read: it is left for the next load."""


def open_delivered(path: Path, size: int, modified_ns: int) -> BinaryIO:
    """Open a regular file without following a link, and only if it is still as it was listed.

    Raises:
        FileChanged: the file is gone, or no longer what the listing saw.
        PermissionError: it may not be read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except PermissionError:
        raise
    except OSError as error:
        raise FileChanged(str(error)) from error
    handle = os.fdopen(descriptor, "rb")
    try:
        check_unchanged(handle, size, modified_ns)
    except FileChanged:
        handle.close()
        raise
    if size <= _IN_MEMORY:
        with handle:
            content = handle.read(size + 1)
            check_unchanged(handle, size, modified_ns)
        if len(content) != size:
            raise FileChanged(f"{len(content)} bytes read, {size} expected")
        return io.BytesIO(content)
    return handle


def check_unchanged(handle: BinaryIO, size: int, modified_ns: int) -> None:
    """Make sure that an open file is still as it was listed (memory is always).

    Raises:
        FileChanged: size or time differ, or it is no regular file.
    """
    if isinstance(handle, io.BytesIO):
        return
    now = os.fstat(handle.fileno())
    if not stat.S_ISREG(now.st_mode) or (now.st_size, now.st_mtime_ns) != (size, modified_ns):
        raise FileChanged("it was written to while it was read")


def sha256(handle: BinaryIO) -> str:
    """SHA-256 of all bytes, in hexadecimal; leaves the handle at the start."""
    handle.seek(0)
    if isinstance(handle, io.BytesIO):
        return hashlib.sha256(handle.getbuffer()).hexdigest()
    digest = hashlib.file_digest(handle, "sha256").hexdigest()
    handle.seek(0)
    return digest


def decompress(handle: BinaryIO, limits: Limits, workspace: Path) -> BinaryIO:
    """All members of a gzip file, spooled; bounded while decompressing.

    Raises:
        Rejected: no gzip, damaged, garbage behind it, or larger than the limit.
    """
    handle.seek(0)
    spool = _spool(workspace)
    total = 0
    try:
        with gzip.GzipFile(fileobj=handle, mode="rb") as unpacked:
            while block := unpacked.read(_BLOCK):
                total += len(block)
                if total > limits.max_file_bytes:
                    raise too_large(limits, "decompressed")
                spool.write(block)
    except (OSError, EOFError, zlib.error) as error:
        message = f"not a complete gzip file ({error}): send it again"
        raise Rejected("UNREADABLE", message) from error
    return spool


def too_large(limits: Limits, what: str) -> Rejected:
    return Rejected(
        "TOO_LARGE",
        f"{what} larger than {limits.max_file_bytes:,} bytes: send it in parts, or raise "
        "PARTNERDW_MAX_FILE_BYTES",
    )


def _spool(workspace: Path) -> BinaryIO:
    return tempfile.SpooledTemporaryFile(_IN_MEMORY, dir=workspace)  # type: ignore[return-value]


# -- text -------------------------------------------------------------------------------------


@dataclass
class Text:
    """UTF-8 text in `handle` from byte `begin` (after a byte order mark) to `end` (before a final
    Ctrl-Z)."""

    handle: BinaryIO
    begin: int
    end: int
    has_lone_cr: bool
    has_odd_quotes: bool

    @property
    def size(self) -> int:
        return self.end - self.begin

    def head(self, size: int) -> str:
        """The first bytes as text; a character that is cut at the end is left out."""
        self.handle.seek(self.begin)
        return self.handle.read(min(size, self.size)).decode("utf-8", "ignore")

    def lines(self) -> io.TextIOWrapper:
        """The text to be read line by line; only LF ends a line."""
        return io.TextIOWrapper(
            io.BufferedReader(Slice(self.handle, self.begin, self.end)),  # type: ignore[type-var]
            encoding="utf-8",
            newline="\n",
        )


class Slice(io.RawIOBase):
    """Part of a file as a file of its own, followed by `tail`. Closing it leaves the file open, and
    makes sure that no other thread moves in it."""

    def __init__(self, handle: BinaryIO, begin: int, end: int, tail: bytes = b"") -> None:
        super().__init__()
        self._handle = handle
        self._left = end - begin
        self._tail = io.BytesIO(tail)
        self._held = b""
        self._lock = threading.Lock()
        handle.seek(begin)

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        with self._lock:
            super().close()

    def read(self, size: int = -1) -> bytes:  # type: ignore[override]
        with self._lock:
            if self.closed:
                raise ValueError("read of a closed file")
            return self._read(size)

    def _read(self, size: int) -> bytes:
        if size is None or size < 0:
            size = len(self._held) + self._left + len(self._tail.getbuffer())
        block = self._held + self._next(size - len(self._held))
        # Arrow's CSV reader drops the LF of a CR LF that two blocks share, also inside quotes: the
        # CR is held back for the next block.
        is_cut = len(block) > 1 and block.endswith(b"\r")
        self._held = b"\r" if is_cut else b""
        return block[:-1] if is_cut else block

    def _next(self, size: int) -> bytes:
        wanted = min(size, self._left)
        block = self._handle.read(wanted) if wanted else b""
        self._left = self._left - wanted if len(block) == wanted else 0
        return block if self._left else block + self._tail.read(size - len(block))

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]
        block = self.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)


def open_text(handle: BinaryIO, limits: Limits, workspace: Path) -> Text:
    """Settle the encoding of a text file: UTF-8, else UTF-16 by its mark, else Windows-1252.

    Raises:
        Rejected: EMPTY, UNREADABLE (a NUL, content of another kind) or UNKNOWN_ENCODING.
    """
    handle.seek(0)
    start = handle.read(8)
    for magic, kind in _OTHER_KINDS.items():
        if start.startswith(magic):
            raise Rejected("UNREADABLE", f"the content is {kind}, not text: correct the ending")
    survey = _Survey(handle)
    if survey.is_utf8:
        begin = 3 if start.startswith(codecs.BOM_UTF8) else 0
        return _text(handle, survey, begin)
    encodings = ["utf-16"] if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else []
    if survey.has_nul and not encodings:
        raise _nul()
    for encoding in [*encodings, "cp1252"]:
        decoded = _transcode(handle, encoding, workspace)
        if decoded is not None:
            return _text(decoded, _Survey(decoded), 0)
    raise Rejected(
        "UNKNOWN_ENCODING",
        "the text is neither UTF-8 nor UTF-16 with a byte order mark nor Windows-1252: "
        "export it as UTF-8",
    )


def _text(handle: BinaryIO, survey: _Survey, begin: int) -> Text:
    if survey.has_nul:
        raise _nul()
    end = _end_of_text(handle, survey.size)
    if survey.is_blank or end <= begin:
        raise Rejected("EMPTY", "the file has no content: not even a header line")
    return Text(handle, begin, end, survey.has_lone_cr, survey.quotes % 2 == 1)


def _nul() -> Rejected:
    return Rejected("UNREADABLE", "the file holds NUL bytes: it is no text in a known encoding")


def _end_of_text(handle: BinaryIO, size: int) -> int:
    """Where the text ends: before a final Ctrl-Z, which old systems write, if there is one."""
    handle.seek(max(0, size - 16))
    tail = handle.read().rstrip(b"\r\n")
    if not tail.endswith(_SPREADSHEET_END):
        return size
    return max(0, size - 16) + len(tail) - 1


class _Survey:
    """One pass over the bytes: which encodings and line ends they can have."""

    def __init__(self, handle: BinaryIO) -> None:
        self.size = 0
        self.is_utf8 = True
        self.has_nul = False
        self.is_blank = True
        self.has_lone_cr = False
        self.quotes = 0
        decoder = codecs.getincrementaldecoder("utf-8")()
        pending_cr = False
        for block in _blocks(handle):
            if self.is_utf8 and not (block.isascii() and not decoder.getstate()[0]):
                try:
                    decoder.decode(block)
                except UnicodeDecodeError:
                    self.is_utf8 = False
            self.has_nul = self.has_nul or b"\0" in block
            if self.is_blank:
                content = block.removeprefix(codecs.BOM_UTF8) if not self.size else block
                self.is_blank = not content.strip(_EMPTY_BYTES)
            if pending_cr and not block.startswith(b"\n"):
                self.has_lone_cr = True
            pending_cr = block.endswith(b"\r")
            if b"\r" in block:
                returns = block.count(b"\r") - pending_cr
                self.has_lone_cr = self.has_lone_cr or returns != block.count(b"\r\n")
            if b'"' in block:
                self.quotes += block.count(b'"')
            self.size += len(block)
        if pending_cr:
            self.has_lone_cr = True
        if self.is_utf8 and decoder.getstate()[0]:
            self.is_utf8 = False  # the last character is cut


def _blocks(handle: BinaryIO) -> Iterator[bytes]:
    handle.seek(0)
    while block := handle.read(_BLOCK):
        yield block


def _transcode(handle: BinaryIO, encoding: str, workspace: Path) -> BinaryIO | None:
    """The text as UTF-8, None if it is not in this encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    spool = _spool(workspace)
    try:
        for block in _blocks(handle):
            spool.write(decoder.decode(block).encode())
        spool.write(decoder.decode(b"", final=True).encode())
    except UnicodeError:
        return None
    return spool
