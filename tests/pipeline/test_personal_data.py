"""Personal data stays in the lake, and is forgotten there on demand.

A whole warehouse is searched, file by file and table by table, for every personal value that was
delivered. Left out are only the raw lake and the quarantine, which hold them by design, and the
keys. Nothing is trusted to be harmless: what a run, the documentation or a command leaves anywhere
else is looked into.
"""

from __future__ import annotations

import gzip
import hmac
import html
import json
import sqlite3
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from io import StringIO
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from orchestration.cli import main
from orchestration.docs import build_docs
from orchestration.ingestion.contract import load_contracts
from orchestration.ingestion.forget import Forgotten, forget_person
from orchestration.ingestion.lake import read_deliveries
from orchestration.run import ExitCode, run_warehouse
from orchestration.settings import PROJECT_ROOT, Settings
from orchestration.state import PUBLICATION, read_state
from tests.support.personal_values import (
    Values,
    delivered_values,
    duckdb_texts,
    found_in,
    found_under,
)
from tests.support.postgres import binaries, required, running_server
from tests.support.published import copied
from tests.support.warehouse import differences

COMMENT = "nobody said such nasty words"
HERS = {"Nasty Person", "nasty.person@example.org", "P-NASTY-1", COMMENT}
LEADS = "lead_id;dealer_id;brand_code;channel;created_at;customer_name;customer_email\n"
LEAD = "L-NASTY-{};{};ARVA;WEB;{};Nasty Person;nasty.person@example.org"
TO_REFUSE = {
    ("dealer__leads", "csv"): LEADS
    + LEAD.format(1, "{dealer}", "2026-01-01 10:00")
    + "\n"
    + LEAD.format(1, "{dealer}", "2026-01-01 10:00")
    + "\n"
    + LEAD.format(2, "{dealer}", "yesterday")
    + "\n"
    + LEAD.format(3, "{dealer}", "2026-01-01 10:00")
    + ";one too many\n"
    + LEAD.format(4, "D9999", "2026-01-01 10:00")
    + "\n",
    ("dealer__surveys", "csv"): (
        "response_id;dealer_id;brand_code;survey_type;sent_at;score;comment;Nachname\n"
        "R-NASTY-1;{dealer};ARVA;SALES;2026-01-01 10:00;9;{comment};Nasty Person\n"
        "R-NASTY-2;{dealer};ARVA;SALES;2026-01-01 10:00;11;{comment};Nasty Person\n"
    ),
    ("oem__training_events", "csv"): (
        "event_id;person_id;dealer_id;course_code;completed_on;passed\n"
        "E-NASTY-1;P-NASTY-1;{dealer};NO-SUCH-COURSE;2026-01-01;true\n"
        "E-NASTY-2;P-NASTY-1;{dealer};NO-SUCH-COURSE;2026-01-01;perhaps\n"
    ),
    ("dealer__cases", "csv"): (
        "case_id;dealer_id;brand_code;case_type;product_category;customer_postal_code;opened_at;note\n"
        "C-NASTY-1;{dealer};ARVA;WARRANTY;ENGINE;01067;never;nasty.person@example.org\n"
    ),
    ("dealer__leads", "txt"): LEAD.format(9, "{dealer}", "2026-01-01 10:00") + "\n",
}
"""Rows and files of one person that break every rule that quotes what breaks it; by feed and
ending."""


@dataclass
class Worked:
    """A warehouse on which everything was done that can be: two persons forgotten, a run, bad
    deliveries, another run, all commands, the documentation. `said` is what commands printed."""

    settings: Settings
    persons: list[str]
    reports: list[Forgotten]
    said: dict[str, str]


# -- what was delivered -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def delivered(published: Settings) -> dict[str, set[str]]:
    return delivered_values(published.extracts)


@pytest.fixture(scope="module")
def values(delivered: dict[str, set[str]]) -> Values:
    return Values(set().union(*delivered.values(), HERS))


