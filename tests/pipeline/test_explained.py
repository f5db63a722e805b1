"""`partnerdw explain` and `partnerdw simulate`, on the stair-step bonus of the golden cases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from orchestration.cli import main
from orchestration.explain.chain import EVENTS_FEED, explain, list_statements, open_incentives
from orchestration.explain.words import in_words
from orchestration.language import LANGUAGES, Language
from orchestration.serving.publish import publish
from orchestration.settings import Settings
from tests.support.incentive_world import close, delivered, event, stair_step, vin
from tests.support.warehouse import new_settings, run_money


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """55 cars settled, then one deregistered and clawed back with its tier."""
    made = new_settings(tmp_path_factory.mktemp("explained"))
    lake = stair_step(made)
    lake.load(
        delivered([event(7, "DEREGISTRATION", date(2024, 4, 5))], "2024-05-02"),
        close("2024-04", "2024-05-10T17:00"),
    )
    run_money(made)
    publish(made, as_of=datetime.now(UTC), code_version="test")
    return made


@pytest.fixture
def command(settings: Settings, capsys: pytest.CaptureFixture) -> Iterator:
    def run(*arguments: str) -> tuple[int, str, str]:
        code = main([*arguments, "--warehouse", str(settings.warehouse)])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    yield run


def statement_id(settings: Settings) -> str:
    (statement,) = list_statements(open_incentives(settings), "D1")
    return statement["statement_id"]


def test_a_statement_leads_down_to_every_delivered_row(settings: Settings) -> None:
    chain = explain(settings, statement_id(settings))
    assert chain.kind == "STATEMENT"
    assert [(p["posting_type"], p["amount_eur"]) for p in chain.postings] == [
        ("SETTLEMENT", Decimal("33000.00")),
        ("CLAWBACK", Decimal("-11400.00")),
    ]
    assert sum(p["amount_eur"] for p in chain.postings) == chain.line_total_eur
    assert chain.line_total_eur == sum(line["amount_eur"] for line in chain.lines)
    (removal,) = chain.removals
    assert (removal["vin"], removal["ended_by"]) == (vin(7), "DEREGISTRATION")
    assert removal["source_row"] == 1
    assert [t["rate"] for t in chain.tiers] == [200, 400, 600]
    assert [t["target_units"] for t in chain.targets] == [50]
    delivered_rows = {
        (row["_source_file"], row["_source_row"], row["event_id"])
        for path in (settings.raw / EVENTS_FEED).glob("*.parquet")
        for row in pq.read_table(path).to_pylist()
    }
    shown = {(r["source_file"], r["source_row"], r["event_id"]) for r in chain.lines}
    assert len(shown) == 54 and shown <= delivered_rows


def test_a_line_shows_its_row_as_it_was_delivered(settings: Settings) -> None:
    line = explain(settings, statement_id(settings)).lines[3]
    chain = explain(settings, line["line_id"][:10].upper())
    assert chain.kind == "LINE"
    (shown,) = chain.lines
    assert shown["event_id"] == line["event_id"]
    row = shown["delivered"]
    assert (row["event_id"], row["vin"], row["event_date"]) == (
        line["event_id"],
        line["vin"],
        line["event_date"],
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_said_in_both_languages(settings: Settings, language: str) -> None:
    say = Language(language)
    statement = explain(settings, statement_id(settings))
    posting = explain(settings, statement.postings[1]["posting_id"])
    line = explain(settings, statement.lines[0]["line_id"])
    text = "\n".join(in_words(statement, say, show_all=True))
    assert text.count(statement.lines[0]["source_file"]) == 54
    assert say.euro(Decimal("21600.00")) in text
    assert say("event_DEREGISTRATION") in text
    assert say.euro(Decimal("-11400.00"), is_signed=True) in text
    assert f"> {say.month(date(2024, 4, 1))}" in "\n".join(in_words(posting, say))
    assert "holder_type" in "\n".join(in_words(line, say))
    assert len(list(in_words(statement, say))) < len(text.splitlines())


def test_the_command_explains_lists_and_says_what_it_does_not_know(
    settings: Settings, command
) -> None:
    code, listed, _ = command("explain", "--json")
    assert code == 0
    (found,) = json.loads(listed)
    code, shown, _ = command("explain", found["statement_id"], "--json")
    assert code == 0 and json.loads(shown)["statement"]["posted_eur"] == "21600.00"
    code, shown, _ = command("explain", found["statement_id"], "--lang", "de")
    assert code == 0 and "Rückforderung" in shown
    assert command("explain", "--dealer", "D2")[0] == 0
    for wrong in ("ffffffffffffff", "ab", "'; drop table x"):
        code, _, error = command("explain", wrong)
        assert code == 64 and error.startswith("partnerdw: ")


def test_without_a_publication_there_is_nothing_to_explain(tmp_path: Path, capsys) -> None:
    assert main(["explain", "--warehouse", str(tmp_path)]) == 64
    assert "nothing is published" in capsys.readouterr().err


RULES = """program_id;version;tier_no;threshold;rate
STAIR;1;1;0,9;100
STAIR;1;2;1,0;500
"""


def test_other_rules_are_reckoned_on_the_same_facts_and_nothing_is_posted(
    settings: Settings, command, tmp_path: Path
) -> None:
    folder = tmp_path / "rules" / "oem__incentive_tiers"
    folder.mkdir(parents=True)
    (folder / "oem_20231201.csv").write_text(RULES)
    published = settings.serving_file.stat().st_mtime_ns
    ledger = {p: p.read_bytes() for p in settings.ledger.rglob("*.parquet")}
    code, shown, _ = command("simulate", "--rules", str(folder.parent), "--json")
    assert code == 0
    simulated = json.loads(shown)
    assert simulated["total"] == {"old_eur": "21600.00", "new_eur": "27000.00"}
    assert [row["dealer_id"] for row in simulated["by_dealer"]] == ["D1"]
    assert settings.serving_file.stat().st_mtime_ns == published
    assert {p: p.read_bytes() for p in settings.ledger.rglob("*.parquet")} == ledger


def test_rules_that_cannot_be_read_are_named(settings: Settings, command, tmp_path: Path) -> None:
    folder = tmp_path / "rules" / "oem__incentive_tiers"
    folder.mkdir(parents=True)
    assert command("simulate", "--rules", str(tmp_path / "none"))[0] == 64
    assert command("simulate", "--rules", str(folder.parent))[0] == 64
    (folder / "oem_20231201.csv").write_text(RULES.replace("0,9", "ninety"))
    code, _, error = command("simulate", "--rules", str(folder.parent))
    assert code == 64
    for part in ("oem_20231201.csv", "row 1", "threshold", "ninety", "BAD_TYPE"):
        assert part in error
