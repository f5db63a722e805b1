"""The XML of worksheets and of their shared strings, read from its bytes a block at a time.

What belongs here: the form in which programs write sheets, taken apart with numpy. What does not:
what the cells mean (`sheets`), and anything rarer: XML that is not exactly of this form raises
`OddXml`, and is read by openpyxl, with the same results and twenty times as slowly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa

from orchestration.ingestion.cells import cut_out

_BLOCK = 4 * 1024**2
_PAD = 48  # bytes that may be looked at behind a block
_HEAD = 1024**2
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384  # of any worksheet, by the file format
_OPENED, _CLOSED = b"<sheetData>", b"</sheetData>"
_ENTITY = re.compile(r"&(?:(amp|lt|gt|quot|apos);)?")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_SHARED = re.compile(r'<si><t(?: xml:space="preserve")?>([^<]*)</t></si>')


class OddXml(Exception):
    """The XML is not of the form that is read here; it need not be wrong."""


# -- what all XML must be ---------------------------------------------------------------------


def _check_text(data: bytes, allowed: bytes = b"") -> None:
    """No character that a parser would refuse or change."""
    low = np.count_nonzero(np.frombuffer(data, np.uint8) < 32)
    if low != sum(data.count(byte) for byte in allowed):
        raise OddXml("control characters")
    if b"]]>" in data or b"<!" in data or b"\xef\xbf\xbe" in data or b"\xef\xbf\xbf" in data:
        raise OddXml("not plain text")


def _check_head(head: bytes) -> None:
    declaration = re.match(rb"<\?xml[^>]*\?>", head)
    encoding = declaration and re.search(rb"encoding=[\"']([^\"']*)", declaration[0])
    if not head.startswith(b"<") or (encoding and encoding[1].lower() != b"utf-8"):
        raise OddXml("another encoding")
    if b"<!" in head:
        raise OddXml("a comment or document type")


def unescaped(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        if not match[1]:
            raise OddXml("an entity")
        return _ENTITIES[match[1]]

    return _ENTITY.sub(character, text)


def shared_strings(data: bytes) -> list[str]:
    """The texts that cells point to.

    Raises:
        OddXml: the table holds formatted text or something else.
    """
    begin, end = data.find(b"<si>"), data.rfind(b"</si>") + 5
    if begin < 0 or data[end:].strip() != b"</sst>":
        raise OddXml("no plain table of strings")
    head, body = data[:begin], data[begin:end]
    _check_head(head)
    _check_text(body, allowed=b"\t\n")
    if head.count(b"<") != 1 + head.startswith(b"<?xml"):
        raise OddXml("something before the strings")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise OddXml("no UTF-8") from error
    strings = _SHARED.findall(text)
    if body.count(b"<") != 4 * len(strings):
        raise OddXml("formatted text")
    if "&" in text:
        strings = [unescaped(s) if "&" in s else s for s in strings]
    if "x005F_" in text:  # as openpyxl does
        strings = [s.replace("x005F_", "") for s in strings]
    return strings


# -- tokens -----------------------------------------------------------------------------------

(ROW, END_ROW, C, END_C, V, END_V, F, END_F, IS, END_IS, T, T_SPACE, END_T) = range(1, 14)
EMPTY_ROW, EMPTY_C = 14, 15
_TAGS = {
    ROW: b'<row r="',
    END_ROW: b"</row>",
    C: b'<c r="',
    END_C: b"</c>",
    V: b"<v>",
    END_V: b"</v>",
    F: b"<f>",
    END_F: b"</f>",
    IS: b"<is>",
    END_IS: b"</is>",
    T: b"<t>",
    T_SPACE: b'<t xml:space="preserve">',
    END_T: b"</t>",
}
_KIND_OF = np.zeros(65536, dtype=np.uint8)  # by the two bytes behind <
for _kind, _tag in _TAGS.items():
    _KIND_OF[_tag[1] | _tag[2] << 8] = _kind
_LENGTHS = np.array([0] + [len(_TAGS.get(kind, b"")) for kind in range(1, 16)])
_FOLLOWS = np.zeros((16, 16), dtype=bool)
for _kind, _next in {
    ROW: (C, EMPTY_C, END_ROW),
    EMPTY_ROW: (ROW, EMPTY_ROW),
    END_ROW: (ROW, EMPTY_ROW),
    C: (V, F, IS, END_C),
    EMPTY_C: (C, EMPTY_C, END_ROW),
    END_C: (C, EMPTY_C, END_ROW),
    V: (END_V,),
    END_V: (END_C,),
    F: (END_F,),
    END_F: (V, END_C),
    IS: (T, T_SPACE),
    T: (END_T,),
    T_SPACE: (END_T,),
    END_T: (END_IS,),
    END_IS: (END_C,),
}.items():
    _FOLLOWS[_kind, list(_next)] = True
_HAS_TEXT = np.isin(np.arange(16), (V, F, T, T_SPACE))

NUMBER, SHARED, BOOL, ERROR, TEXT, INLINE = range(6)
"""Types of cells: `INLINE` stands in the sheet itself, `TEXT` is what a formula shows."""
_TYPES = {b's"': SHARED, b'n"': NUMBER, b'b"': BOOL, b'e"': ERROR, b'str"': TEXT}
_TYPES |= {b'inlineStr"': INLINE}


@dataclass
class Block:
    """Some rows of a sheet, and their cells that have a value: the position of their row among
    `numbers`, column (from 0), type, style and text."""

    numbers: np.ndarray
    row: np.ndarray
    column: np.ndarray
    type: np.ndarray
    style: np.ndarray
    text: pa.Array

    def after(self, number: int) -> Block:
        """The rows behind one of this number."""
        skipped = int(np.searchsorted(self.numbers, number, side="right"))
        if not skipped:
            return self
        keep = self.row >= skipped
        return Block(
            self.numbers[skipped:],
            self.row[keep] - skipped,
            self.column[keep],
            self.type[keep],
            self.style[keep],
            self.text.filter(pa.array(keep)),
        )


class Sheet:
    """A sheet whose rows are read block by block."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._row_tags: set[bytes] = set()
        self._head = self._tail = b""

    def blocks(self) -> Iterator[Block]:
        """The rows, in order.

        Raises:
            OddXml: the sheet goes on in another form; the blocks so far are right.
        """
        text = self._source.read(_HEAD)
        begin = text.find(_OPENED)
        if begin < 0:
            raise OddXml("no rows")
        begin += len(_OPENED)
        self._head, text = text[:begin], text[begin:]
        _check_head(self._head)
        last = 0
        while (end := text.find(_CLOSED)) < 0:
            more = self._source.read(_BLOCK)
            if not more:
                raise OddXml("no end of the rows")
            # A mark that is cut by the end of a piece is found with the next one.
            text += more
            cut = text.rfind(b"</row>") + len(b"</row>")
            if _CLOSED not in text and cut >= _BLOCK:
                yield (block := _block(text[:cut], self._row_tags))
                _require(block.numbers[0] > last, "rows out of order")
                last, text = block.numbers[-1], text[cut:]
        if end:
            yield (block := _block(text[:end], self._row_tags))
            _require(block.numbers[0] > last, "rows out of order")
        self._tail = text[end:] + self._source.read()

    def rest(self) -> bytes:
        """The sheet without its rows, but with each kind of row tag: for a parser to check."""
        tags = (
            b'<row r="1"%s%s' % (tag, b"" if tag[-2:] == b"/>" else b"</row>")
            for tag in self._row_tags
        )
        return self._head + b"".join(tags) + self._tail


