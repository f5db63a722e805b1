"""Parquet files as text cells, without losing anything that the file holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from orchestration.ingestion.cells import BROKEN, NUMBER, blank_rows, number_text
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
    match_columns,
    require_columns,
)
from orchestration.ingestion.sources import too_large


def read_parquet(handle: BinaryIO, feed: Feed, limits: Limits, attempt: Attempt) -> Reading:
    """Begin to read a Parquet file.

    Raises:
        Rejected: it is none, lacks or doubles columns, or is too large when unpacked.
    """
    handle.seek(0)
    try:
        file = pq.ParquetFile(handle)
    except (pa.ArrowException, OSError) as error:
        raise Rejected("UNREADABLE", f"not a readable Parquet file ({error})") from error
    metadata = file.metadata
    unpacked = sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups))
    if unpacked > limits.max_file_bytes:
        raise too_large(limits, "unpacked")
    names = file.schema_arrow.names
    match_columns(feed, names, limits)
    require_columns(feed, {fold(name) for name in names})
    # Read again with dictionaries kept, so that the size of text is known before it is unfolded.
    texts = [f.name for f in file.schema_arrow if _is_text(f.type)]
    handle.seek(0)
    file = pq.ParquetFile(handle, read_dictionary=texts)
    reading = Reading(iter(()), is_typed=True, warnings=extra_columns(feed, names))
    reading.chunks = _chunks(file, limits, reading)
    return reading


def _chunks(file: pq.ParquetFile, limits: Limits, reading: Reading) -> Iterator[Chunk]:
    names = tuple(file.schema_arrow.names)
    total = 0
    try:
        for batch in file.iter_batches(limits.chunk_rows):
            total += sum(_unfolded_bytes(column, limits) for column in batch.columns)
            if total > limits.max_file_bytes:
                raise too_large(limits, "unpacked")
            columns = [_cells(column) for column in batch.columns]
            check_field_size(columns, limits)
            keep = np.delete(np.arange(batch.num_rows), blank_rows(columns))
            if len(keep) < batch.num_rows:
                columns = [column.take(pa.array(keep)) for column in columns]
            if len(keep):
                first = reading.delivered + 1
                reading.delivered += len(keep)
                yield Chunk(names, columns, np.arange(first, first + len(keep)))
    except (pa.ArrowException, OSError) as error:
        raise Rejected("UNREADABLE", f"the Parquet file is damaged ({error})") from error


def _is_text(type_: pa.DataType) -> bool:
    return pa.types.is_string(type_) or pa.types.is_large_string(type_) or _is_binary(type_)


def _is_binary(type_: pa.DataType) -> bool:
    return pa.types.is_binary(type_) or pa.types.is_large_binary(type_)


def _unfolded_bytes(column: pa.Array, limits: Limits) -> int:
    if not pa.types.is_dictionary(column.type):
        return column.nbytes
    lengths = pc.fill_null(pc.binary_length(column.dictionary.cast(pa.large_binary())), 0)
    if (pc.max(lengths).as_py() or 0) > limits.max_field_bytes:
        raise Rejected("TOO_LARGE", f"a field of more than {limits.max_field_bytes:,} bytes")
    return pc.sum(pc.take(lengths, column.indices)).as_py() or 0


def _cells(column: pa.Array) -> pa.Array:
    type_ = column.type
    if pa.types.is_dictionary(type_):
        if 2 * len(column.dictionary) > len(column):
            return _cells(column.dictionary_decode())
        return pa.DictionaryArray.from_arrays(column.indices, _cells(column.dictionary))
    if pa.types.is_null(type_):
        return pa.nulls(len(column), pa.string())
    if pa.types.is_boolean(type_):
        return column.cast(pa.string())
    if pa.types.is_integer(type_) or pa.types.is_decimal(type_):
        return _marked(NUMBER, column.cast(pa.string()))
    if pa.types.is_floating(type_):
        return _floats(column)
    if pa.types.is_date(type_):
        return column.cast(pa.date32()).cast(pa.string())
    if pa.types.is_timestamp(type_):
        return _instants(column)
    if pa.types.is_string(type_) or pa.types.is_large_string(type_):
        return _without_marks(column.cast(pa.string()))
    if _is_binary(type_):
        try:
            return _without_marks(column.cast(pa.string()))
        except pa.ArrowInvalid:
            return _broken(column)
    return _broken(column)


def _marked(mark: str, cells: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(pa.scalar(mark), cells, "")


def _broken(column: pa.Array) -> pa.Array:
    """Lists, structs, times, raw bytes: no value of a contract."""
    values = [None if v is None else BROKEN + str(v)[:1000] for v in column.to_pylist()]
    return pa.array(values, pa.string())


def _without_marks(cells: pa.Array) -> pa.Array:
    return pc.utf8_ltrim(cells, characters=NUMBER + BROKEN)


def _floats(column: pa.Array) -> pa.Array:
    """The shortest decimal text that reads back as the same number."""
    shortest = column.cast(pa.string())
    marked = _marked(NUMBER, pc.replace_substring_regex(shortest, r"\.0$", ""))
    odd = pc.match_substring_regex(shortest, "[a-zA-Z]")  # exponents, nan, inf
    if not pc.any(odd).as_py():
        return marked
    texts = [_odd_float(t) for t in pc.filter(shortest, pc.fill_null(odd, False)).to_pylist()]
    return pc.replace_with_mask(marked, pc.fill_null(odd, False), pa.array(texts, pa.string()))


def _odd_float(text: str) -> str:
    return BROKEN + text if text.strip("+-").isalpha() else number_text(text)


def _instants(column: pa.Array) -> pa.Array:
    """ISO text, with `Z` where the column has a zone. Nanoseconds that are not zero do not fit
    into a type of the lake: broken."""
    zone = "Z" if column.type.tz else ""
    utc = column.cast(pa.timestamp(column.type.unit))
    micros = utc.cast(pa.timestamp("us"), safe=False)
    text = _iso(micros)
    text = pc.binary_join_element_wise(text, pa.scalar(zone), "")
    if column.type.unit != "ns":
        return text
    lost = pc.not_equal(utc, micros.cast(pa.timestamp("ns"), safe=False))
    return pc.if_else(pc.fill_null(lost, False), _marked(BROKEN, utc.cast(pa.string())), text)


def _iso(micros: pa.Array) -> pa.Array:
    """`2024-03-01T10:30:00.000000`. The cast is much the faster, but knows years of four digits
    only."""
    bounds = pc.min_max(pc.year(micros)).as_py()
    if bounds["min"] is None or bounds["min"] < 1 or bounds["max"] > 9999:
        return pc.strftime(micros, format="%Y-%m-%dT%H:%M:%S")
    return pc.binary_replace_slice(micros.cast(pa.string()), 10, 11, "T")
