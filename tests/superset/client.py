"""Superset in its own environment, as tests start it and ask its API."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

import pytest

from orchestration.settings import PROJECT_ROOT

PYTHON_VARIABLE = "PARTNERDW_SUPERSET_PYTHON"
PASSWORD = "only for tests 1"
_LOCAL = build_opener(ProxyHandler({}), HTTPCookieProcessor())


def interpreter() -> Path:
    """Python of Superset's environment. The test is skipped where there is none, and fails where
    one was asked for by PARTNERDW_SUPERSET_PYTHON and does not work."""
    asked = os.environ.get(PYTHON_VARIABLE)
    python = Path(asked or PROJECT_ROOT / ".venv-superset" / "bin" / "python")
    if not asked and not python.exists():
        pytest.skip(f"Superset is not installed (make superset); or name it as {PYTHON_VARIABLE}")
    check = [str(python), "-c", "import superset, duckdb_engine, psycopg2"]
    found = subprocess.run(check, capture_output=True, text=True) if python.exists() else None
    if found is None or found.returncode:
        why = "no such file" if found is None else found.stderr
        pytest.fail(f"Superset cannot be imported by {python}: {why}", pytrace=False)
    return python


@dataclass(frozen=True)
class Installation:
    """A warehouse with a Superset of its own."""

    python: Path
    warehouse: Path

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """`python -m notebooks.superset ...`; nothing of the caller's settings is passed on."""
        done = subprocess.run(
            self._command(*arguments),
            cwd=PROJECT_ROOT,
            env=self._environment(),
            capture_output=True,
            text=True,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    @contextmanager
    def serving(self) -> Iterator[Superset]:
        """Superset as `serve` starts it, until the end, with an administrator logged in."""
        port = _free_port()
        with open(self.warehouse / "serve.log", "w") as log:
            process = subprocess.Popen(
                self._command("serve", "--port", str(port)),
                cwd=PROJECT_ROOT,
                env=self._environment(),
                stdout=log,
                stderr=log,
            )
            try:
                base = f"http://127.0.0.1:{port}"
                _wait_for(f"{base}/health", process, self.warehouse / "serve.log")
                yield Superset.logged_in(base, process.pid)
            finally:
                process.terminate()
                process.wait(30)

    def _command(self, *arguments: str) -> list[str]:
        module = [str(self.python), "-m", "notebooks.superset"]
        return [*module, "--warehouse", str(self.warehouse), *arguments]

    def _environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PARTNERDW_")}
        return {**kept, "PARTNERDW_SUPERSET_PASSWORD": PASSWORD}


@dataclass(frozen=True)
class Superset:
    """A running Superset and a login to it."""

    base: str
    process: int
    token: str

    @classmethod
    def logged_in(cls, base: str, process: int) -> Superset:
        login = {"username": "admin", "password": PASSWORD, "provider": "db", "refresh": False}
        answer = cls(base, process, "")._ask("/api/v1/security/login", login)
        return cls(base, process, answer["access_token"])

    def charts(self, slug: str) -> dict[str, int]:
        """Title -> id of the charts of a dashboard."""
        found = self._ask(f"/api/v1/dashboard/{slug}/charts")["result"]
        return {chart["slice_name"]: chart["id"] for chart in found}

    def rows(self, chart: int) -> list[dict[str, Any]]:
        """What a chart's saved question brings."""
        (answer,) = self._ask(f"/api/v1/chart/{chart}/data/")["result"]
        assert answer["error"] is None, answer["error"]
        return answer["data"]

    def narrowed(self, chart: int, column: str, value: str) -> list[dict[str, Any]]:
        """The same with a filter of the dashboard set."""
        saved = json.loads(self._ask(f"/api/v1/chart/{chart}")["result"]["query_context"])
        saved["queries"][0]["filters"].append({"col": column, "op": "IN", "val": [value]})
        (answer,) = self._ask("/api/v1/chart/data", saved)["result"]
        return answer["data"]

    def rename(self, chart: int, title: str) -> None:
        """As somebody does who edits the chart."""
        csrf = self._ask("/api/v1/security/csrf_token/")["result"]
        done = self._ask(f"/api/v1/chart/{chart}", {"slice_name": title}, csrf, "PUT")
        assert "errors" not in done, done

    def databases(self) -> dict[str, int]:
        """Name -> id of the databases."""
        found = self._ask("/api/v1/database/")["result"]
        return {database["database_name"]: database["id"] for database in found}

    def filters(self, slug: str) -> dict[str, list[str]]:
        """Name -> values that a filter of the dashboard offers."""
        dashboard = self._ask(f"/api/v1/dashboard/{slug}")["result"]
        offered = {}
        for chosen in json.loads(dashboard["json_metadata"])["native_filter_configuration"]:
            (target,) = chosen["targets"]
            query = {"columns": [target["column"]["name"]], "metrics": [], "row_limit": 1000}
            context = {
                "datasource": {"id": target["datasetId"], "type": "table"},
                "queries": [query],
                "result_format": "json",
                "result_type": "full",
            }
            (answer,) = self._ask("/api/v1/chart/data", context)["result"]
            offered[chosen["name"]] = [value for row in answer["data"] for value in row.values()]
        return offered

    def sql(self, database: int, statement: str) -> dict[str, Any]:
        """SQL Lab's answer to a statement, be it an error."""
        asked = {"database_id": database, "sql": statement, "runAsync": False}
        csrf = self._ask("/api/v1/security/csrf_token/")["result"]
        return self._ask("/api/v1/sqllab/execute/", asked, csrf)

    def _ask(
        self,
        path: str,
        body: Mapping[str, Any] | None = None,
        csrf: str = "",
        method: str | None = None,
    ) -> Any:
        """An answer; who asks with a CSRF token takes errors as well."""
        request = Request(self.base + quote(path), method=method)
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        if csrf:
            request.add_header("X-CSRFToken", csrf)
        if body is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(body).encode()
        try:
            with _LOCAL.open(request, timeout=120) as answer:
                return json.load(answer)
        except HTTPError as error:
            said = error.read().decode()
            assert csrf, f"{path}: {error.code} {said}"
            return json.loads(said)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(240):
        assert process.poll() is None, log.read_text()
        try:
            _LOCAL.open(address, timeout=5).close()
        except (URLError, OSError):
            time.sleep(0.5)
        else:
            return
    raise AssertionError(f"Superset does not answer: {log.read_text()}")
