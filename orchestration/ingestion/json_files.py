"""JSON: an array of flat objects, or one object a line. Read object by object, so that memory does
not grow with the file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from orchestration.ingestion.cells import BLANKS, BROKEN, number_text
from orchestration.ingestion.contract import Feed
from orchestration.ingestion.readers import (
    Attempt,
    Chunk,
    Limits,
    Reading,
    Rejected,
    RowChunks,
    extra_columns,
    fold,
    require_columns,
)
from orchestration.ingestion.sources import Text

_BLOCK = 256 * 1024
_SPACE = " \t\r\n"


class _Pairs(list):
    """An object as its pairs: names may repeat, and a list is no object."""


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
    objects: Iterator[tuple[_Pairs, str]], feed: Feed, limits: Limits, reading: Reading
) -> Iterator[Chunk]:
    names = [column.name for column in feed.columns]
    places = {name: place for place, name in enumerate(names)}
    seen: dict[str, int | None] = {}
    rows = RowChunks(names, limits, reading)
    for pairs, source in objects:
        cells: list[str | None] = [None] * len(names)
        filled: set[int] = set()
        is_blank = True
        for name, value in pairs:
            if name not in seen:
                seen[name] = places.get(fold(name))
                if len(seen) > limits.max_columns:
                    raise Rejected(
                        "TOO_LARGE", f"more than {limits.max_columns} different names in objects"
                    )
            place = seen[name]
            cell = _cell(value)
            if cell is not None and is_blank and cell.strip(BLANKS):
                is_blank = False
            if place is None:
                if cell and len(cell.encode("utf-8", "replace")) > limits.max_field_bytes:
                    raise Rejected(
                        "TOO_LARGE",
                        f"a field of more than {limits.max_field_bytes:,} bytes: {name[:40]}",
                    )
                continue
            if place in filled:
                raise Rejected(
                    "UNREADABLE",
                    f"{names[place]} stands twice in the object {source[:80]}: leave one of them",
                )
            filled.add(place)
            cells[place] = cell
        if not is_blank and (chunk := rows.add(cells, source)):
            yield chunk
    if seen:
        require_columns(feed, {fold(name) for name in seen})
    if chunk := rows.flush():
        yield chunk
    reading.warnings += extra_columns(feed, list(seen))


def _cell(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, _Number):
        return number_text(value)
    if isinstance(value, str):
        return value.lstrip("\x01\x02")
    return BROKEN + json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, _Pairs):
        return {name: _plain(inner) for name, inner in value}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value


class _Number(str):
    """The digits of a number as they stand in the file."""


def _refuse_constant(name: str) -> NoReturn:
    raise Rejected("UNREADABLE", f"{name} is no JSON: write null")


def _decoder() -> json.JSONDecoder:
    return json.JSONDecoder(
        object_pairs_hook=_Pairs,
        parse_float=_Number,
        parse_int=_Number,
        parse_constant=_refuse_constant,
    )


def _lines(text: Text, limits: Limits) -> Iterator[tuple[_Pairs, str]]:
    decoder = _decoder()
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
                value = decoder.decode(source)
            except (json.JSONDecodeError, RecursionError) as error:
                raise Rejected("UNREADABLE", f"line {number} is no JSON: {error}") from error
            yield _object(value, f"line {number}"), source


def _array(text: Text, limits: Limits) -> Iterator[tuple[_Pairs, str]]:
    with text.lines() as stream:
        yield from _Array(stream, limits).objects()


def _object(value: Any, where: str) -> _Pairs:
    if not isinstance(value, _Pairs):
        raise Rejected("UNREADABLE", f"{where} is no object: send an array of flat objects")
    return value


class _Array:
    """The objects of a JSON array, from a buffer that holds little more than one object."""

    def __init__(self, stream: Any, limits: Limits) -> None:
        self._stream = stream
        self._limits = limits
        self._decoder = _decoder()
        self._buffer = ""
        self._at = 0
        self._is_whole = False

    def objects(self) -> Iterator[tuple[_Pairs, str]]:
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

    def _object(self, number: int) -> tuple[_Pairs, str]:
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
            return _object(value, f"element {number}"), source

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
        return Rejected("UNREADABLE", f"{message}: {self._buffer[self._at : self._at + 40]!r}")
