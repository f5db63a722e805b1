"""Formats with types of their own: workbooks, JSON and Parquet."""

import io
import json
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.unit.ingestion.conftest import EVENT, NOW

NAME = "D0042_20250203"
TYPED = {**EVENT, "event_date": date(2025, 2, 3), "list_price_eur": 30000.5, "promised_on": None}


def workbook(*rows, header=tuple(EVENT)) -> bytes:
    book = openpyxl.Workbook()
    if header:
        book.active.append(list(header))
    for row in rows:
        book.active.append([row.get(name) for name in header] if header else list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def parquet(rows, schema=None, **options) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), buffer, **options)
    return buffer.getvalue()


def json_of(*rows) -> bytes:
    return json.dumps(rows, default=str).encode()


def ndjson_of(*rows) -> bytes:
    return "\n".join(json.dumps(row, default=str) for row in rows).encode()


FORMATS = {
    ".xlsx": workbook,
    ".json": json_of,
    ".ndjson": ndjson_of,
    ".parquet": lambda *rows: parquet(list(rows)),
}


@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_gives_the_same_typed_row(zone, ending):
    second = TYPED | {"event_id": "E2", "vin": "I"}
    delivery = zone.deliver(FORMATS[ending](TYPED, second), name=NAME + ending.upper())
    assert (delivery.delivered_rows, delivery.accepted_rows) == (2, 1)
    (row,) = zone.rows(delivery)
    assert row["event_date"] == date(2025, 2, 3)
    assert row["list_price_eur"] == Decimal("30000.50")
    assert row["net_price_eur"] == Decimal("28000.50")
    assert row["promised_on"] is None
    assert row["customer_postal_code"] == "01067"
    assert row["_source_row"] == 1
    (entry,) = zone.quarantine()
    assert (entry["reason_code"], entry["row_number"], entry["value"]) == ("BAD_VALUE", 2, "I")
    assert json.loads(entry["raw_row"])["event_id"] == "E2"


@pytest.mark.parametrize("ending", FORMATS)
def test_numbers_with_a_type_are_no_evidence_for_a_locale(zone, ending):
    german = TYPED | {"event_id": "E2", "net_price_eur": "1.234,5"}
    delivery = zone.deliver(
        FORMATS[ending](TYPED | {"net_price_eur": "7"}, german), name=NAME + ending
    )
    assert [r["net_price_eur"] for r in zone.rows(delivery)] == [Decimal("7"), Decimal("1234.50")]
    assert {r["list_price_eur"] for r in zone.rows(delivery)} == {Decimal("30000.50")}


@pytest.mark.parametrize("ending", FORMATS)
def test_more_decimals_than_the_type_has_are_never_rounded(zone, ending):
    rows = [TYPED | {"list_price_eur": 0.125}, TYPED | {"event_id": "E2", "list_price_eur": 1e-7}]
    zone.deliver(FORMATS[ending](*rows), name=NAME + ending)
    assert [e["reason_code"] for e in zone.quarantine()] == ["BAD_VALUE"] * 2
    assert [e["value"] for e in zone.quarantine()] == ["0.125", "0.0000001"]


@pytest.mark.parametrize("ending", FORMATS)
def test_a_code_that_arrives_as_a_number_is_its_digits(zone, ending):
    delivery = zone.deliver(FORMATS[ending](TYPED | {"model_code": 1067}), name=NAME + ending)
    assert zone.rows(delivery)[0]["model_code"] == "1067"


@pytest.mark.parametrize("ending", FORMATS)
def test_a_missing_column_is_named(zone, ending):
    row = {name: value for name, value in TYPED.items() if name != "vin"}
    content = workbook(row, header=tuple(row)) if ending == ".xlsx" else FORMATS[ending](row)
    delivery = zone.deliver(content, name=NAME + ending)
    assert delivery.reason_code == "MISSING_COLUMN"
    assert "vin" in delivery.message


# -- workbooks --------------------------------------------------------------------------------


def test_workbooks_show_errors_as_bad_types_and_computed_floats_as_excel_does(zone):
    rows = [
        TYPED | {"list_price_eur": 0.1 + 0.2},
        TYPED | {"event_id": "E2", "source_system": "#N/A"},
        TYPED | {"event_id": "E3", "event_date": datetime(2025, 2, 3)},
        TYPED | {"event_id": "E4", "event_date": datetime(2025, 2, 3, 10)},
        TYPED | {"event_id": "E5", "event_date": 45000},
        TYPED | {"event_id": "E6", "is_deleted": True},
    ]
    delivery = zone.deliver(workbook(*rows), name=NAME + ".xlsx")
    accepted = zone.rows(delivery)
    assert [row["event_id"] for row in accepted] == ["E1", "E3", "E6"]
    assert accepted[0]["list_price_eur"] == Decimal("0.30")
    assert accepted[2]["is_deleted"] is True
    assert [(e["row_number"], e["reason_code"], e["value"]) for e in zone.quarantine()] == [
        (2, "BAD_TYPE", "#N/A"),
        (4, "BAD_TYPE", "2025-02-03T10:00:00"),
        (5, "BAD_TYPE", "45000"),
    ]


