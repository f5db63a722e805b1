"""Typed rows, written in a random dialect and loaded, come back as they were."""

import csv
import io
import tempfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.ingestion.conftest import Zone

CODE = st.text("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", min_size=1, max_size=8).filter(
    lambda t: t != "NULL"
)
# What Windows-1252 can write, without what is trimmed, null or no text.
TEXT = st.text(
    st.sampled_from("abcXYZ äöüßÄÖÜ€,;|\t\"'=+-@\n/.:0159"), min_size=1, max_size=20
).filter(lambda t: t.strip() and t.strip().lower() not in ("null", "n/a", "-"))
AMOUNT = st.decimals(min_value=-(10**13), max_value=10**13, places=2)
DAY = st.dates(date(1990, 1, 1), date(2026, 12, 31))
INSTANT = st.datetimes(datetime(1996, 1, 2), datetime(2026, 12, 30)).map(
    lambda d: d.replace(microsecond=0)
)

ROW = st.fixed_dictionaries(
    {
        "case_id": st.uuids().map(str),
        "dealer_id": st.just("D0042"),
        "brand_code": CODE,
        "vin": st.none() | st.text("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", min_size=17, max_size=17),
        "case_type": st.sampled_from(["WARRANTY", "COMPLAINT", "SERVICE_REQUEST"]),
        "product_category": TEXT,
        "customer_postal_code": st.from_regex(r"\A0[0-9]{4}\Z"),
        "opened_at": INSTANT,
        "first_assigned_at": st.none() | INSTANT,
        "resolved_at": st.none(),
        "reassign_count": st.none() | st.integers(0, 10**15),
        "reopened_count": st.none(),
        "claimed_amount_eur": st.none() | AMOUNT,
        "approved_amount_eur": st.none() | AMOUNT,
        "is_deleted": st.booleans(),
    }
)
DIALECT = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from(",;\t|"),
        "encoding": st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
        "newline": st.sampled_from(["\n", "\r\n"]),
        "quoting": st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
        "german": st.booleans(),
        "grouped": st.booleans(),
        "euro": st.sampled_from(["", " EUR", "€", "\u00a0€", "EUR "]),
        "trailing_minus": st.booleans(),
        "german_dates": st.booleans(),
        "separator": st.sampled_from("T "),
        "offset": st.sampled_from(["Z", "+00:00", "+0000", "+00"]),
        "null": st.sampled_from(["", "NULL", "n/a", "-", "  "]),
        "yes_no": st.sampled_from([("true", "false"), ("ja", "NEIN"), ("1", "0"), ("x", "")]),
        "upper_header": st.booleans(),
        "blanks": st.sampled_from(["", " ", "\t"]),
    }
)


def rendered_number(value, d):
    text = f"{abs(value):,}" if d["grouped"] else f"{abs(value)}"
    if d["german"]:
        text = text.translate(str.maketrans(",.", ".,"))
    if isinstance(value, Decimal):
        text = d["euro"] + text if d["euro"].startswith("EUR") else text + d["euro"]
    if value < 0:
        text = text + "-" if d["trailing_minus"] else "-" + text
    return text


def rendered(value, d):
    if value is None:
        return d["null"]
    if isinstance(value, bool):
        return d["yes_no"][0 if value else 1]
    if isinstance(value, datetime):
        return value.isoformat(sep=d["separator"]) + d["offset"]
    if isinstance(value, int | Decimal):
        return rendered_number(value, d)
    return value


def rendered_file(rows, order, d):
    names = [n.upper() if d["upper_header"] else n for n in order]
    text = io.StringIO()
    writer = csv.writer(
        text, delimiter=d["delimiter"], quoting=d["quoting"], lineterminator=d["newline"]
    )
    writer.writerow([d["blanks"] + n + d["blanks"] for n in names])
    for row in rows:
        cells = [rendered(row[n], d) for n in order]
        keep = ("product_category",)
        writer.writerow(
            [
                c if n in keep else d["blanks"] + c + d["blanks"]
                for n, c in zip(order, cells, strict=True)
            ]
        )
    return text.getvalue().encode(d["encoding"])


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(ROW, min_size=1, max_size=8), d=DIALECT, data=st.data())
def test_rows_survive_every_dialect(rows, d, data):
    # The locale is settled by evidence: one amount gives it, whatever the delimiter says.
    rows[0]["claimed_amount_eur"] = Decimal("1234.56")
    order = data.draw(st.permutations(list(rows[0])))
    content = rendered_file(rows, order, d)
    block_bytes = data.draw(st.sampled_from([16 * 1024**2, 1500]))
    with tempfile.TemporaryDirectory() as folder:
        zone = Zone(Path(folder))
        delivery = zone.deliver(
            content, "dealer__cases", "D0042_20260203.csv", block_bytes=block_bytes
        )
        assert delivery.status == "LOADED", delivery.message
        assert delivery.quarantined_rows == 0, zone.quarantine()
        back = [
            {k: v for k, v in row.items() if not k.startswith("_")} for row in zone.rows(delivery)
        ]
    assert back == rows


def days_of(row):
    return {k: v for k, v in row.items() if isinstance(v, date)}


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(days=st.lists(st.none() | st.dates(date(1, 1, 1)), min_size=1), german=st.booleans())
def test_days_survive_both_ways_of_writing(days, german):
    lines = ["dealer_id;brand_code;district_code;valid_from;valid_to"]
    for index, day in enumerate(days):
        text = "" if day is None else day.strftime("%d.%m.%Y" if german else "%Y-%m-%d")
        if day is not None:
            text = (
                text.replace(str(day.year), f"{day.year:04d}")
                if day.year >= 1000
                else (f"{day.day}.{day.month}.{day.year:04d}" if german else day.isoformat())
            )
        lines.append(f"D{index};NORD;01001;2024-01-01;{text}")
    with tempfile.TemporaryDirectory() as folder:
        zone = Zone(Path(folder))
        delivery = zone.deliver("\n".join(lines), "oem__territories", "oem_20250101.csv")
        assert [row["valid_to"] for row in zone.rows(delivery)] == days


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.datetimes(datetime(1990, 1, 2), datetime(2026, 12, 30)), min_size=1))
def test_local_instants_agree_with_the_calendar_of_the_network(local):
    from zoneinfo import ZoneInfo

    zone_info = ZoneInfo("Europe/Berlin")
    lines = ["lead_id,dealer_id,brand_code,channel,created_at"]
    lines += [f"L{i},D0042,NORD,WEB,{d.isoformat()}" for i, d in enumerate(local)]
    expected = [d.replace(tzinfo=zone_info).astimezone(UTC).replace(tzinfo=None) for d in local]
    with tempfile.TemporaryDirectory() as folder:
        zone = Zone(Path(folder))
        delivery = zone.deliver("\n".join(lines), "dealer__leads", "D0042_20260101.csv")
        assert [row["created_at"] for row in zone.rows(delivery)] == expected
