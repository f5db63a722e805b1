"""Excel workbooks, written straight from columns and the same bytes every time.

One sheet, shared strings, real numbers and dates: what a spreadsheet program saves, without its
author, times and fonts. Made of whole columns of XML text, because cell by cell is too slow.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.ingestion.contract import Column
from orchestration.sample import render

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DATE_STYLE, _MOMENT_STYLE, _MONEY_STYLE = 1, 2, 3
_EPOCH = 25_569
"""The serial number of 1970-01-01."""

_PARTS = {
    "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPE}.sharedStrings+xml"/>'
    "</Types>",
    "_rels/.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELS}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_RELS}">'
    '<sheets><sheet name="Export" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_RELS}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId3" Type="{_RELS}/sharedStrings" Target="sharedStrings.xml"/>'
    "</Relationships>",
    "xl/styles.xml": f'{_XML}<styleSheet xmlns="{_MAIN}">'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    + "".join(
        f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0" xfId="0" '
        'applyNumberFormat="1"/>'
        for number in (14, 22, 4)
    )
    + '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
    "</cellStyles></styleSheet>",
}


def write(table: pa.Table, columns: Sequence[Column]) -> bytes:
    """The table as one sheet with a header line; nulls are empty cells."""
    table = table.combine_chunks()
    arrays = [
        pc.fill_null(table[c.name].combine_chunks(), "") if c.kind == "text" else None
        for c in columns
    ]
    header = pa.array([c.name for c in columns], pa.string())
    shared = pa.chunked_array([header, *(a for a in arrays if a is not None)]).combine_chunks()
    encoded = shared.dictionary_encode()
    places = encoded.indices.to_numpy()[len(columns) :].reshape(-1, table.num_rows)
    texts = iter(places)

    rows = pa.array(np.arange(2, table.num_rows + 2)).cast(pa.string())
    pieces: list[pa.Array | str] = ['<row r="', rows, '">']
    for position, column in enumerate(columns):
        values = table[column.name].combine_chunks()
        cell, text = _cell(column, values, next(texts) if column.kind == "text" else None)
        full = pc.binary_join_element_wise(
            f'<c r="{_letters(position)}', rows, cell, text, "</v></c>", ""
        )
        pieces.append(pc.if_else(values.is_valid(), full, ""))
    pieces.append("</row>")
    body = "".join(pc.binary_join_element_wise(*pieces, "").to_pylist())
    head = "".join(
        f'<c r="{_letters(i)}1" t="s"><v>{place}</v></c>'
        for i, place in enumerate(encoded.indices.to_numpy()[: len(columns)])
    )
    corner = f"{_letters(len(columns) - 1)}{table.num_rows + 1}"
    sheet = (
        f'{_XML}<worksheet xmlns="{_MAIN}"><dimension ref="A1:{corner}"/><sheetData>'
        f'<row r="1">{head}</row>{body}</sheetData></worksheet>'
    )
    strings = "".join(_items(encoded.dictionary).to_pylist())
    parts = _PARTS | {
        "xl/worksheets/sheet1.xml": sheet,
        "xl/sharedStrings.xml": f'{_XML}<sst xmlns="{_MAIN}" count="{len(shared)}" '
        f'uniqueCount="{len(encoded.dictionary)}">{strings}</sst>',
    }
    return _zip(parts)


def _cell(column: Column, values: pa.Array, place: np.ndarray | None) -> tuple[str, pa.Array]:
    """What stands between a cell's address and its value, and the value."""
    if column.kind == "text":
        return '" t="s"><v>', pa.array(place).cast(pa.string())
    if column.kind == "decimal":
        return f'" s="{_MONEY_STYLE}"><v>', render.decimal_text(values, column.scale)
    if column.kind == "date":
        serial = pc.add(values.cast(pa.int32()), _EPOCH)
        return f'" s="{_DATE_STYLE}"><v>', serial.cast(pa.string())
    if column.kind == "ts":
        # Eleven decimals of a day are far below a millisecond.
        micros = pc.fill_null(values.cast(pa.int64()), 0).to_numpy()
        day, rest = np.divmod(micros, 86_400_000_000)
        steps = pa.array((day + _EPOCH) * 10**11 + np.rint(rest / 0.864).astype(np.int64))
        return f'" s="{_MOMENT_STYLE}"><v>', _fraction(steps)
    if column.kind == "bool":
        return '" t="b"><v>', render.bool_text(values, "1", "0")
    return '"><v>', values.cast(pa.string())


def _fraction(steps: pa.Array) -> pa.Array:
    whole = pc.divide(steps, 10**11)
    rest = pc.utf8_lpad(pc.subtract(steps, pc.multiply(whole, 10**11)).cast(pa.string()), 11, "0")
    return pc.binary_join_element_wise(whole.cast(pa.string()), rest, ".")


def _items(strings: pa.Array) -> pa.Array:
    for char, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        strings = pc.replace_substring(strings, char, entity)
    return pc.binary_join_element_wise('<si><t xml:space="preserve">', strings, "</t></si>", "")


def _letters(position: int) -> str:
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(65 + rest) + name
    return name


def _zip(parts: dict[str, str]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, text, compresslevel=3)
    return sink.getvalue()
