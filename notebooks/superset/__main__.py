"""`python -m notebooks.superset install | serve | export`, in Superset's own environment."""

from __future__ import annotations

import argparse
import os
import sys
from importlib.util import find_spec
from pathlib import Path

PORT = 8088


def main(arguments: list[str] | None = None) -> int:
    """Run a command; the exit code is 0, or 1 with what is to do said on stderr."""
    asked = _parser().parse_args(arguments)
    if find_spec("superset") is None or find_spec("duckdb_engine") is None:
        print(
            f"error: {sys.executable} is no environment with Superset; `make superset` makes one "
            "of requirements-superset.lock with Python 3.11 or 3.12",
            file=sys.stderr,
        )
        return 1
    try:
        return asked.run(asked)
    except _failures() as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m notebooks.superset", description=__doc__)
    parser.add_argument("--warehouse", type=Path, help="folder of the warehouse")
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("install", help="import the dashboards, over what is there")
    command.add_argument("--postgres", metavar="DSN", help="show PostgreSQL as well, by this login")
    command.set_defaults(run=_install)
    command = commands.add_parser("serve", help="start Superset on this machine only")
    command.add_argument("--port", type=int, default=PORT)
    command.set_defaults(run=_serve)
    command = commands.add_parser("export", help="bring changes of the dashboard back as code")
    command.add_argument("--files", type=Path, help="folder to write to, instead of dashboard/")
    command.set_defaults(run=_export)
    return parser


def _failures() -> tuple[type[Exception], ...]:
    from notebooks.superset.install import InstallError
    from notebooks.superset.semantic import SemanticError
    from orchestration.settings import SettingsError

    return InstallError, SemanticError, SettingsError


def _home(asked: argparse.Namespace):
    from notebooks.superset.home import Home
    from orchestration.settings import Settings

    settings = Settings.from_env(warehouse=asked.warehouse)
    return settings, Home.of(settings)


def _install(asked: argparse.Namespace) -> int:
    from notebooks.superset.home import PASSWORD_VARIABLE, POSTGRES_VARIABLE
    from notebooks.superset.install import install

    settings, home = _home(asked)
    dsn = asked.postgres or os.environ.get(POSTGRES_VARIABLE)
    password = os.environ.get(PASSWORD_VARIABLE)
    done = install(home, settings.serving_file, dsn, password)
    print(f"{len(done.slugs)} dashboards with {done.charts} charts are in Superset:")
    for slug, title in done.slugs.items():
        print(f"  http://127.0.0.1:{PORT}/superset/dashboard/{slug}/  {title}")
    return 0


def _serve(asked: argparse.Namespace) -> int:
    """Become `superset run`."""
    from notebooks.superset.install import InstallError

    _, home = _home(asked)
    if not home.metadata.is_file():
        raise InstallError(f"Superset knows no dashboards at {home.folder}: install first")
    print(f"Superset is at http://127.0.0.1:{asked.port}/ (end it with Ctrl-C)", flush=True)
    os.environ.update(home.environment())
    command = ["run", "--host", "127.0.0.1", "--port", str(asked.port), "--with-threads"]
    os.execv(sys.executable, [sys.executable, "-m", "flask", *command])


def _export(asked: argparse.Namespace) -> int:
    from notebooks.superset.bundle import Source
    from notebooks.superset.export import export

    settings, home = _home(asked)
    source = Source(asked.files) if asked.files else Source()
    changed = export(home, settings.serving_file, source)
    print("\n".join(changed) if changed else "nothing differs from the files")
    return 0


if __name__ == "__main__":
    sys.exit(main())
