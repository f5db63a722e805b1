"""Where Superset keeps what is its own: a folder within the warehouse, closed to others."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from orchestration.settings import Settings

CONFIG = Path(__file__).parent / "superset_config.py"
ADMIN = "admin"
PASSWORD_VARIABLE = "PARTNERDW_SUPERSET_PASSWORD"
POSTGRES_VARIABLE = "PARTNERDW_SUPERSET_POSTGRES_DSN"


@dataclass(frozen=True)
class Home:
    """The folder with Superset's metadata (SQLite), key and log."""

    folder: Path

    @classmethod
    def of(cls, settings: Settings) -> Home:
        return cls(settings.warehouse.resolve() / "superset")

    @property
    def key(self) -> Path:
        return self.folder / "secret_key"

    @property
    def metadata(self) -> Path:
        return self.folder / "superset.db"

    def prepare(self) -> None:
        """Make the folder and, once, the key that signs sessions and encrypts passwords."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.key.exists():
            made = self.key.with_suffix(f".{os.getpid()}")
            with open(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(42))
            made.replace(self.key)

    def environment(self) -> dict[str, str]:
        """What Superset must find in its environment."""
        return {
            "SUPERSET_HOME": str(self.folder),
            "SUPERSET_CONFIG_PATH": str(CONFIG),
            "FLASK_APP": "superset.app:create_app()",
            "SCARF_ANALYTICS": "false",
        }
