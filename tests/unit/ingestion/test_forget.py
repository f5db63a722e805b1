"""Forgetting a person: every file of the lake without it, and nothing else changed."""

from __future__ import annotations

import json
import os
import unicodedata
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from orchestration.ingestion import forget, lake
from orchestration.ingestion.forget import _note, forget_person, keep_forgotten
from orchestration.ingestion.forgotten import REDACTED, ForgottenPersons, Person
from orchestration.settings import Settings, UsageError

LEADS = (
    "lead_id;dealer_id;brand_code;channel;created_at;customer_name;customer_email\n"
    "L1;D1;AURA;WEB;2025-01-01 10:00;Jane Doe;Jane@Example.org\n"
    "L2;D1;AURA;WEB;2025-01-01 11:00;John Roe;john@example.org\n"
)
BAD = (
    "lead_id;dealer_id;brand_code;channel;created_at;customer_name;customer_email\n"
    "L3;D1;AURA;WEB;31.02.2025;Jane Doe;jane@example.org\n"
    "L4;D1;AURA;WEB;31.02.2025;John Roe;john@example.org\n"
    "L5;D1;AURA;WEB;2025-01-01 11:00;Jane Doe;jane@example.org;too much\n"
)
SURVEYS = (
    "response_id;dealer_id;brand_code;survey_type;sent_at;comment\n"
    "R1;D1;AURA;SALES;2025-01-01 10:00;write to JANE@example.org please\n"
    "R2;D1;AURA;SALES;2025-01-01 10:00;not mary-jane@example.org but jane@example.org.uk\n"
    "R3;D1;AURA;SALES;2025-01-01 10:00;ask jane@example.org.\n"
)


@pytest.fixture
def delivered(zone) -> Settings:
    zone.put(LEADS.encode(), "dealer__leads", "D1_20250201.csv")
    zone.put(BAD.encode(), "dealer__leads", "D1_20250202.csv")
    zone.put(SURVEYS.encode(), "dealer__surveys", "D1_20250201.csv")
    zone.put(LEADS.replace("Jane", "Joan").encode(), "dealer__leads", "D1_20250203.csv")
    zone.load()
    return zone.settings


def rows(settings: Settings, folder: str) -> list[dict]:
    paths = sorted((settings.lake / folder).glob("*.parquet"))
    return [row for path in paths for row in pq.ParquetFile(path).read().to_pylist()]


def test_the_person_is_nowhere_in_the_lake(delivered: Settings) -> None:
    forget_person(delivered, " jane@example.ORG ")
    is_nowhere(delivered)


def is_nowhere(delivered: Settings) -> None:
    for path in delivered.lake.rglob("*.parquet"):
        text = json.dumps(pq.ParquetFile(path).read().to_pylist(), default=str).lower()
        kept = text.replace("mary-jane@example.org", "").replace("jane@example.org.uk", "")
        assert "jane" not in kept, path


def test_everything_else_stays(delivered: Settings) -> None:
    before = rows(delivered, "raw/dealer__leads") + rows(delivered, "raw/dealer__surveys")
    forget_person(delivered, "jane@example.org")
    after = rows(delivered, "raw/dealer__leads") + rows(delivered, "raw/dealer__surveys")
    assert len(after) == len(before)
    for old, new in zip(before, after, strict=True):
        is_hers = "Jane" in str(old.get("customer_name")) or old.get("response_id") in {"R1", "R3"}
        if is_hers:
            address = new.get("customer_email", "forgotten-@forgotten.invalid")
            assert address.startswith("forgotten-") and address.endswith("@forgotten.invalid")
            hers = {"customer_name": REDACTED, "customer_email": address, "comment": REDACTED}
            old = old | {name: value for name, value in hers.items() if name in old}
        assert new == old


def test_rows_that_were_not_accepted_keep_what_is_not_personal(delivered: Settings) -> None:
    forget_person(delivered, "jane@example.org")
    first, second, third = sorted(
        rows(delivered, "quarantine/dealer__leads"), key=lambda row: row["source_row"]
    )
    cells = json.loads(first["raw_row"])
    assert cells["lead_id"] == "L3" and cells["created_at"] == "31.02.2025"
    assert cells["customer_name"] == cells["customer_email"] == REDACTED
    assert (first["column_name"], first["value"]) == ("created_at", "31.02.2025")
    assert json.loads(second["raw_row"])["customer_email"] == "john@example.org"
    assert third["raw_row"] == REDACTED


