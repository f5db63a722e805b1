"""A partner's contracts and escalations as they stood at the end of a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from orchestration.language import Language

Row = dict[str, Any]


def judged(rows: Iterable[Mapping[str, Any]], until: date) -> list[Row]:
    """The newest quarter of each contract in force, by contract; a contract whose quarters end
    before those of another one has ended.

    A row tells the end of its span, which may lie after `until`: level and status are led back to
    that day.

    Args:
        rows: mart_escalations of one dealer and brand, of quarters that ended by `until`.
    """
    newest = {r["contract_id"]: r for r in sorted(rows, key=lambda r: r["quarter_start"])}
    last = max((row["quarter_start"] for row in newest.values()), default=None)
    return [as_of(row, until) for _, row in sorted(newest.items()) if row["quarter_start"] == last]


def as_of(row: Mapping[str, Any], until: date) -> Row:
    """The row without what happened after the day."""
    known = dict(row)
    for name in ("opened_on", "closed_on", "level_2_on", "level_3_on"):
        if row.get(name) is not None and row[name] > until:
            known[name] = None
    if known["opened_on"] is None:
        return known | {"level": 0, "status": "NONE", "due_on": None}
    later = (row[f"level_{n}_on"] for n in (2, 3) if row.get(f"level_{n}_on") is not None)
    if any(day > until for day in later):
        known["level"] = 3 if known["level_3_on"] else 2 if known["level_2_on"] else 1
    if row["status"] == "CLOSED" and known["closed_on"] is None:
        known["status"] = "OPEN"
    return known


def is_open(row: Mapping[str, Any]) -> bool:
    return row["status"] not in ("NONE", "CLOSED")


def is_plan_missing(row: Mapping[str, Any], until: date) -> bool:
    """The due date went by without a plan, and none was agreed since."""
    return (
        is_open(row)
        and row["status"] != "PLAN_AGREED"
        and row["due_on"] is not None
        and row["due_on"] < until
        and row.get("level_2_on") is not None
    )


def told(say: Language, row: Mapping[str, Any], until: date) -> str:
    """The escalation of a contract in words: since when on which level, and what about the plan."""
    values = {"contract": row["contract_id"], "level": row["level"], "due": say.day(row["due_on"])}
    if row["status"] == "CLOSED":
        return say("review_told_CLOSED", closed=say.day(row["closed_on"]), **values)
    if not is_open(row):
        breaches = row["breaches_in_row"]
        key = "NONE" if not breaches else "ONE_BELOW" if breaches == 1 else "SOME_BELOW"
        return say(f"review_told_{key}", count=breaches, **values)
    days = (row.get("level_3_on"), row.get("level_2_on"), row["opened_on"])
    since = next(day for day in days if day is not None)
    plan = (
        "AGREED"
        if row["status"] == "PLAN_AGREED"
        else "MISSING"
        if is_plan_missing(row, until)
        else "DUE"
        if row["due_on"] is not None and row["due_on"] >= until
        else "IN_TIME"
    )
    planned = say(f"review_plan_{plan}", **values)
    return f"{say('review_told_OPEN', since=say.day(since), **values)} {planned}"
