"""Refinancing on a dealer's page: what is owed, as planned and as it came, and what is next."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from notebooks import investments
from orchestration.review.both import Both, each, text
from orchestration.serving import share_charts
from orchestration.serving.share_reader import Row, Share
from orchestration.serving.share_words import (
    code,
    day,
    euro,
    euro_short,
    month,
    number,
    percent,
    rich,
)

_MONTHS = 6
"""Months of the ledger that are listed."""

_PLAN = """
select investment_id, period_no, due_date, scheduled_eur, closing_eur
from mart_refinancing_plan
where dealer_id = $dealer_id and brand_code = $brand_code
order by investment_id, period_no
"""

_REFUSALS = """
select * from mart_refinancing_refusal
where dealer_id = $dealer_id and brand_code = $brand_code
order by investment_id
"""

_SHARED = """
select
    program_id,
    allocations.partner_share_eur,
    go_live_on,
    gross_profit_gain_eur,
    return_per_eur
from mart_shared_program_allocation as allocations
left join mart_shared_program_return using (program_id, dealer_id, brand_code)
where allocations.dealer_id = $dealer_id and allocations.brand_code = $brand_code
order by program_id
"""


def refinancing(share: Share, brand: str) -> dict[str, Any] | None:
    """The investments of the brand, refused ones and shared programmes; None without any."""
    if not share.holds("refinancing"):
        return None
    found = share.publication.records(investments.STATUS, brand_code=brand)
    refused = share.rows(_REFUSALS, brand_code=brand)
    shared = share.rows(_SHARED, brand_code=brand)
    if not (found or refused or shared):
        return None
    plan = share.rows(_PLAN, brand_code=brand)
    return {
        "investments": [
            _investment(share, row, [p for p in plan if p["investment_id"] == row["investment_id"]])
            for row in found
        ],
        "refused": [
            text(
                "share_refused",
                investment=row["investment_id"],
                amount=euro(row["total_cost_eur"]),
                reason=code("refi_refusal", row["reason"]),
            )
            for row in refused
        ],
        "shared": [
            {
                "program": row["program_id"],
                "share": euro(row["partner_share_eur"]),
                "live": day(row["go_live_on"]),
                "gain": euro(row["gross_profit_gain_eur"], is_signed=True),
                "return": euro(row["return_per_eur"], is_signed=True),
            }
            for row in shared
        ],
        "now": [
            (
                "bad",
                rich(
                    "share_now_arrears",
                    investment=row["investment_id"],
                    amount=euro(row["arrears_eur"]),
                ),
            )
            for row in found
            if row["arrears_eur"] > 0
        ],
    }


def _investment(share: Share, row: Row, plan: list[Row]) -> dict[str, Any]:
    key = {"investment_id": row["investment_id"]}
    ledger = share.publication.records(investments.LEDGER, **key)
    balances = share.publication.records(investments.BALANCES, brand_code=row["brand_code"], **key)
    planned = {p["due_date"].replace(day=1): p["closing_eur"] for p in plan}
    return {
        "id": row["investment_id"],
        "state": text(
            "refi_state_as_of",
            state=code("refi_status", row["status"]),
            month=month(row["last_ledger_month"]),
        )
        if row["last_ledger_month"] is not None
        else text("refi_not_due"),
        "is_bad": row["arrears_eur"] > 0,
        "tiles": _tiles(row, plan),
        "chart": share_charts.lines(
            [b["month"] for b in balances],
            [b["actual_eur"] for b in balances],
            [b["planned_eur"] for b in balances],
            euro_short,
            from_zero=True,
        ),
        "months": [
            {
                "month": month(r["ledger_month"]),
                "due": euro(r["due_eur"]),
                "bonus": euro(r["bonus_earned_eur"]),
                "cash": euro(r["cash_called_eur"]),
                "arrears": euro(r["arrears_out_eur"]),
                "is_behind": r["arrears_out_eur"] > 0,
                "closing": euro(r["closing_eur"]),
                "planned": euro(planned.get(r["ledger_month"])),
            }
            for r in reversed(ledger[-_MONTHS:])
        ],
        "months_title": text("share_last_months", count=number(min(len(ledger), _MONTHS))),
        "corrected": text("share_corrected", count=number(row["correction_count"]))
        if row["correction_count"]
        else None,
    }


def _tiles(row: Row, plan: list[Row]) -> list[tuple[Both, Both, Both]]:
    more = row["more_eur"]
    verdict = "MORE" if more > 0 else "LESS" if more < 0 else "EVEN"
    is_ended = not row["outstanding_eur"]
    due, note = _next_due(row, plan)
    return [
        (
            text("refi_outstanding"),
            euro(row["outstanding_eur"]),
            text(
                "refi_repaid_of",
                rate=percent(row["paid_rate"]),
                amount=euro(row["refinanced_eur"]),
            ),
        ),
        (
            text("refi_arrears"),
            euro(row["arrears_eur"]),
            text(f"share_plan_{verdict}", difference=euro(abs(more))),
        ),
        (text("share_next_due"), due, note),
        (
            text("refi_projected_end"),
            text("share_next_due_ended")
            if is_ended
            else text("refi_no_end")
            if row["projected_end_month"] is None
            else month(row["projected_end_month"]),
            each(
                lambda say: "; ".join(
                    [
                        say("refi_planned_for", month=say.month(row["planned_end_month"])),
                        *(
                            []
                            if is_ended
                            else [f"{say('refi_balloon')}: {say.euro(row['expected_balloon_eur'])}"]
                        ),
                    ]
                )
            ),
        ),
    ]


def _next_due(row: Row, plan: list[Row]) -> tuple[Both, Both]:
    """The first instalment of the plan after the last closed month."""
    if not row["outstanding_eur"]:
        return euro(Decimal(0)), text("share_next_due_ended")
    last = row["last_ledger_month"]
    ahead = [p for p in plan if last is None or p["due_date"].replace(day=1) > last]
    if not ahead:
        return euro(None), text("share_next_due_none")
    return euro(ahead[0]["scheduled_eur"]), text("share_next_due_on", day=day(ahead[0]["due_date"]))