def test_only_the_first_sheet_counts_and_empty_rows_do_not(zone):
    book = openpyxl.Workbook()
    for row in (tuple(EVENT), (), tuple(EVENT.values()), (None, " ")):
        book.active.append(row)
    book.create_sheet("second").append(["nonsense"])
    buffer = io.BytesIO()
    book.save(buffer)
    delivery = zone.deliver(buffer.getvalue(), name=NAME + ".xlsx")
    assert (delivery.delivered_rows, delivery.accepted_rows) == (1, 1)


def test_a_workbook_that_states_a_wrong_size_is_read_whole(zone):
    content = _edited(workbook(TYPED), "sheet1.xml", lambda x: x.replace("A1:N2", "A1:A1"))
    assert zone.deliver(content, name=NAME + ".xlsx").accepted_rows == 1


def test_an_empty_sheet_is_empty(zone):
    assert zone.deliver(workbook(header=()), name=NAME + ".xlsx").reason_code == "EMPTY"


def test_a_document_type_in_a_workbook_is_refused(zone):
    bomb = '<!DOCTYPE x [<!ENTITY a "b">]>'
    content = _edited(workbook(TYPED), "sheet1.xml", lambda x: bomb + x.split("?>")[-1])
    delivery = zone.deliver(content, name=NAME + ".xlsx")
    assert delivery.reason_code == "UNREADABLE"
    assert "document type" in delivery.message


def test_a_workbook_that_unpacks_to_too_much_is_refused(zone):
    zone.configure(max_file_bytes=200_000)
    content = _edited(workbook(TYPED), "sheet1.xml", lambda x: x + " " * 300_000)
    delivery = zone.deliver(content, name=NAME + ".xlsx")
    assert delivery.file_bytes < 20_000
    assert delivery.reason_code == "TOO_LARGE"


@pytest.mark.parametrize("content", [b"no zip", workbook(TYPED)[:-200], b"PK\x03\x04"])
def test_a_damaged_workbook_is_unreadable(zone, content):
    assert zone.deliver(content, name=NAME + ".xlsx").reason_code == "UNREADABLE"


def _edited(content: bytes, entry: str, edit) -> bytes:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            data = old.read(info)
            if info.filename.endswith(entry):
                data = edit(data.decode()).encode()
            new.writestr(info.filename, data)
    return buffer.getvalue()


# -- JSON -------------------------------------------------------------------------------------


def test_json_columns_are_those_of_all_objects(zone):
    optional = {
        name: value for name, value in TYPED.items() if name not in ("net_price_eur", "vin")
    }
    rows = [optional | {"Extra": [1]}, TYPED | {"event_id": "E2", " VIN ": "x"}]
    rows[1].pop("vin")
    delivery = zone.deliver(json_of(*rows), name=NAME + ".json")
    assert delivery.warnings == "extra columns kept out: Extra"
    assert [e["reason_code"] for e in zone.quarantine()] == ["MISSING_REQUIRED", "BAD_VALUE"]


def test_nested_values_are_bad_types(zone):
    zone.deliver(json_of(TYPED | {"source_system": {"a": [1, "b"]}}), name=NAME + ".json")
    (entry,) = zone.quarantine()
    assert (entry["reason_code"], entry["value"]) == ("BAD_TYPE", '{"a": ["1", "b"]}')


@pytest.mark.parametrize("content", ["[]", " [ ] \n"])
def test_an_empty_json_array_is_zero_rows(zone, content):
    delivery = zone.deliver(content, name=NAME + ".json")
    assert (delivery.status, delivery.delivered_rows) == ("LOADED", 0)


def test_objects_without_values_are_no_rows(zone):
    delivery = zone.deliver(json_of({}, TYPED, {"vin": None, "x": " "}), name=NAME + ".json")
    assert delivery.delivered_rows == 1


@pytest.mark.parametrize(
    "content",
    [
        "{}",
        '{"event_id": "E1"}',
        "[1]",
        "[[]]",
        '[{"event_id": NaN}]',
        '[{"event_id": "E1"}',
        '[{"event_id": "E1"},]',
        '[{"event_id": "E1"}] x',
        '[{"event_id": "E1", "EVENT_ID": "E2"}]',
        "[" * 5000,
        '[{"a": ' + "[" * 50_000 + "]" * 50_000 + "}]",
        "event_id,vin\n",
    ],
)
def test_what_is_no_array_of_flat_objects_is_unreadable(zone, content):
    assert zone.deliver(content, name=NAME + ".json").reason_code == "UNREADABLE"


