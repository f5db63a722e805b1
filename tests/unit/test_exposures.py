"""Every page that people look at is an exposure of dbt, and says exactly which tables it reads."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestration.dbt_runner import parse_manifest
from orchestration.serving.publish import public_models
from orchestration.settings import PROJECT_ROOT
from tests.support.warehouse import new_settings

_NOTEBOOKS = PROJECT_ROOT / "notebooks"
_SUPERSET = _NOTEBOOKS / "superset" / "dashboard" / "datasets"
_PAGES = {
    "dealer_page": "orchestration.serving.share_page",
    "weekly_review_pages": "orchestration.review.pages",
}
"""Pages that a run writes, and the module that makes them."""
_WORDS = ("orchestration.language",)
"""What is said about tables, not what is read of them."""
_TABLE = re.compile(r"\b(?:mart|dim|fct)_[a-z0-9_]+\b")

Manifest = dict[str, Any]


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    path = parse_manifest(new_settings(tmp_path_factory.mktemp("exposures")))
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def exposures(manifest: Manifest) -> dict[str, Any]:
    return {exposure["name"]: exposure for exposure in manifest["exposures"].values()}


def apps() -> list[str]:
    """The notebooks that are apps, by name."""
    return sorted(
        path.stem
        for path in _NOTEBOOKS.glob("*.py")
        if "marimo.App(" in path.read_text(encoding="utf-8")
    )


@pytest.mark.parametrize("name", apps())
def test_a_notebook_reads_what_its_exposure_depends_on(
    name: str, exposures: dict[str, Any], manifest: Manifest
) -> None:
    read = tables_read(f"notebooks.{name}") & set(public_models(manifest))
    assert read
    assert depends_on(exposures[name]) == read
    assert exposures[name]["type"] == "notebook"


@pytest.mark.parametrize("name", _PAGES)
def test_a_page_reads_what_its_exposure_depends_on(
    name: str, exposures: dict[str, Any], manifest: Manifest
) -> None:
    read = tables_read(_PAGES[name]) & set(public_models(manifest))
    assert read
    assert depends_on(exposures[name]) == read


def test_the_dashboard_reads_what_its_exposure_depends_on(
    exposures: dict[str, Any], manifest: Manifest
) -> None:
    datasets = [
        yaml.safe_load(path.read_text(encoding="utf-8")) for path in _SUPERSET.rglob("*.yaml")
    ]
    assert datasets
    read = {
        table
        for dataset in datasets
        for table in _TABLE.findall(dataset.get("sql") or dataset["table_name"])
    }
    assert depends_on(exposures["superset_partner_network"]) == read & set(public_models(manifest))


def test_every_exposure_is_a_page_that_is_there_and_says_whose(
    exposures: dict[str, Any],
) -> None:
    assert set(exposures) == {*apps(), *_PAGES, "superset_partner_network"}
    for name, exposure in exposures.items():
        owner = exposure["owner"]
        assert owner["name"] and owner["email"].endswith("@partner-warehouse.example"), name
        assert exposure["label"] and exposure["maturity"], name
        assert exposure["description"].endswith("."), name
        assert exposure["config"]["meta"]["label_de"], name


def depends_on(exposure: dict[str, Any]) -> set[str]:
    """The models that an exposure depends on, by name."""
    return {unique_id.split(".")[-1] for unique_id in exposure["depends_on"]["nodes"]}


def tables_read(module: str) -> set[str]:
    """Tables named in a string of a module, or of what it uses of the project's other modules.

    A definition at a module's top counts if it is used, so that a shared module does not lend the
    tables of its other users. Docstrings do not count.
    """
    found: set[str] = set()
    seen: set[tuple[str, str | None]] = set()
    wanted: list[tuple[str, str | None]] = [(module, None)]
    while wanted:
        if (use := wanted.pop()) in seen:
            continue
        seen.add(use)
        source = Module.of(use[0])
        for node in source.nodes(use[1]):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= set(_TABLE.findall(node.value))
            wanted += source.uses(node)
    return found


class Module:
    """A module of the project as a tree: its definitions, and what it takes from others."""

    @staticmethod
    @cache
    def of(name: str) -> Module:
        return Module(name)

    def __init__(self, name: str) -> None:
        self.name = name
        tree = ast.parse(_file(name).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            body = getattr(node, "body", None)
            if isinstance(body, list):
                node.body = [b for b in body if not _is_docstring(b)]
        self._tree = tree
        self._imported: dict[str, tuple[str, str | None]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    whole = f"{node.module}.{alias.name}"
                    use = (whole, None) if _file(whole) else (node.module, alias.name)
                    self._imported[alias.asname or alias.name] = use
        self._imported = {n: use for n, use in self._imported.items() if _is_ours(use[0])}
        self._defined = {n: node for node in tree.body for n in _names(node)}

    def nodes(self, definition: str | None) -> Iterator[ast.AST]:
        """All nodes of one definition, or of the whole module."""
        if definition is None:
            yield from ast.walk(self._tree)
        elif definition in self._defined:
            yield from ast.walk(self._defined[definition])
        elif definition in self._imported:
            module, name = self._imported[definition]
            yield from Module.of(module).nodes(name)

    def uses(self, node: ast.AST) -> Iterator[tuple[str, str | None]]:
        """Definitions, here or elsewhere, that a node refers to."""
        match node:
            case ast.Attribute(value=ast.Name(id=alias), attr=attr) if alias in self._imported:
                module, name = self._imported[alias]
                yield (module, attr) if name is None else (module, name)
            case ast.Name(id=name) if name in self._defined:
                yield self.name, name
            case ast.Name(id=name) if name in self._imported and self._imported[name][1]:
                yield self._imported[name]


def _is_ours(module: str) -> bool:
    return _file(module) is not None and not module.startswith(_WORDS)


def _file(module: str) -> Path | None:
    path = PROJECT_ROOT.joinpath(*module.split("."))
    candidates = (path.with_suffix(".py"), path / "__init__.py")
    return next((candidate for candidate in candidates if candidate.is_file()), None)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _names(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            yield from (t.id for target in targets for t in ast.walk(target) if _is_name(t))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name


def _is_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Name)