def _require(condition: Any, what: str) -> None:
    if not np.all(condition):
        raise OddXml(what)


def _is_literal(data: np.ndarray, at: np.ndarray, literal: bytes) -> np.ndarray:
    ok = np.ones(len(at), dtype=bool)
    for place, byte in enumerate(literal):
        ok &= data[at + place] == byte
    return ok


def _block(xml: bytes, row_tags: set[bytes]) -> Block:
    """Whole rows. `row_tags` collects what their tags say behind the number."""
    _check_text(xml, allowed=b"\t\n")
    try:
        xml.isascii() or xml.decode("utf-8")
    except UnicodeDecodeError as error:
        raise OddXml("no UTF-8") from error
    buffer = pa.py_buffer(xml + bytes(_PAD))
    data = np.frombuffer(buffer, np.uint8)
    at = np.flatnonzero(data[: len(xml)] == ord("<"))
    kinds = _KIND_OF[data[at + 1] | data[at + 2].astype(np.uint16) << 8]
    _require(kinds, "an unknown tag")
    for kind, tag in _TAGS.items():
        if kind != T:  # its bytes are all seen
            _require(_is_literal(data, at[kinds == kind], tag), "another tag")
    ends = at + _LENGTHS[kinds]

    rows = np.flatnonzero(kinds == ROW)
    numbers = np.empty(len(rows), dtype=np.int64)
    for position, row in enumerate(rows):
        quote = xml.find(b'"', ends[row])
        end = xml.find(b">", quote)
        number = xml[ends[row] : quote]
        if not number.isdigit() or number.startswith(b"0") or end < 0:
            raise OddXml("a row without number")
        numbers[position] = int(number)
        row_tags.add(xml[quote + 1 : end + 1])
        ends[row] = end + 1
        if xml[end - 1 : end] == b"/":
            kinds[row] = EMPTY_ROW

    cells = np.flatnonzero(kinds == C)
    column, type_, style, ends[cells] = _attributes(data, at[cells])
    kinds[cells[data[ends[cells] - 2] == ord("/")]] = EMPTY_C

    following = np.append(at[1:], len(xml))
    _require((ends == following) | _HAS_TEXT[kinds], "text between cells")
    _require(_FOLLOWS[kinds[:-1], kinds[1:]], "another order of tags")
    _require(kinds[0] in (ROW, EMPTY_ROW) and kinds[-1] in (END_ROW, EMPTY_ROW), "half a row")
    if b"&" in xml and (kinds == F).any():
        raise OddXml("entities in formulas")

    row_of_token = np.cumsum((kinds == ROW) | (kinds == EMPTY_ROW)) - 1
    row = row_of_token[cells]
    _require((np.diff(numbers) > 0) & (numbers[1:] <= _LAST_ROW), "rows out of order")
    _require((np.diff(column) > 0) | (np.diff(row) > 0), "cells out of order")
    values = np.flatnonzero((kinds == V) | (kinds == T) | (kinds == T_SPACE))
    owner = (np.cumsum((kinds == C) | (kinds == EMPTY_C)) - 1)[values]
    # A text stands in <is>, everything else in <v>.
    _require((type_[owner] == INLINE) == (kinds[values] != V), "a value of another type")
    text = cut_out(buffer, ends[values], following[values])
    return Block(numbers, row[owner], column[owner], type_[owner], style[owner], text)


