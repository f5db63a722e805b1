"""What a warehouse holds and how it stands, for people and for machines.

Pure of Dagster, dbt and Great Expectations, so that `partnerdw status` answers at once.
"""

from __future__ import annotations

from typing import Any

from orchestration.ingestion import lake
from orchestration.ingestion.load import scan
from orchestration.ledger.tables import posted_months
from orchestration.settings import Settings
from orchestration.state import LAST_LOAD, PUBLICATION, read_state

GATES = {"feed_gate": "feed_gate.json", "mart_gate": "mart_gate.json"}


def summarize(settings: Settings, *, last_load_only: bool = False) -> dict[str, Any]:
    """The state of a warehouse: deliveries by feed, what waits or does not belong in the drop
    zone, closes posted, gate results, publication, where to look.

    With `last_load_only` the deliveries are those of the newest load.
    """
    found = scan(settings)
    deliveries = lake.read_deliveries(settings)
    if last_load_only:
        newest = max((d.loaded_at for d in deliveries), default=None)
        deliveries = [d for d in deliveries if d.loaded_at == newest]
    return {
        "extracts": str(settings.extracts),
        "warehouse": str(settings.warehouse),
        "feeds": _by_feed(deliveries),
        "warnings": [
            {"feed": d.feed, "file": d.source_file, "warning": d.warnings}
            for d in deliveries
            if d.warnings
        ],
        "rejected_files": [
            {
                "feed": d.feed,
                "file": d.source_file,
                "reason_code": d.reason_code,
                "message": d.message,
            }
            for d in deliveries
            if d.status == "REJECTED"
        ],
        "pending_files": [str(p.relative_to(settings.extracts)) for p in found.pending],
        "left_files": read_state(settings, LAST_LOAD).get("left", []),
        "unknown_folders": found.unknown_folders,
        "stray_files": found.stray,
        "closes_posted": [f"{month:%Y-%m}" for month in posted_months(settings)],
        "gates": {name: _gate(settings, file) for name, file in GATES.items()},
        "publication": read_state(settings, PUBLICATION) or None,
        "serving_file": str(settings.serving_file),
    }


def _by_feed(deliveries: list[lake.Delivery]) -> list[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for d in deliveries:
        row = rows.setdefault(
            d.feed,
            {
                "feed": d.feed,
                "files": 0,
                "rejected_files": 0,
                "delivered_rows": 0,
                "accepted_rows": 0,
                "quarantined_rows": 0,
                "last_delivered_at": None,
            },
        )
        row["files"] += 1
        row["rejected_files"] += d.status == "REJECTED"
        row["delivered_rows"] += d.delivered_rows
        row["accepted_rows"] += d.accepted_rows
        row["quarantined_rows"] += d.quarantined_rows
        stamp = d.delivered_at.isoformat()
        row["last_delivered_at"] = max(row["last_delivered_at"] or stamp, stamp)
    return list(rows.values())


def _gate(settings: Settings, file: str) -> dict[str, Any] | None:
    state = read_state(settings, file)
    if not state:
        return None
    results = state["results"]
    failed = [r for r in results if not r["success"]]
    return {
        "rules": len(results),
        "critical_failures": [r["code"] for r in failed if r["severity"] == "critical"],
        "warnings": [
            {
                "code": r["code"],
                "table": r["table"],
                "failed_rows": r["failed_rows"],
                "checked_rows": r["checked_rows"],
            }
            for r in failed
            if r["severity"] != "critical"
        ],
    }
