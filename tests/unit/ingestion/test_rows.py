"""Rows that do not pass: each form of bad input has its reason, and no row is lost."""

import json

import pytest

from tests.unit.ingestion.conftest import EVENT, EVENTS, FILE, Zone, csv_of


def only_failure(zone: Zone, *rows: dict[str, str]) -> dict:
    """Deliver rows of which exactly one must fail; gives its quarantine entry."""
    delivery = zone.deliver(csv_of(*rows))
    assert delivery.status == "LOADED"
    assert delivery.delivered_rows == len(rows)
    assert delivery.accepted_rows == len(rows) - 1
    assert delivery.quarantined_rows == 1
    (entry,) = zone.quarantine()
    return entry


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("event_id", "", "MISSING_REQUIRED"),
        ("vin", "n/a", "MISSING_REQUIRED"),
        ("brand_code", " NULL ", "MISSING_REQUIRED"),
        ("event_date", "-", "MISSING_REQUIRED"),
        ("event_date", "31.02.2024", "BAD_TYPE"),
        ("event_date", "20240301", "BAD_TYPE"),
        ("event_date", "2024-3-1", "BAD_TYPE"),
        ("event_date", "2024/03/01", "BAD_TYPE"),
        ("event_date", "01.03.24", "BAD_TYPE"),
        ("event_date", "infinity", "BAD_TYPE"),
        ("event_date", "2024-03-01T10:00:00", "BAD_TYPE"),
        ("event_date", "1989-12-31", "BAD_VALUE"),
        ("event_date", "2027-01-01", "BAD_VALUE"),
        ("list_price_eur", "k.A.", "BAD_TYPE"),
        ("list_price_eur", "1e3", "BAD_TYPE"),
        ("list_price_eur", "1'000.00", "BAD_TYPE"),
        ("list_price_eur", "1_000", "BAD_TYPE"),
        ("list_price_eur", "(5)", "BAD_TYPE"),
        ("list_price_eur", "١٢", "BAD_TYPE"),
        ("list_price_eur", "- 5", "BAD_TYPE"),
        ("list_price_eur", "--5", "BAD_TYPE"),
        ("list_price_eur", "5 EUR EUR", "BAD_TYPE"),
        ("list_price_eur", "12345678901234567.00", "BAD_TYPE"),
        ("list_price_eur", "1234.567", "BAD_VALUE"),
        ("list_price_eur", "0.001", "BAD_VALUE"),
        ("vin", "1M8GDM9AXKP04278", "BAD_VALUE"),
        ("vin", "IM8GDM9AXKP042788", "BAD_VALUE"),
        ("event_type", "SOLD", "BAD_VALUE"),
        ("holder_type", "NOBODY", "BAD_VALUE"),
        ("dealer_id", "../D1", "BAD_VALUE"),
        ("dealer_id", "d0042", "BAD_VALUE"),
        ("model_code", "=1+1", "BAD_VALUE"),
        ("is_deleted", "maybe", "BAD_TYPE"),
        ("dealer_id", "D0043", "UNKNOWN_SENDER_SCOPE"),
    ],
)
def test_a_bad_value_goes_to_quarantine_with_its_reason(zone, column, value, reason):
    bad = {"event_id": "E2", column: value}
    entry = only_failure(zone, {}, bad, {"event_id": "E3"})
    assert entry["reason_code"] == reason
    assert entry["column"] == column
    assert entry["value"] == value
    assert entry["row_number"] == 2
    assert (entry["feed"], entry["file"], entry["level"]) == (EVENTS, FILE, "ROW")
    assert entry["sender"] == "D0042"
    assert json.loads(entry["raw_row"]) == {**EVENT, **bad}


def test_the_first_reason_in_the_stated_order_counts(zone):
    wrong = {"event_type": "SOLD", "dealer_id": "D9", "list_price_eur": "x", "vin": ""}
    assert only_failure(zone, {}, wrong)["reason_code"] == "MISSING_REQUIRED"


def test_the_last_good_row_of_a_key_wins_and_the_others_are_duplicates(zone):
    delivery = zone.deliver(
        csv_of(
            {"model_code": "FIRST"},
            {"model_code": "SECOND", "event_id": " E1 "},
            {"model_code": "GOOD"},
            {"model_code": "BAD", "event_type": "?"},
        )
    )
    assert [row["model_code"] for row in zone.rows(delivery)] == ["GOOD"]
    found = [
        (e["row_number"], e["reason_code"], e["column"], e["value"]) for e in zone.quarantine()
    ]
    assert found == [
        (1, "DUPLICATE_KEY_IN_FILE", "event_id", "E1"),
        (2, "DUPLICATE_KEY_IN_FILE", "event_id", " E1 "),
        (4, "BAD_VALUE", "event_type", "?"),
    ]


