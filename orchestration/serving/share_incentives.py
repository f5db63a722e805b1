"""Incentives on a dealer's page: statements of twelve months, what changed later, the next tier."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from notebooks import statements
from orchestration.explain import words
from orchestration.review.both import Both, each, text
from orchestration.serving import share_charts
from orchestration.serving.share_reader import Row, Share
from orchestration.serving.share_words import code, day, euro, month, number, plain, rich

_MONTHS = 12
_ID = 12
"""Characters of an id that are shown; the command `explain` takes them."""
_CHANGES = 24
"""Adjustments and claw-backs that are listed."""

_POSTINGS = """
select
    ledger.*,
    coalesce(program_name, program_id) as program_name,
    period_grain
from mart_incentive_ledger as ledger
left join dim_incentive_program using (program_id, program_version)
where
    ledger.dealer_id = $dealer_id
    and ledger.brand_code = $brand_code
    and posted_in_month > $since
order by posted_in_month desc, program_id, period_start desc, posting_type, posting_id
"""

_REMOVALS = """
select program_id, period_start, count(distinct vin) as vin_count
from mart_incentive_removal
where dealer_id = $dealer_id and brand_code = $brand_code
group by program_id, period_start
"""

_GATES = """
select distinct program_id, period_start
from mart_incentive_line
where
    dealer_id = $dealer_id and brand_code = $brand_code and zero_reason = 'GATE_NOT_MET'