def test_all_that_was_delivered_of_persons_is_looked_for(
    published: Settings, delivered: dict[str, set[str]]
) -> None:
    personal = {
        f"{feed.name}.{c.name}" for feed in load_contracts().values() for c in feed.columns if c.pii
    }
    assert set(delivered) == personal and len(personal) >= 5
    assert len(delivered["dealer__leads.customer_email"]) > 1_000
    assert len(delivered["dealer__staff.person_id"]) > 50
    assert all(delivered.values())
    for name, found in delivered.items():
        feed, column = name.split(".")
        for path in (published.raw / feed).glob("*.parquet"):
            kept = pq.ParquetFile(path).read(columns=[column])[column].drop_null().to_pylist()
            assert {text.strip() for text in kept} <= found, path
    rows = [
        json.loads(row)
        for path in published.quarantine.glob("*/*.parquet")
        for row in pq.ParquetFile(path).read(columns=["raw_row"])["raw_row"].to_pylist()
        if row.startswith("{")
    ]
    addresses = {row.get("customer_email", "").strip() for row in rows if row.get("customer_email")}
    assert len(addresses - {"-", "n/a", "NULL"}) > 10, "what was not accepted counts, too"
    assert addresses - {"-", "n/a", "NULL"} <= delivered["dealer__leads.customer_email"]


# -- a warehouse on which everything was done ---------------------------------------------------


@pytest.fixture(scope="module")
def forgotten(published: Settings, tmp_path_factory: pytest.TempPathFactory) -> Worked:
    settings = copied(published, tmp_path_factory.mktemp("forgotten"))
    persons = _persons(settings)
    reports = [forget_person(settings, f" {person.upper()} ") for person in persons]
    instant = datetime.fromisoformat(read_state(published, PUBLICATION)["as_of"])
    outcome = run_warehouse(replace(settings, as_of=instant.replace(tzinfo=UTC)))
    assert outcome.exit_code == ExitCode.PUBLISHED, outcome.problems
    return Worked(settings, persons, reports, {})


def _persons(settings: Settings) -> list[str]:
    """Somebody with trainings and jobs at a dealer, in many files, and a customer with a lead that
    was not accepted as well."""
    with duckdb.connect() as connection:
        trained = connection.execute(
            "select person_id from read_parquet($1) where passed and person_id in "
            "(select person_id from read_parquet($2) group by 1 having count(*) > 3) "
            "group by 1 order by count(*) desc, 1 limit 1",
            [_glob(settings.raw / "oem__training_events"), _glob(settings.raw / "dealer__staff")],
        ).fetchone()
        customer = connection.execute(
            "select json_extract_string(raw_row, '$.customer_email') as address "
            "from read_parquet($1) where raw_row like '{%' and address in "
            "(select customer_email from read_parquet($2)) order by 1 limit 1",
            [_glob(settings.quarantine / "dealer__leads"), _glob(settings.raw / "dealer__leads")],
        ).fetchone()
    assert trained and customer
    return [trained[0], customer[0]]


def _glob(folder: Path) -> str:
    return str(folder / "*.parquet")


