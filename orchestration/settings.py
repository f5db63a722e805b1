"""Every path and switch of a run, read once from the environment and validated.

What belongs here: where things lie, limits, defaults. What does not: reading or writing any of
those paths. Nothing is read at import; call `Settings.from_env()`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DBT_PROJECT_DIR = PROJECT_ROOT / "dbt_project"
NETWORK_ZONE = "Europe/Berlin"
"""Zone of instants delivered without one, and of every calendar day and month of an instant."""


class SettingsError(ValueError):
    """A setting that cannot be used; the message names it, its value and the remedy."""


class UsageError(ValueError):
    """What was asked for cannot be done so; the message says why, and the remedy."""


@dataclass(frozen=True)
class Settings:
    """Where a run reads and writes, and its limits.

    Sizes are bytes, `as_of` an aware instant or None for the moment of the run.
    """

    extracts: Path
    warehouse: Path
    as_of: datetime | None = None
    full_refresh: bool = False
    memory_limit: str = "2GiB"
    """What DuckDB may hold in memory at once; it spills to `tmp` beyond."""
    threads: int = 2
    max_file_bytes: int = 512 * 1024**2
    max_columns: int = 1_000
    max_field_bytes: int = 1024**2
    hub_senders: frozenset[str] = frozenset({"oem", "market", "kba", "dms", "unknown"})
    """Senders that are no dealer (lower case): their files may carry rows of many dealers."""
    postgres_dsn: str | None = field(default=None, repr=False)
    """Where to publish in PostgreSQL as well, as libpq reads it; it may hold a password."""

    # -- the folders of a warehouse -------------------------------------------------------------
    @property
    def lake(self) -> Path:
        return self.warehouse / "lake"

    @property
    def raw(self) -> Path:
        return self.lake / "raw"

    @property
    def quarantine(self) -> Path:
        return self.lake / "quarantine"

    @property
    def rejected(self) -> Path:
        return self.lake / "rejected"

    @property
    def deliveries(self) -> Path:
        return self.lake / "deliveries"

    @property
    def ledger(self) -> Path:
        """What was posted at each close: written once, never again."""
        return self.lake / "ledger"

    @property
    def computed(self) -> Path:
        """What Python reckons anew on every run, for dbt to read."""
        return self.warehouse / "computed"

    @property
    def database(self) -> Path:
        """The DuckDB warehouse with staging and intermediate models; only dbt writes it."""
        return self.warehouse / "warehouse.duckdb"

    @property
    def marts(self) -> Path:
        """The marts as the last run built them, published or not; only dbt writes it."""
        return self.warehouse / "marts.duckdb"

    @property
    def serving(self) -> Path:
        return self.warehouse / "serving"

    @property
    def serving_file(self) -> Path:
        return self.serving / "partner_marts.duckdb"

    @property
    def dealer_shares(self) -> Path:
        return self.serving / "dealers"

    @property
    def docs(self) -> Path:
        return self.serving / "docs"

    @property
    def state(self) -> Path:
        """What a run leaves for the next one: dbt's parse, the last run's outcome, locks."""
        return self.warehouse / "state"

    @property
    def secrets(self) -> Path:
        return self.warehouse / "secrets"

    @property
    def tmp(self) -> Path:
        return self.warehouse / "tmp"

    @property
    def dagster_home(self) -> Path:
        return self.warehouse / "dagster"

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None, **overrides: object) -> Settings:
        """Settings from `PARTNERDW_*` variables; keyword arguments that are not None win.

        Raises:
            SettingsError: a variable that is no positive number, or a warehouse path with a comma.
        """
        env = os.environ if env is None else env
        var = PROJECT_ROOT / "var"
        values: dict[str, object] = {
            "extracts": Path(env.get("PARTNERDW_EXTRACTS", var / "extracts")),
            "warehouse": Path(env.get("PARTNERDW_WAREHOUSE", var / "warehouse")),
            "memory_limit": env.get("PARTNERDW_MEMORY_LIMIT", cls.memory_limit),
            "threads": _positive(env, "PARTNERDW_THREADS", os.cpu_count() or cls.threads),
            "max_file_bytes": _positive(env, "PARTNERDW_MAX_FILE_BYTES", cls.max_file_bytes),
            "postgres_dsn": env.get("PARTNERDW_POSTGRES_DSN") or None,
        }
        if hubs := env.get("PARTNERDW_HUB_SENDERS"):
            values["hub_senders"] = cls.hub_senders | {h.strip().lower() for h in hubs.split(",")}
        values |= {k: v for k, v in overrides.items() if v is not None}
        made = cls(**values)  # type: ignore[arg-type]
        warehouse = Path(made.warehouse).expanduser().absolute()
        if "," in str(warehouse):
            raise SettingsError(
                f"the warehouse folder {warehouse} has a comma in its path, which DuckDB takes for "
                "two folders: give another --warehouse"
            )
        return replace(
            made, extracts=Path(made.extracts).expanduser().absolute(), warehouse=warehouse
        )


def _positive(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name)
    if text is None or not text.strip():
        return default
    if not text.strip().isdigit() or int(text) < 1:
        raise SettingsError(f"{name} is {text!r}: give a whole number of 1 or more")
    return int(text)
