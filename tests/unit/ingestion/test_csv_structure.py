"""How text falls into rows and fields: as Python's own CSV parser says, whatever the block size."""

import csv
import io
import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from orchestration.ingestion.csv_files import Header, _chunks
from orchestration.ingestion.readers import (
    BLANKS,
    Attempt,
    Limits,
    Misfits,
    Reading,
    Rejected,
    Restart,
)
from orchestration.ingestion.sources import open_text

HEADER = Header(",", ("a", "b", "c"), 0)
LIMITS = Limits(max_file_bytes=2**30, max_columns=10, max_field_bytes=2**20)
PIECES = ["a", ",", ",", '"', "\n", "\r\n", " ", "ab,c,d\n", '"x",', ',"y"\n', '""', 'p"q', "ä"]


def parsed(text: str, block_bytes: int):
    """Good rows by number, misfits by number, count of rows; or the reason of refusal."""
    attempt = Attempt(block_bytes=block_bytes)
    with tempfile.TemporaryDirectory() as folder:
        try:
            source = open_text(io.BytesIO(text.encode()), LIMITS, Path(folder))
            while True:
                reading = Reading(iter(()), False, misfits=Misfits(Path(folder)))
                try:
                    rows = [
                        row
                        for chunk in _chunks(source, HEADER, LIMITS, attempt, reading)
                        for row in zip(
                            chunk.rows.tolist(),
                            zip(*(c.to_pylist() for c in chunk.columns), strict=True),
                            strict=True,
                        )
                    ]
                except Restart as restart:
                    attempt = replace(attempt, **restart.changes)
                    continue
                lines = [r for batch in reading.misfits.batches() for r in batch.to_pylist()]
                return rows, [line["row"] for line in lines], reading.delivered
        except Rejected as refusal:
            return refusal.code


def expected(text: str):
    if not text.strip(" \t\r\n"):
        return "EMPTY"
    end = ["the", "very", "end"]
    rows = list(csv.reader([*text.splitlines(keepends=True), "\n", ",".join(end)]))
    if rows[-1] != end:
        return "UNREADABLE"
    filled = [row for row in rows[:-1] if any(field.strip(BLANKS) for field in row)]
    numbered = list(enumerate(filled, start=1))
    good = [(number, tuple(row)) for number, row in numbered if len(row) == 3]
    return good, [number for number, row in numbered if len(row) != 3], len(filled)


@settings(max_examples=300, deadline=None)
@given(text=st.lists(st.sampled_from(PIECES), max_size=40).map("".join), block=st.integers(8, 60))
@example(text="a,b\n" * 20 + "a,b,c\n" + "a,b\n" * 20, block=16)  # blocks of misfits only
@example(text='"x",b"b   ,"y"\n\r\n', block=8)  # a row longer than a block, quotes odd
def test_rows_are_those_of_pythons_parser_in_blocks_of_any_size(text, block):
    assert parsed(text, 2**20) == expected(text)
    assert parsed(text, block) == expected(text)


def test_a_line_break_that_two_blocks_share_stays_whole():
    text = 'a,b,c\r\n1,"\r\n\r\nx\r\n",2\r\n' * 3
    for block in range(20, 60):
        assert parsed(text, block) == expected(text)
