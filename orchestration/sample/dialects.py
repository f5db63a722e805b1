"""The dialects: how each sender writes a file. Frames go in, the bytes of files come out.

A dealer keeps his dialect; `dealer_dialect` gives it. A frame of many deliveries is spelled in one
go and cut afterwards.
"""

from __future__ import annotations

import codecs
import gzip
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from orchestration.ingestion.contract import Column, Feed
from orchestration.sample import render, workbook

_QUOTE = '"'


@dataclass(frozen=True)
class Dialect:
    """How a sender writes. `suffix` decides the format; the rest concerns delimited text."""

    name: str
    suffix: str = ".csv"
    delimiter: str = ";"
    encoding: str = "utf-8"
    newline: str = "\r\n"
    point: str = ","
    group: str = ""
    unit: str = ""
    trailing_minus: bool = False
    german_dates: bool = True
    moments: str = "blank"
    yes: str = "ja"
    no: str = "nein"
    header: str = "plain"
    """plain, upper, title or padded with blanks."""
    shuffled: bool = False
    extra: tuple[tuple[str, str], ...] = ()
    """Columns that no contract knows: name and the value of every row."""
    sep_line: bool = False
    quote_all: bool = False
    null: str = ""
    stamp: str = "%Y%m%dT%H%M"
    zoned: bool = False
    """Parquet: instants with zone UTC instead of wall clock."""

    @property
    def is_text(self) -> bool:
        """Delimited text: rows may have too many fields, cells may be no number."""
        return self.suffix.split(".")[1] in ("csv", "txt")


GERMAN_EXCEL = Dialect(
    "german_excel",
    encoding="utf-8-sig",
    group=".",
    header="upper",
    extra=(("Bemerkung", ""), ("Filiale", "Hauptbetrieb")),
)
PLAIN = Dialect(
    "plain",
    delimiter=",",
    newline="\n",
    point=".",
    german_dates=False,
    moments="T",
    yes="true",
    no="false",
)
OLD_WINDOWS = Dialect(
    "old_windows",
    encoding="cp1252",
    group=".",
    unit=" €",
    header="padded",
    null="-",
    yes="j",
    no="n",
)
PARQUET = Dialect("parquet", ".parquet", zoned=True)
UTF16_TAB = Dialect(
    "utf16_tab", ".txt", delimiter="\t", encoding="utf-16", yes="x", no="n", stamp="%Y%m%dT%H%M%S"
)
PIPE_ENGLISH = Dialect(
    "pipe_english",
    delimiter="|",
    newline="\n",
    point=".",
    group=",",
    german_dates=False,
    yes="yes",
    no="no",
    header="title",
    null="NULL",
)
GZIP = replace(PLAIN, name="gzip", suffix=".csv.gz", moments="offset", yes="1", no="0")
NDJSON = Dialect("ndjson", ".ndjson", moments="utc")
SEP_LINE = Dialect(
    "sep_line",
    unit=" EUR",
    group=".",
    trailing_minus=True,
    shuffled=True,
    sep_line=True,
    extra=(("", ""),),
    stamp="%Y%m%d",
)
WORKBOOK = Dialect("workbook", ".xlsx")
QUOTED = Dialect(
    "quoted",
    delimiter=",",
    quote_all=True,
    newline="\n",
    yes="wahr",
    no="falsch",
    null="n/a",
    shuffled=True,
)
JSON = Dialect("json", ".json", moments="T")
PARQUET_LOCAL = replace(PARQUET, name="parquet_local", zoned=False)
SEMICOLON_ENGLISH = replace(
    PLAIN, name="semicolon_english", delimiter=";", moments="utc", stamp="%Y%m%dT%H%M%S"
)
HUB_ZIPPED = replace(SEMICOLON_ENGLISH, name="hub_zipped", suffix=".csv.gz")
MARKET = replace(GZIP, name="market", delimiter=";", encoding="cp1252")