def test_lines_with_another_number_of_fields_keep_their_text_and_number(zone):
    good = csv_of({}, {"event_id": "E2"}, {"event_id": "E3"}).splitlines()
    text = "\n".join([good[0], "too,short", "", good[1], good[2] + ",more", "   ", ",,", good[3]])
    delivery = zone.deliver(text)
    assert (delivery.delivered_rows, delivery.accepted_rows) == (4, 2)
    found = [(e["row_number"], e["reason_code"], e["raw_row"]) for e in zone.quarantine()]
    assert found == [
        (1, "WRONG_COLUMN_COUNT", "too,short"),
        (3, "WRONG_COLUMN_COUNT", good[2] + ",more"),
    ]
    assert [row["_source_row"] for row in zone.rows(delivery)] == [2, 4]


def test_wholly_empty_rows_are_no_rows_and_take_no_number(zone):
    lines = csv_of({}, {"event_id": "E2"}).splitlines()
    text = "\n".join([lines[0], ",,,,,,,,,,,,,", lines[1], ' , ,"",,,,,,,,,,,', "", lines[2]])
    delivery = zone.deliver(text)
    assert delivery.delivered_rows == 2
    assert [row["_source_row"] for row in zone.rows(delivery)] == [1, 2]


def test_a_withdrawal_needs_its_key_only(zone):
    nothing = dict.fromkeys(EVENT, "")
    delivery = zone.deliver(csv_of({**nothing, "event_id": "E9", "is_deleted": "ja"}, {}))
    withdrawn, kept = zone.rows(delivery)
    assert (withdrawn["event_id"], withdrawn["is_deleted"]) == ("E9", True)
    assert withdrawn["dealer_id"] is None
    assert kept["is_deleted"] is False


def test_a_hub_may_deliver_rows_of_many_dealers(zone):
    text = csv_of({}, {"event_id": "E2", "dealer_id": "D0043"})
    assert zone.deliver(text, name="DMS_20250203.csv").accepted_rows == 2
    assert zone.deliver(text + "\n", name="whatever.csv").accepted_rows == 2  # sender unknown


def test_the_sender_compares_without_case(zone):
    delivery = zone.deliver(csv_of({}), name="d0042_20250203.csv")
    assert (delivery.sender, delivery.accepted_rows) == ("D0042", 1)


def test_codes_are_upper_cased_and_keep_zeros_while_other_text_is_kept(zone):
    delivery = zone.deliver(
        csv_of(
            {
                "event_id": "  e1 ",
                "brand_code": " nord ",
                "vin": " 1m8gdm9axkp042788 ",
                "event_type": "invoice",
                "model_code": "007",
                "customer_postal_code": " a-1010 ",
                "source_system": " my system ",
            }
        )
    )
    (row,) = zone.rows(delivery)
    assert row["event_id"] == "e1"
    assert row["brand_code"] == "NORD"
    assert row["vin"] == "1M8GDM9AXKP042788"
    assert row["event_type"] == "INVOICE"
    assert row["model_code"] == "007"
    assert row["customer_postal_code"] == "a-1010"
    assert row["source_system"] == " my system "


def test_a_formula_in_a_customers_postal_code_is_bad_but_a_foreign_code_is_not(zone):
    entry = only_failure(
        zone,
        {"customer_postal_code": '"=""01067"""'},
        {"event_id": "E2", "customer_postal_code": "SW1A 1AA"},
    )
    assert (entry["reason_code"], entry["value"]) == ("BAD_VALUE", '="01067"')


def test_numbers_out_of_range_are_bad_values(zone):
    text = (
        "response_id,dealer_id,brand_code,survey_type,sent_at,score\n"
        "R1,D0042,NORD,SALES,2025-01-01 10:00,10\n"
        "R2,D0042,NORD,SALES,2025-01-01 10:00,11\n"
        "R3,D0042,NORD,SALES,2025-01-01 10:00,7.5\n"
        "R4,D0042,NORD,SALES,2025-01-01 10:00,8.0\n"
        "R5,D0042,NORD,SALES,2025-01-01 10:00,-1\n"
    )
    delivery = zone.deliver(text, "dealer__surveys")
    assert [(r["response_id"], r["score"]) for r in zone.rows(delivery)] == [("R1", 10), ("R4", 8)]
    assert [(e["row_number"], e["reason_code"]) for e in zone.quarantine()] == [
        (2, "BAD_VALUE"),
        (3, "BAD_TYPE"),
        (5, "BAD_VALUE"),
    ]


def test_a_composite_key_is_named_as_a_whole(zone):
    text = (
        "dealer_id,snapshot_date,vin,brand_code,model_code,stock_status\n"
        "D0042,2025-01-31,1M8GDM9AXKP042788,NORD,M1,IN_STOCK\n"
        "D0042,31.01.2025,1m8gdm9axkp042788,NORD,M2,DEMO\n"
    )
    delivery = zone.deliver(text, "dealer__stock")
    assert [row["model_code"] for row in zone.rows(delivery)] == ["M2"]
    (entry,) = zone.quarantine()
    assert entry["column"] == "dealer_id, snapshot_date, vin"
    assert entry["value"] == "D0042, 2025-01-31, 1M8GDM9AXKP042788"
