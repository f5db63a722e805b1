"""Values as text, files as bytes: the spellings one by one."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import date, datetime

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.ingestion.contract import Feed
from orchestration.sample import dialects, frames, render

CENTS = pa.array([123_456_789, -5, 100_000, None, 99], pa.int64())


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ({}, ["1234567.89", "-0.05", "1000.00", None, "0.99"]),
        ({"point": ",", "group": "."}, ["1.234.567,89", "-0,05", "1.000,00", None, "0,99"]),
        ({"group": ","}, ["1,234,567.89", "-0.05", "1,000.00", None, "0.99"]),
        (
            {"point": ",", "unit": " EUR", "trailing_minus": True},
            ["1234567,89 EUR", "0,05- EUR", "1000,00 EUR", None, "0,99 EUR"],
        ),
    ],
)
def test_amounts_are_spelled_in_every_way(style: dict, expected: list) -> None:
    assert render.decimal_text(CENTS, 2, **style).to_pylist() == expected


def test_rates_keep_all_six_decimals() -> None:
    rates = pa.array([120_000, 1, 1_250_000], pa.int64())
    assert render.decimal_text(rates, 6).to_pylist() == ["0.120000", "0.000001", "1.250000"]


def test_days_are_iso_or_german() -> None:
    days = pa.array([date(2024, 2, 29), None, date(1999, 12, 31)])
    assert render.date_text(days).to_pylist() == ["2024-02-29", None, "1999-12-31"]
    assert render.date_text(days, german=True).to_pylist() == ["29.02.2024", None, "31.12.1999"]


@pytest.mark.parametrize(
    ("style", "winter", "summer"),
    [
        ("blank", "2024-01-15 09:30:05", "2024-07-15 00:30:00"),
        ("T", "2024-01-15T09:30:05", "2024-07-15T00:30:00"),
        ("offset", "2024-01-15T09:30:05+01:00", "2024-07-15T00:30:00+02:00"),
        ("utc", "2024-01-15T08:30:05Z", "2024-07-14T22:30:00Z"),
    ],
)
def test_instants_are_wall_clock_or_carry_their_zone(style: str, winter: str, summer: str) -> None:
    moments = pa.array(
        [datetime(2024, 1, 15, 9, 30, 5), None, datetime(2024, 7, 15, 0, 30)], pa.timestamp("us")
    )
    assert render.moment_text(moments, style).to_pylist() == [winter, None, summer]


@pytest.fixture
def surveys(feeds: dict[str, Feed]) -> pa.Table:
    """Two rows with everything that needs care: quotes, delimiters, line breaks, nulls."""
    return frames.frame(
        feeds["dealer__surveys"],
        {
            "response_id": pa.array(["S-1", "S-2"]),
            "dealer_id": pa.array(["D0001", "D0001"]),
            "brand_code": pa.array(["ARVA", "ARVA"]),
            "survey_type": pa.array(["SALES", "SERVICE"]),
            "sent_at": pa.array([datetime(2024, 7, 1, 12), datetime(2024, 1, 2, 8, 0, 1)]).cast(
                pa.timestamp("us")
            ),
            "score": pa.array([9, None], pa.int64()),
            "comment": pa.array(['Er sagte "bald";\nes <dauerte> & kostete 5 €', None]),
        },
    )


def test_delimited_text_quotes_only_what_needs_it(feeds: dict, surveys: pa.Table) -> None:
    [data] = dialects.write_all(
        feeds["dealer__surveys"], dialects.OLD_WINDOWS, surveys, [0, surveys.num_rows]
    )
    head, first, second = data.decode("cp1252").split("\r\n")[:3]
    assert head.startswith(" response_id ; dealer_id ;")
    assert first == (
        'S-1;D0001;ARVA;-;SALES;2024-07-01 12:00:00;-;9;"Er sagte ""bald"";\nes <dauerte> & kostete'
        ' 5 €"'
    )
    assert second == "S-2;D0001;ARVA;-;SERVICE;2024-01-02 08:00:01;-;-;-"


def test_rows_can_be_crooked_and_cells_unreadable(feeds: dict, surveys: pa.Table) -> None:
    [data] = dialects.write_all(
        feeds["dealer__surveys"],
        dialects.PLAIN,
        surveys.slice(1),
        [0, 1],
        [dialects.Cells("score", np.array([0]), "k.A.")],
        np.array([0]),
    )
    assert data.decode().splitlines()[1] == "S-2,D0001,ARVA,,SERVICE,2024-01-02T08:00:01,,k.A.,,?"


def test_a_frame_is_cut_into_files(feeds: dict, surveys: pa.Table) -> None:
    for dialect in dialects.DEALER_DIALECTS:
        files = dialects.write_all(feeds["dealer__surveys"], dialect, surveys, [0, 1, 2])
        assert len(files) == 2 and files[0] != files[1], dialect.name


def test_archives_are_the_same_bytes_every_time(feeds: dict, surveys: pa.Table) -> None:
    for dialect in (dialects.GZIP, dialects.WORKBOOK, dialects.PARQUET):
        first, second = (
            dialects.write_all(feeds["dealer__surveys"], dialect, surveys, [0, 2]) for _ in range(2)
        )
        assert first == second, dialect.name
    [zipped] = dialects.write_all(feeds["dealer__surveys"], dialects.GZIP, surveys, [0, 2])
    assert zipped[4:8] == bytes(4), "no time inside"
    assert gzip.decompress(zipped).startswith(b"response_id,")
    [book] = dialects.write_all(feeds["dealer__surveys"], dialects.WORKBOOK, surveys, [0, 2])
    times = {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(book)).infolist()}
    assert times == {(1980, 1, 1, 0, 0, 0)}


def test_a_workbook_opens_with_its_values(feeds: dict, surveys: pa.Table) -> None:
    [data] = dialects.write_all(feeds["dealer__surveys"], dialects.WORKBOOK, surveys, [0, 2])
    head, first, second = openpyxl.load_workbook(io.BytesIO(data)).active.values
    row = dict(zip(head, first, strict=True))
    assert row["sent_at"] == datetime(2024, 7, 1, 12) and row["score"] == 9
    assert row["comment"] == 'Er sagte "bald";\nes <dauerte> & kostete 5 €'
    row = dict(zip(head, second, strict=True))
    assert row["sent_at"] == datetime(2024, 1, 2, 8, 0, 1)
    assert row["score"] is None and row["vin"] is None


def test_parquet_carries_decimals_and_instants(feeds: dict) -> None:
    feed = feeds["oem__period_closes"]
    closes = frames.frame(
        feed,
        {
            "period_month": frames.days(np.array([19_905])),
            "closed_at": frames.moments(np.array([19_915 * 86_400 + 12 * 3600])),
            "closed_by": pa.array(["x"]),
        },
    )
    [zoned] = dialects.write_all(feed, dialects.PARQUET, closes, [0, 1])
    at = pq.read_table(io.BytesIO(zoned))["closed_at"][0].as_py()
    assert at.isoformat() == "2024-07-11T10:00:00+00:00", "summer time"
    feed = feeds["oem__vehicle_models"]
    models = frames.frame(
        feed,
        {
            "model_code": pa.array(["A"]),
            "brand_code": pa.array(["B"]),
            "model_name": pa.array(["C"]),
            "segment_code": pa.array(["SUV"]),
            "powertrain_code": pa.array(["BEV"]),
            "list_price_eur": pa.array([-1_234_50], pa.int64()),
            "max_discount_rate": pa.array([120_000], pa.int64()),
        },
    )
    [data] = dialects.write_all(feed, dialects.PARQUET, models, [0, 1])
    table = pq.read_table(io.BytesIO(data))
    assert str(table["list_price_eur"][0]) == "-1234.50"
    assert str(table["max_discount_rate"][0]) == "0.120000"


# -- frames keep their contract ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"colour": pa.array(["red", "blue"])}, "colour are not in the contract"),
        ({"score": pa.array(["9", "8"])}, "score: is string"),
        ({"dealer_id": pa.array(["D0001", None])}, "dealer_id: required, yet 1 nulls"),
        ({"survey_type": pa.array(["SALES", "OTHER"])}, "survey_type: .'OTHER'. are not among"),
        ({"vin": pa.array([None, "0AVIO000000000000"])}, "vin: 0AVIO000000000000 is no vin"),
        ({"score": pa.array([3, 11], pa.int64())}, "score: 11 is above 10"),
        ({"score": pa.array([3, -1], pa.int64())}, "score: -1 is below 0"),
    ],
)
def test_a_frame_that_breaks_its_contract_is_refused(
    feeds: dict, surveys: pa.Table, change: dict, problem: str
) -> None:
    feed = feeds["dealer__surveys"]
    columns = {n: surveys[n].combine_chunks() for n in surveys.column_names} | change
    with pytest.raises(frames.FrameError, match=problem):
        frames.frame(feed, columns)


def test_a_month_that_is_no_first_day_is_refused(feeds: dict) -> None:
    feed = feeds["oem__period_closes"]
    with pytest.raises(frames.FrameError, match="period_month: not all are the first of a month"):
        frames.frame(
            feed,
            {
                "period_month": pa.array([date(2024, 1, 2)]),
                "closed_at": pa.array([datetime(2024, 2, 1)]).cast(pa.timestamp("us")),
                "closed_by": pa.array(["x"]),
            },
        )