DEALER_DIALECTS = (
    GERMAN_EXCEL,
    PLAIN,
    OLD_WINDOWS,
    UTF16_TAB,
    PIPE_ENGLISH,
    GZIP,
    NDJSON,
    PARQUET,
    SEP_LINE,
    WORKBOOK,
    QUOTED,
    JSON,
    PARQUET_LOCAL,
    SEMICOLON_ENGLISH,
)


def dealer_dialect(number: int, feed: Feed) -> Dialect:
    """Dialect of a dealer who delivers himself; many keep their books in a workbook."""
    if feed.entity == "financials" and number in (0, 2, 10):
        return WORKBOOK
    return DEALER_DIALECTS[number % len(DEALER_DIALECTS)]


def hub_dialect(feed: Feed) -> Dialect:
    return HUB_ZIPPED if feed.entity in ("leads", "surveys") else SEMICOLON_ENGLISH


def oem_dialect(feed: Feed) -> Dialect:
    """The OEM's departments, each with its own tool."""
    return {
        "dealers": WORKBOOK,
        "postal_areas": GERMAN_EXCEL,
        "territories": PARQUET,
        "contracts": WORKBOOK,
        "contract_events": SEMICOLON_ENGLISH,
        "requirements": GERMAN_EXCEL,
        "kpi_targets": replace(PLAIN, extra=(("approved_by", "network planning"),)),
        "period_closes": replace(PLAIN, moments="offset"),
        "sales_targets": SEMICOLON_ENGLISH,
        "incentive_programs": WORKBOOK,
        "incentive_tiers": GERMAN_EXCEL,
        "showroom_investments": GERMAN_EXCEL,
        "shared_programs": WORKBOOK,
        "shared_program_members": SEMICOLON_ENGLISH,
        "routing_rules": GERMAN_EXCEL,
        "routing_go_lives": WORKBOOK,
        "responsibilities": SEMICOLON_ENGLISH,
    }.get(feed.entity, PLAIN)


# -- spelling ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cells:
    """A value that a typed frame cannot hold, put into some rows when the frame is spelled."""

    column: str
    rows: np.ndarray
    text: str


def write_all(
    feed: Feed,
    dialect: Dialect,
    table: pa.Table,
    cuts: Sequence[int],
    cells: Sequence[Cells] = (),
    crooked: np.ndarray | Sequence[int] = (),
) -> list[bytes]:
    """The files of a frame whose rows are cut at `cuts` (ascending, from 0 to the row count).

    `cells` are unreadable values, `crooked` rows get a field too many; both only in delimited text.
    """
    columns = [c for c in feed.columns if c.name != "is_deleted" or table[c.name].null_count == 0]
    table = table.select([c.name for c in columns]).combine_chunks()
    spans = list(zip(cuts[:-1], cuts[1:], strict=True))
    if dialect.suffix == ".parquet":
        typed = _typed(dialect, table, columns)
        return [_parquet(typed.slice(a, b - a)) for a, b in spans]
    if dialect.suffix == ".xlsx":
        return [workbook.write(table.slice(a, b - a), columns) for a, b in spans]
    if dialect.suffix in (".json", ".ndjson"):
        lines = _objects(dialect, table, columns)
        return [_json(dialect, lines.slice(a, b - a)) for a, b in spans]
    names, lines = _delimited(feed, dialect, table, columns, cells, crooked)
    head = _header(dialect, names)
    return [_packed(dialect, head, _bytes(lines.slice(a, b - a))) for a, b in spans]


def mixed_numbers(feed: Feed, dialect: Dialect, table: pa.Table) -> bytes:
    """One file of delimited text whose second half is spelled in the other number locale."""
    other = replace(
        dialect,
        point="." if dialect.point == "," else ",",
        group="",
        quote_all=dialect.quote_all or dialect.delimiter == ",",
    )
    half = table.num_rows // 2
    columns = [c for c in feed.columns if c.name != "is_deleted"]
    names, first = _delimited(feed, dialect, table.slice(0, half), columns)
    _, second = _delimited(feed, other, table.slice(half), columns)
    return _packed(dialect, _header(dialect, names), _bytes(first) + _bytes(second))