def _attributes(
    data: np.ndarray, at: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Column (from 0), type and style of cells, and where their tags end."""
    place = at + len(_TAGS[C])
    column = np.zeros(len(at), dtype=np.int64)
    for _ in range(3):
        byte = data[place]
        is_letter = (byte >= ord("A")) & (byte <= ord("Z"))
        column = np.where(is_letter, column * 26 + byte - (ord("A") - 1), column)
        place = place + is_letter
    _require((column > 0) & (column <= _LAST_COLUMN) & (data[place] != ord("0")), "a reference")
    place, _ = _whole_number(data, place, 7)
    style = np.zeros(len(at), dtype=np.int64)
    type_ = np.full(len(at), NUMBER)
    some = np.flatnonzero(_is_literal(data, place, b'" s="'))
    place[some], style[some] = _whole_number(data, place[some] + 5, 5)
    some = np.flatnonzero(_is_literal(data, place, b'" t="'))
    if len(some):
        start = place[some] + 5
        found = np.full(len(some), -1)
        for name, value in _TYPES.items():
            is_this = _is_literal(data, start, name)
            found[is_this] = value
            start = np.where(is_this, start + len(name) - 1, start)
            if found.min() >= 0:
                break
        _require(found >= 0, "a type")
        type_[some], place[some] = found, start
    _require(data[place] == ord('"'), "an attribute")
    place = place + 1
    place = place + _is_literal(data, place, b" /")
    place = place + (data[place] == ord("/"))
    _require(data[place] == ord(">"), "an attribute")
    return column - 1, type_, style, place + 1


def _whole_number(data: np.ndarray, place: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Where digits end, and the number that they are."""
    number = np.zeros(len(place), dtype=np.int64)
    begin = place
    for _ in range(most):
        digit = data[place] - np.uint8(ord("0"))
        is_digit = digit <= 9
        if not is_digit.any():
            break
        number = np.where(is_digit, number * 10 + digit, number)
        place = place + is_digit
    _require(place > begin, "a number")
    return place, number
