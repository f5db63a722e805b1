"""Where escalations stand, and what there is to say of a partner's week."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from orchestration.calculations.escalations import escalate
from orchestration.calculations.findings import write_findings
from orchestration.computed.writing import open_warehouse, write
from orchestration.ledger.entitlements import frame
from orchestration.ledger.tables import ESCALATIONS, FINDINGS
from orchestration.settings import NETWORK_ZONE, Settings

SCORES = "int_governance__list_quarter_scores"
EVENTS = "stg_oem__escalation_events"
WEEKS = "int_governance__measure_weeks"


def compute_governance(settings: Settings) -> dict[str, int]:
    """Write escalations and weekly findings; gives the rows of each table written."""
    with closing(open_warehouse(settings)) as connection:
        scores = frame(connection, f"select * from warehouse.intermediate.{SCORES}")
        events = frame(
            connection,
            "select contract_id, event_type, event_on "
            f"from warehouse.staging.{EVENTS} where not is_deleted",
        )
        weeks = frame(connection, f"select * from warehouse.intermediate.{WEEKS}")
    today = (settings.as_of or datetime.now(UTC)).astimezone(ZoneInfo(NETWORK_ZONE)).date()
    return {
        ESCALATIONS: write(settings, ESCALATIONS, escalate(scores, events, today)),
        FINDINGS: write(settings, FINDINGS, write_findings(weeks)),
    }
