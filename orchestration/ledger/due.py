"""Whether a close is due that was not posted yet: told from files alone, without a database."""

from __future__ import annotations

from datetime import UTC, datetime

from orchestration.ingestion import lake
from orchestration.ledger.tables import posted_months, settled_folder
from orchestration.settings import Settings
from orchestration.state import LEDGER, read_state

CLOSES_FEED = "oem__period_closes"


def is_up_to_date(settings: Settings, now: datetime | None = None) -> bool:
    """Whether every close that is due by `now` is posted, as far as the last look at the closes
    tells; False where nobody looked."""
    state = read_state(settings, LEDGER)
    now = settings.as_of or now or datetime.now(UTC)
    months = posted_months(settings)
    return (
        bool(state)
        and state["closes_loaded_at"] == closes_loaded_at(settings)
        and state["posted"] == len(months)
        and (state["next_close_at"] is None or str(lake.naive_utc(now)) < state["next_close_at"])
        and (not months or settled_folder(settings, months[-1]).is_dir())
    )


def closes_loaded_at(settings: Settings) -> str | None:
    """The newest load that brought closes, as text; None without one."""
    loads = [d.loaded_at for d in lake.read_deliveries(settings) if d.feed == CLOSES_FEED]
    return str(max(loads)) if loads else None
