"""Each dealer's file holds what this dealer may read, and nothing else."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from orchestration.serving.readers import ReadersError, readers
from orchestration.serving.shares import share_path, write_shares
from orchestration.settings import Settings, UsageError
from tests.unit.serving.small_publication import TABLES, make_publication


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
    make_publication(settings, version=2)
    write_shares(settings)
    assert read(share, "select version from mart_score") == [(2,)]
    assert not list(settings.dealer_shares.rglob("*.tmp"))


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
