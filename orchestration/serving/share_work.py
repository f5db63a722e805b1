"""Open service requests and agreements on a dealer's page: whose they are and when they are due."""

from __future__ import annotations

from datetime import date
from typing import Any

from notebooks import reviews
from orchestration.review.both import Both, each, text
from orchestration.review.contracts import is_open, is_plan_missing, judged, told
from orchestration.review.pages import dialogue_kept
from orchestration.serving.share_reader import Row, Share
from orchestration.serving.share_words import age, code, day, local_day, number, rich

_CASES = 15
"""Open cases that are listed."""
OEM = "OEM"

_OPEN_CASES = """
select
    case_id,
    case_type,
    product_category,
    opened_at,
    is_ambiguous,
    responsible_party,
    received_by_dealer_id = $dealer_id as is_received,
    responsible_party = $dealer_id as is_responsible,
    coalesce(is_service_level_breached, false) as is_breached,
    date_diff('microsecond', opened_at, (select as_of from _publication)) / 3600000000.0
        as age_hours
from mart_case_routing
where
    brand_code = $brand_code
    and (received_by_dealer_id = $dealer_id or responsible_party = $dealer_id)
    and (resolved_at is null or resolved_at > (select as_of from _publication))
order by is_breached desc, opened_at, case_id
"""

_OPEN_ACTIONS = """
select action_id, owner, title, raised_on, decided_on, due_on
from fct_action
where
    dealer_id = $dealer_id and brand_code = $brand_code
    and raised_on <= $today and (done_on is null or done_on > $today)
order by due_on nulls last, raised_on, action_id
"""

_OF_BRAND = "dealer_id = $dealer_id and brand_code = $brand_code"


def cases(share: Share, brand: str) -> dict[str, Any] | None:
    """Open cases that he received or is responsible for; None where none is."""
    rows = share.rows(_OPEN_CASES, brand_code=brand) if share.holds("cases") else []
    if not rows:
        return None
    breached = [row for row in rows if row["is_breached"]]
    now = []
    if breached:
        oldest = max(row["age_hours"] for row in breached)
        words = rich("now_look_breached", count=len(breached), whole=len(rows), age=age(oldest))
        now.append(("bad", words))
    return {
        "tiles": [
            (
                text("now_responsible"),
                number(sum(row["is_responsible"] for row in rows)),
                text(
                    "now_responsible_note",
                    count=number(sum(not row["is_received"] for row in rows)),
                ),
            ),
            (
                text("now_breached"),
                number(len(breached)),
                text("now_breached_note"),
            ),
        ],
        "rows": [_case(row) for row in rows[:_CASES]],
        "cut": rich("share_cases_cut", shown=_CASES, count=number(len(rows)))
        if len(rows) > _CASES
        else None,
        "now": now,
    }


def _case(row: Row) -> dict[str, Any]:
    """Another dealer is never named: neither as the one it belongs to nor in the id that he gave
    it; who wants to know finds both in the file."""
    if row["is_responsible"]:
        way = "ELSEWHERE" if not row["is_received"] else "OWN"
        way = "AMBIGUOUS" if way == "OWN" and row["is_ambiguous"] else way
    else:
        way = "OEM" if row["responsible_party"] == OEM else "STRAYED"
    return {
        "id": row["case_id"] if row["is_received"] else None,
        "kind": code("now_case_type", row["case_type"]),
        "category": code("now_category", row["product_category"]),
        "opened": local_day(row["opened_at"]),
        "waiting": text("share_waiting", age=age(row["age_hours"])),
        "owner": rich(f"share_owner_{way}"),
        "is_elsewhere": way in ("STRAYED", "ELSEWHERE"),
        "is_breached": row["is_breached"],
    }


def agreements(share: Share, brand: str, today: date) -> dict[str, Any] | None:
    """Open actions, the dialogue, contracts with their escalation, standards to come."""
    if not share.holds("agreements"):
        return None
    key = {"brand_code": brand}
    actions = share.rows(_OPEN_ACTIONS, **key, today=today)
    dialogue = share.rows(f"select * from mart_dialogue_discipline where {_OF_BRAND}", **key)
    contracts = share.rows(
        f"select * from mart_escalations where {_OF_BRAND} "
        "and quarter_start + interval 3 month <= $today order by contract_id, quarter_start",
        **key,
        today=today,
    )
    standards = share.rows(reviews.STANDARDS, **key)
    waiting = reviews.waiting_standards(standards, reviews.ended_contracts(contracts))
    in_force = sorted(
        {f"{r['standard_code']} {r['version']}" for r in standards if r["status"] == "IN_FORCE"}
    )
    quarters = judged(contracts, today)
    return {
        "actions": [_action(row, today) for row in actions],
        "dialogue": dialogue_kept(dialogue),
        "contracts": [
            {
                "words": each(lambda say, row=row: told(say, row, today)),
                "is_bad": is_plan_missing(row, today),
                "is_open": is_open(row),
                "figures": each(
                    lambda say, row=row: (
                        f"{say('review_score')}: {say.number(row['score_mean'], 2)}, "
                        f"{say('review_benchmark')}: {say.number(row['benchmark_score'], 2)}"
                    )
                ),
            }
            for row in quarters
        ],
        "standards": [
            {
                "name": f"{row['standard_code']} {row['version']}",
                "why": _why(row),
                "current": row["in_force"],
            }
            for row in waiting
        ],
        "in_force": text("share_in_force", names=", ".join(in_force)) if in_force else None,
        "has_standards": bool(standards),
        "now": [
            *_overdue(actions, today),
            *(
                ("bad", each(lambda say, row=row: told(say, row, today)))
                for row in quarters
                if is_open(row)
            ),
            *(
                (
                    "warn",
                    rich(
                        "share_now_standard",
                        standard=row["standard_code"],
                        version=row["version"],
                        day=day(row["effective_on"]),
                    ),
                )
                for row in waiting
                if row["status"] == "PENDING_WINDOW" and row["effective_on"] is not None
            ),
        ],
    }


def _is_overdue(row: Row, today: date) -> bool:
    return row["due_on"] is not None and row["due_on"] < today


def _overdue(actions: list[Row], today: date) -> list[tuple[str, Both]]:
    late = [row["owner"] for row in actions if _is_overdue(row, today)]
    if not late:
        return []
    own = late.count("PARTNER")
    words = rich("share_now_actions", own=number(own), oem=number(len(late) - own))
    return [("bad" if own else "warn", words)]


def _action(row: Row, today: date) -> dict[str, Any]:
    return {
        "title": row["title"],
        "id": row["action_id"],
        "owner": code("side", row["owner"]),
        "decided": text("review_undecided")
        if row["decided_on"] is None
        else day(row["decided_on"]),
        "due": day(row["due_on"]),
        "is_overdue": _is_overdue(row, today),
    }


def _why(row: Row) -> Both:
    status = row["status"]
    if status == "PENDING_WINDOW" and row["effective_on"] is None:
        status = "PENDING_OPEN"
    return text(
        f"week_standard_{status}",
        objected=day(row["objected_on"]),
        effective=day(row["effective_on"]),
    )