def without_column(feed: Feed, dialect: Dialect, table: pa.Table, column: str) -> bytes:
    """One file of delimited text that lacks a column."""
    columns = [c for c in feed.columns if c.name not in ("is_deleted", column)]
    names, lines = _delimited(feed, dialect, table, columns)
    return _packed(dialect, _header(dialect, names), _bytes(lines))


def _cell_texts(dialect: Dialect, column: Column, values: pa.Array) -> pa.Array:
    if column.kind == "decimal":
        return render.decimal_text(
            values,
            column.scale,
            point=dialect.point,
            group=dialect.group,
            unit=dialect.unit if column.name.endswith("_eur") else "",
            trailing_minus=dialect.trailing_minus,
        )
    if column.kind == "date":
        return render.date_text(values, dialect.german_dates)
    if column.kind == "ts":
        return render.moment_text(values, dialect.moments)
    if column.kind == "bool":
        return render.bool_text(values, dialect.yes, dialect.no)
    return values.cast(pa.string())


def _delimited(
    feed: Feed,
    dialect: Dialect,
    table: pa.Table,
    columns: Sequence[Column],
    cells: Sequence[Cells] = (),
    crooked: np.ndarray | Sequence[int] = (),
) -> tuple[list[str], pa.Array]:
    """Column names in the sender's order, and the lines with their ends."""
    table = table.combine_chunks()
    texts: dict[str, pa.Array] = {}
    for column in columns:
        text = _cell_texts(dialect, column, _chunk(table, column.name))
        for cell in (c for c in cells if c.column == column.name):
            text = pc.if_else(_mask(len(text), cell.rows), cell.text, text)
        texts[column.name] = _quoted(dialect, text)
    names = list(texts)
    if dialect.shuffled:
        names = [names[i] for i in np.random.default_rng(len(names)).permutation(len(names))]
    fields: list[pa.Array | pa.Scalar] = [texts[n] for n in names]
    for name, value in dialect.extra:
        names.append(name)
        fields.append(pa.scalar(f'"{value}"' if dialect.quote_all else value))
    lines = pc.binary_join_element_wise(
        *fields, dialect.delimiter, null_handling="replace", null_replacement=dialect.null
    )
    if len(crooked):
        longer = pc.binary_join_element_wise(lines, "?", dialect.delimiter)
        lines = pc.if_else(_mask(table.num_rows, crooked), longer, lines)
    return names, pc.binary_join_element_wise(lines, dialect.newline, "")


def _mask(length: int, rows: np.ndarray) -> pa.Array:
    mask = np.zeros(length, dtype=bool)
    mask[rows] = True
    return pa.array(mask)


def _quoted(dialect: Dialect, text: pa.Array) -> pa.Array:
    """Quotes around what needs them, or around everything that is not null."""
    special = f'[{dialect.delimiter}"\r\n]'  # taken literally, also the bar
    needs = pc.match_substring_regex(text, special)
    if not dialect.quote_all and not pc.any(needs).as_py():
        return text
    doubled = pc.replace_substring(text, _QUOTE, _QUOTE * 2)
    quoted = pc.binary_join_element_wise(_QUOTE, doubled, _QUOTE, "")
    return quoted if dialect.quote_all else pc.if_else(needs, quoted, text)


def _header(dialect: Dialect, names: Sequence[str]) -> str:
    spell = {
        "upper": str.upper,
        "title": str.title,
        "padded": lambda name: f" {name} ",
    }.get(dialect.header, str)
    known = len(names) - len(dialect.extra)
    shown = [spell(n) if i < known else n for i, n in enumerate(names)]
    if dialect.quote_all:
        shown = [f'"{n}"' for n in shown]
    line = dialect.delimiter.join(shown) + dialect.newline
    return f"sep={dialect.delimiter}{dialect.newline}{line}" if dialect.sep_line else line


