"""Delimited files in the dialects that dealers send, and those that are refused."""

import gzip

import pytest

from tests.unit.ingestion.conftest import EVENT_HEADER, EVENTS, csv_of

PLAIN = csv_of({"source_system": "Müller"}, {"event_id": "E2", "source_system": "x"})


def systems(zone, delivery):
    return [row["source_system"] for row in zone.rows(delivery)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_dialect_gives_the_same_rows(zone, delimiter, encoding, newline):
    text = PLAIN.replace(",", delimiter).replace("\n", newline)
    delivery = zone.deliver(text.encode(encoding))
    assert systems(zone, delivery) == ["Müller", "x"]
    assert (delivery.delivered_rows, delivery.warnings) == (2, None)


def test_utf16_big_endian_with_its_mark_is_read(zone):
    assert systems(zone, zone.deliver(b"\xfe\xff" + PLAIN.encode("utf-16-be"))) == ["Müller", "x"]


@pytest.mark.parametrize("sep", ["sep=;", '"sep=;"', "SEP=;", "sep=;\r"])
def test_a_sep_line_is_skipped(zone, sep):
    assert zone.deliver(f"{sep}\n" + PLAIN.replace(",", ";")).accepted_rows == 2


def test_header_names_come_in_any_case_order_and_with_blanks(zone):
    header = " Is_Deleted ,VIN\t,\u00a0EVENT_ID," + EVENT_HEADER.replace(",is_deleted", "").replace(
        "event_id,", ""
    ).replace("vin,", "")
    names = [name.strip().lower() for name in header.split(",")]
    line = csv_of({}, header=",".join(names)).splitlines()[1]
    delivery = zone.deliver(f"{header}\n{line}\n")
    assert zone.rows(delivery)[0]["vin"] == "1M8GDM9AXKP042788"


def test_extra_columns_are_kept_out_and_reported(zone):
    lines = PLAIN.splitlines()
    text = "\n".join(f"{line},{extra},{extra}," for line, extra in zip(lines, "abc", strict=True))
    delivery = zone.deliver(text)
    assert delivery.accepted_rows == 2
    assert delivery.warnings == "extra columns kept out: a, a, (no name)"


def test_an_empty_field_at_the_end_of_rows_only_is_a_wrong_column_count(zone):
    lines = PLAIN.splitlines()
    delivery = zone.deliver("\n".join([lines[0], lines[1] + ",", lines[2]]))
    assert (delivery.accepted_rows, delivery.quarantined_rows) == (1, 1)
    assert zone.quarantine()[0]["reason_code"] == "WRONG_COLUMN_COUNT"


def test_quoted_values_may_hold_delimiters_quotes_and_line_breaks(zone):
    text = csv_of(
        {"source_system": '"a, ""b""\r\nc\rd\n"'}, {"event_id": "E2", "source_system": 'x"y"'}
    )
    delivery = zone.deliver(text)
    assert systems(zone, delivery) == ['a, "b"\r\nc\rd\n', 'x"y"']


def test_blank_lines_and_mixed_line_ends_are_no_rows(zone):
    lines = PLAIN.splitlines()
    delivery = zone.deliver(f"\n{lines[0]}\r\n\r\n{lines[1]}\n \n{lines[2]}\r\n\r\n")
    assert delivery.delivered_rows == 2


def test_a_final_ctrl_z_is_ignored(zone):
    assert zone.deliver(PLAIN + "\x1a").delivered_rows == 2
    zone.put(PLAIN.replace("Müller", "M") + "\x1a\r\n", name="D0042_20250301.csv")
    assert zone.load().deliveries[0].delivered_rows == 2


def test_an_optional_column_may_be_absent(zone):
    header = EVENT_HEADER.replace(",net_price_eur", "").replace(",is_deleted", "")
    (row,) = zone.rows(zone.deliver(csv_of({}, header=header)))
    assert row["net_price_eur"] is None
    assert row["is_deleted"] is False


def test_a_header_only_file_has_no_rows(zone):
    delivery = zone.deliver(EVENT_HEADER + "\n")
    assert (delivery.status, delivery.delivered_rows) == ("LOADED", 0)
    assert zone.table(delivery).num_rows == 0
    assert zone.table(delivery).column_names[0] == "event_id"


def test_gz_files_are_read_with_all_members(zone):
    lines = PLAIN.splitlines(keepends=True)
    content = gzip.compress("".join(lines[:2]).encode(), mtime=0) + gzip.compress(lines[2].encode())
    assert zone.deliver(content, name="D0042_20250203.CSV.GZ").accepted_rows == 2


GZ = gzip.compress(PLAIN.encode(), mtime=0)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", b"", "EMPTY"),
        ("a.csv", b"\xef\xbb\xbf", "EMPTY"),
        ("a.csv", b"\xff\xfe", "EMPTY"),
        ("a.csv", b" \r\n\t\n", "EMPTY"),
        ("a.csv", b"\x1a", "EMPTY"),
        ("a.csv", b"sep=;\n", "EMPTY"),
        ("a.csv.gz", gzip.compress(b"", mtime=0), "EMPTY"),
        ("a.csv.gz", gzip.compress(b"\n\n", mtime=0), "EMPTY"),
        ("a.csv.gz", b"", "EMPTY"),
        ("a.csv.gz", GZ[:-5], "UNREADABLE"),
        ("a.csv.gz", GZ + b"garbage", "UNREADABLE"),
        ("a.csv.gz", PLAIN.encode(), "UNREADABLE"),
        ("a.csv", GZ, "UNREADABLE"),
        ("a.csv", b"PK\x03\x04 rest", "UNREADABLE"),
        ("a.csv", b"%PDF-1.7", "UNREADABLE"),
        ("a.csv", b'[{"event_id": 1}]', "UNREADABLE"),
        ("a.csv", b"<html></html>", "UNREADABLE"),
        ("a.csv", PLAIN.encode("utf-16-le"), "UNREADABLE"),
        ("a.csv", PLAIN.encode().replace(b"E2", b"E\x00"), "UNREADABLE"),
        ("a.csv", PLAIN.encode("utf-16")[:-1], "UNREADABLE"),
        ("a.csv", PLAIN.replace("\n", "\r").encode(), "UNREADABLE"),
        ("a.csv", PLAIN.encode().replace(b",x,", b',"x,'), "UNREADABLE"),
        ("a.csv", PLAIN.encode().replace(b"event_id", b'"event_id', 1), "UNREADABLE"),
        ("a.csv", PLAIN.encode().replace(b"promised_on", b" VIN ", 1), "UNREADABLE"),
        ("a.csv", PLAIN.encode("cp1252").replace(b"x", b"\x81"), "UNKNOWN_ENCODING"),
        ("a.csv", PLAIN.encode().replace(b"event_id", b"id", 1), "MISSING_COLUMN"),
        ("a.csv", b"hello world\n", "MISSING_COLUMN"),
        ("a.doc", PLAIN.encode(), "UNREADABLE"),
        ("a", PLAIN.encode(), "UNREADABLE"),
        ("a.json.gz", gzip.compress(b"[]", mtime=0), "UNREADABLE"),
        ("a.csv", (EVENT_HEADER + ",x" * 1000).encode(), "TOO_LARGE"),
        ("a.csv", PLAIN.encode().replace(b",x,", b"," + b"x" * (1024**2 + 1) + b","), "TOO_LARGE"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_one_reason(zone, name, content, reason):
    zone.put(EVENT_HEADER, name="D0042_20250101.csv")
    delivery = next(d for d in _load(zone, content, name) if d.source_file != "D0042_20250101.csv")
    assert (delivery.status, delivery.reason_code) == ("REJECTED", reason)
    assert delivery.message
    assert (delivery.delivered_rows, delivery.accepted_rows, delivery.quarantined_rows) == (0, 0, 0)
    (entry,) = zone.quarantine()
    assert (entry["level"], entry["reason_code"]) == ("FILE", reason)
    assert len(list(zone.settings.rejected.glob(f"{EVENTS}-*.parquet"))) == 1


def _load(zone, content, name):
    zone.put(content, name=name)
    return zone.load().deliveries


def test_a_field_of_just_the_limit_is_taken(zone):
    delivery = zone.deliver(csv_of({"source_system": "x" * 1024**2}))
    assert delivery.accepted_rows == 1


def test_the_size_limit_holds_before_and_after_decompression(zone):
    zone.configure(max_file_bytes=2000)
    body = csv_of(*({"event_id": f"E{i}"} for i in range(50)))
    assert zone.deliver(body).reason_code == "TOO_LARGE"
    zone.put(gzip.compress(body.encode(), mtime=0), name="D0042_20250204.csv.gz")
    (delivery,) = zone.load().deliveries
    assert delivery.file_bytes < 2000
    assert delivery.reason_code == "TOO_LARGE"


def test_rows_longer_than_a_block_are_read_with_larger_blocks(zone):
    long = "y" * 5000
    delivery = zone.deliver(csv_of({"source_system": long}, {"event_id": "E2"}), block_bytes=512)
    assert sorted(len(s) for s in systems(zone, delivery)) == [3, 5000]


def test_an_open_quote_is_found_in_any_block(zone):
    rows = [{"event_id": f"E{i}"} for i in range(50)] + [{"event_id": '"E50'}]
    rows += [{"event_id": f"F{i}"} for i in range(50)]
    assert zone.deliver(csv_of(*rows), block_bytes=1024).reason_code == "UNREADABLE"