def test_only_files_that_hold_the_person_are_written_again(delivered: Settings) -> None:
    paths = sorted(delivered.lake.rglob("*.parquet"))
    before = {path: path.stat().st_ino for path in paths}
    found = forget_person(delivered, "jane@example.org")
    changed = {str(p.relative_to(delivered.lake)) for p in paths if p.stat().st_ino != before[p]}
    assert changed == set(found.files)
    assert len(changed) == 3
    assert found.delivered == [
        "dealer__leads/D1_20250201.csv",
        "dealer__leads/D1_20250202.csv",
        "dealer__surveys/D1_20250201.csv",
    ]


def log(settings: Settings) -> list[dict]:
    text = (settings.lake / "forgotten.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_it_is_noted_without_the_person(delivered: Settings) -> None:
    found = forget_person(delivered, "jane@example.org")
    begun, done = log(delivered)
    assert (begun["status"], done["status"]) == ("BEGUN", "DONE")
    assert done["person_hash"] == found.person_hash and done["by"] and done["at"]
    assert done["rows"] == {"dealer__leads": 1, "dealer__surveys": 2, "quarantine": 2}
    assert done["files"] == found.files
    kept = (delivered.secrets / "forgotten.json").read_text()
    assert "jane" not in (delivered.lake / "forgotten.jsonl").read_text().lower() + kept.lower()
    assert (delivered.secrets / "forgotten.json").stat().st_mode & 0o077 == 0


def test_somebody_unknown_changes_nothing(delivered: Settings) -> None:
    found = forget_person(delivered, "nobody@example.org")
    assert (found.files, found.rows, found.delivered) == ([], {}, [])
    assert not (delivered.lake / "forgotten.jsonl").exists()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (" a ", "fewer than 3 characters"),
        ("Jane Doe", "neither an e-mail address nor a person id"),
        ("@example.org", "neither an e-mail address nor a person id"),
        ("jane@example.org; john@example.org", "neither an e-mail address nor a person id"),
    ],
)
def test_what_may_be_others_is_no_person(tmp_path: Path, name: str, message: str) -> None:
    settings = Settings(extracts=tmp_path / "x", warehouse=tmp_path / "w")
    with pytest.raises(UsageError, match=message):
        forget_person(settings, name)


@pytest.mark.parametrize("word", ["Jane", "doe", "WEB", "D0001", "please", "example.org"])
def test_a_word_that_is_nobodys_id_changes_nothing(delivered: Settings, word: str) -> None:
    assert forget_person(delivered, word).files == []


STAFF = (
    "person_id;dealer_id;brand_code;role;employed_from;employed_to\n"
    "P-1;D1;AURA;SALES_CONSULTANT;2015-05-31;\n"
    "p-1;D1;AURA;SALES_CONSULTANT;2015-05-31;\n"
    "P-12;D1;AURA;SALES_CONSULTANT;2015-05-31;\n"
    "P-2;D1;AURA;TECHNICIAN;soon;\n"
    "P-2;D1;AURA;TECHNICIAN\n"
)
TRAININGS = (
    "event_id;person_id;dealer_id;course_code;completed_on;passed\n"
    "E1;P-1;D1;C1;2024-01-01;true\n"
    "E2;P-2;D1;C1;2024-01-01;true\n"
)


@pytest.fixture
def employed(zone):
    zone.put(STAFF, "dealer__staff", "D1_20250201.csv")
    zone.put(TRAININGS, "oem__training_events", "oem_20250201.csv")
    zone.put(SURVEYS.replace("JANE@example.org", "P-1,"), "dealer__surveys", "D1_20250201.csv")
    zone.load()
    return zone


def persons(settings: Settings, feed: str) -> list[str]:
    return [row["person_id"] for row in rows(settings, f"raw/{feed}")]


def test_an_id_gives_way_to_one_that_counts_as_one(employed) -> None:
    settings = employed.settings
    forget_person(settings, "P-1")
    first, other, twelve = persons(settings, "dealer__staff")
    assert persons(settings, "oem__training_events") == [first, "P-2"]
    assert first.startswith("forgotten-") and other.startswith("forgotten-")
    assert first != other, "what was counted as two stays two"
    assert twelve == "P-12"
    assert rows(settings, "raw/dealer__surveys")[0]["comment"] == REDACTED


