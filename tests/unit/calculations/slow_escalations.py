"""Escalations a second time, slowly: contract by contract, day by day, from the rules' words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import holidays

_SUBDIVISIONS = {
    **{"01": "SH", "02": "HH", "03": "NI", "04": "HB", "05": "NW", "06": "HE", "07": "RP"},
    **{"08": "BW", "09": "BY", "10": "SL", "11": "BE", "12": "BB", "13": "MV", "14": "SN"},
    **{"15": "ST", "16": "TH"},
}
_CALENDARS = {
    state: holidays.country_holidays("DE", subdiv=_SUBDIVISIONS.get(state))
    for state in (*_SUBDIVISIONS, None)
}
_DAY = timedelta(days=1)
_LATER = {"ACKNOWLEDGED": 1, "PLAN_AGREED": 2, "CLOSED": 3}


def escalate_slowly(
    scores: list[dict[str, Any]], events: list[dict[str, Any]], today: date
) -> list[dict[str, Any]]:
    """What each row shows, by contract and quarter."""
    shown = []
    for contract_id in sorted({row["contract_id"] for row in scores}):
        own = sorted(
            (row for row in scores if row["contract_id"] == contract_id),
            key=lambda row: row["quarter_start"],
        )
        judged = {_after(row["quarter_start"]): row for row in own}
        judged = {day: row for day, row in judged.items() if day <= today}
        if judged:
            said = [e for e in events if e["contract_id"] == contract_id]
            shown += _contract(judged, said, today)
    return shown


def _contract(
    judged: dict[date, dict[str, Any]], events: list[dict[str, Any]], today: date
) -> list[dict[str, Any]]:
    open_one: dict[str, Any] | None = None
    closed_ones: list[dict[str, Any]] = []
    history: list[bool] = []
    """Breach or not of the quarters that count towards the next opening."""
    in_row = 0
    shown: list[dict[str, Any]] = []
    valid_to = next(iter(judged.values()))["valid_to"] or today
    day = min(judged)
    while day <= today:
        row = judged.get(day)
        if day > valid_to:
            if row is not None:
                shown.append({**row, "breaches_in_row": _counted(row, in_row, day, closed_ones)})
                shown[-1] |= _state(open_one)
            day += _DAY
            continue
        if open_one and day == open_one["due_on"] + _DAY and open_one["plan_on"] is None:
            open_one["level_2_on"] = day
        if row is not None:
            counts = not closed_ones or day - _DAY > closed_ones[-1]["closed_on"]
            in_row = _counted(row, in_row, day, closed_ones)
            shown.append({**row, "breaches_in_row": in_row})
            if open_one:
                open_one["rows"].append(row["is_breach"])
                last_two = open_one["rows"][-2:]
                if last_two == [True, True] and open_one["level_3_on"] is None:
                    open_one["level_3_on"] = day
                if last_two == [False, False]:
                    open_one["closed_on"] = day
            elif counts:
                history.append(row["is_breach"])
                needed = row["breach_quarters"]
                if len(history) >= needed and all(history[-needed:]):
                    open_one = _opened(day, row["state_code"])
        for event in sorted(
            (e for e in events if e["event_on"] == day), key=lambda e: _LATER[e["event_type"]]
        ):
            if open_one and not open_one["closed_on"]:
                open_one["status"] = event["event_type"]
                if event["event_type"] == "PLAN_AGREED" and open_one["plan_on"] is None:
                    open_one["plan_on"] = day
                if event["event_type"] == "CLOSED":
                    open_one["closed_on"] = day
        if open_one and open_one["closed_on"]:
            closed_ones.append(open_one)
            open_one, history, in_row = None, [], 0
        if day in (today, valid_to) or day + _DAY in judged:
            start = _after(shown[-1]["quarter_start"])
            closed_now = [c for c in closed_ones if c["closed_on"] >= start]
            shown[-1] |= _state(open_one or (closed_now[-1] if closed_now else None))
        day += _DAY
    return shown


def _counted(row: dict[str, Any], in_row: int, day: date, closed_ones: list[dict[str, Any]]) -> int:
    counts = not closed_ones or day - _DAY > closed_ones[-1]["closed_on"]
    return in_row + 1 if row["is_breach"] and counts else 0


def _opened(day: date, state: str | None) -> dict[str, Any]:
    due = day + 30 * _DAY
    while due.weekday() >= 5 or due in _CALENDARS.get(state, _CALENDARS[None]):
        due += _DAY
    return {
        "opened_on": day,
        "due_on": due,
        "plan_on": None,
        "level_2_on": None,
        "level_3_on": None,
        "closed_on": None,
        "status": "OPEN",
        "rows": [],
    }


def _state(one: dict[str, Any] | None) -> dict[str, Any]:
    days = ("due_on", "opened_on", "level_2_on", "level_3_on", "closed_on")
    if one is None:
        return {"level": 0, "status": "NONE"} | dict.fromkeys(days)
    level = 3 if one["level_3_on"] else 2 if one["level_2_on"] else 1
    status = "CLOSED" if one["closed_on"] else one["status"]
    return {"level": level, "status": status} | {name: one[name] for name in days}


def _after(quarter_start: date) -> date:
    month = quarter_start.month + 2
    return date(quarter_start.year + month // 12, month % 12 + 1, 1)