"""


def incentives(share: Share, brand: str, today: date) -> dict[str, Any] | None:
    """The periods of the twelve months up to the newest one that is settled, and the open ones
    after it in which something was reached; None without any."""
    if not share.holds("incentives"):
        return None
    everything = share.rows(statements.STATEMENTS, brand_code=brand)
    if not everything:
        return None
    settled = [row for row in everything if row["status"] == "SETTLED"]
    last = max(row["period_end"] for row in settled or everything)
    since = _months_before(last, _MONTHS)
    shown = [row for row in everything if row["period_end"] > since and not _is_idle(row)]
    postings = share.rows(_POSTINGS, brand_code=brand, since=since)
    gates = {
        (row["program_id"], row["period_start"]) for row in share.rows(_GATES, brand_code=brand)
    }
    changes = [row for row in postings if row["posting_type"] != "SETTLEMENT"]
    outlook = share.rows(statements.OUTLOOK, brand_code=brand)
    begun = [row for row in outlook if row["measure_value"]]
    return {
        "intro": rich("share_incentives_of", month=month(last)),
        "tiles": _tiles(shown, postings, today),
        "chart": _chart(postings, last),
        "programs": [
            _program(list(rows), gates) for _, rows in groupby(shown, lambda r: r["program_id"])
        ],
        "changes": _changes(share, brand, changes),
        "tiers": [_tier(row) for row in begun],
        "idle": text("outlook_idle", count=number(len(outlook) - len(begun)))
        if len(outlook) > len(begun)
        else None,
        "now": _now(postings, begun),
    }


def _is_idle(row: Row) -> bool:
    """An open period in which nothing has been reached yet."""
    return row["status"] == "OPEN" and not (row["measure_value"] or row["entitlement_eur"])


def _months_before(end: date, count: int) -> date:
    """The last day of the month that lies `count` months before that of `end`."""
    ahead = end.year * 12 + end.month - count
    return date.fromordinal(date(ahead // 12, ahead % 12 + 1, 1).toordinal() - 1)


def _sum(rows: Sequence[Row], column: str) -> Decimal:
    return sum((row[column] for row in rows), Decimal(0))


def _tiles(shown: list[Row], postings: list[Row], today: date) -> list[tuple[Both, Both, Both]]:
    to_come = [r for r in shown if r["payment_due_on"] is not None and r["payment_due_on"] > today]
    taken = [row for row in postings if row["posting_type"] == "CLAWBACK"]
    return [
        (text("entitlement"), euro(_sum(shown, "entitlement_eur")), text("share_12_months")),
        (
            text("posted"),
            euro(_sum(shown, "posted_eur")),
            each(lambda say: f"{say('not_posted')}: {say.euro(_sum(shown, 'accrual_eur'))}"),
        ),
        (
            text("share_to_be_paid"),
            euro(_sum(to_come, "posted_eur")),
            text("share_to_be_paid_note", day=day(today)),
        ),
        (
            text("share_taken_back"),
            euro(_sum(taken, "amount_eur")),
            text("share_taken_back_note", count=number(len(taken))),
        ),
    ]


def _chart(postings: list[Row], last: date) -> dict[str, Any] | None:
    first = _months_before(last, _MONTHS)
    months = [
        date((first.year * 12 + first.month + at) // 12, (first.month + at) % 12 + 1, 1)
        for at in range(_MONTHS)
    ]
    return share_charts.bars(
        months,
        [
            _sum([row for row in postings if row["posted_in_month"] == month], "amount_eur")
            for month in months
        ],
    )


def _period(row: Row) -> Both:
    if row["period_grain"] is None:
        return day(row["period_start"])
    return each(lambda say: words.period(row["period_grain"], row["period_start"], say))


def _program(rows: list[Row], gates: set[tuple[str, date]]) -> dict[str, Any]:
    return {
        "name": plain(rows[0]["program_name"]),
        "id": rows[0]["program_id"],
        "rows": [_statement(row, gates) for row in rows],
        **{name: euro(_sum(rows, f"{name}_eur")) for name in ("entitlement", "posted", "accrual")},
    }


def _statement(row: Row, gates: set[tuple[str, date]]) -> dict[str, Any]:
    due, unpaid = day(row["payment_due_on"]), text("share_open_period")
    is_open = row["payment_due_on"] is None
    if (row["program_id"], row["period_start"]) in gates:
        tier = text("share_gate_missed")
    elif row["tier_no"] is None:
        tier = text("share_tier_none")
    else:
        tier = text("share_tier_reached", number=row["tier_no"])
    return {
        "period": _period(row),
        "due": unpaid if is_open else due,
        "due_words": unpaid if is_open else text("share_due", day=due),
        "tier": tier,
        **{name: euro(row[f"{name}_eur"]) for name in ("entitlement", "posted", "accrual")},
        "has_accrual": bool(row["accrual_eur"]),
        "statement": row["statement_id"][:_ID],
    }


def _changes(share: Share, brand: str, changes: list[Row]) -> dict[str, Any]:
    removed = {
        (row["program_id"], row["period_start"]): row["vin_count"]
        for row in share.rows(_REMOVALS, brand_code=brand)
    }
    older = changes[_CHANGES:]
    return {
        "rows": [
            {
                "month": month(row["posted_in_month"]),
                "type": code("posting", row["posting_type"]),
                "is_clawback": row["posting_type"] == "CLAWBACK",
                "program": row["program_name"],
                "period": _period(row),
                "amount": euro(row["amount_eur"], is_signed=True),
                "removed": text("share_removed", count=number(count))
                if row["posting_type"] == "CLAWBACK"
                and (count := removed.get((row["program_id"], row["period_start"])))
                else None,
                "posting": row["posting_id"][:_ID],
            }
            for row in changes[:_CHANGES]
        ],
        "older": text(
            "share_changes_sums",
            count=number(len(older)),
            amount=euro(_sum(older, "amount_eur"), is_signed=True),
        )
        if older
        else None,
    }


def _tier(row: Row) -> dict[str, Any]:
    """How far an open period is on its way to the next tier."""

    def measured(value: Any) -> Both:
        return each(lambda say: words.measured(row["measure"] or "", value, say))

    reached = measured(row["measure_value"])
    then, units = row["payout_at_next_tier_eur"], row["units_to_next_tier"]
    is_top = row["next_threshold"] is None
    return {
        "name": row["program_name"],
        "period": _period(row),
        "progress": text("share_tier_top", value=reached)
        if is_top
        else text("share_tier_progress", value=reached, threshold=measured(row["next_threshold"])),
        "share": 100 if is_top else round(100 * min(float(row["reached_rate"] or 0), 1), 1),
        "money": text("share_tier_money_now", now=euro(row["payout_now_eur"]))
        if then is None
        else text("share_tier_money", now=euro(row["payout_now_eur"]), then=euro(then)),
        "units": None if units is None else _units(units, row["next_unit_value_eur"]),
        "is_cliff": bool(row["is_cliff"]),
        "is_gate_missed": row["is_gate_missed"],
    }


def _units(units: int, value: Decimal | None) -> Both:
    words = {"units": number(units), "one": euro(value)}
    if not value:
        return text("share_tier_units_only", **words)
    return text("share_tier_unit" if units == 1 else "share_tier_units", **words)


def _now(postings: list[Row], outlook: list[Row]) -> list[tuple[str, Both]]:
    """What of it belongs to the top of the page: (how grave, sentence)."""
    found = []
    newest = max((row["posted_in_month"] for row in postings), default=None)
    rows = [
        row
        for row in postings
        if row["posting_type"] == "CLAWBACK" and row["posted_in_month"] == newest
    ]
    if rows:
        found.append(
            (
                "warn",
                rich(
                    "share_now_clawback",
                    month=month(newest),
                    amount=euro(-_sum(rows, "amount_eur")),
                ),
            )
        )
    near = [row for row in outlook if row["units_to_next_tier"] and row["payout_at_next_tier_eur"]]
    if near:
        row = min(near, key=lambda r: (r["units_to_next_tier"], r["program_id"]))
        found.append(
            (
                "none",
                rich(
                    "share_now_tier",
                    program=row["program_name"],
                    period=_period(row),
                    units=number(row["units_to_next_tier"]),
                    now=euro(row["payout_now_eur"]),
                    then=euro(row["payout_at_next_tier_eur"]),
                ),
            )
        )
    return found