def test_an_id_is_forgotten_in_rows_that_were_not_accepted(employed) -> None:
    settings = employed.settings
    found = forget_person(settings, "p-2")
    assert found.rows == {"oem__training_events": 1, "quarantine": 2}
    bad, line = rows(settings, "quarantine/dealer__staff")
    assert json.loads(bad["raw_row"])["person_id"] == REDACTED
    assert json.loads(bad["raw_row"])["role"] == "TECHNICIAN"
    assert line["raw_row"] == REDACTED


def test_nobody_comes_back_with_a_later_delivery(employed) -> None:
    settings = employed.settings
    forget_person(settings, "P-1")
    before = persons(settings, "dealer__staff")
    employed.put(STAFF.replace("2015-05-31", "2016-05-31"), "dealer__staff", "D1_20250301.csv")
    load_and_keep(employed)
    kept = log(settings)[-1]
    new = pq.ParquetFile(settings.lake / kept["files"][0]).read().to_pylist()
    assert [row["person_id"] for row in new] == before
    assert [row["_source_row"] for row in new] == [1, 2, 3]
    assert (kept["status"], kept["rows"]) == ("DELIVERED_AGAIN", {"dealer__staff": 2})
    assert kept["delivered"] == ["dealer__staff/D1_20250301.csv"]


def test_addresses_in_texts_do_not_come_back_either(delivered: Settings, zone) -> None:
    forget_person(delivered, "jane@example.org")
    zone.put(LEADS.replace("L1", "L9"), "dealer__leads", "D1_20250303.csv")
    zone.put(BAD.replace("L3", "L8"), "dealer__leads", "D1_20250304.csv")
    zone.put(SURVEYS.replace("R1", "R9"), "dealer__surveys", "D1_20250303.csv")
    deliveries = load_and_keep(zone)
    assert log(delivered)[-1]["rows"] == {"dealer__leads": 1, "dealer__surveys": 2, "quarantine": 2}
    with lake.workspace(delivered) as workspace:
        assert keep_forgotten(delivered, deliveries, workspace) is None
    is_nowhere(delivered)


def load_and_keep(zone) -> list[lake.Delivery]:
    deliveries = zone.load().deliveries
    with lake.workspace(zone.settings) as workspace:
        keep_forgotten(zone.settings, deliveries, workspace)
    return deliveries


def test_a_load_keeps_people_forgotten(employed) -> None:
    settings = employed.settings
    forget_person(settings, "P-1")
    before = persons(settings, "dealer__staff")
    employed.put(STAFF.replace("2015-05-31", "2016-05-31"), "dealer__staff", "D1_20250301.csv")
    employed.put(TRAININGS.replace("E1", "E9"), "oem__training_events", "oem_20250301.csv")
    (training, staff) = sorted(employed.load().deliveries, key=lambda d: d.delivered_rows)
    assert [row["person_id"] for row in employed.rows(staff)] == before
    assert [row["person_id"] for row in employed.rows(training)] == [before[0], "P-2"]
    assert (staff.accepted_rows, staff.quarantined_rows) == (3, 2)


def test_a_file_that_was_taken_is_not_taken_again(delivered: Settings, zone) -> None:
    forget_person(delivered, "jane@example.org")
    for path in delivered.extracts.rglob("*.csv"):
        os.utime(path, (1, 1))
    assert zone.load().deliveries == []


def test_all_names_of_a_delivery_are_told(delivered: Settings, zone) -> None:
    zone.put(LEADS, "dealer__leads", "D1_20250209.csv")
    zone.load()
    found = forget_person(delivered, "jane@example.org")
    assert "dealer__leads/D1_20250209.csv" in found.delivered