def _bytes(lines: pa.Array) -> bytes:
    """The text of all lines, without a copy per line."""
    if not len(lines):
        return b""
    offsets = np.frombuffer(lines.buffers()[1], dtype=np.int32)
    first, last = offsets[lines.offset], offsets[lines.offset + len(lines)]
    return memoryview(lines.buffers()[2])[first:last].tobytes()


def _packed(dialect: Dialect, head: str, body: bytes) -> bytes:
    data = head.encode("utf-8") + body
    if dialect.encoding == "utf-8-sig":
        data = codecs.BOM_UTF8 + data
    elif dialect.encoding == "utf-16":
        data = codecs.BOM_UTF16_LE + data.decode("utf-8").encode("utf-16-le")
    elif dialect.encoding != "utf-8":
        data = data.decode("utf-8").encode(dialect.encoding)
    if dialect.suffix.endswith(".gz"):
        data = gzip.compress(data, compresslevel=3, mtime=0)
    return data


def _typed(dialect: Dialect, table: pa.Table, columns: Sequence[Column]) -> pa.Table:
    arrays = []
    for column in columns:
        values = _chunk(table, column.name)
        if column.kind == "decimal":
            values = _decimals(values, column.scale)
        elif column.kind == "ts" and dialect.zoned:
            seconds = pc.fill_null(values.cast(pa.int64()), 0).to_numpy() // 1_000_000
            utc = (seconds - render.utc_offset(seconds)) * 1_000_000
            mask = pc.is_null(values).to_numpy(zero_copy_only=False)
            values = pa.array(utc, pa.int64(), mask=mask).cast(pa.timestamp("us", "UTC"))
        arrays.append(values)
    return pa.table(arrays, names=[c.name for c in columns])


def _decimals(steps: pa.Array, scale: int) -> pa.Array:
    """Whole steps as decimal128: the same integer, widened to two words."""
    low = pc.fill_null(steps, 0).to_numpy()
    words = np.stack([low, low >> 63], axis=1)
    valid = pa.array(pc.is_valid(steps).to_numpy(zero_copy_only=False)).buffers()[1]
    return pa.Array.from_buffers(
        pa.decimal128(18, scale), len(steps), [valid, pa.py_buffer(np.ascontiguousarray(words))]
    )


def _parquet(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def _objects(dialect: Dialect, table: pa.Table, columns: Sequence[Column]) -> pa.Array:
    """One JSON object per row, without a line's end."""
    members = []
    for position, column in enumerate(columns):
        values = _chunk(table, column.name)
        if column.kind == "decimal":
            text = render.decimal_text(values, column.scale)
        elif column.kind == "int":
            text = values.cast(pa.string())
        elif column.kind == "bool":
            text = render.bool_text(values, "true", "false")
        elif column.kind == "date":
            text = _json_text(render.date_text(values))
        elif column.kind == "ts":
            text = _json_text(render.moment_text(values, dialect.moments))
        else:
            text = _json_text(values)
        name = f'{"{" if position == 0 else ", "}"{column.name}": '
        members += [pa.scalar(name), pc.fill_null(text, "null")]
    return pc.binary_join_element_wise(*members, "}", "")


def _json_text(values: pa.Array) -> pa.Array:
    for char, escaped in (("\\", "\\\\"), (_QUOTE, '\\"'), ("\n", "\\n"), ("\r", "\\r")):
        values = pc.replace_substring(values, char, escaped)
    return pc.binary_join_element_wise(_QUOTE, values, _QUOTE, "")


def _json(dialect: Dialect, lines: pa.Array) -> bytes:
    if dialect.suffix == ".ndjson":
        return _bytes(pc.binary_join_element_wise(lines, "\n", ""))
    body = _bytes(pc.binary_join_element_wise(lines, ",\n", ""))
    return b"[\n" + body[:-2] + b"\n]\n"


def _chunk(table: pa.Table, name: str) -> pa.Array:
    column = table[name]
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
