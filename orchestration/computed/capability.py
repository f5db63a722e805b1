"""What courses change, and how long introductions of systems take."""

from __future__ import annotations

from contextlib import closing

from orchestration.calculations.effects import course_effects
from orchestration.calculations.survival import rollout_durations
from orchestration.computed.writing import open_warehouse, write
from orchestration.ledger.tables import ACADEMY_EFFECTS, DURATIONS
from orchestration.settings import Settings

CHANGES = "int_capability__measure_course_changes"
ROLLOUTS = "int_capability__list_rollouts"


def compute_capability(settings: Settings) -> dict[str, int]:
    """Write effects and durations; gives the rows of each table written."""
    with closing(open_warehouse(settings)) as connection:
        changes, rollouts = (
            connection.execute(
                f"select {columns} from warehouse.intermediate.{model}"
            ).to_arrow_table()
            for columns, model in (
                ("course_code, net_change", CHANGES),
                ("system_code, is_trained, duration_days, is_live", ROLLOUTS),
            )
        )
    return {
        ACADEMY_EFFECTS: write(settings, ACADEMY_EFFECTS, course_effects(changes).to_pandas()),
        DURATIONS: write(settings, DURATIONS, rollout_durations(rollouts).to_pandas()),
    }