@pytest.fixture(scope="module")
def worked(forgotten: Worked) -> Worked:
    """The same, used on: depends on what `forgotten` left, so tests of that come first."""
    settings = forgotten.settings
    with duckdb.connect(str(settings.serving_file), read_only=True) as connection:
        (dealer,) = connection.execute("select min(dealer_id) from dim_dealer").fetchone()
        tables = [
            t for (t,) in connection.execute("select table_name from duckdb_tables()").fetchall()
        ]
    for (feed, ending), text in TO_REFUSE.items():
        sender = "oem" if feed.startswith("oem") else dealer
        path = settings.extracts / feed / f"{sender}_20260105T0800.{ending}"
        text = text.replace("{dealer}", dealer).replace("{comment}", COMMENT)
        path.write_text(text, encoding="utf-8")
    folders = ["--extracts", str(settings.extracts), "--warehouse", str(settings.warehouse)]
    ran = subprocess.run(
        [sys.executable, "-m", "orchestration.cli", "run", *folders],
        cwd=PROJECT_ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    said = {"run": ran.stdout + ran.stderr}
    line = read_state(settings, PUBLICATION)["example_line"]
    for arguments in (
        ["status"], ["status", "--json"], ["quarantine"], ["quarantine", "--json"],
        ["quarantine", "--feed", "dealer__leads"], ["explain"], ["explain", line, "--all"],
        ["explain", line, "--json"], ["run", "--json"], ["review", "--json"],
        ["forget", "--person", forgotten.persons[0]], ["forget", "--person", "Nasty Person"],
    ):  # fmt: skip
        said[" ".join(arguments)] = _said(arguments[0], *folders, *arguments[1:])
    exports = settings.warehouse / "exports"
    exports.mkdir()
    for table in tables:
        _said("export", *folders, table, str(exports / f"{table}.csv"))
    _said("export", *folders, "dim_dealer", str(exports / "dim_dealer.xlsx"))
    build_docs(settings)
    return replace(forgotten, said=said)


def _said(*arguments: str) -> str:
    out = StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        main(arguments)
    return out.getvalue()


# -- forgetting -------------------------------------------------------------------------------


OF_THE_MOMENT = {
    "mart_benchmark_comparison": {"measured_value"},
    "mart_dealer_feed_freshness": {"hours_since"},
    "mart_dealer_now": {"oldest_unanswered_lead_hours"},
    "mart_misalignment_cost": {"waiting_hours", "waiting_cost_eur", "total_cost_eur"},
}
"""Columns that tell ages, or are made of them, which are others in every run."""


def test_forgetting_changes_no_published_table(published: Settings, forgotten: Worked) -> None:
    one, other = published.serving_file, forgotten.settings.serving_file
    found = set(differences(one, other))
    assert found <= {"_publication", *OF_THE_MOMENT}, found
    with duckdb.connect() as connection:
        connection.execute(f"attach '{one}' as one (read_only)")
        connection.execute(f"attach '{other}' as other (read_only)")
        for table, columns in OF_THE_MOMENT.items():
            same = f"columns(c -> c not in {tuple(columns) + ('',)})"
            rows = connection.execute(
                f"select {same} from one.{table} except all select {same} from other.{table}"
            ).fetchall()
            assert rows == [], table
    before, after = (read_state(s, PUBLICATION) for s in (published, forgotten.settings))
    assert after["marts"] == before["marts"]
    assert after["published_at"] > before["published_at"], "it was made anew"
    for twin in (published.serving / "parquet").glob("*.parquet"):
        if twin.stem not in OF_THE_MOMENT:
            new = forgotten.settings.serving / "parquet" / twin.name
            assert _rows(new) == _rows(twin), twin.name


def _rows(path: Path) -> tuple:
    """Rows and their sum of hashes: equal for equal rows in any order."""
    with duckdb.connect() as connection:
        return connection.execute(
            "select count(*), sum(hash(columns(c -> c <> '_loaded_at'))::hugeint) "
            f"from read_parquet('{path}')"
        ).fetchone()


def test_forgetting_writes_only_the_files_concerned_again(
    published: Settings, forgotten: Worked
) -> None:
    settings, reports = forgotten.settings, forgotten.reports
    concerned = {file for report in reports for file in report.files}
    assert {report.rows.get("dealer__staff", 0) > 3 for report in reports} == {True, False}
    assert reports[0].rows["oem__training_events"] and reports[1].rows["dealer__leads"]
    assert reports[1].rows["quarantine"] and all(report.delivered for report in reports)
    personal = {f.name: {c.name for c in f.columns if c.pii} for f in load_contracts().values()}
    folders = ("raw", "quarantine", "rejected", "deliveries")
    paths = [path for name in folders for path in (published.lake / name).rglob("*.parquet")]
    assert len(concerned) > 4 and len(paths) > 10 * len(concerned)
    for path in paths:
        name = str(path.relative_to(published.lake))
        new = settings.lake / name
        if name not in concerned:
            assert new.read_bytes() == path.read_bytes(), name
        elif name.startswith("raw"):
            _is_the_same_but_for_a_person(path, new, personal[path.parent.name])
    assert read_deliveries(settings) == read_deliveries(published)
    for delivery in read_deliveries(settings):
        assert delivery.delivered_rows == delivery.accepted_rows + delivery.quarantined_rows


def _is_the_same_but_for_a_person(before: Path, after: Path, personal: set[str]) -> None:
    old, new = pq.ParquetFile(before), pq.ParquetFile(after)
    assert new.schema.equals(old.schema)
    assert new.num_row_groups == old.num_row_groups
    one, other = old.read(), new.read()
    for name in one.column_names:
        if name in personal:
            changed = pc.sum(
                pc.invert(pc.fill_null(pc.equal(one[name], other[name]), True))
            ).as_py()
            assert changed or other[name].null_count > one[name].null_count or len(personal) > 1
        else:
            assert other[name].equals(one[name]), (after, name)


def test_a_forgotten_person_is_nowhere_in_the_lake(forgotten: Worked) -> None:
    """Nor anywhere else: that place by place is the test of all values below."""
    settings, persons = forgotten.settings, set(forgotten.persons)
    assert found_under(settings.lake, Values(persons)) == {}
    hashes = Values({_pseudonym(settings, person) for person in persons})
    assert not found_in(settings.database, hashes), "the file was begun anew, free blocks and all"
    still = set(found_under(settings.extracts, Values(persons)))
    told = {name for report in forgotten.reports for name in report.delivered}
    assert still and still <= told, "what the senders' files hold is theirs to delete, and told"


def test_forgetting_is_logged_without_the_person(forgotten: Worked) -> None:
    text = (forgotten.settings.lake / "forgotten.jsonl").read_text(encoding="utf-8")
    entries = [json.loads(line) for line in text.splitlines()]
    assert [entry["status"] for entry in entries] == ["BEGUN", "DONE"] * 2
    assert [entry["files"] for entry in entries[1::2]] == [r.files for r in forgotten.reports]
    assert not Values(set(forgotten.persons)).in_text(text)


def _pseudonym(settings: Settings, value: str) -> str:
    key = (settings.secrets / "pii.key").read_bytes().strip()
    return hmac.new(key, value.encode(), "sha256").hexdigest()


# -- nothing leaves the lake --------------------------------------------------------------------


def test_no_file_of_a_warehouse_holds_a_personal_value(
    worked: Worked, values: Values, delivered: dict[str, set[str]]
) -> None:
    """Neither in clear nor, but for the file of staging, under the key."""
    settings = worked.settings
    by_design = [settings.raw, settings.quarantine, settings.secrets, settings.database]
    places = {
        path.relative_to(settings.warehouse).parts[0]
        for path in settings.warehouse.rglob("*")
        if path.is_file()
    }
    assert places >= {"lake", "computed", "dagster", "serving", "state", "exports"}
    assert (settings.docs / "index.html").is_file() and list(settings.dealer_shares.glob("*/*"))
    hashes = {_pseudonym(settings, v) for found in delivered.values() for v in found}
    both = Values(values.clear | hashes)
    assert found_under(settings.warehouse, both, by_design) == {}
    assert not found_in(settings.database, values)
    texts = list(duckdb_texts(settings.database))
    hashed = Values(hashes)
    assert any(hashed.in_text(text) for text in texts), "hashes that are there are found"


def test_no_command_prints_a_personal_value(worked: Worked, values: Values) -> None:
    said = dict(worked.said)
    assert len(said) > 10 and all(said.values())
    # whoever asks for somebody gave the name himself
    asked = said.pop("forget --person Nasty Person")
    assert "neither an e-mail address nor a person id" in asked
    quarantined = json.loads(said["quarantine --json"])
    assert {"DUPLICATE_KEY_IN_FILE", "WRONG_COLUMN_COUNT"} <= {
        q["reason_code"] for q in quarantined
    }
    assert any(q["raw_row"] and "NASTY" in q["raw_row"] for q in quarantined)
    found = {name: values.in_text(text) for name, text in said.items()}
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_a_server_holds_no_personal_value(worked: Worked, values: Values, tmp_path: Path) -> None:
    required()
    from orchestration.serving.postgres import publish_to_postgres

    with running_server() as dsn:
        publish_to_postgres(replace(worked.settings, postgres_dsn=dsn))
        rows, dump = _server_texts(dsn)
    assert "mart_academy_progress" in dump and "COMMENT ON COLUMN" in dump and rows
    assert not values.in_text(dump) and not values.in_text(rows)


def _server_texts(dsn: str) -> tuple[str, str]:
    """What the server knows of the data beside it (samples of it for the planner, definitions,
    settings), and a dump of everything."""
    import psycopg

    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("analyze")
        queries = (
            "select most_common_vals::text, histogram_bounds::text from pg_stats",
            "select definition, null from pg_views",
            "select description, null from pg_description",
            "select prosrc, null from pg_proc",
            "select polname, pg_get_expr(polqual, polrelid) from pg_policy",
            "select setconfig::text, null from pg_db_role_setting",
        )
        found = [row for query in queries for row in connection.execute(query).fetchall()]
    program = (binaries() / "initdb").resolve().with_name("pg_dump")
    dumped = subprocess.run([program, "-d", dsn], capture_output=True, text=True)
    assert dumped.returncode == 0, dumped.stderr
    return "\n".join(text for row in found for text in row if text), dumped.stdout


# -- it would be found --------------------------------------------------------------------------

PLANTED = "käthe.müller.77@example.org"


def _parquet(path: Path, text: str) -> None:
    table = pa.table({"n": [1, 2], "deep": [{"a": ["x"]}, {"a": [text]}]})
    pq.write_table(table, path, compression="zstd")


def _duckdb(path: Path, statement: str, text: str) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema s")
        connection.execute("create table s.t as select i::varchar as c from range(5000) as r(i)")
        connection.execute(statement.format("'" + text + "'"))


def _sqlite(path: Path, text: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("create table events (n integer, body text)")
        connection.execute(
            "insert into events values (1, ?)", [json.dumps({"error": f"of {text}"})]
        )


def _text(form: Callable[[str], str]) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(f"begin {form(PLANTED)}, end".encode())


PLACES: dict[str, Callable[[Path], None]] = {
    "as it is": _text(str),
    "in capitals": _text(str.upper),
    "as JSON": _text(json.dumps),
    "as HTML": _text(lambda text: html.escape(text).replace("ä", "&auml;").replace("ü", "&#252;")),
    "as an address": _text(lambda text: text.replace("ä", "%C3%A4").replace("ü", "%c3%bc")),
    "with composed letters": _text(lambda text: text.replace("ä", "a\u0308")),
    "in a data address": _text(lambda text: f"data:x;base64,{_base64(text)}"),
    "hashed without a key": _text(lambda text: sha256(text.encode()).hexdigest()),
    "in a Parquet file": lambda path: _parquet(path, PLANTED),
    "in a table": lambda path: _duckdb(path, "insert into s.t values ({})", PLANTED.title()),
    "in a map": lambda path: _duckdb(
        path, "create table u as select map {{1: [{}]}} as m", PLANTED
    ),
    "in a comment": lambda path: _duckdb(path, "comment on column s.t.c is {}", PLANTED),
    "in a view": lambda path: _duckdb(path, "create view v as select {} as c", PLANTED),
    "in a history": lambda path: _sqlite(path, PLANTED),
    "packed": lambda path: path.write_bytes(gzip.compress(PLANTED.encode())),
    "twice packed": lambda path: path.write_bytes(gzip.compress(gzip.compress(PLANTED.encode()))),
    "among bytes": lambda path: path.write_bytes(b"\0\1" + PLANTED.encode() + b"abc\0"),
}


def _base64(text: str) -> str:
    return b64encode(f"what stands for {text} here".encode()).decode()


@pytest.mark.parametrize("place", PLACES)
def test_a_value_is_found_wherever_it_stands(tmp_path: Path, place: str) -> None:
    path = tmp_path / "file"
    PLACES[place](path)
    assert found_in(path, Values({PLANTED}))
    assert not found_in(path, Values({"kathe.muller.7@example.org", "P-000001", "Top!"}))


def test_a_value_is_found_in_a_name_and_among_thousands(tmp_path: Path) -> None:
    many = Values({f"somebody.{n}@example.org" for n in range(20_000)} | {"Top!", "P-000001"})
    (tmp_path / "of somebody.19999@example.org.txt").write_text("nothing")
    (tmp_path / "b").write_text(
        "somebody.20000@example.org xsomebody.5@example.org P-0000012 x.top!==y"
    )
    (tmp_path / "c").write_bytes(b"x" * (1 << 22) + b" P-000001. <td>Top!</td> " + b"y" * (1 << 22))
    found = found_under(tmp_path, many)
    assert found == {
        "c": {"p-000001", "top!"},
        "of somebody.19999@example.org.txt": {"somebody.19999@example.org"},
    }


def test_a_value_on_a_server_is_found() -> None:
    required()
    import psycopg

    planted = [f"{place}.of.somebody@example.org" for place in ("row", "comment", "sample")]
    with running_server() as dsn:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(
                "create schema access; create table access.t (c text);"
                "create table public.u (c text);"
                f"insert into access.t values ('{planted[0]}');"
                f"comment on column access.t.c is 'of {planted[1].upper()}';"
                f"insert into public.u select '{planted[2]}' from generate_series(1, 100);"
                "analyze; delete from public.u;"
            )
        rows, dump = _server_texts(dsn)
    assert Values(set(planted)).in_text(dump) == set(planted[:2])
    assert Values(set(planted)).in_text(rows) >= {planted[2]}, "deleted, and still a sample of it"
