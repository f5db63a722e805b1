"""Where PostgreSQL or its driver is missing: tests skip, but not in CI; publishing says so."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from orchestration.serving.postgres import PostgresError, publish_to_postgres
from orchestration.settings import Settings
from tests.support import postgres
from tests.unit.serving.small_publication import make_publication


@pytest.fixture(params=["server", "driver"])
def missing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(postgres, "binaries", lambda: Path("/usr/bin"))
    monkeypatch.setattr(postgres, "find_spec", lambda name: name)
    if request.param == "server":
        monkeypatch.setattr(postgres, "binaries", lambda: None)
        return "PostgreSQL is not installed"
    monkeypatch.setattr(postgres, "find_spec", lambda name: None)
    return "psycopg is not installed"


@pytest.mark.parametrize("ci", [None, "", "false"])
def test_tests_skip_and_say_why(missing: str, ci: str | None, monkeypatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    if ci is not None:
        monkeypatch.setenv("CI", ci)
    with pytest.raises(pytest.skip.Exception, match=missing):
        postgres.required()


def test_in_ci_they_fail(missing: str, monkeypatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=f"{missing}.*CI must not skip"):
        postgres.required()


def test_where_both_are_there_they_run(monkeypatch) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(postgres, "binaries", lambda: Path("/usr/bin"))
    monkeypatch.setattr(postgres, "find_spec", lambda name: name)
    postgres.required()


def test_publishing_without_the_driver_says_what_to_install(tmp_path: Path, monkeypatch) -> None:
    settings = Settings(extracts=tmp_path, warehouse=tmp_path, postgres_dsn="host=nowhere")
    make_publication(settings)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(PostgresError, match=r"pip install 'partner-warehouse\[postgres\]'"):
        publish_to_postgres(settings)
