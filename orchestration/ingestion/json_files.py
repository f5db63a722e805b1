"""JSON: an array of flat objects, or one object a line. Read object by object, so that memory does
not grow with the file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NoReturn

import numpy as np
import pyarrow as pa

from orchestration.ingestion.cells import (
    BLANKS,
    BROKEN,
    NUMBER,
    blank_rows,
    number_text,
    text_array,
)
from orchestration.ingestion.contract import Feed
from orchestration.ingestion.readers import (
    Attempt,
    Chunk,
    Limits,
    Reading,
    Rejected,
    check_field_size,
    extra_columns,
    fold,
    require_columns,
)
from orchestration.ingestion.sources import Text

_BLOCK = 256 * 1024
_SPACE = " \t\r\n"


def read_json(text: Text, feed: Feed, limits: Limits, attempt: Attempt, lines: bool) -> Reading:
    """Begin to read JSON, `lines` for one object a line.

    Raises (while the chunks are read):
        Rejected: UNREADABLE where it is no such JSON, TOO_LARGE, MISSING_COLUMN.
    """
    reading = Reading(iter(()), is_typed=True)
    objects = _lines(text, limits) if lines else _array(text, limits)
    reading.chunks = _chunks(objects, feed, limits, reading)
    return reading


def _chunks(
    objects: Iterator[tuple[tuple, str]], feed: Feed, limits: Limits, reading: Reading
) -> Iterator[Chunk]:
    rows = _Rows(feed, limits, reading)
    for pairs, source in objects:
        rows.add(pairs, source)
        if rows.is_full and (chunk := rows.flush()):
            yield chunk
    if rows.seen:
        require_columns(feed, {fold(name) for name in rows.seen})
    if chunk := rows.flush():
        yield chunk
    reading.warnings += extra_columns(feed, list(rows.seen))


class _Rows:
    """Collects objects, and makes columns of them: nearly all objects of a file have the same
    names, so that their places are looked up once."""

    _MOST_LAYOUTS = 1_000

    def __init__(self, feed: Feed, limits: Limits, reading: Reading) -> None:
        self._names = tuple(column.name for column in feed.columns)
        self._places = {name: place for place, name in enumerate(self._names)}
        self._limits = limits
        self._reading = reading
        self.seen: dict[str, int | None] = {}
        """Delivered names, in the order of their coming, with their places in the contract."""
        self._layouts: dict[tuple[str, ...], tuple[itemgetter, list[int]]] = {}
        self._rows: list[tuple] = []
        self._others: list[tuple] = []
        self._sources: list[str] = []
        self._size = 0

    def add(self, pairs: tuple, source: str) -> None:
        names, values = zip(*pairs, strict=True) if pairs else ((), ())
        layout = self._layouts.get(names)
        if layout is None:
            layout = self._layout(names)
        of_contract, others = layout
        self._rows.append(of_contract((*values, None)))
        self._others.append(tuple(values[at] for at in others) if others else ())
        self._sources.append(source)
        self._size += 2 * len(source)
        # A character is at most four bytes.
        if others and len(source) > self._limits.max_field_bytes // 4:
            self._check_sizes(names, values, others)

    def _layout(self, names: tuple[str, ...]) -> tuple[itemgetter, list[int]]:
        """How to take the values of the contract from those of an object (the one behind its last
        is null), and where the others stand."""
        if len(self._layouts) >= self._MOST_LAYOUTS:
            self._layouts.clear()
        at_place: dict[int, int] = {}
        others = []
        for at, name in enumerate(names):
            if name not in self.seen:
                self.seen[name] = self._places.get(fold(name))
                if len(self.seen) > self._limits.max_columns:
                    most = self._limits.max_columns
                    raise Rejected("TOO_LARGE", f"more than {most} different names in objects")
            place = self.seen[name]
            if place is None:
                others.append(at)
            elif place in at_place:
                raise Rejected(
                    "UNREADABLE", f"{self._names[place]} stands twice in an object: leave one"
                )
            else:
                at_place[place] = at
        getter = itemgetter(*(at_place.get(p, len(names)) for p in range(len(self._names))))
        layout = self._layouts[names] = (getter, others)
        return layout

    def _check_sizes(self, names: tuple[str, ...], values: tuple, others: list[int]) -> None:
        for at in others:
            cell = _cell(values[at])
            if cell and len(cell.encode("utf-8", "replace")) > self._limits.max_field_bytes:
                raise Rejected(
                    "TOO_LARGE",
                    f"a field of more than {self._limits.max_field_bytes:,} bytes: "
                    f"{names[at][:40]}",
                )

    @property
    def is_full(self) -> bool:
        limits = self._limits
        return len(self._rows) >= limits.chunk_rows or self._size >= limits.block_bytes

    def flush(self) -> Chunk | None:
        """The objects so far as a chunk, None if no row is among them."""
        rows, others, sources = self._rows, self._others, self._sources
        self._rows, self._others, self._sources, self._size = [], [], [], 0
        if not rows:
            return None
        columns = [_column(values) for values in zip(*rows, strict=True)]
        blank = [
            row
            for row in blank_rows(columns)
            if not any((_cell(value) or "").strip(BLANKS) for value in others[row])
        ]
        raw = text_array(sources)
        if blank:
            keep = pa.array(np.delete(np.arange(len(rows)), blank))
            columns, raw = [column.take(keep) for column in columns], raw.take(keep)
        if not len(raw):
            return None
        check_field_size(columns, self._limits)
        first = self._reading.delivered + 1
        self._reading.delivered += len(raw)
        return Chunk(self._names, columns, np.arange(first, first + len(raw)), raw)


def _column(values: Sequence[Any]) -> pa.Array:
    try:
        return pa.array(values, pa.string())  # texts and numbers are text already
    except (pa.ArrowException, UnicodeEncodeError, TypeError):
        return text_array([_cell(value) for value in values])


def _cell(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, _Exponent):
        return number_text(value.text)
    return BROKEN + json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: Any) -> Any:
    """A nested value; its numbers as they are written."""
    if isinstance(value, tuple):
        return {name: _plain(inner) for name, inner in value}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, _Exponent):
        return value.text
    return value.removeprefix(NUMBER) if isinstance(value, str) else value


# -- decoding ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Exponent:
    """A number that is written with an exponent."""

    text: str


class _Number(str):
    """A number, where it must not be taken for a text."""


def _decoder(number: Callable[[str], Any]) -> json.JSONDecoder:
    """Objects become tuples of pairs, for names may repeat."""
    return json.JSONDecoder(
        object_pairs_hook=tuple,
        parse_float=number,
        parse_int=number,
        parse_constant=_refuse_constant,
    )


def _marked(text: str) -> str | _Exponent:
    return _Exponent(text) if "e" in text or "E" in text else NUMBER + text


def _refuse_constant(name: str) -> NoReturn:
    raise Rejected("UNREADABLE", f"{name} is no JSON: write null")


_CAREFUL = _decoder(_Number)


def _object(value: Any, source: str, where: str) -> tuple[tuple, str]:
    """An object as its pairs, and its text."""
    if not isinstance(value, tuple):
        raise Rejected("UNREADABLE", f"{where} is no object: send an array of flat objects")
    if "\\u000" in source:
        # A text that begins with a mark, which only an escape can write, is no marked number.
        pairs = _CAREFUL.decode(source)
        value = tuple((name, _without_mark(inner)) for name, inner in pairs)
    return value, source


def _without_mark(value: Any) -> Any:
    if isinstance(value, _Number):
        return number_text(value)
    if isinstance(value, str):
        return value.lstrip(NUMBER + BROKEN)
    return _cell(value) if isinstance(value, list | tuple) else value


def _lines(text: Text, limits: Limits) -> Iterator[tuple[tuple, str]]:
    decoder = _decoder(_marked)
    longest = min(limits.max_file_bytes, limits.max_columns * limits.max_field_bytes)
    with text.lines() as lines:
        number = 0
        while line := lines.readline(longest + 1):
            number += 1
            if len(line) > longest:
                raise Rejected("TOO_LARGE", f"line {number} is longer than {longest:,} characters")
            source = line.strip(_SPACE)
            if not source:
                continue
            try:
                value, end = decoder.raw_decode(source)
                if end < len(source):
                    decoder.decode(source)  # which tells what is wrong
            except (json.JSONDecodeError, RecursionError) as error:
                raise Rejected("UNREADABLE", f"line {number} is no JSON: {error}") from error
            yield _object(value, source, f"line {number}")


def _array(text: Text, limits: Limits) -> Iterator[tuple[tuple, str]]:
    with text.lines() as stream:
        yield from _Array(stream, limits).objects()


class _Array:
    """The objects of a JSON array, from a buffer that holds little more than one object."""

    def __init__(self, stream: Any, limits: Limits) -> None:
        self._stream = stream
        self._limits = limits
        self._decoder = _decoder(_marked)
        self._buffer = ""
        self._at = 0
        self._is_whole = False

    def objects(self) -> Iterator[tuple[tuple, str]]:
        if self._next_character() != "[":
            raise Rejected("UNREADABLE", "the content does not begin with [: send a JSON array")
        self._at += 1
        number = 0
        character = self._next_character()
        while character != "]":
            if number:
                if character != ",":
                    raise self._broken(f"after object {number} a comma or ] is expected")
                self._at += 1
                character = self._next_character()
            number += 1
            if character != "{":
                raise self._broken(f"element {number} is no object: send flat objects")
            yield self._object(number)
            character = self._next_character()
        self._at += 1
        if self._next_character():
            raise self._broken("something follows the array")

    def _object(self, number: int) -> tuple[tuple, str]:
        wanted = _BLOCK
        while True:
            try:
                value, end = self._decoder.raw_decode(self._buffer, self._at)
            except RecursionError as error:
                raise Rejected("UNREADABLE", f"object {number} is nested too deep") from error
            except json.JSONDecodeError as error:
                # An object that is cut by the buffer fails near its end, a broken one anywhere.
                reach = len(self._buffer) - 2 * self._limits.max_field_bytes
                if self._is_whole or error.pos < reach:
                    raise Rejected("UNREADABLE", f"object {number} is broken: {error}") from error
                self._fill(wanted)
                wanted *= 2  # so that a long object is not scanned again and again
                continue
            source = self._buffer[self._at : end]
            self._at = end
            return _object(value, source, f"element {number}")

    def _next_character(self) -> str:
        """The next one that is not blank, without taking it; empty at the end."""
        while True:
            while self._at < len(self._buffer):
                if self._buffer[self._at] not in _SPACE:
                    return self._buffer[self._at]
                self._at += 1
            if self._is_whole:
                return ""
            self._fill(_BLOCK)

    def _fill(self, size: int) -> None:
        more = self._stream.read(size)
        self._is_whole = not more
        self._buffer = self._buffer[self._at :] + more
        self._at = 0

    def _broken(self, message: str) -> Rejected:
        return Rejected("UNREADABLE", message)  # what stands there may be personal