def test_files_keep_their_form(delivered: Settings, zone) -> None:
    many = "".join(f"M{n};D1;AURA;WEB;2025-01-01 10:00;;{n}@example.org\n" for n in range(30))
    zone.put(LEADS + many, "dealer__leads", "D1_20250205.csv")
    (delivery,) = zone.load(block_bytes=700).deliveries
    path = lake.raw_path(delivered, delivery.feed, delivery.batch_id)
    before = pq.ParquetFile(path)
    forget_person(delivered, "7@example.org")
    after = pq.ParquetFile(path)
    assert after.schema.equals(before.schema)
    groups = [[f.metadata.row_group(i).num_rows for i in range(f.num_row_groups)]
              for f in (before, after)]  # fmt: skip
    assert groups[0] == groups[1] and len(groups[0]) > 1
    columns = range(before.metadata.num_columns)
    encodings = [[f.metadata.row_group(0).column(i).encodings for i in columns]
                 for f in (before, after)]  # fmt: skip
    assert encodings[0] == encodings[1]
    new = after.read().to_pylist()
    (hers,) = [r["customer_email"] for r in new if "forgotten" in str(r["customer_email"])]
    assert new == [
        r | ({"customer_email": hers} if r["lead_id"] == "M7" else {})
        for r in before.read().to_pylist()
    ]
    assert new[2 + 7]["customer_name"] is None, "what was empty stays so"


@pytest.mark.parametrize("steps", range(5))
def test_what_was_killed_half_way_is_done_again(employed, monkeypatch, steps: int) -> None:
    settings = employed.settings
    left = [steps]

    def killed(*args, **kwargs):
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return move(*args, **kwargs)

    move = lake.move_into_lake
    monkeypatch.setattr(lake, "move_into_lake", killed)
    if steps < 3:
        with pytest.raises(KeyboardInterrupt):
            forget_person(settings, "P-1")
    else:
        monkeypatch.setattr(forget, "_note", lambda s, status, f: note(s, status, f, steps))
        if steps == 3:
            with pytest.raises(KeyboardInterrupt):
                forget_person(settings, "P-1")
    monkeypatch.undo()
    forget_person(settings, "P-1")
    states = [entry["status"] for entry in log(settings)]
    assert states[-1] == "DONE" and states.count("DONE") == 1
    written = {file for entry in log(settings) for file in entry["files"]}
    assert len(written) == 3
    first, other, _ = persons(settings, "dealer__staff")
    assert persons(settings, "oem__training_events") == [first, "P-2"]
    assert "p-1" not in {first.lower(), other.lower()}
    length = len(log(settings))
    forget_person(settings, "P-1")
    assert len(log(settings)) == length, "done is done"


def note(settings: Settings, status: str, found, steps: int) -> None:
    """Writes a begun line, torn after it, and dies before it says done."""
    if status == "DONE" and steps == 3:
        with (settings.lake / "forgotten.jsonl").open("a") as torn:
            torn.write('{"status": "DO')
        raise KeyboardInterrupt
    _note(settings, status, found)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_letters_compare_however_they_are_spelled(zone, form: str) -> None:
    address = unicodedata.normalize(form, "käthe.müller@example.org")
    lead = {"lead_id": "L1", "dealer_id": "D1", "brand_code": "AURA", "channel": "WEB",
            "created_at": "2025-01-01 10:00", "customer_email": address.upper()}  # fmt: skip
    bad = lead | {"lead_id": "L2", "created_at": "soon"}
    zone.put(json.dumps([lead, bad]), "dealer__leads", "D1_20250201.json")
    zone.load()
    found = forget_person(zone.settings, "KÄTHE.Müller@example.org ")
    assert found.rows == {"dealer__leads": 1, "quarantine": 1}
    assert "LLER" not in json.dumps(rows(zone.settings, "quarantine/dealer__leads"), default=str)


_PLACES = st.sampled_from(["{}", "write to {} please", "<{}>", "mail:{}.", "{}, or call", "\n{}\t"])


@given(
    local=st.from_regex(r"[a-zäöüß0-9]([a-zäöüß0-9.+_-]{0,8}[a-zäöüß0-9])?", fullmatch=True),
    place=_PLACES,
    shout=st.booleans(),
)
def test_a_name_and_its_hash_find_the_same(local: str, place: str, shout: bool) -> None:
    address = f"{local}@example.org"
    assume("ß" not in local or not shout)
    text = place.format(address.upper() if shout else address)
    person, persons_ = Person(address), ForgottenPersons(b"key", frozenset())
    listed = ForgottenPersons(b"key", frozenset({persons_.hash_of(address)}))
    others = [f"x{text}", f"x{address}", f"{address}.uk", f"{address}x", "", None]
    texts = pa.array([text, *others], pa.string())
    hit = [True, not place.startswith("{}"), False, False, False, False, False]
    assert person.is_named(texts).tolist() == hit
    assert listed.is_named(texts).tolist() == hit
    assert person.is_meant(texts).tolist() == listed.is_meant(texts).tolist()
