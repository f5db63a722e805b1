"""Forms of values that senders use, and what they mean."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from tests.unit.ingestion.conftest import Zone, csv_of


def price(zone: Zone, text: str, delimiter: str = ",", **other: str) -> Decimal | None:
    quoted = f'"{text}"'
    delivery = zone.deliver(csv_of({"list_price_eur": quoted, **other}, delimiter=delimiter))
    assert delivery.accepted_rows == 1, zone.quarantine()
    return zone.rows(delivery)[0]["list_price_eur"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234.56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1234,5", "1234.50"),
        ("1,234,567.8", "1234567.80"),
        ("1.234.567,8", "1234567.80"),
        ("+5", "5.00"),
        ("-5", "-5.00"),
        ("5-", "-5.00"),
        ("5.00-", "-5.00"),
        ("EUR 5.10", "5.10"),
        ("5.10 eur", "5.10"),
        ("5.10\u00a0€", "5.10"),
        ("€5.10", "5.10"),
        ("-€ 5.10", "-5.10"),
        ("1.234,50 EUR-", "-1234.50"),
        ("1.234,50- EUR", "-1234.50"),
        (".5", "0.50"),
        ("1234.500000", "1234.50"),
        ("007", "7.00"),
        ("9999999999999999.99", "9999999999999999.99"),
    ],
)
def test_amounts_come_in_many_forms(zone, text, value):
    assert price(zone, text, net_price_eur="") == Decimal(value)


@pytest.mark.parametrize("text", ["", "NULL", "null", "n/a", "N/A", "-", "  ", "\u00a0", " - "])
def test_null_tokens_are_null(zone, text):
    assert price(zone, text) is None


def test_without_evidence_the_delimiter_settles_the_number_locale(zone):
    assert price(zone, "1.234", ";", net_price_eur="") == Decimal("1234.00")
    zone.put(csv_of({"list_price_eur": "1.234", "net_price_eur": ""}), name="D0042_20250204.csv")
    (delivery,) = zone.load().deliveries
    assert delivery.quarantined_rows == 1  # 1.234 has three decimals
    assert zone.quarantine()[0]["reason_code"] == "BAD_VALUE"


def test_a_fraction_is_no_group_of_thousands(zone):
    zone.deliver(csv_of({"list_price_eur": "0.125", "net_price_eur": ""}, delimiter=";"))
    assert zone.quarantine()[0]["reason_code"] == "BAD_TYPE"


def test_evidence_goes_before_the_delimiter(zone):
    rows = [
        {"list_price_eur": "1.234", "net_price_eur": "7.5"},
        {"event_id": "E2", "list_price_eur": "2,345.00", "net_price_eur": ""},
    ]
    delivery = zone.deliver(csv_of(*rows, delimiter=";"))
    assert [row["list_price_eur"] for row in zone.rows(delivery)] == [Decimal("2345.00")]
    (entry,) = zone.quarantine()
    assert (entry["reason_code"], entry["value"]) == ("BAD_VALUE", "1.234")


@pytest.mark.parametrize("text", ["1.234,567", "12,3456", "1,5"])
def test_decimal_commas_are_german_evidence(zone, text):
    rows = [
        {"list_price_eur": f'"{text}"', "net_price_eur": ""},
        {"event_id": "E2", "list_price_eur": "1.234", "net_price_eur": ""},
    ]
    delivery = zone.deliver(csv_of(*rows))
    assert Decimal("1234.00") in [row["list_price_eur"] for row in zone.rows(delivery)]


def test_evidence_for_both_rejects_the_file(zone):
    rows = [{"list_price_eur": "1.50"}, {"event_id": "E2", "list_price_eur": '"1,50"'}]
    delivery = zone.deliver(csv_of(*rows))
    assert (delivery.status, delivery.reason_code) == ("REJECTED", "AMBIGUOUS_NUMBERS")
    assert delivery.delivered_rows == 0


def test_a_value_that_does_not_fit_the_settled_locale_is_of_a_bad_type(zone):
    rows = [{"list_price_eur": "1.50", "net_price_eur": '"12,34,5"'}]
    assert zone.deliver(csv_of(*rows)).quarantined_rows == 1
    assert zone.quarantine()[0]["reason_code"] == "BAD_TYPE"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-03-01", date(2024, 3, 1)),
        ("01.03.2024", date(2024, 3, 1)),
        ("1.3.2024", date(2024, 3, 1)),
        ("2024-03-01T00:00:00", date(2024, 3, 1)),
        ("2024-03-01 00:00", date(2024, 3, 1)),
        ("29.02.2024", date(2024, 2, 29)),
    ],
)
def test_dates_come_iso_or_german(zone, text, day):
    delivery = zone.deliver(csv_of({"event_date": text}))
    assert zone.rows(delivery)[0]["event_date"] == day


def lead(zone: Zone, created_at: str) -> datetime | str:
    """The stored instant, or the reason for quarantine."""
    text = f"lead_id,dealer_id,brand_code,channel,created_at\nL1,D0042,NORD,WEB,{created_at}\n"
    delivery = zone.deliver(text, "dealer__leads")
    rows = zone.rows(delivery)
    return rows[0]["created_at"] if rows else zone.quarantine()[0]["reason_code"]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2024-01-15 10:30:00", datetime(2024, 1, 15, 9, 30)),
        ("2024-07-15T10:30", datetime(2024, 7, 15, 8, 30)),
        ("2024-07-15T10:30:01.1234567", datetime(2024, 7, 15, 8, 30, 1, 123456)),
        ("2024-07-15T10:30:00Z", datetime(2024, 7, 15, 10, 30)),
        ("2024-07-15T10:30:00+02:00", datetime(2024, 7, 15, 8, 30)),
        ("2024-07-15 10:30:00-0130", datetime(2024, 7, 15, 12, 0)),
        ("2024-07-15T10:30:00.5+02", datetime(2024, 7, 15, 8, 30, 0, 500000)),
        ("2024-12-31 23:59:59", datetime(2024, 12, 31, 22, 59, 59)),
        ("2024-10-27 02:30:00", datetime(2024, 10, 27, 0, 30)),  # occurs twice: summer time
        ("2024-10-27 01:59:59", datetime(2024, 10, 26, 23, 59, 59)),
        ("2024-10-27 03:00:00", datetime(2024, 10, 27, 2, 0)),
        ("2024-03-31 01:59:59", datetime(2024, 3, 31, 0, 59, 59)),
        ("2024-03-31 02:30:00", datetime(2024, 3, 31, 1, 30)),  # does not exist: 03:30
        ("2024-03-31 03:00:00", datetime(2024, 3, 31, 1, 0)),
        ("1995-09-24 02:30:00", datetime(1995, 9, 24, 0, 30)),  # the old end of summer time
    ],
)
def test_instants_are_stored_in_utc(zone, text, instant):
    assert lead(zone, text) == instant


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-01",
        "2024-03-01 24:00:00",
        "2024-03-01 23:59:60",
        "2024-03-01 23:60",
        "01.03.2024 10:00",
        "2024-02-30 10:00:00",
        "2024-03-01T10:00:00+25:00",
        "1709287200",
        "now",
    ],
)
def test_what_is_no_iso_instant_is_of_a_bad_type(zone, text):
    assert lead(zone, text) == "BAD_TYPE"


@pytest.mark.parametrize("text", ["1989-12-31 23:59:59", "2027-01-01 00:00:00"])
def test_instants_of_events_have_a_plausible_year_in_the_network_zone(zone, text):
    assert lead(zone, text) == "BAD_VALUE"


def test_instants_on_a_change_of_time_are_counted_and_reported(zone):
    rows = "\n".join(
        f"L{i},D0042,NORD,WEB,{text}"
        for i, text in enumerate(
            ["2024-10-27 02:00:00", "2024-10-27 02:59:59", "2024-03-31 02:00", "2024-10-27 03:00"]
        )
    )
    text = f"lead_id,dealer_id,brand_code,channel,created_at\n{rows}\n"
    warnings = zone.deliver(text, "dealer__leads").warnings
    assert "2 instants in an hour that occurs twice" in warnings
    assert "1 instants in an hour that does not exist" in warnings


@pytest.mark.parametrize(
    ("text", "value"),
    [(t, True) for t in ("true", "TRUE", "1", "yes", "Ja", "wahr", "J", "x", "X")]
    + [(t, False) for t in ("false", "0", "no", "Nein", "falsch", "N", "", "-")],
)
def test_booleans_are_german_or_english_words(zone, text, value):
    delivery = zone.deliver(csv_of({"is_deleted": text}))
    assert zone.rows(delivery)[0]["is_deleted"] is value


def test_months_are_stored_as_their_first_day(zone):
    text = (
        "registration_month;district_code;brand_code;segment_code;powertrain_code;holder_type;units\n"
        "31.01.2025;09162;NORD;SUV;BEV;PRIVATE;1.000\n"
    )
    delivery = zone.deliver(text, "market__registrations", "market_20250203.csv")
    (row,) = zone.rows(delivery)
    assert row["registration_month"] == date(2025, 1, 1)
    assert row["district_code"] == "09162"
    assert row["units"] == 1000
