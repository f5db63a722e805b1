"""How fresh data is to be: of feeds, and of what is built from them.

What belongs here: the deadlines, which Dagster guards and the catalog shows.
"""

from __future__ import annotations

from datetime import timedelta

MAX_AGE = {"oem": timedelta(days=100), "market": timedelta(days=45), "dealer": timedelta(days=45)}
"""How old the newest load of a system's feeds may be before Dagster calls them stale: snapshots of
the network come quarterly, everything else monthly, each with days of grace."""

DEADLINE = "30 7 * * *"
"""When what is published is to be made anew, as cron writes it, on the clocks of the network."""
DEADLINE_AFTER = timedelta(hours=2)
"""How long before the deadline it may be made: the run of the schedule begins within."""
