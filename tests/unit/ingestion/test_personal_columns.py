"""What people see of rows that did not pass holds nothing personal, wherever it stands."""

from __future__ import annotations

import io
import json
import zipfile

import openpyxl
import pytest

from orchestration.ingestion.quarantine import HIDDEN

STAFF = (
    "person_id;dealer_id;brand_code;role;employed_from;employed_to\n"
    "P-000046;D0042;NORD;SALES_CONSULTANT;2015-05-31;\n"
    "P-000046;D0042;NORD;TECHNICIAN;2015-05-31;\n"
    "P-000047;D0042;NORD;TECHNICIAN;soon;\n"
)
CASES = "case_id;dealer_id;brand_code;case_type;product_category;customer_postal_code;opened_at"


def test_a_key_that_names_a_person_is_hidden(zone):
    zone.deliver(STAFF, "dealer__staff")
    twice, other = sorted(zone.quarantine(), key=lambda entry: entry["row_number"])
    assert (twice["column"], twice["value"]) == ("person_id, dealer_id", HIDDEN)
    assert (other["column"], other["value"]) == ("employed_from", "soon")
    assert json.loads(other["raw_row"]) == {
        "person_id": HIDDEN,
        "dealer_id": "D0042",
        "brand_code": "NORD",
        "role": "TECHNICIAN",
        "employed_from": "soon",
        "employed_to": "",
    }
    assert "P-0000" not in json.dumps([twice, other])


def test_a_column_that_no_contract_knows_is_hidden(zone):
    zone.deliver(
        f"{CASES};Bemerkung;Filiale\n"
        "C1;D0042;NORD;WARRANTY;ENGINE;01067;soon;Frau Muster anrufen;\n"
        "C2;D0042;NORD;WARRANTY;ENGINE;01067;2025-01-01 10:00;Frau Muster anrufen;;x\n",
        "dealer__cases",
    )
    row, line = sorted(zone.quarantine(), key=lambda entry: entry["row_number"])
    cells = json.loads(row["raw_row"])
    assert (cells["Bemerkung"], cells["Filiale"], cells["case_id"]) == (HIDDEN, "", "C1")
    assert line["raw_row"] == HIDDEN


def test_lines_without_personal_columns_are_shown_but_for_addresses(zone):
    zone.deliver(
        f"{CASES}\nC1;D0042;NORD;WARRANTY;ask jane@example.org;01067;soon\nC2;D0042;NORD\n",
        "dealer__cases",
    )
    row, line = sorted(zone.quarantine(), key=lambda entry: entry["row_number"])
    assert line["raw_row"] == "C2;D0042;NORD"
    assert json.loads(row["raw_row"])["product_category"] == f"ask {HIDDEN}"


def test_an_address_in_a_column_of_another_kind_is_hidden(zone):
    bad = "C1;D0042;NORD;Jane@Example.org;E;01067;2025-01-01 10:00"
    zone.deliver(f"{CASES}\n{bad}\n", "dealer__cases")
    (row,) = zone.quarantine()
    assert (row["column"], row["value"]) == ("case_type", HIDDEN)
    assert "example" not in json.dumps(row).lower()


WHO = "jane@example.org"
LEADS = ["lead_id", "dealer_id", "brand_code", "channel", "created_at", "customer_email"]
LEAD = dict(zip(LEADS, ["L1", "D0042", "NORD", "WEB", "2025-01-01 10:00", WHO], strict=True))


def workbook(old: str, new: str) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(LEADS)
    book.active.append([*list(LEAD.values())[:5], 4711])
    made, spoiled = io.BytesIO(), io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as archive, zipfile.ZipFile(spoiled, "w") as broken:
        for name in archive.namelist():
            content = archive.read(name).decode().replace(old, new)
            broken.writestr(name, content)
    return spoiled.getvalue()


@pytest.mark.parametrize(
    ("ending", "content"),
    [
        ("json", f'[{json.dumps(LEAD)}, "{WHO}"]'),
        ("json", f'[{json.dumps(LEAD)} "{WHO}"]'),
        ("json", f"[{json.dumps(LEAD)}] {WHO}"),
        ("json", f'[{{"customer_email": "{WHO}", "lead_id": 1, "Customer_Email": "{WHO}"}}]'),
        ("json", f'[{{"lead_id": {WHO}}}]'),
        ("ndjson", f"{json.dumps(LEAD)} {WHO}"),
        ("ndjson", f'"{WHO}"'),
        ("xlsx", workbook("<v>4711</v>", f"<v>{WHO}</v>")),
        ("xlsx", workbook('t="n"><v>4711', f't="d"><v>{WHO}')),
        ("xlsx", workbook('t="n"><v>4711', f't="s"><v>{WHO}')),
        ("csv", f"sep={WHO}\n{';'.join(LEADS)}\n"),
        ("csv", ";".join(LEAD.values())),
        ("csv", f'{";".join(LEADS)}\n"L1;{WHO}\n'),
        ("parquet", f"PAR1 {WHO} PAR1"),
    ],
)
def test_no_refusal_quotes_what_it_refuses(zone, ending: str, content: str | bytes):
    delivery = zone.deliver(content, "dealer__leads", f"D0042_20250203.{ending}")
    assert delivery.status == "REJECTED" and delivery.message
    assert "jane" not in repr(delivery)


def test_no_warning_names_a_person(zone):
    head = ";".join([*LEADS, WHO])
    delivery = zone.deliver(f"{head}\n{head}\n", "dealer__leads", "D0042_20250203.csv")
    assert delivery.warnings == "extra columns kept out: (an address)"
