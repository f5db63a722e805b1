"""A real PostgreSQL server for tests: of Debian's packages, on loopback and a free port."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

_NEWEST_FIRST = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def binaries() -> Path | None:
    """The folder of the server's programs; None where PostgreSQL is not installed."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    return _NEWEST_FIRST[0] if _NEWEST_FIRST else None


@contextmanager
def running_server() -> Iterator[str]:
    """A server with an empty database, stopped in the end; gives the DSN of its superuser. Logins
    need no password: they come from this machine only."""
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
        _call([*control, "-o", f"{options} -c fsync=off", "start"])
        try:
            yield f"host=127.0.0.1 port={port} user=admin dbname=postgres"
        finally:
            _call([*control, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder)


def as_login(dsn: str, login: str) -> str:
    """The DSN of another login to the same database."""
    return f"{dsn} user={login}"


def _call(command: list[str | Path]) -> None:
    found = subprocess.run([str(part) for part in command], capture_output=True, cwd="/")
    assert found.returncode == 0, f"{command}: {found.stdout.decode()}{found.stderr.decode()}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
