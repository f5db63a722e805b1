"""Whole runs: the `partnerdw` command as people use it, on generated extracts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from orchestration.cli import main
from orchestration.settings import PROJECT_ROOT

SHARED_DATA = PROJECT_ROOT.parent / "shared" / "data"


@dataclass
class Warehouse:
    """A drop zone and a warehouse of a test, and the command that works on them."""

    extracts: Path
    warehouse: Path
    capsys: pytest.CaptureFixture | None = None

    def deliver(self, feed: str, name: str, content: str | bytes) -> Path:
        path = self.extracts / feed / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def command(self, name: str, *arguments: str) -> int:
        folders = ["--extracts", str(self.extracts), "--warehouse", str(self.warehouse)]
        return main([name, *folders, *arguments])

    def json(self, name: str, *arguments: str) -> tuple[int, dict]:
        self.capsys.readouterr()
        code = self.command(name, "--json", *arguments)
        return code, json.loads(self.capsys.readouterr().out)

    @property
    def serving_file(self) -> Path:
        return self.warehouse / "serving" / "partner_marts.duckdb"

    def query(self, sql: str) -> list[tuple]:
        with duckdb.connect(str(self.serving_file), read_only=True) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture
def warehouse(tmp_path, capsys) -> Warehouse:
    extracts = tmp_path / "extracts"
    extracts.mkdir()
    return Warehouse(extracts, tmp_path / "warehouse", capsys)
