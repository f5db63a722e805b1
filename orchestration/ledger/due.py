"""Whether a close is due that was not posted yet: told from files alone, without a database."""

from __future__ import annotations

from orchestration.ingestion import lake
from orchestration.ledger.tables import posted_months, settled_folder
from orchestration.settings import Settings
from orchestration.state import LEDGER, read_state

CLOSES_FEED = "oem__period_closes"


def is_up_to_date(settings: Settings) -> bool:
    """Whether every close that is due is posted, as far as the last look at the closes tells; False
    where nobody looked. A close is due from the first load after its instant on."""
    state = read_state(settings, LEDGER)
    months = posted_months(settings)
    return (
        bool(state)
        and state["closes_loaded_at"] == closes_loaded_at(settings)
        and state["posted"] == len(months)
        and not _is_due(settings, state["next_close_at"])
        and (not months or settled_folder(settings, months[-1]).is_dir())
    )


def _is_due(settings: Settings, closed_at: str | None) -> bool:
    last = lake.last_loaded_at(settings)
    if closed_at is None or last is None:
        return False
    now = last if settings.as_of is None else min(last, settings.as_of)
    return closed_at <= str(lake.naive_utc(now))


def closes_loaded_at(settings: Settings) -> str | None:
    """The newest load that brought closes, as text; None without one."""
    loads = [d.loaded_at for d in lake.read_deliveries(settings) if d.feed == CLOSES_FEED]
    return str(max(loads)) if loads else None
