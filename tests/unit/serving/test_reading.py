"""Reading the serving file."""

from __future__ import annotations

from pathlib import Path

from orchestration.serving.reading import open_publication
from orchestration.settings import Settings
from tests.notebooks.example import DECEMBER, card, publish_rows

SCORE = "select score from mart_partner_scorecard"


def published(folder: Path, score: str) -> Settings:
    settings = Settings.from_env({}, warehouse=folder)
    publish_rows(settings, mart_partner_scorecard=[card("D1", DECEMBER, score)])
    return settings


def test_without_a_file_there_is_no_publication(tmp_path: Path) -> None:
    assert open_publication(Settings.from_env({}, warehouse=tmp_path)) is None
    assert not list(tmp_path.iterdir())


def test_a_reader_keeps_his_version_and_the_next_one_gets_the_new_one(tmp_path: Path) -> None:
    settings = published(tmp_path / "warehouse", "1")
    early = open_publication(settings)
    published(tmp_path / "warehouse", "2")
    late = open_publication(settings)
    assert early.rows(SCORE)["score"].tolist() == [1]
    assert late.rows(SCORE)["score"].tolist() == [2]


def test_a_folder_may_have_a_quote_in_its_name(tmp_path: Path) -> None:
    assert open_publication(published(tmp_path / "d'Or", "1")).rows(SCORE)["score"].tolist() == [1]


def test_tables_without_a_row_and_tables_that_are_not_there_are_lacking(tmp_path: Path) -> None:
    publication = open_publication(published(tmp_path / "warehouse", "1"))
    assert publication.lacks("mart_partner_scorecard", "dim_kpi", "mart_of_tomorrow") == [
        "dim_kpi",
        "mart_of_tomorrow",
    ]
