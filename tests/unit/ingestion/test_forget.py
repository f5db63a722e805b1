"""Forgetting a person: every file of the lake without it, and nothing else changed."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from orchestration.ingestion.forget import REDACTED, forget_person
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
        personal = {"customer_name", "customer_email", "comment"} & set(old)
        assert new == old | (dict.fromkeys(personal) if is_hers else {})


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


def test_it_is_noted_without_the_person(delivered: Settings) -> None:
    found = forget_person(delivered, "jane@example.org")
    log = (delivered.lake / "forgotten.jsonl").read_text()
    assert json.loads(log)["person_hash"] == found.person_hash
    assert "jane" not in log.lower()


def test_somebody_unknown_changes_nothing(delivered: Settings) -> None:
    found = forget_person(delivered, "nobody@example.org")
    assert (found.files, found.rows, found.delivered) == ([], {}, [])
    assert not (delivered.lake / "forgotten.jsonl").exists()


def test_what_everybody_holds_is_no_person(tmp_path: Path) -> None:
    settings = Settings(extracts=tmp_path / "x", warehouse=tmp_path / "w")
    with pytest.raises(UsageError, match="fewer than 3 characters"):
        forget_person(settings, " a ")
