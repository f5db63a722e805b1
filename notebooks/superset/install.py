"""Putting the dashboards into Superset: metadata, administrator, roles, import."""

from __future__ import annotations

import logging
import os
import secrets
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from notebooks.superset.bundle import POSTGRES, SERVING_FILE, Source, bundle
from notebooks.superset.home import ADMIN, PASSWORD_VARIABLE, Home

_ADDRESS = "admin@partner-warehouse.example"
_LOGGERS = ("alembic", "flask_appbuilder", "superset", "werkzeug")


class InstallError(RuntimeError):
    """Nothing was imported; the message says why, and the remedy."""


@dataclass(frozen=True)
class Installed:
    """What is in Superset now; `slugs` maps the addresses of the dashboards to their titles."""

    slugs: dict[str, str]
    charts: int


def install(
    home: Home,
    serving_file: Path,
    postgres_dsn: str | None = None,
    password: str | None = None,
    source: Source | None = None,
    say: Callable[[str], None] = print,
) -> Installed:
    """Bring Superset's metadata up to date and import all dashboards over those of the same UUIDs.

    `postgres_dsn` is the login that readers of the dashboards share, not the publisher's: a
    database over PostgreSQL shows what it may read. `password` is that of the administrator if
    there is none yet; without it one is made and told by `say`, this once.

    Raises:
        InstallError: nothing is published, or the files do not make a dashboard.
    """
    if not serving_file.is_file():
        raise InstallError(f"nothing is published at {serving_file}: run the warehouse first")
    uris = {SERVING_FILE: duckdb_uri(serving_file)}
    if postgres_dsn:
        uris[POSTGRES] = postgres_uri(postgres_dsn)
    contents = bundle(serving_file, uris, source)
    home.prepare()
    with application(home):
        _prepare(password, say)
        _import(contents)
        return Installed(_slugs(), sum(name.startswith("charts/") for name in contents))


def duckdb_uri(serving_file: Path) -> str:
    """As SQLAlchemy takes it. It is opened for each question and let go of, see README.md."""
    from sqlalchemy.engine import URL

    return URL.create("duckdb", database=str(serving_file.resolve())).render_as_string()


def postgres_uri(dsn: str) -> str:
    """A libpq DSN (`host=... user=...` or `postgresql://...`) as SQLAlchemy takes it, with its
    password."""
    from psycopg2 import ProgrammingError
    from psycopg2.extensions import parse_dsn
    from sqlalchemy.engine import URL

    try:
        parts = parse_dsn(dsn)
    except ProgrammingError as error:
        # not the text of the error: it repeats the DSN, which may hold a password
        raise InstallError("the DSN of PostgreSQL cannot be read by libpq") from error
    host = parts.pop("host", None)
    if host is not None and host.startswith("/"):  # a folder with a socket
        parts["host"], host = host, None
    port = parts.pop("port", None)
    return URL.create(
        "postgresql+psycopg2",
        username=parts.pop("user", None),
        password=parts.pop("password", None),
        host=host,
        port=int(port) if port else None,
        database=parts.pop("dbname", None),
        query=parts,
    ).render_as_string(hide_password=False)


@contextmanager
def application(home: Home) -> Iterator[Any]:
    """Superset's application over the metadata in `home`, as its code expects it around."""
    os.environ.update(home.environment())
    warnings.filterwarnings("ignore")
    from superset.app import create_app

    app = create_app()
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.ERROR)
    with app.app_context():
        yield app


def _prepare(password: str | None, say: Callable[[str], None]) -> None:
    """Bring metadata, roles and administrator up to date."""
    from flask import current_app
    from flask_migrate import upgrade

    # Alembic's own settings would log every step, and the steps print
    current_app.config["ALEMBIC_SKIP_LOG_CONFIG"] = True
    with redirect_stdout(StringIO()):
        upgrade()

    from superset import appbuilder, db, security_manager

    appbuilder.add_permissions(update_perms=True)
    security_manager.sync_role_definitions()
    db.session.commit()
    if security_manager.find_user(ADMIN):
        return
    made = password or secrets.token_urlsafe(12)
    role = security_manager.find_role("Admin")
    if not security_manager.add_user(ADMIN, "Partner", "Warehouse", _ADDRESS, role, made):
        raise InstallError("Superset did not take the administrator")
    told = f"of {PASSWORD_VARIABLE}" if password else f"{made} (told only now)"
    say(f"The administrator is {ADMIN} with the password {told}.")


def _import(contents: Mapping[str, str]) -> None:
    from superset import security_manager
    from superset.commands.exceptions import CommandException
    from superset.commands.importers.v1.assets import ImportAssetsCommand
    from superset.utils.core import override_user

    with override_user(security_manager.find_user(ADMIN)):
        try:
            ImportAssetsCommand(dict(contents)).run()
        except CommandException as error:
            refused = (
                error.normalized_messages() if hasattr(error, "normalized_messages") else error
            )
            raise InstallError(
                f"Superset refused the dashboards: {refused} ({error.__cause__})"
            ) from error


def _slugs() -> dict[str, str]:
    from superset import db
    from superset.models.dashboard import Dashboard

    rows = db.session.query(Dashboard.slug, Dashboard.dashboard_title).order_by(Dashboard.slug)
    return {slug: title for slug, title in rows if slug}
