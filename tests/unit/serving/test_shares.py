"""Each dealer's file holds what this dealer may read, and nothing else; it is written when due."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from threading import Event, Thread

import duckdb
import pytest

from orchestration.serving import shares
from orchestration.serving.publish import publish
from orchestration.serving.readers import ReadersError, readers
from orchestration.serving.shares import page_path, share_path, write_shares
from orchestration.settings import Settings, UsageError
from orchestration.state import PUBLICATION, SHARES, read_state, write_state
from tests.unit.serving.small_publication import AS_OF, TABLES, make_publication


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(extracts=tmp_path / "extracts", warehouse=tmp_path / "it's a warehouse")
    make_publication(made)
    return made


def read(path: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_a_share_holds_every_table_with_the_rows_of_its_dealer(settings: Settings) -> None:
    paths = write_shares(settings)
    assert [path.parent.name for path in paths] == ["A", "B"]
    own = {name: read(paths[0], f"select * from {name}") for name in TABLES}
    first = {name: sorted(row[0] for row in rows) for name, rows in own.items()}
    assert first == {
        "dim_dealer": ["A"],
        "fct_text": ["A"] * 5,
        "mart_score": ["A"],
        "mart_status": ["I1"],
        "mart_correction": ["I1"],
        "mart_routing": ["C1", "C2"],
        "mart_benchmark": ["LARGE"],
        "mart_market": ["AURA"],
        "mart_conflict": [],
    }
    assert len(read(paths[0], "select * from _publication")) == 1


def test_nothing_of_another_dealer_lies_in_the_bytes_of_a_share(settings: Settings) -> None:
    mine, other = (path.read_bytes() for path in write_shares(settings))
    assert b"secret of B" not in mine and b"old of B" not in mine
    assert b"secret of B" in other, "else the bytes would prove nothing"


def test_tables_and_columns_are_those_of_the_serving_file(settings: Settings) -> None:
    (share, _) = write_shares(settings)
    query = (
        "select t.table_name, t.comment, column_name, data_type, c.comment "
        "from duckdb_columns() as c inner join duckdb_tables() as t using (table_oid, database_oid)"
        " where not c.internal order by t.table_name, column_index"
    )
    assert read(share, query) == read(settings.serving_file, query)


def test_shares_are_written_anew_when_a_table_has_changed(settings: Settings) -> None:
    (share, other) = write_shares(settings)
    before = share.stat().st_ino
    other.unlink()
    write_shares(settings)
    assert share.stat().st_ino == before and other.is_file(), "what is missing is made again"
    page_path(settings, "B").unlink()
    write_shares(settings)
    assert share.stat().st_ino == before and page_path(settings, "B").is_file()
    make_publication(settings, version=2)
    write_shares(settings)
    assert read(share, "select version from mart_score") == [(2,)]
    assert not list(settings.dealer_shares.rglob("*.tmp"))
    assert not list(settings.tmp.iterdir())


def change(settings: Settings, statement: str, *tables: str) -> None:
    """Publish the network with some rows changed, and only these tables in a new version."""
    with duckdb.connect(str(settings.marts)) as connection:
        connection.execute(statement)
        for table in tables:
            connection.execute("update build.versions set version = 'w' where model = ?", [table])
    write_state(settings, PUBLICATION, publish(settings, AS_OF, "1.0").as_dict())


def test_only_the_dealers_whose_rows_changed_get_a_new_share(settings: Settings) -> None:
    (mine, other) = write_shares(settings)
    before = [mine.stat().st_ino, other.stat().st_ino]
    change(settings, "update mart_score set score = 12 where dealer_id = 'A'", "mart_score")
    write_shares(settings)
    assert mine.stat().st_ino != before[0] and other.stat().st_ino == before[1]
    assert page_path(settings, "A").stat().st_mtime > page_path(settings, "B").stat().st_mtime
    assert read(mine, "select dealer_id, score from mart_score") == [("A", 12)]
    made = "select published_at from _publication"
    assert read(mine, made) == read(settings.serving_file, made) != read(other, made)
    # a case that B received becomes A's: both read it then
    change(
        settings,
        "update mart_routing set responsible_party = 'A' where case_id = 'C4'",
        "mart_routing",
    )
    write_shares(settings)
    cases = "select case_id from mart_routing order by 1"
    assert read(mine, cases) == [("C1",), ("C2",), ("C4",)]
    assert read(other, cases) == [("C2",), ("C3",), ("C4",)]


def test_a_share_that_is_partly_written_anew_equals_one_written_whole(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (mine, _) = write_shares(settings)
    change(
        settings,
        "delete from mart_status where investment_id = 'I1'; "
        "update mart_market set version = 7; "
        "insert into mart_benchmark values ('NEW', 6)",
        "mart_status",
        "mart_market",
        "mart_benchmark",
    )
    with monkeypatch.context() as patched:
        patched.setattr(shares._Writer, "_write_whole", None)  # it would raise
        write_shares(settings)
    partly = {name: sorted(map(str, read(mine, f"from {name}"))) for name in TABLES}
    assert partly["mart_correction"] == [], "through a table that changed"
    (settings.state / SHARES).unlink()
    write_shares(settings)
    assert {name: sorted(map(str, read(mine, f"from {name}"))) for name in TABLES} == partly
    assert "NEW" in str(partly["mart_benchmark"]) and "SMALL" not in str(partly["mart_benchmark"])


def test_who_may_no_longer_read_a_table_loses_it_at_once(settings: Settings) -> None:
    (mine, _) = write_shares(settings)
    assert read(mine, "select brand_code from mart_market") == [("AURA",)]
    manifest = settings.state / "dbt" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('{"network": true}', "{}"))
    write_shares(settings)
    assert read(mine, "select brand_code from mart_market") == []
    assert b"AURA" not in mine.read_bytes(), "and no byte of it stays"


def test_a_reader_keeps_the_share_that_he_opened(settings: Settings) -> None:
    (mine, _) = write_shares(settings)
    old_page = page_path(settings, "A").open(encoding="utf-8")
    with duckdb.connect(str(mine), read_only=True) as reader, old_page:
        assert reader.execute("select version from mart_score").fetchall() == [(1,)]
        make_publication(settings, version=2)
        write_shares(settings)
        for table in TABLES:
            reader.execute(f"from {table}").fetchall()
        assert reader.execute("select version from mart_score").fetchall() == [(1,)]
        assert old_page.read().endswith("</html>")
    assert read(mine, "select version from mart_score") == [(2,)]


def test_shares_and_pages_are_whole_whenever_somebody_opens_them(settings: Settings) -> None:
    write_shares(settings)
    (mine, page) = share_path(settings, "A"), page_path(settings, "A")
    seen, wrong, is_over = set(), [], Event()

    def look() -> None:
        while not is_over.wait(0.05):
            try:
                (rows,) = read_in_process(mine)
                seen.add(rows)
                assert page.read_text(encoding="utf-8").endswith("</html>")
            except Exception as error:  # whatever a reader meets is wrong
                wrong.append(error)
                return

    reader = Thread(target=look)
    reader.start()
    try:
        for version in range(2, 6):
            make_publication(settings, version=version)
            write_shares(settings)
    finally:
        is_over.set()
        reader.join()
    assert not wrong and len(seen) > 1, (wrong, seen)


def read_in_process(share: Path) -> list[tuple]:
    """A reader of his own process, as dealers are: in one process DuckDB shares open files."""
    code = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1], read_only=True); "
        "print(c.execute('select version from mart_score').fetchall()[0][0])"
    )
    made = subprocess.run(
        [sys.executable, "-c", code, str(share)], capture_output=True, text=True, check=True
    )
    return [int(made.stdout)]


def test_a_killed_run_is_made_good_by_the_next(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (mine, other) = write_shares(settings)
    change(settings, "update mart_score set score = score + 1", "mart_score")
    writes = shares._Writer.write

    def killed(self: object, dealer: str, path: Path, changed: list[str] | None) -> None:
        if dealer == "B":
            raise KeyboardInterrupt
        writes(self, dealer, path, changed)

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(shares._Writer, "write", killed)
        write_shares(settings)
    assert read(mine, "select score from mart_score") == [(Decimal("92.25"),)]
    assert read_state(settings, SHARES) == {}
    # the old figures are back, as if the killed run had not been
    change(settings, "update mart_score set score = score - 1", "mart_text")
    write_shares(settings)
    assert read(mine, "select score from mart_score") == [(Decimal("91.25"),)]
    assert read(other, "select score from mart_score") == [(Decimal("47.11"),)]


def test_a_dealer_that_is_no_more_keeps_no_share(settings: Settings) -> None:
    write_shares(settings)
    stray = settings.dealer_shares / "GONE" / "partner_marts.duckdb"
    stray.parent.mkdir()
    stray.touch()
    write_shares(settings)
    assert sorted(p.name for p in settings.dealer_shares.iterdir()) == ["A", "B"]


def test_large_tables_are_shared_alike(settings: Settings, monkeypatch) -> None:
    monkeypatch.setattr("orchestration.serving.shares._ROW_GROUP", 0)
    (share, _) = write_shares(settings)
    assert read(share, "select dealer_id, version from mart_score") == [("A", 1)]
    assert len(read(share, "select * from fct_text")) == 5


def test_an_id_that_is_none_names_no_folder(settings: Settings) -> None:
    for wrong in ("../A", "", "a/b", ".", "A B"):
        with pytest.raises(ValueError, match="no dealer id"):
            share_path(settings, wrong)


def test_without_a_publication_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="run first"):
        write_shares(Settings(extracts=tmp_path, warehouse=tmp_path))


def model(columns: tuple[str, ...] = ("dealer_id",), **stated: object) -> dict:
    return {"columns": dict.fromkeys(columns, {}), "config": {"meta": {"readers": stated}}}


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        (model(netwrok=True), "readers has netwrok"),
        (model(dealer_columns=["sender"]), "names sender"),
        (model(through="mart_x", key="dealer_id"), "no public table"),
        (model(through="mart_b", key="investment_id"), "names investment_id"),
    ],
)
def test_readers_that_cannot_be_understood_are_named(stated: dict, message: str) -> None:
    with pytest.raises(ReadersError, match=f"mart_a: .*{message}"):
        readers({"mart_a": stated, "mart_b": model()})


def test_without_a_word_only_the_manufacturer_reads_what_names_no_dealer() -> None:
    found = readers({"mart_a": model(("rule_id",)), "mart_b": model()})
    assert found["mart_a"].rows_of("'D1'", "s") is None
    assert found["mart_b"].rows_of("'D1'", "s") == "dealer_id in ('D1')"
