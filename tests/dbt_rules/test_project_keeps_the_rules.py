"""The dbt project keeps every rule of rules.py."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from orchestration.dbt_runner import parse_manifest
from orchestration.settings import DBT_PROJECT_DIR
from tests.dbt_rules.rules import RULES, Manifest, models, yaml_files_stay_short
from tests.support.warehouse import new_settings


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    path = parse_manifest(new_settings(tmp_path_factory.mktemp("rules")))
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_project_keeps_the_rule(rule: Callable, manifest: Manifest) -> None:
    assert rule(manifest) == []


def test_the_rules_see_the_whole_project(manifest: Manifest) -> None:
    names = {m["name"] for m in models(manifest)}
    on_disk = {path.stem for path in (DBT_PROJECT_DIR / "models").rglob("*.sql")}
    assert names == on_disk and len(names) > 30


def test_no_yaml_file_of_the_project_is_overlong() -> None:
    lines = {
        path.name: len(path.read_text(encoding="utf-8").splitlines())
        for path in DBT_PROJECT_DIR.rglob("*.yml")
    }
    assert lines
    assert yaml_files_stay_short(lines) == []
