"""A real PostgreSQL server for tests: of Debian's packages, on loopback and a free port.

A module of tests calls `required()` before it does anything else.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from orchestration.settings import Settings

_NEWEST_FIRST = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def binaries() -> Path | None:
    """The folder of the server's programs; None where PostgreSQL is not installed."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    return _NEWEST_FIRST[0] if _NEWEST_FIRST else None


def required() -> None:
    """Skip the module that is being imported where a server or its driver is missing; fail it in
    continuous integration, which has to have them."""
    reason = None
    if binaries() is None:
        reason = "PostgreSQL is not installed (Debian: apt-get install postgresql)"
    elif find_spec("psycopg") is None:
        reason = "psycopg is not installed (the extra postgres)"
    if reason and os.environ.get("CI", "").lower() in ("true", "1"):
        pytest.fail(f"{reason}, and CI must not skip what needs it", pytrace=False)
    if reason:
        pytest.skip(reason, allow_module_level=True)


@contextmanager
def running_server(syncs: bool = False) -> Iterator[str]:
    """A server with an empty database, stopped in the end; gives the DSN of its superuser. Logins
    need no password: they come from this machine only. It waits for the disk only if it `syncs`."""
    programs = binaries()
    assert programs is not None, "PostgreSQL is not installed"
    folder = Path(mkdtemp(prefix="pg"))
    # the server refuses to run as root
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres")
    data, log = folder / "data", folder / "log"
    port = _free_port()
    try:
        locale = ["-E", "UTF8", "--locale", "C"]
        _call([*as_user, programs / "initdb", "-D", data, "-U", "admin", "-A", "trust", *locale])
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
        control = [*as_user, programs / "pg_ctl", "-D", data, "-w", "-l", log]
        _call([*control, "-o", f"{options} -c fsync={'on' if syncs else 'off'}", "start"])
        try:
            yield f"host=127.0.0.1 port={port} user=admin dbname=postgres"
        finally:
            _call([*control, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder)


def as_login(dsn: str, login: str) -> str:
    """The DSN of another login to the same database."""
    return f"{dsn} user={login}"


@contextmanager
def login(settings: Settings, name: str) -> Iterator[Any]:
    """A connection of a login to the server of the settings."""
    import psycopg

    assert settings.postgres_dsn is not None
    with psycopg.connect(as_login(settings.postgres_dsn, name), autocommit=True) as connection:
        yield connection


def read(settings: Settings, name: str, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query of a login."""
    with login(settings, name) as connection:
        return connection.execute(query).fetchall()


def _call(command: list[str | Path]) -> None:
    found = subprocess.run([str(part) for part in command], capture_output=True, cwd="/")
    assert found.returncode == 0, f"{command}: {found.stdout.decode()}{found.stderr.decode()}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