def test_one_broken_line_refuses_a_whole_ndjson_file(zone):
    content = ndjson_of(TYPED) + b"\n\n{broken\n"
    delivery = zone.deliver(content, name=NAME + ".ndjson")
    assert delivery.reason_code == "UNREADABLE"
    assert "line 3" in delivery.message


def test_a_lone_surrogate_is_a_bad_type(zone):
    content = json_of(TYPED | {"source_system": "x\ud800"})
    zone.deliver(content, name=NAME + ".json")
    assert zone.quarantine()[0]["reason_code"] == "BAD_TYPE"


def test_long_objects_and_small_buffers_are_read(zone):
    rows = [TYPED | {"event_id": f"E{i}", "source_system": "s" * 300_000} for i in range(4)]
    assert zone.deliver(json_of(*rows), name=NAME + ".json").accepted_rows == 4


# -- Parquet ----------------------------------------------------------------------------------


def test_parquet_types_are_kept_exactly(zone):
    rows = [
        {
            "lead_id": b"L1",
            "dealer_id": "D0042",
            "brand_code": "NORD",
            "channel": "WEB",
            "created_at": datetime(2025, 1, 1, 12, tzinfo=UTC),
            "first_response_at": datetime(2025, 1, 1, 13),
            "lost_at": datetime(2025, 7, 1, 13),
            "is_deleted": False,
        }
    ]
    schema = pa.schema(
        [
            ("lead_id", pa.binary()),
            ("dealer_id", pa.dictionary(pa.int32(), pa.string())),
            ("brand_code", pa.large_string()),
            ("channel", pa.string()),
            ("created_at", pa.timestamp("us", tz="America/New_York")),
            ("first_response_at", pa.timestamp("ns")),
            ("lost_at", pa.timestamp("ms")),
            ("is_deleted", pa.bool_()),
        ]
    )
    delivery = zone.deliver(parquet(rows, schema), "dealer__leads", NAME + ".parquet")
    (row,) = zone.rows(delivery)
    assert row["lead_id"] == "L1"
    assert row["created_at"] == datetime(2025, 1, 1, 12)
    assert row["first_response_at"] == datetime(2025, 1, 1, 12)
    assert row["lost_at"] == datetime(2025, 7, 1, 11)


@pytest.mark.parametrize(
    ("value", "type_"),
    [
        ([1], pa.list_(pa.int64())),
        (float("nan"), pa.float64()),
        (float("inf"), pa.float64()),
        (12.5, pa.float64()),
        (2**63, pa.uint64()),
        (b"\xff", pa.binary()),
    ],
)
def test_parquet_values_that_do_not_convert_without_loss_are_bad_types(zone, value, type_):
    row = {
        "response_id": "R1",
        "dealer_id": "D0042",
        "brand_code": "NORD",
        "survey_type": "SALES",
        "sent_at": "2025-01-01T10:00:00",
        "score": value,
    }
    schema = pa.schema(
        [(name, pa.string()) for name in row if name != "score"] + [("score", type_)]
    )
    zone.deliver(parquet([row], schema), "dealer__surveys", NAME + ".parquet")
    assert zone.quarantine()[0]["reason_code"] == "BAD_TYPE"


def test_nanoseconds_that_would_be_lost_are_bad_types(zone):
    row = {"period_month": "2025-01-01", "closed_at": 1, "closed_by": "x"}
    schema = pa.schema(
        [
            ("period_month", pa.string()),
            ("closed_at", pa.timestamp("ns")),
            ("closed_by", pa.string()),
        ]
    )
    zone.deliver(parquet([row], schema), "oem__period_closes", "oem_20250203.parquet")
    assert zone.quarantine()[0]["reason_code"] == "BAD_TYPE"


def test_a_parquet_file_that_unfolds_to_too_much_is_refused(zone):
    zone.configure(max_file_bytes=1_000_000)
    rows = [TYPED | {"event_id": f"E{i}", "source_system": "s" * 10_000} for i in range(500)]
    delivery = zone.deliver(parquet(rows), name=NAME + ".parquet")
    assert delivery.file_bytes < 100_000
    assert delivery.reason_code == "TOO_LARGE"


@pytest.mark.parametrize("content", [b"PAR1", b"event_id,vin\n", parquet([TYPED])[:-9] + b"PAR1"])
def test_a_damaged_parquet_file_is_unreadable(zone, content):
    assert zone.deliver(content, name=NAME + ".parquet").reason_code == "UNREADABLE"


def test_the_moment_of_a_load_is_kept(zone):
    delivery = zone.deliver(json_of(TYPED), name=NAME + ".json")
    (row,) = zone.rows(delivery)
    assert row["_loaded_at"] == NOW.replace(tzinfo=None)
    assert row["_delivered_at"] == datetime(2025, 2, 2, 23)
