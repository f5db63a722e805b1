"""The months of the business, as partitions for backfills."""

from __future__ import annotations

import dagster as dg

from orchestration.settings import NETWORK_ZONE

FIRST_MONTH = "2015-01-01"
"""Older months hold no data of any sender so far; an earlier start only lengthens the list."""

MONTHS = dg.MonthlyPartitionsDefinition(start_date=FIRST_MONTH, timezone=NETWORK_ZONE, end_offset=1)
"""Up to and including the current month, since facts of it arrive before it ends."""
