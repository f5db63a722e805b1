"""The fast ways read nothing otherwise than the full grammar and openpyxl do."""

import io
import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import numpy as np
import openpyxl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.ingestion import odd, plain, workbooks
from orchestration.ingestion.cells import NUMBER, unfolded
from orchestration.ingestion.contract import load_contracts
from orchestration.ingestion.readers import Attempt, Limits
from orchestration.ingestion.sheet_xml import OddXml, shared_strings

LIMITS = Limits(max_file_bytes=2**29, max_columns=1_000, max_field_bytes=2**20)

NUMBERS = st.one_of(
    st.from_regex(r"\A[+-]?[0-9]{1,18}([.,][0-9]{1,6})?\Z"),
    st.from_regex(r"\A-?[0-9]{1,3}(\.[0-9]{3}){1,3}(,[0-9]{1,3})?( ?EUR| ?€)?-?\Z"),
    st.from_regex(r"\A(EUR |€)?-?[0-9]{1,3}(,[0-9]{3}){1,3}(\.[0-9]{1,3})?\Z"),
    st.text("0123456789.,-+ €", min_size=1, max_size=12),
)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(NUMBERS, min_size=1, max_size=40), st.booleans(), st.sampled_from([2, 6, 0]))
def test_settled_numbers_are_those_of_the_grammar(texts, marked, scale):
    precision = 18 if scale else 0
    cells = [NUMBER + t if marked else t for t in texts]
    found = plain.NumberReader(scale, precision).read(pa.array(cells))
    for i in np.flatnonzero(found.settled):
        english, german = (
            odd.number(texts[i], scale, precision, locale, marked) for locale in (False, True)
        )
        assert (found.german[i], found.english[i]) == (english.german, english.english)
        # A file with evidence for both locales is refused.
        meant = (
            [german] if found.german[i] else [english] if found.english[i] else [english, german]
        )
        for reading in meant:
            assert (reading.value, reading.too_fine) == (found.values[i], False)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(NUMBERS, min_size=1, max_size=40), st.booleans(), st.sampled_from([2, 6, 0]))
def test_numbers_of_a_known_locale_are_those_of_the_grammar(texts, german, scale):
    precision = 18 if scale else 0
    found = plain.NumberReader(scale, precision).read(pa.array(texts), german)
    for i in np.flatnonzero(found.settled):
        reading = odd.number(texts[i], scale, precision, german, False)
        assert (reading.value, reading.too_fine) == (found.values[i], False)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(NUMBERS, min_size=1, max_size=40))
def test_open_numbers_are_no_evidence(texts):
    found = plain.NumberReader(2, 18).read(pa.array(texts))
    for i in np.flatnonzero(found.open):
        reading = odd.number(texts[i], 2, 18, False, False)
        assert not (found.settled[i] or reading.german or reading.english)


@pytest.mark.parametrize(
    "text", ["1234", "1234.56", "-7", "37.990,00 €", "37,990.00", "EUR 1.234,50", "12,5-", "0.50"]
)
def test_usual_numbers_are_settled(text):
    assert plain.NumberReader(2, 18).read(pa.array([text])).settled.all()


@pytest.mark.parametrize("text", ["1.234", "0,125", "k.A.", "1e5", "1234.567", "9" * 16, "", "5 0"])
def test_what_depends_on_the_file_is_not_settled(text):
    assert not plain.NumberReader(2, 18).read(pa.array([text])).settled.any()


DAYS = st.one_of(
    st.dates(date(1, 1, 1)).map(lambda d: d.isoformat()),
    st.from_regex(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\Z"),
    st.from_regex(r"\A[0-3][0-9]\.[01][0-9]\.[12][0-9]{3}\Z"),
    st.text("0123456789-.", min_size=10, max_size=10),
)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(DAYS, min_size=1, max_size=40))
def test_settled_days_are_those_of_the_grammar(texts):
    settled, days = plain.dates(pa.array(texts))
    assert [odd.day(texts[i]) for i in np.flatnonzero(settled)] == days[settled].tolist()


TAIL = st.sampled_from(["", "Z", "+02:00", "-0130", "+14", ".123456", ".000001Z", "+15:00", "z"])
MOMENTS = st.one_of(
    st.builds(
        lambda d, sep, tail: d.replace(microsecond=0).isoformat(sep) + tail,
        st.datetimes(datetime(1980, 1, 1), datetime(2120, 1, 1)),
        st.sampled_from("T "),
        TAIL,
    ),
    # All hours around the changes of time.
    st.builds(
        lambda year, month, day, hour, minute: f"{year}-{month}-{day} {hour:02}:{minute}",
        st.integers(1990, 2099),
        st.sampled_from(["03", "10"]),
        st.integers(24, 31),
        st.integers(0, 4),
        st.sampled_from(["00", "30", "59:59", "60"]),
    ),
    st.from_regex(r"\A20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9]\Z"),
)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(MOMENTS, min_size=1, max_size=40))
def test_settled_instants_are_those_of_the_grammar(texts):
    settled, micros = plain.instants(pa.array(texts))
    for i in np.flatnonzero(settled):
        assert odd.instant(texts[i]) == (micros[i], False, False)


