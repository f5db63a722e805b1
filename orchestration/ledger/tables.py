"""The tables that Python writes for dbt. Their columns stand in dbt's own source YAML.

What belongs here: their names and paths.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from orchestration.settings import Settings

POSTINGS = "incentive_postings"
PERIODS, TERMS, TIERS = "incentive_periods", "incentive_terms", "incentive_tiers"
SETTLED_TABLES = (PERIODS, TERMS, TIERS)
"""What a close settles for ever: versions of periods, and their terms."""
REFINANCING = "refinancing"
LEDGER_TABLES = (POSTINGS, *SETTLED_TABLES, REFINANCING)
"""Append-only: a file for each close."""

PROPOSALS, LINES = "target_proposals", "incentive_lines"
STATEMENTS, OUTLOOKS = "incentive_statements", "incentive_outlooks"
PLANS, STATES = "refinancing_plans", "refinancing_states"
STATUS, SIMULATIONS = "refinancing_status", "refinancing_simulations"
ALLOCATIONS = "shared_program_allocations"
INTERVALS = "routing_intervals"
ESCALATIONS, FINDINGS = "escalations", "weekly_findings"
ACADEMY_EFFECTS, DURATIONS = "academy_effects", "rollout_durations"
DISTANCES, BUDGETS, PILOT_EFFECTS = "tier_distances", "budget_allocations", "pilot_effects"
COMPUTED_TABLES = (
    *(PROPOSALS, LINES, STATEMENTS, OUTLOOKS),
    *(PLANS, STATES, STATUS, SIMULATIONS, ALLOCATIONS),
    *(INTERVALS, ESCALATIONS, FINDINGS, ACADEMY_EFFECTS, DURATIONS),
    *(DISTANCES, BUDGETS, PILOT_EFFECTS),
)
"""Written anew by every run, of what dbt has built before."""
PASS_COUNTS, RULE_TEXTS = "quality_counts", "quality_rules"
QUALITY_TABLES = (PASS_COUNTS, RULE_TEXTS)
"""Written before dbt builds anything: a file for each feed, and what the rules say."""


def ledger_path(settings: Settings, table: str, month: date) -> Path:
    """File of what the close of a month posted."""
    return settings.ledger / table / f"{month:%Y-%m}.parquet"


def computed_path(settings: Settings, table: str, part: str = "all") -> Path:
    return settings.computed / table / f"{part}.parquet"


def settled_folder(settings: Settings, month: date) -> Path:
    """What was decided as of the close of a month."""
    return settings.computed / "settled" / f"{month:%Y-%m}"


def posted_months(settings: Settings) -> list[date]:
    """Months (first days) whose close was posted, in order."""
    folder = ledger_path(settings, POSTINGS, date.min).parent
    return sorted(date.fromisoformat(f"{path.stem}-01") for path in folder.glob("*.parquet"))