# -- workbooks --------------------------------------------------------------------------------

VALUES = [
    None,
    "",
    "text",
    " a & <b> ",
    "line\nbreak",
    "#N/A",
    "x" * 300,
    0,
    -7,
    10**17,
    12.5,
    0.1 + 0.2,
    1e-7,
    1e20,
    True,
    date(2024, 2, 29),
    datetime(2024, 3, 31, 2, 30),
    datetime(2024, 3, 31, 2, 30, 0, 250_000),
    datetime(1900, 1, 5),
    time(3, 4),
    timedelta(hours=30),
    Decimal("37990.00"),
]
FEED = load_contracts()["dealer__vehicle_events"]
HEADER = [column.name for column in FEED.columns]


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in [HEADER, *rows]:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read(content: bytes) -> tuple[list, int, list[str]]:
    reading = workbooks.read_workbook(io.BytesIO(content), FEED, LIMITS, Attempt())
    chunks = list(reading.chunks)
    rows = [
        list(zip(*(unfolded(c).to_pylist() for c in chunk.columns), strict=True))
        for chunk in chunks
    ]
    return sum(rows, []), reading.delivered, reading.warnings


ROW = st.lists(st.sampled_from(VALUES), max_size=len(HEADER) + 1)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(ROW, max_size=12))
def test_sheets_are_read_as_openpyxl_reads_them(rows):
    content = workbook(rows)
    with pytest.MonkeyPatch.context() as patch:
        plain_rows = workbooks._plain_rows

        def none_odd(*arguments):
            try:
                yield from plain_rows(*arguments)
            except OddXml as error:
                raise AssertionError(error) from error

        patch.setattr(workbooks, "_plain_rows", none_odd)
        found = read(content)

        def all_odd(*arguments):
            raise OddXml("for openpyxl")
            yield

        patch.setattr(workbooks, "_plain_rows", all_odd)
        assert read(content) == found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<c r=", b"<c  r="),
        (b"</row>", b"</row>\n"),
        (b"<v>7</v>", b"<v>7</v><!-- seven -->"),
        (b"<v>7</v>", b"<f>3+4</f><v>7</v>"),
        (b"<v>7</v>", b"<v>&#55;</v>"),
        (b'<row r="3"', b'<row r="2"'),
    ],
)
def test_a_sheet_of_another_form_is_left_to_openpyxl(old, new):
    import zipfile

    content = workbook([[7, "a"], [8, "b"], [9, "c"]])
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data.replace(old, new) if "sheet1" in name else data)
    found = read(changed.getvalue())
    with pytest.MonkeyPatch.context() as patch:

        def all_odd(*arguments):
            raise OddXml("for openpyxl")
            yield

        patch.setattr(workbooks, "_plain_rows", all_odd)
        assert read(changed.getvalue()) == found


def test_a_long_shared_text_does_not_multiply_in_memory():
    book = [["E", "x" * 30_000] for _ in range(2_000)]
    reading = workbooks.read_workbook(io.BytesIO(workbook(book)), FEED, LIMITS, Attempt())
    sizes = [sum(unfolded(c).nbytes for c in chunk.columns) for chunk in reading.chunks]
    assert len(sizes) > 1 and max(sizes) < 2 * LIMITS.block_bytes


@pytest.mark.parametrize(
    "body",
    [
        b"<si><r><t>a</t></r></si>",
        b"<si><t>a&nbsp;</t></si>",
        b"<si><t>a\r</t></si>",
        b"<si><t>\xff</t></si>",
        b"<si><t>a</t></si><x/>",
    ],
)
def test_other_shared_texts_are_left_to_openpyxl(body):
    with pytest.raises(OddXml):
        shared_strings(b"<sst>" + body + b"</sst>")


# -- JSON and quarantine ----------------------------------------------------------------------


def test_a_text_that_looks_like_a_mark_is_no_number(zone):
    row = '{"dealer_id": "D0042", "brand_code": "\\u00011.5", "kpi_code": "A", '
    row += '"target_month": "2024-01-01", "target_value": "\\u00011,5"}'
    other = row.replace('"\\u00011,5"', "2.5e0").replace('"A"', '"B"')
    delivery = zone.deliver(f"[{row},{other}]", "oem__kpi_targets", "oem_20250101.json")
    # The text is evidence for German, the number for nothing.
    assert [(r["brand_code"], r["target_value"]) for r in zone.rows(delivery)] == [
        ("1.5", Decimal("1.5")),
        ("1.5", Decimal("2.5")),
    ]


def test_a_quarantined_row_is_json_whatever_it_holds(zone):
    text = 'a "b" \\ \t\x07\n€'
    quoted = '"' + text.replace('"', '""') + '"'
    header = "lead_id,dealer_id,brand_code,channel,created_at"
    zone.deliver(f"{header}\nL1,D0042,NORD,{quoted},never\n", "dealer__leads")
    (entry,) = zone.quarantine()
    assert json.loads(entry["raw_row"])["channel"] == text
